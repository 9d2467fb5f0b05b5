/** One person's copy of a message: the marks of its text read once, this person's values filled in, in both languages. */
import { eq } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { registrationSection } from "#db/schema/index.ts";
import {
  type Locale,
  MESSAGE_WORDS,
  type MessageBlock,
  REGISTRATION_SECTIONS,
  type RegistrationSection,
  type TemplateKind,
} from "#db/vocabulary.ts";
import type { MailEdition, MessageMail, Prose } from "#emails/payload.ts";
import { moment } from "../../i18n/dates.ts";
import { translate } from "../../i18n/translate.ts";
import { type OwnChange, ownChanges } from "../agenda/changes.ts";
import { type PublishedProgramme, placesOf, programmeIn, versionsIn } from "../agenda/queries.server.ts";
import { agendaChanges } from "../agenda/rules.ts";
import { type Addressee, deadline, placeholderValues } from "../invitation/letter.ts";
import { asOneLine, fillPlaceholders, unknownPlaceholders, usedPlaceholders } from "../invitation/text.ts";
import { blocksOf, fillProse, linksOf, readProse, wordsOf } from "./prose.server.ts";
import { columns, SUBJECT_COLUMNS, salutations } from "./rules.ts";
import type { Wording } from "./wording.ts";

/** A wording with its marks read: done once for all its recipients. */
export type ReadWording = {
  subjectEn: string;
  subjectZh: string;
  proseEn: Prose;
  proseZh: Prose;
  blocks: ReadonlySet<MessageBlock>;
  links: ReadonlyArray<string>;
  /** What stands in braces and is no placeholder, or stands where only words can. */
  unknown: ReadonlyArray<string>;
  /** All words as typed, subjects included. */
  words: string;
};

export function readWording(wording: Wording): ReadWording {
  const proseEn = readProse(wording.bodyEn);
  const proseZh = readProse(wording.bodyZh);
  const wordsEn = `${wording.subjectEn} ${wordsOf(proseEn)}`;
  const wordsZh = `${wording.subjectZh} ${wordsOf(proseZh)}`;
  // A block in the middle of a sentence, or in a subject, is not one.
  const unknown = [wordsEn, wordsZh].flatMap((words) => unknownPlaceholders(words, MESSAGE_WORDS));
  const blocks = [...blocksOf(proseEn), ...blocksOf(proseZh)];
  return {
    subjectEn: wording.subjectEn,
    subjectZh: wording.subjectZh,
    proseEn,
    proseZh,
    blocks: new Set(blocks),
    links: [...new Set([...linksOf(proseEn), ...linksOf(proseZh)])],
    unknown: [...new Set(unknown)],
    words: `${wordsEn}\n${wordsZh}`,
  };
}

export type Written = {
  mail: MessageMail;
  /** Placeholders that the text uses and for which this person has nothing. */
  empty: ReadonlyArray<string>;
  longEn: boolean;
  longZh: boolean;
};

export type Person = Addressee &
  Parameters<typeof salutations>[0] & {
    invitationId: string;
    delegationId: string;
    costsEn: string;
    costsZh: string;
    registrationId: string | null;
    registrationState: "draft" | "submitted" | null;
    registerBy: number | null;
  };

