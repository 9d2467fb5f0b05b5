import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, invitation, person } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { createInvitation } from "../invitation/create.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { decodeText, type FileProblem, LARGEST_FILE, parseTable } from "./csv.server.ts";
import { type ImportRow, type Remark, readSheet } from "./import.ts";
import { insertPerson } from "./record.server.ts";
import { FACT_FIELDS, mailboxKey, type PersonFacts, visible } from "./rules.ts";

/** What is to be imported, and where to. `interpreterDelegationId` takes the file's interpreters, if it is given. */
export type ImportRequest = {
  text: string;
  delegationId: string;
  interpreterDelegationId?: string | null;
};

/** What becomes of a row: a new person, one that the contact book knows, nothing (invited already), or nothing (problems). */
export type RowFate = "new" | "known" | "invited" | "problem";

export type PreviewRow = ImportRow & { fate: RowFate; delegationId: string };

export type Quota = { delegationId: string; nameEn: string; nameZh: string; quota: number; after: number };

export type ImportPreview = {
  rows: ReadonlyArray<PreviewRow>;
  problems: ReadonlyArray<Remark>;
  notes: ReadonlyArray<Remark>;
  /** Delegations that would have more people than places. A warning: quotas are agreed, and agreed anew. */
  overQuota: ReadonlyArray<Quota>;
};

export type ImportRefusal = FileProblem | "delegation" | "headings" | "nothing";

/** The text of an uploaded file, or why it is none. */
export function readPeopleFile(bytes: Uint8Array): Result<string, FileProblem | "spreadsheet"> {
  if (bytes.byteLength > LARGEST_FILE) return refused("tooLarge");
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return refused("spreadsheet");
  const decoded = decodeText(bytes);
  return decoded === null ? refused("unreadable") : ok(decoded.text);
}

/**
 * What an import would do. Writes nothing.
 *
 * Refused when the text is no table (a `FileProblem`) or the delegation is not on this side (`delegation`).
 */
export function previewImport(
  ctx: StaffContext,
  request: ImportRequest,
): Result<ImportPreview, FileProblem | "delegation"> {
  return preview(ctx.db.orm, ctx, request);
}

/**
 * Takes the good rows of a table into the contact book and drafts their invitations, all or nothing. People whom the
 * contact book knows by their mailbox are invited as they stand there; nothing is overwritten.
 *
 * Refused as in `previewImport`, when the headings say nothing (`headings`), and when no row is left (`nothing`).
 *
 * @param rows the rows to take, as the spreadsheet counts; all good ones unless given.
 */
export function importPeople(
  ctx: StaffContext,
  request: ImportRequest & { rows?: ReadonlyArray<number> },
): Promise<Result<{ created: number; known: number; invitationIds: ReadonlyArray<string> }, ImportRefusal>> {
  return ctx.db.write((tx) => {
    const seen = preview(tx, ctx, request);
    if (!seen.ok) return seen;
    if (seen.value.problems.length > 0) return refused("headings");
    const wanted = request.rows === undefined ? null : new Set(request.rows);
    const chosen = seen.value.rows.filter(
      (row) => (row.fate === "new" || row.fate === "known") && (wanted === null || wanted.has(row.row)),
    );
    if (chosen.length === 0) return refused("nothing");
    const book = contactBook(tx, ctx, mailboxesOf(chosen));
    const invitationIds = chosen.map((row) => takeIn(tx, ctx, row, book));
    const created = chosen.filter((row) => row.fate === "new").length;
    const sides = new Set(chosen.map((row) => book.delegations.get(row.delegationId)?.sideId ?? null));
    recordAudit(tx, ctx, {
      action: "person.import",
      subjectKind: "delegation",
      subjectId: request.delegationId,
      editionId: ctx.scope.editionId,
      sideId: sides.size === 1 ? ([...sides][0] ?? null) : null,
      details: { created, known: chosen.length - created, rows: seen.value.rows.length },
    });
    return ok({ created, known: chosen.length - created, invitationIds });
  });
}

function takeIn(tx: Tx, ctx: StaffContext, row: PreviewRow, book: ContactBook): string {
  const sideId = book.delegations.get(row.delegationId)?.sideId;
  if (sideId === undefined) throw new Error("A previewed row names a delegation outside the scope");
  const known = row.facts.email === null ? undefined : book.people.get(bookKey(sideId, row.facts.email));
  const personId = known?.personId ?? insertPerson(tx, ctx, { sideId, facts: row.facts });
  return createInvitation(tx, ctx, {
    personId,
    delegationId: row.delegationId,
    category: row.category,
    invitedAs: row.invitedAs,
  }).invitationId;
}

