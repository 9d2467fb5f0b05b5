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

/** Letters without accents, Chinese characters, and what stands between them: all that most cards are made of. */
const COMMON = /^[\x20-\x7e\u00b7\u2019\u3001\u3002\u4e00-\u9fff\uff08\uff09\uff0c]*$/;

/**
 * A text as it is compared in searches: without case, accents, spaces and punctuation, so that `xian` finds Xi'an,
 * `o’example` finds O'Example, and `Muñoz` and `munoz` find each other. Apostrophes are left out in all their forms,
 * those that count as letters too (ʼ, ʻ). The stroke stays: it separates the columns that a search runs over.
 * For looking up only, never stored, never shown. The database knows it as `plain(text)`.
 */
export function plainText(text: string): string {
  // A search asks this of every card in the book: the long way costs four times as much.
  if (COMMON.test(text)) return text.replaceAll(/[^A-Za-z0-9|\u4e00-\u9fff]+/g, "").toLowerCase();
  return text
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}|]|[\u02b9-\u02c1]/gu, "")
    .toLowerCase()
    .replaceAll(/[æœøłđðþßı]/g, (letter) => LOOKALIKES[letter] ?? letter);
}
