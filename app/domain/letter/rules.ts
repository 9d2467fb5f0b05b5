/**
 * A letter: what a side gives a person in hand for a ministry or a consulate, per kind and language. It is issued with
 * a number and a version, and frozen: composed → issued, version n → (a fact in it changes: it is to be issued again) →
 * issued, version n + 1, which voids version n. What always holds:
 *
 * - a letter in which a fact is missing is not issued, nor one to somebody who does not come;
 * - of a kind and language a person has at most one letter that is good;
 * - who withdrew, was replaced or declined has none: their letters are good no longer, whatever they say;
 * - its code confirms that it is genuine and tells nothing else.
 */
import type { Approval, HostAnswer, LetterKind, Locale, Reply } from "#db/vocabulary.ts";
import { type ApprovalObstacle, approvalObstacle } from "../invitation/approval.ts";

/** `08-017-V-EN`: the invitation's number, the kind, the language. The version stands beside it. */
export function letterNumber(invitationNumber: string, kind: LetterKind, locale: Locale): string {
  return `${invitationNumber}-${kind === "visa_letter" ? "V" : "I"}-${locale === "en" ? "EN" : "ZH"}`;
}

export type Letterable = {
  withdrawnAt: number | null;
  replacedAt: number | null;
  reply: Reply;
  approvedAt: number | null;
  hostAnswer: HostAnswer | null;
};

export type LetterObstacle = "withdrawn" | "replaced" | "declined" | ApprovalObstacle;

/** Why a person gets no letter, whatever is known of them; null: nothing stands in the way. */
export function letterObstacle(invitation: Letterable, needed: Approval): LetterObstacle | null {
  if (invitation.replacedAt !== null) return "replaced";
  if (invitation.withdrawnAt !== null) return "withdrawn";
  if (invitation.reply === "declined") return "declined";
  return approvalObstacle(invitation, needed);
}

/** Whether letters that somebody has are worth nothing any more: what is missing an approval only gets no new one. */
export function endsLetters(obstacle: LetterObstacle | null): boolean {
  return obstacle === "withdrawn" || obstacle === "replaced" || obstacle === "declined";
}

/** Whether an issued letter still counts. */
export function isGood(letter: {
  voidedAt: number | null;
  withdrawnAt: number | null;
  replacedAt: number | null;
  reply: Reply;
}): boolean {
  return (
    letter.voidedAt === null &&
    letter.withdrawnAt === null &&
    letter.replacedAt === null &&
    letter.reply !== "declined"
  );
}

/** Crockford's letters: no I, L, O and U, so that nothing is mistaken when it is typed off paper. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Sixteen letters are 80 bits; the seventeenth tells slips of the hand from guesses. */
const CODE_LENGTH = 16;

/** A code from random bytes, one for each letter. */
export function letterCode(random: Uint8Array): string {
  if (random.length < CODE_LENGTH) throw new Error("A code needs sixteen random bytes");
  const letters = Array.from(random.subarray(0, CODE_LENGTH), (byte) => LETTERS[byte & 31] ?? "").join("");
  return `${letters}${checkLetter(letters)}`;
}

function checkLetter(letters: string): string {
  const sum = [...letters].reduce((total, letter, n) => total + (2 * n + 1) * LETTERS.indexOf(letter), 0);
  return LETTERS[sum & 31] ?? "";
}

/** `ABCD-EFGH-JKMN-PQRS-T`, as it is printed. */
export function codeInGroups(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** What somebody typed as the code that they meant: in any case, with or without hyphens, O for 0, I and L for 1. */
export function typedCode(typed: string): { code: string; isWhole: boolean } {
  const code = typed
    .slice(0, 100)
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  const letters = code.slice(0, CODE_LENGTH);
  const isWhole = code.length === CODE_LENGTH + 1 && code === `${letters}${checkLetter(letters)}`;
  return { code, isWhole };
}
