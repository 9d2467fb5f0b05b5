/** A side's own words for a mail that goes by itself: its template's, filled with one person's values. */
import { and, desc, eq, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { delegation, edition, invitation, mailTemplate, person } from "#db/schema/index.ts";
import { MESSAGE_WORDS, type MessageWord } from "#db/vocabulary.ts";
import type { MailEdition, Opening, Prose } from "#emails/payload.ts";
import { letterColumns } from "../invitation/letter-columns.server.ts";
import { asOneLine, fillPlaceholders, usedPlaceholders } from "../invitation/text.ts";
import { type ReadWording, readWording, valuesFor } from "./compose.server.ts";
import { fillProse, wordsOf } from "./prose.server.ts";
import { columns, type OpeningKind, SUBJECT_COLUMNS } from "./rules.ts";

const newestOf = prepared((orm) =>
  orm
    .select({
      id: mailTemplate.id,
      behind: mailTemplate.behind,
      subjectEn: mailTemplate.subjectEn,
      subjectZh: mailTemplate.subjectZh,
      bodyEn: mailTemplate.bodyEn,
      bodyZh: mailTemplate.bodyZh,
    })
    .from(mailTemplate)
    .where(
      and(
        eq(mailTemplate.editionId, sql.placeholder("edition")),
        eq(mailTemplate.coHostId, sql.placeholder("side")),
        eq(mailTemplate.kind, sql.placeholder("kind")),
      ),
    )
    .orderBy(desc(mailTemplate.number))
    .limit(1)
    .prepare(),
);

const addressee = prepared((orm) =>
  orm
    .select({ ...letterColumns, registerBy: edition.registerBy })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(eq(invitation.id, sql.placeholder("invitation")))
    .prepare(),
);

/**
 * What stands at the head of one person's mail, or null: then it says what the product says. Nobody looks at such a mail
 * before it goes, so its words must be able to go as they are: both languages there and of one age, every placeholder
 * known and filled, the subject not too wide.
 *
 * @param version the published programme that the mail is about; null: none.
 */
export function openingOf(
  orm: Orm,
  {
    sideId,
    kind,
    invitationId,
    editionId,
    facts,
    version,
  }: {
    editionId: string;
    sideId: string;
    kind: OpeningKind;
    invitationId: string;
    facts: MailEdition;
    version: number | null;
  },
): Opening | null {
  const template = newestOf(orm).get({ edition: editionId, side: sideId, kind });
  if (template === undefined || template.behind !== "none") return null;
  const wording = read(template);
  if (wording.unknown.length > 0 || wording.proseEn.length === 0 || wording.proseZh.length === 0) return null;
  const row = addressee(orm).get({ invitation: invitationId });
  if (row === undefined) return null;
  const published = version === null ? null : { number: version };
  const en = filled(wording.subjectEn, wording.proseEn, valuesFor("en", row, facts, published));
  const zh = filled(wording.subjectZh, wording.proseZh, valuesFor("zh-CN", row, facts, published));
  if (en === null || zh === null) return null;
  return { subjectEn: en.subject, proseEn: en.prose, subjectZh: zh.subject, proseZh: zh.prose };
}

/** Marks are read once a version: a publication writes to everybody with the same one. */
let last: { id: string; wording: ReadWording } | null = null;

function read(template: { id: string } & Parameters<typeof readWording>[0]): ReadWording {
  if (last?.id !== template.id) last = { id: template.id, wording: readWording(template) };
  return last.wording;
}

function filled(
  subject: string,
  prose: Prose,
  values: Readonly<Record<string, string>>,
): { subject: string; prose: Prose } | null {
  const used: Array<MessageWord> = usedPlaceholders(`${subject} ${wordsOf(prose)}`, MESSAGE_WORDS);
  const line = asOneLine(fillPlaceholders(subject, values));
  if (line === "" || columns(line) > SUBJECT_COLUMNS || used.some((name) => values[name] === "")) return null;
  // What the template has a place for is printed by the mail itself, below.
  const own = fillProse(prose, values).filter((block) => block.type !== "block");
  return own.length === 0 ? null : { subject: line, prose: own };
}
