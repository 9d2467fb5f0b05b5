/** Letters of their own in some language that no accent explains, as people type them who do not have them. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ß: "ss",
  ı: "i",
};

/**
 * A text as it is compared in searches: without case, accents, spaces and punctuation, so that `xian` finds Xi'an,
 * `o’example` finds O'Example, and `Muñoz` and `munoz` find each other. Apostrophes are left out in all their forms,
 * those that count as letters too (ʼ, ʻ). The stroke stays: it separates the columns that a search runs over.
 * For looking up only, never stored, never shown. The database knows it as `plain(text)`.
 */
export function plainText(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}|]|[\u02b9-\u02c1]/gu, "")
    .toLowerCase()
    .replaceAll(/[æœøłđðþßı]/g, (letter) => LOOKALIKES[letter] ?? letter);
}