function preview(
  orm: Orm,
  ctx: StaffContext,
  { text, delegationId, interpreterDelegationId = null }: ImportRequest,
): Result<ImportPreview, FileProblem | "delegation"> {
  const parsed = parseTable(text);
  const sheet = parsed.ok ? readSheet(parsed.table) : { rows: [], problems: [], notes: [] };
  const book = contactBook(orm, ctx, mailboxesOf(sheet.rows));
  const ours = [delegationId, interpreterDelegationId].every((id) => id === null || book.delegations.has(id));
  if (!ours) return refused("delegation");
  if (!parsed.ok) return refused(parsed.problem);
  const rows = sheet.rows.map((row): PreviewRow => {
    const into = row.category === "interpreter" ? (interpreterDelegationId ?? delegationId) : delegationId;
    return fateOf(row, into, book);
  });
  return ok({ rows, problems: sheet.problems, notes: sheet.notes, overQuota: overQuota(rows, book) });
}

function fateOf(row: ImportRow, delegationId: string, book: ContactBook): PreviewRow {
  if (row.problems.length > 0)
    return { ...row, facts: visibleFacts(row.facts), delegationId, fate: "problem" };
  const sideId = book.delegations.get(delegationId)?.sideId ?? "";
  const known = row.facts.email === null ? undefined : book.people.get(bookKey(sideId, row.facts.email));
  if (known === undefined) return { ...row, delegationId, fate: "new" };
  const name = visible(known.name);
  if (known.doNotInvite && !known.invited)
    return {
      ...row,
      delegationId,
      fate: "problem",
      problems: [{ key: "import.problem.doNotInvite", values: { name } }],
    };
  return known.invited
    ? { ...row, delegationId, fate: "invited", notes: [{ key: "import.note.invited", values: { name } }] }
    : {
        ...row,
        delegationId,
        fate: "known",
        notes: [...row.notes, { key: "import.note.known", values: { name } }],
      };
}

/** What cannot be written is shown with nothing hidden in it, and not at full length. */
function visibleFacts({ locale, email, phone, ...texts }: PersonFacts): PersonFacts {
  const shown = { ...texts };
  for (const field of FACT_FIELDS) shown[field] = visible(texts[field]);
  return {
    ...shown,
    locale,
    email: email === null ? null : visible(email),
    phone: phone === null ? null : visible(phone),
  };
}

function overQuota(rows: ReadonlyArray<PreviewRow>, book: ContactBook): Array<Quota> {
  return [...book.delegations].flatMap(([delegationId, { nameEn, nameZh, quota, people }]) => {
    const more = rows.filter(
      (row) => row.delegationId === delegationId && (row.fate === "new" || row.fate === "known"),
    ).length;
    const after = people + more;
    return quota !== null && more > 0 && after > quota
      ? [{ delegationId, nameEn, nameZh, quota, after }]
      : [];
  });
}

type ContactBook = {
  /** This side's delegations in this edition. */
  delegations: ReadonlyMap<
    string,
    { sideId: string; nameEn: string; nameZh: string; quota: number | null; people: number }
  >;
  /** Whom these sides know under one of the mailboxes asked for, by side and mailbox. */
  people: ReadonlyMap<string, { personId: string; name: string; invited: boolean; doNotInvite: boolean }>;
};

function bookKey(sideId: string, email: string): string {
  return `${sideId} ${mailboxKey(email)}`;
}

function mailboxesOf(rows: ReadonlyArray<Pick<ImportRow, "facts">>): Array<string> {
  return rows.flatMap(({ facts }) => (facts.email === null ? [] : [mailboxKey(facts.email)]));
}

/** What has to be known for these mailboxes, and no more: whoever works in one edition does not get the whole book. */
function contactBook(orm: Orm, ctx: StaffContext, mailboxes: ReadonlyArray<string>): ContactBook {
  const { editionId, sideIds } = ctx.scope;
  const here = and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds]));
  const delegations = orm
    .select({
      id: delegation.id,
      sideId: delegation.coHostId,
      nameEn: delegation.nameEn,
      nameZh: delegation.nameZh,
      quota: delegation.quota,
    })
    .from(delegation)
    .where(here)
    .all();
  const invited = orm
    .select({
      personId: invitation.personId,
      delegationId: invitation.delegationId,
      over: sql<number | null>`coalesce(${invitation.withdrawnAt}, ${invitation.replacedAt})`,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(here)
    .all();
  const invitedIds = new Set(invited.map((row) => row.personId));
  const people = orm
    .select({
      personId: person.id,
      sideId: person.coHostId,
      emailKey: person.emailKey,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      doNotInviteAt: person.doNotInviteAt,
    })
    .from(person)
    .where(
      and(
        inArray(person.coHostId, [...sideIds]),
        sql`${person.emailKey} in (select value from json_each(${JSON.stringify(mailboxes)}))`,
        isNull(person.mergedIntoId),
      ),
    )
    .all();
  return {
    delegations: new Map(
      delegations.map(({ id, ...facts }) => [
        id,
        {
          ...facts,
          people: invited.filter((row) => row.delegationId === id && row.over === null).length,
        },
      ]),
    ),
    people: new Map(
      people.map((row) => [
        `${row.sideId} ${row.emailKey}`,
        {
          personId: row.personId,
          name: row.nameLatin || row.nameNative,
          invited: invitedIds.has(row.personId),
          doNotInvite: row.doNotInviteAt !== null,
        },
      ]),
    ),
  };
}
