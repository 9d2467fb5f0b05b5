/*
 * The order of strokes (按姓氏笔画为序), in which Chinese lists name people whom they do not mean to rank (DOMAIN §1.7).
 * Which character comes before which is in the Unicode collation for Chinese, that the runtime brings; SQLite knows it not.
 */

const FIRST = 0x4e00;
const LAST = 0x9fff;

let ranks: Uint16Array | null = null;

function ranksByStroke(): Uint16Array {
  if (ranks !== null) return ranks;
  const { compare } = new Intl.Collator("zh-u-co-stroke");
  const characters = Array.from({ length: LAST - FIRST + 1 }, (_, n) => String.fromCharCode(FIRST + n));
  ranks = new Uint16Array(characters.length);
  for (const [rank, character] of characters.sort(compare).entries())
    ranks[character.charCodeAt(0) - FIRST] = rank;
  return ranks;
}

/**
 * Letters by which a name sorts in the order of strokes, character by character. Other scripts, and rare characters, come
 * behind, in the order of their code points. For ordering only, never stored, never shown. The database knows it as
 * `strokes(text)`.
 */
export function strokeKey(text: string): string {
  const order = ranksByStroke();
  let key = "";
  for (const character of text.normalize("NFC")) {
    const code = character.codePointAt(0) ?? 0;
    const rank = code >= FIRST && code <= LAST ? order[code - FIRST] : undefined;
    key += rank === undefined ? `z${code.toString(16).padStart(6, "0")}` : rank.toString(16).padStart(5, "0");
  }
  return key;
}
