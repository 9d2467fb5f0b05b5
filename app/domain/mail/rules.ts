/**
 * A mail is a message (what staff compose for an audience) or follows from a fact; either way each recipient has a
 * delivery of their own: queued → sending → accepted | deferred (→ sending …) | failed, or cancelled while it waits.
 * "Accepted" means that the recipient's server took it, never that anybody read it (DOMAIN §6.1).
 */
import type { DeliveryState, Locale } from "#db/vocabulary.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a worker may hold a delivery before it counts as dropped. Longer than all of a try's timeouts together. */
export const LEASE = 3 * MINUTE;

/** After this long from the first try nothing is tried again: somebody has to phone. */
export const GIVE_UP_AFTER = 36 * HOUR;

/** Waits after the first, second … try. Chinese servers that say "451 DT:SPM" want two minutes first (DOMAIN §6.1). */
const WAITS = [2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR] as const;
const LONGEST_WAIT = 6 * HOUR;

/** What a try at sending came to. `code` null: no answer, because the connection failed. */
export type SmtpReply = { code: number | null; response: string };

/** What becomes of a delivery after a try that was not accepted. */
export type AfterTry = { state: "deferred"; dueAt: number } | { state: "failed" };

/** Servers that limit how much they take say so with a permanent code, and mean "later". */
const LATER = /frequency limited|too many|try again later|rate limit/i;

/** Whether a refused try is worth another one: no answer, a 4xx, and "frequency limited" said with a 550. */
export function isTemporary({ code, response }: SmtpReply): boolean {
  if (code === null) return true;
  if (code >= 400 && code < 500) return true;
  return code === 550 && LATER.test(response);
}

/**
 * What becomes of a delivery whose try was refused or broke off.
 *
 * @param tries how many tries there have been, this one included.
 * @param queuedAt when the delivery was queued (or put back by staff), in epoch milliseconds; so is `now`.
 */
export function afterRefusal(
  reply: SmtpReply,
  { tries, queuedAt, now }: { tries: number; queuedAt: number; now: number },
): AfterTry {
  if (!isTemporary(reply)) return { state: "failed" };
  const dueAt = now + (WAITS[tries - 1] ?? LONGEST_WAIT);
  return dueAt - queuedAt > GIVE_UP_AFTER ? { state: "failed" } : { state: "deferred", dueAt };
}

/** States from which staff may take a mail back before it goes. */
export function canCancel(state: DeliveryState): boolean {
  return state === "queued" || state === "deferred";
}

/** States from which staff may have it tried again at once. */
export function canRetry(state: DeliveryState): boolean {
  return state === "failed" || state === "deferred" || state === "cancelled";
}

type NameAndLetter = {
  familyLatin: string;
  nameLatin: string;
  familyNative: string;
  nameNative: string;
  honorificEn: string;
  honorificZh: string;
  salutationEn: string;
  salutationZh: string;
};

/**
 * How a letter begins, in both languages: as somebody typed it, or else put together from what somebody typed.
 * Without an honorific the whole name stands: a bare family name would be rude.
 */
export function salutations(person: NameAndLetter): { salutationEn: string; salutationZh: string } {
  const nameEn = person.nameLatin || person.nameNative;
  const nameZh = person.nameNative || person.nameLatin;
  const calledEn =
    person.honorificEn !== "" && person.familyLatin !== ""
      ? `${person.honorificEn} ${person.familyLatin}`
      : nameEn;
  // A Latin family name is set off from the honorific by a space: 尊敬的 Placeholder 法官.
  const calledZh =
    person.honorificZh === ""
      ? nameZh
      : person.familyNative !== ""
        ? `${person.familyNative}${person.honorificZh}`
        : nameZh === person.nameNative
          ? `${nameZh}${person.honorificZh}`
          : `${person.familyLatin || nameZh} ${person.honorificZh}`;
  const apart = /^[\p{Script=Latin}]/u.test(calledZh) ? " " : "";
  return {
    salutationEn: person.salutationEn || `Dear ${calledEn}:`,
    salutationZh: person.salutationZh || `尊敬的${apart}${calledZh}：`,
  };
}

/** The name to write on the envelope: in the script of the language that the person is written to in, if there is one. */
export function shownName(person: { nameLatin: string; nameNative: string; locale: Locale }): string {
  return person.locale === "zh-CN"
    ? person.nameNative || person.nameLatin
    : person.nameLatin || person.nameNative;
}