/** Writes one person's copy. `version` is the newest published programme, `before` the one that it replaced. */
export function writeMessage(
  orm: Orm,
  {
    editionId,
    template,
    wording,
    person,
    edition,
    version,
    before,
  }: {
    editionId: string;
    template: TemplateKind;
    wording: ReadWording;
    person: Person;
    edition: MailEdition;
    version: PublishedProgramme | null;
    before: PublishedProgramme | null;
  },
): Written {
  const values = {
    en: valuesFor("en", person, edition, version),
    zh: valuesFor("zh-CN", person, edition, version),
  };
  const english = `${wording.subjectEn} ${wordsOf(wording.proseEn)}`;
  const chinese = `${wording.subjectZh} ${wordsOf(wording.proseZh)}`;
  const empty = [
    ...usedPlaceholders(english, MESSAGE_WORDS).filter((name) => values.en[name] === ""),
    ...usedPlaceholders(chinese, MESSAGE_WORDS).filter((name) => values.zh[name] === ""),
  ];
  const wantsProgramme = wording.blocks.has("programme");
  const wantsChanges = wording.blocks.has("changes");
  const subjectEn = asOneLine(fillPlaceholders(wording.subjectEn, values.en));
  const subjectZh = asOneLine(fillPlaceholders(wording.subjectZh, values.zh));
  return {
    mail: {
      kind: "message",
      template,
      edition,
      ...salutations(person),
      subjectEn,
      subjectZh,
      proseEn: fillProse(wording.proseEn, values.en),
      proseZh: fillProse(wording.proseZh, values.zh),
      programme: wantsProgramme ? programmeIn(orm, { ...person, editionId }).items : [],
      version: wantsProgramme || wantsChanges ? (version?.number ?? null) : null,
      publishedAt: wantsProgramme || wantsChanges ? (version?.publishedAt ?? null) : null,
      changes:
        wantsChanges && version !== null && before !== null
          ? changesFor(orm, { person, version, before })
          : [],
      missing: wording.blocks.has("missing") ? missingOf(orm, person) : [],
      registerBy: person.registerBy,
      isTest: false,
    },
    empty: [...new Set(empty)],
    longEn: columns(subjectEn) > SUBJECT_COLUMNS,
    longZh: columns(subjectZh) > SUBJECT_COLUMNS,
  };
}

/** One person's values for every placeholder, in one language; empty where there is none. */
export function valuesFor(
  locale: Locale,
  person: Omit<Person, "registrationId" | "registrationState">,
  edition: MailEdition,
  version: Pick<PublishedProgramme, "number"> | null,
): Record<string, string> {
  const own = placeholderValues(locale, person, {
    ...edition,
    costsEn: person.costsEn,
    costsZh: person.costsZh,
  });
  const salutation = salutations(person);
  const values: Record<string, string> = {
    ...own,
    replyBy: inBothZones(locale, edition.replyBy, edition),
    registerBy: inBothZones(locale, person.registerBy, edition),
    salutation: locale === "en" ? salutation.salutationEn : salutation.salutationZh,
    version: version === null ? "" : String(version.number),
  };
  return Object.fromEntries(MESSAGE_WORDS.map((name) => [name, unlinked(values[name] ?? "")]));
}

/** A value that mail programs would make a link of, because it looks like an address: they do not find it any more. */
function unlinked(value: string): string {
  return value
    .replaceAll("://", ":\u2060//")
    .replaceAll(/\bwww\./gi, (found) => `${found.slice(0, 3)}\u2060.`);
}

function inBothZones(locale: Locale, instant: number | null, edition: MailEdition): string {
  if (instant === null) return "";
  const here = deadline(instant, edition.timeZone, locale);
  return edition.homeTimeZone === edition.timeZone
    ? here
    : translate(locale, "mail.alsoAt", { here, home: moment(instant, edition.homeTimeZone, locale) });
}

/** What is another for this person than in the version before. */
function changesFor(
  orm: Orm,
  { person, version, before }: { person: Person; version: PublishedProgramme; before: PublishedProgramme },
): MessageMail["changes"] {
  const { invitationId, delegationId } = person;
  const attendee = { invitationId, delegationId, places: placesOf(orm, invitationId) };
  const dated = (item: OwnChange["item"]) => ({ ...item, revisedAt: version.publishedAt });
  return ownChanges(agendaChanges(before.items, version.items), attendee).map((entry) => ({
    ...entry,
    item: dated(entry.item),
    before: entry.before === null ? null : dated(entry.before),
  }));
}

/** Sections of the form that this person has not sent yet. */
function missingOf(orm: Orm, person: Person): Array<RegistrationSection> {
  if (person.registrationState === "submitted") return [];
  const done =
    person.registrationId === null
      ? []
      : orm
          .select({ section: registrationSection.section, state: registrationSection.state })
          .from(registrationSection)
          .where(eq(registrationSection.registrationId, person.registrationId))
          .all()
          .filter(({ state }) => state === "submitted" || state === "verified")
          .map(({ section }) => String(section));
  return REGISTRATION_SECTIONS.filter((section) => !done.includes(section));
}

/** The newest published programme and the one that it replaced. */
export function newestTwo(
  orm: Orm,
  editionId: string,
): { version: PublishedProgramme | null; before: PublishedProgramme | null } {
  const [version = null, before = null] = versionsIn(orm, editionId).toReversed();
  return { version, before };
}
