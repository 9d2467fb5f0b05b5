/**
 * What stands on a print-out: a short code by which anybody who holds it asks whether it is still current. It opens
 * nothing and names nobody, so it may be short enough to be typed off paper.
 */

/** Crockford's letters: no I, L, O and U, so that nothing is mistaken. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Forty bits: a guess finds nothing before it is told to wait. */
export const VERSION_CODE_LENGTH = 8;

/** A code from random bytes, one for each letter. */
export function versionCode(random: Uint8Array): string {
  if (random.length < VERSION_CODE_LENGTH) throw new Error("A version's code needs eight random bytes");
  return Array.from(random.subarray(0, VERSION_CODE_LENGTH), (byte) => LETTERS[byte & 31] ?? "").join("");
}

/** What somebody typed as the code that they meant: in any case, with or without hyphens, O for 0, I and L for 1. */
export function typedVersionCode(typed: string): string {
  return typed
    .slice(0, 40)
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
}

/** `ABCD-EFGH`, as it is printed. */
export function printedCode(code: string): string {
  return code.replace(/^(.{4})(?=.)/, "$1-");
}
