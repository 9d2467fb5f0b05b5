/**
 * A mail is a message (what staff compose for an audience) or follows from a fact; either way each recipient has a
 * delivery of their own: queued → sending → accepted | deferred (→ sending …) | failed, or cancelled while it waits.
 * "Accepted" means that the recipient's server took it, never that anybody read it (DOMAIN §6.1).
 */
import type { DeliveryState, Locale, MailKind, MailReason, Reply, TemplateKind } from "#db/vocabulary.ts";
import type { MailPayload } from "#emails/payload.ts";
import { translate } from "../../i18n/translate.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a claim lasts unless it is renewed: after that the worker that made it counts as gone. */
export const LEASE = 15 * SECOND;

/**
 * Waits after the first, second … try. Chinese servers that say "451 DT:SPM" want two minutes first (DOMAIN §6.1).
 * All of them together are a day and a half; when they are used up, somebody has to phone.
 */
const WAITS: ReadonlyArray<number> = [
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  6 * HOUR,
  8 * HOUR,
  8 * HOUR,
];

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
 * @param tries how many tries there have been since it was queued or put back by staff, this one included.
 * @param now epoch milliseconds.
 */
export function afterRefusal(reply: SmtpReply, { tries, now }: { tries: number; now: number }): AfterTry {
  const wait = WAITS[tries - 1];
  return isTemporary(reply) && wait !== undefined
    ? { state: "deferred", dueAt: now + wait }
    : { state: "failed" };
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

/** How a mail begins that goes to the mailbox of a side. */
export function toColleagues(): { salutationEn: string; salutationZh: string } {
  return {
    salutationEn: translate("en", "mail.toColleagues"),
    salutationZh: translate("zh-CN", "mail.toColleagues"),
  };
}

/** How a mail begins that goes to somebody of whom only the name is known. */
export function toSomebody(name: string): { salutationEn: string; salutationZh: string } {
  return {
    salutationEn: translate("en", "mail.toSomebody", { name }),
    salutationZh: translate("zh-CN", "mail.toSomebody", { name }),
  };
}

/** The name to write on the envelope: in the script of the language that the person is written to in, if there is one. */
export function shownName(person: { nameLatin: string; nameNative: string; locale: Locale }): string {
  return person.locale === "zh-CN"
    ? person.nameNative || person.nameLatin
    : person.nameLatin || person.nameNative;
}

/** How wide a subject may be: mail programs on telephones show no more (DOMAIN §6.3). */
export const SUBJECT_COLUMNS = 60;

/** The width of a text in columns: Chinese characters, full-width signs and pictures take two. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\p{Script=Han}\p{Extended_Pictographic}\u3000-\u303f\uff00-\uffef]/u.test(character) ? 2 : 1;
  return width;
}

/** Why somebody in a message's audience gets nothing. */
export type RecipientObstacle =
  | "no_address"
  | "link_revoked"
  | "stopped"
  | "not_affected"
  | "nothing_missing";

/** What stands between a draft and its release; `names` are of people, placeholders or addresses. */
export type MessageCheck = {
  check:
    | "not_published"
    | "nobody"
    | "empty"
    | "long_en"
    | "long_zh"
    | "unknown_placeholder"
    | "nothing_for_placeholder"
    | "wrong_language_en"
    | "wrong_language_zh"
    | "close_data"
    | "broken_link"
    | "too_big"
    | "no_text";
  names: ReadonlyArray<string>;
};

/** What its writer should know, and may send it with. */
export type MessageRemark = {
  remark:
    | "behind_en"
    | "behind_zh"
    | "missing_en"
    | "missing_zh"
    | "no_salutation_en"
    | "no_salutation_zh"
    | "foreign_link";
  names: ReadonlyArray<string>;
};

/** How many bytes a mail may have on the wire: beyond that Chinese servers distrust it (DOMAIN §6.1). */
export const MOST_BYTES = 100 * 1024;

/** How long a released message is held, so that it can still be stopped. */
export const HOLD = 60 * SECOND;

/** With more people than this a side may ask for a second person's yes. */
export const ALONE_UP_TO = 10;

/** Whether a text of more than a few letters is written in the other language. */
export function isOtherLanguage(text: string, language: "en" | "zh"): boolean {
  const words = text.replaceAll(/\{[^{}]*\}/g, "");
  const han = words.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = words.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (han + latin < 8) return false;
  return language === "en" ? han * 4 > latin : han * 8 < latin;
}

/** Numbers that look like those of a passport or of a Chinese identity card: never in a mail. */
export function looksLikeDocument(text: string): boolean {
  return /(?<![\p{L}\d])(?:[A-Z]{1,2}\d{7,8}|\d{17}[\dXx])(?![\p{L}\d])/u.test(text);
}

/** Whether assistants who read along get a copy of mails of this kind. Codes and notices are for their recipient alone. */
export function isCopied(kind: MailKind): boolean {
  return (
    kind === "invitation" ||
    kind === "confirmation" ||
    kind === "visit_place" ||
    kind === "message" ||
    kind === "agenda_change" ||
    kind === "change_answer" ||
    kind === "missing" ||
    kind === "car"
  );
}

/** Mails about one's programme: each follows the one before, so that mail programs show them together. */
export function isThreaded(mail: MailPayload): boolean {
  if (mail.kind === "agenda_change") return true;
  return (
    mail.kind === "message" &&
    (mail.template === "agenda" || mail.template === "change_notice" || mail.template === "tonight")
  );
}

const REASONS: ReadonlyArray<readonly [MailReason, RegExp]> = [
  ["stopped", /^stopped$/],
  ["unwritten", /^could not be written$/],
  ["too_often", /frequency limited|too many|rate limit|HL:(?:REP|ICC|IFC)|\b4\.7\.28\b|throttl/i],
  ["mailbox_full", /\b[45]\.2\.2\b|quota|mailbox (?:is )?full|over ?quota/i],
  ["too_big", /\b5\.3\.4\b|\b552\b.*size|message (?:size|too large|too big)/i],
  ["sender", /\b5\.7\.(?:23|25|26|27)\b|\bSPF\b|\bDKIM\b|\bDMARC\b|sender (?:denied|rejected|verify)/i],
  ["content", /DT:SPM|content (?:denied|rejected)|spam|\b5\.7\.1\b.*(?:content|message)|MI:/i],
  [
    "mailbox_unknown",
    /\b5\.1\.[016]\b|no such|unknown user|user (?:unknown|not found)|does not exist|mailbox (?:unavailable|not found)|recipient (?:rejected|unknown)|invalid recipient/i,
  ],
  [
    "domain_unknown",
    /\b5\.1\.2\b|\b5\.4\.4\b|domain (?:not found|does not exist)|host (?:unknown|not found)|ENOTFOUND|EDNS/i,
  ],
  ["blocked", /\b5\.7\.\d|blocked|blacklist|block list|denied|policy|banned|reputation/i],
  ["tls", /ETLS|STARTTLS|TLS|certificate/i],
];

/** Why a mail did not arrive, from the code and the words of the other server; null: it did. */
export function reasonOf({ code, response }: SmtpReply): MailReason | null {
  if (code !== null && code >= 200 && code < 300) return null;
  const found = REASONS.find(([, words]) => words.test(response))?.[0];
  if (found !== undefined) return found;
  if (code === null) return "no_answer";
  if (code >= 400 && code < 500) return "later";
  return code === 550 || code === 551 || code === 553 ? "mailbox_unknown" : "other";
}

/** Reasons that say that the address itself will never take a mail: nothing more is sent there until staff say so. */
export function stopsAddress(reason: MailReason): boolean {
  return reason === "mailbox_unknown" || reason === "domain_unknown";
}

const OPENINGS = ["confirmation", "change_notice", "waiting_list", "missing_items"] as const;
export type OpeningKind = (typeof OPENINGS)[number];

/** Whether the words of this kind of template stand at the head of mails that go by themselves, too. */
export function opensMails(kind: TemplateKind): boolean {
  return OPENINGS.some((each) => each === kind);
}

/** Whom a kind of message goes to unless its writer says otherwise. */
export function usualAudience(kind: TemplateKind): {
  replies: ReadonlyArray<Reply>;
  registration: "any" | "submitted" | "not_submitted";
} {
  switch (kind) {
    case "save_the_date":
    case "invitation":
      return { replies: [], registration: "any" };
    case "reminder":
      return { replies: ["none"], registration: "any" };
    case "missing_items":
      return { replies: ["accepted"], registration: "not_submitted" };
    case "confirmation":
    case "waiting_list":
    case "logistics":
    case "agenda":
    case "change_notice":
    case "tonight":
    case "thank_you":
      return { replies: ["accepted"], registration: "any" };
    default:
      return kind satisfies never;
  }
}
