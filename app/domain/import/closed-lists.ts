/** Words of closed lists as people type them into cells. Pure. */

/** A heading or a word as it is compared. */
export function simplified(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Finds a word's meaning in a list of `code: "word|other word"`; the code itself means itself. */
export function finderOf<Code extends string>(
  words: Readonly<Record<Code, string>>,
): (word: string) => Code | null {
  const known = new Map<string, Code>();
  for (const code of codesOf(words))
    for (const word of [code, ...words[code].split("|")]) known.set(simplified(word), code);
  return (word) => known.get(simplified(word)) ?? null;
}

function codesOf<Code extends string>(words: Readonly<Record<Code, string>>): Array<Code> {
  return Object.keys(words).filter((code): code is Code => code in words);
}

/** Several entries in one cell. */
export function entriesOf(text: string): Array<string> {
  return text
    .split(/[,，、;；/|\n]|\s\+\s/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

const YES = new Set(["yes", "y", "true", "1", "on", "x", "是", "有", "需要", "要", "对", "√", "✓", "✔"]);
const NO = new Set(["no", "n", "false", "0", "off", "否", "无", "不需要", "不要", "不", "没有", "×", "✗"]);

export function yesOrNo(text: string): "yes" | "no" | null {
  const word = text.normalize("NFKC").trim().toLowerCase();
  if (YES.has(word)) return "yes";
  return NO.has(word) ? "no" : null;
}
