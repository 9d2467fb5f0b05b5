/** What is wrong with any single mail of a message, by name; and what its writer should know besides. */
import { inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { registration, registrationSection } from "#db/schema/index.ts";
import { renderMail } from "#emails/index.tsx";
import type { MessageMail, Prose } from "#emails/payload.ts";
import { classOf } from "../person/classes.ts";
import type { ReadWording, Written } from "./compose.server.ts";
import { mailLinks, PREVIEW_TOKEN } from "./links.ts";
import { isMissing } from "./parity.ts";
import { wordsOf } from "./prose.server.ts";
import {
  isOtherLanguage,
  looksLikeDocument,
  type MessageCheck,
  type MessageRemark,
  MOST_BYTES,
} from "./rules.ts";
import type { Wording } from "./wording.ts";

/** One mail as it would go. */
export type Drafted = Written & {
  wording: ReadWording;
  ownCopy: boolean;
  person: {
    invitationId: string;
    registrationId: string | null;
    nameLatin: string;
    nameNative: string;
    honorificEn: string;
    honorificZh: string;
    salutationEn: string;
    salutationZh: string;
    locale: "en" | "zh-CN";
  };
};

type Found = Wording & { behind: "none" | "en" | "zh" };

export function checksOf(
  orm: Orm,
  {
    found,
    wording,
    drafted,
    published,
    baseUrl,
  }: {
    found: Found;
    wording: ReadWording;
    drafted: ReadonlyArray<Drafted>;
    published: boolean;
    baseUrl: string;
  },
): Array<MessageCheck> {
  const wordings = [...new Set([wording, ...drafted.map((one) => one.wording)])];
  const needsProgramme = wordings.some(({ blocks }) => blocks.has("programme") || blocks.has("changes"));
  const names = (test: (one: Drafted) => boolean) => drafted.filter(test).map(nameOf);
  const unknown = [...new Set(wordings.flatMap((each) => each.unknown))];
  const empty = names((one) => one.empty.length > 0);
  const broken = [
    ...new Set(wordings.flatMap(({ links }) => links).filter((link) => isBroken(link, baseUrl))),
  ];
  const close = closeData(orm, drafted);
  const tooBig = names((one) => isTooBig(one, baseUrl));
  const noText = names(({ mail }) => isBlank(mail.proseEn) && isBlank(mail.proseZh));
  const wrongEn = wordings.some((each) => isOtherLanguage(wordsOf(each.proseEn), "en"));
  const wrongZh = wordings.some((each) => isOtherLanguage(wordsOf(each.proseZh), "zh"));
  const checks: Array<MessageCheck | null> = [
    needsProgramme && !published ? { check: "not_published", names: [] } : null,
    drafted.length === 0 ? { check: "nobody", names: [] } : null,
    isMissing(found, "en") && isMissing(found, "zh") ? { check: "empty", names: [] } : null,
    found.subjectEn === "" && found.subjectZh === "" && !(isMissing(found, "en") && isMissing(found, "zh"))
      ? { check: "empty", names: [] }
      : null,
    drafted.some((one) => one.longEn) ? { check: "long_en", names: [] } : null,
    drafted.some((one) => one.longZh) ? { check: "long_zh", names: [] } : null,
    unknown.length === 0 ? null : { check: "unknown_placeholder", names: unknown },
    empty.length === 0 ? null : { check: "nothing_for_placeholder", names: empty },
    wrongEn ? { check: "wrong_language_en", names: [] } : null,
    wrongZh ? { check: "wrong_language_zh", names: [] } : null,
    close.length === 0 ? null : { check: "close_data", names: close },
    broken.length === 0 ? null : { check: "broken_link", names: broken },
    tooBig.length === 0 ? null : { check: "too_big", names: tooBig },
    noText.length === 0 || drafted.length === 0 || (isMissing(found, "en") && isMissing(found, "zh"))
      ? null
      : { check: "no_text", names: noText },
  ];
  return checks.filter((check) => check !== null);
}

export function remarksOf({
  found,
  wording,
  drafted,
  baseUrl,
}: {
  found: Found;
  wording: ReadWording;
  drafted: ReadonlyArray<Drafted>;
  baseUrl: string;
}): Array<MessageRemark> {
  const names = (test: (one: Drafted) => boolean) => drafted.filter(test).map(nameOf);
  const host = new URL(baseUrl).hostname;
  const foreign = [
    ...new Set(
      [wording, ...drafted.map((one) => one.wording)]
        .flatMap(({ links }) => links)
        .filter((link) => !isBroken(link, baseUrl) && new URL(link).hostname !== host),
    ),
  ];
  const noEn = names(({ person }) => person.salutationEn === "" && person.nameLatin === "");
  const noZh = names(
    ({ person }) => person.salutationZh === "" && person.honorificZh === "" && person.nameNative === "",
  );
  const remarks: Array<MessageRemark | null> = [
    isMissing(found, "en")
      ? { remark: "missing_en", names: [] }
      : found.behind === "en"
        ? { remark: "behind_en", names: [] }
        : null,
    isMissing(found, "zh")
      ? { remark: "missing_zh", names: [] }
      : found.behind === "zh"
        ? { remark: "behind_zh", names: [] }
        : null,
    noEn.length === 0 ? null : { remark: "no_salutation_en", names: noEn },
    noZh.length === 0 ? null : { remark: "no_salutation_zh", names: noZh },
    foreign.length === 0 ? null : { remark: "foreign_link", names: foreign },
  ];
  return remarks.filter((remark) => remark !== null);
}

/** Whether one language has not followed the other, so that its writer must say twice that it may go. */
export function needsSecondWord(remarks: ReadonlyArray<MessageRemark>): boolean {
  return remarks.some(({ remark }) => /^(?:behind|missing)_/.test(remark));
}

function nameOf({ person }: Drafted): string {
  return person.nameLatin || person.nameNative;
}

/** Only addresses of the web may be linked, spelt out, without a placeholder; and nobody's own link. */
function isBroken(link: string, baseUrl: string): boolean {
  if (!/^https?:\/\//i.test(link) || /[{}\s]/.test(link) || !URL.canParse(link)) return true;
  const url = new URL(link);
  if (url.username !== "" || url.password !== "") return true;
  return url.origin === baseUrl && /^\/(?:i|n|c|staff)\//.test(url.pathname);
}

function isBlank(prose: Prose): boolean {
  return prose.every((block) => block.type !== "block") && wordsOf(prose).trim() === "";
}

/** A mail's size is known once it is written; most are so small that nobody need write them to see it. */
function isTooBig({ mail, person }: Drafted, baseUrl: string): boolean {
  const estimate = 20_000 + 7 * Buffer.byteLength(JSON.stringify(mail));
  return estimate > MOST_BYTES && bytesOf(mail, person.locale, baseUrl) > MOST_BYTES;
}

/** As it crosses the wire: both parts in base64, headers, and a calendar of its programme. */
export function bytesOf(mail: MessageMail, locale: "en" | "zh-CN", baseUrl: string): number {
  const { text, html } = renderMail(mail, { locale, links: mailLinks(baseUrl, PREVIEW_TOKEN, locale) });
  const encoded = (bytes: number) => Math.ceil((bytes * 4) / 3) * (78 / 76);
  return (
    2_500 +
    encoded(Buffer.byteLength(text)) +
    encoded(Buffer.byteLength(html)) +
    encoded(900 * mail.programme.length)
  );
}

/**
 * Whose travel, health or passport what staff wrote tells of: what somebody of the audience answered in such a field
 * stands in it, or a number that looks like a passport's.
 */
function closeData(orm: Orm, drafted: ReadonlyArray<Drafted>): Array<string> {
  const typed = [...new Set(drafted.map((one) => one.wording.words))];
  if (typed.length === 0) return [];
  const all = typed.join("\n");
  const found = new Set<string>();
  for (const one of drafted) if (looksLikeDocument(one.wording.words)) found.add(nameOf(one));
  const owners = new Map(
    drafted.flatMap((one) =>
      one.person.registrationId === null ? [] : [[one.person.registrationId, one] as const],
    ),
  );
  if (owners.size === 0) return [...found];
  const rows = orm
    .select({ registrationId: registrationSection.registrationId, answers: registrationSection.answers })
    .from(registrationSection)
    .where(
      inArray(
        registrationSection.registrationId,
        orm
          .select({ id: registration.id })
          .from(registration)
          .where(
            sql`${registration.id} in (select value from json_each(${JSON.stringify([...owners.keys()])}))`,
          ),
      ),
    )
    .all();
  for (const row of rows) {
    const owner = owners.get(row.registrationId);
    if (owner !== undefined && closeAnswers(row.answers).some((answer) => standsIn(all, answer)))
      found.add(nameOf(owner));
  }
  return [...found];
}

/** Answers of class C3 or higher that say something of their own: no choices, no days, no clock times. */
function closeAnswers(stored: string): Array<string> {
  const answers: Record<string, unknown> = JSON.parse(stored);
  return Object.entries(answers).flatMap(([name, value]) => {
    if (typeof value !== "string" || value.trim().length < 4 || classOf(name) < "C3") return [];
    return /^[a-z_]+$|^\d{4}-\d\d-\d\d$|^\d\d:\d\d$/.test(value) ? [] : [value.trim()];
  });
}

function standsIn(text: string, answer: string): boolean {
  const at = text.toLowerCase().indexOf(answer.toLowerCase());
  if (at < 0) return false;
  const isWord = (character: string | undefined) =>
    character !== undefined && /[\p{Script=Latin}\d]/u.test(character);
  return !isWord(text[at - 1]) && !isWord(text[at + answer.length]);
}
