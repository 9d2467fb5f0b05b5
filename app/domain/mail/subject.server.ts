/**
 * Subjects as they are listed: what is the same in everybody's mail is filled in, what is each person's own stays a
 * placeholder, which the page names in words.
 */
import { eq } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { edition } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { placeholderValues } from "../invitation/letter.ts";
import { asOneLine, fillPlaceholders } from "../invitation/text.ts";
import { mailEdition } from "./outbox.server.ts";

export type Subjects = { subjectEn: string; subjectZh: string };

const COMMON = ["event", "dates", "city", "senders", "phones", "costs"] as const;

const NOBODY = {
  nameLatin: "",
  nameNative: "",
  institutionEn: "",
  institutionZh: "",
  positionEn: "",
  positionZh: "",
  category: "delegate",
  invitedAs: null,
  number: "",
} as const;

/**
 * Fills the subjects of a side's messages.
 *
 * @param version the published programme that is meant; null: it stays a placeholder.
 */
export function subjectFiller(
  orm: Orm,
  { editionId, sideId }: { editionId: string; sideId: string },
): (subjects: Subjects, version: number | null) => Subjects {
  const costs = orm
    .select({ costsEn: edition.costsEn, costsZh: edition.costsZh })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get() ?? { costsEn: "", costsZh: "" };
  const facts = { ...mailEdition(orm, { editionId, sideId, delegationId: null }), ...costs };
  const valuesIn = (locale: Locale): Record<string, string> => {
    const all = placeholderValues(locale, NOBODY, facts);
    return Object.fromEntries(COMMON.map((name) => [name, all[name]]).filter(([, value]) => value !== ""));
  };
  const en = valuesIn("en");
  const zh = valuesIn("zh-CN");
  return ({ subjectEn, subjectZh }, version) => {
    const own: Record<string, string> = version === null ? {} : { version: String(version) };
    return {
      subjectEn: asOneLine(fillPlaceholders(subjectEn, { ...en, ...own })),
      subjectZh: asOneLine(fillPlaceholders(subjectZh, { ...zh, ...own })),
    };
  };
}

/** The same for messages of several sides. */
export function subjectFillers(orm: Orm, editionId: string) {
  const bySide = new Map<string, ReturnType<typeof subjectFiller>>();
  return (sideId: string) => {
    const filler = bySide.get(sideId) ?? subjectFiller(orm, { editionId, sideId });
    bySide.set(sideId, filler);
    return filler;
  };
}
