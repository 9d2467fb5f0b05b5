import { plainText } from "#db/plain-text.ts";

/** More words than these do not make a name any clearer. */
const MOST_WORDS = 8;

/**
 * The words to look for, as they are compared. Each must be found somewhere, so that a name is found in whatever order
 * it is typed; the stroke, which parts the columns that a search runs over, is nobody's to type.
 */
export function wordsToFind(search: string): Array<string> {
  return search
    .split(/[\s,，、;；]+/)
    .map((word) => plainText(word).replaceAll("|", ""))
    .filter((word) => word !== "")
    .slice(0, MOST_WORDS);
}
