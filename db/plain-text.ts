/**
 * A text as it is compared in searches: without case, accents, spaces and punctuation, so that `xian` finds Xi'an and
 * `Muñoz` and `munoz` find each other. The stroke stays: it separates the columns that a search runs over.
 * For looking up only, never stored, never shown. The database knows it as `plain(text)`.
 */
export function plainText(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}|]/gu, "")
    .toLowerCase();
}
