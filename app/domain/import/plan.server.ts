import { isDeepStrictEqual } from "node:util";
import type { Orm } from "#db/client.server.ts";
import type { Category, SessionFunction } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { membershipProblem } from "../delegation/commands.server.ts";
import { headsOf } from "../delegation/queries.server.ts";
import { FACT_FIELDS, mailboxKey, type PersonFacts, visible } from "../person/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { rosterColumns } from "../roster/columns.server.ts";
import { ownHeadings, type ReadForms } from "./answers.server.ts";
import { besideCells, besideKinds } from "./beside.server.ts";
import { CARD_COLUMNS, type Cell, type Compared, cardCells } from "./cells.ts";
import { simplified } from "./closed-lists.ts";
import { columnKind } from "./headings.ts";
import { type ColumnKind, isCardKind, type OwnKind } from "./kinds.ts";
import { possibleMoves } from "./mailboxes.ts";
import { joinRows } from "./onward.ts";
import {
  type Acquaintance,
  acquaintance,
  type Delegations,
  delegationFinder,
  delegationsHere,
  type Known,
} from "./people.server.ts";
import { problemsOfNew, type ReadRow, type Remark, readSheet } from "./reading.ts";
import { type FileTable, guessMapping, type KindOf, type Mapping, mappingProblem } from "./rules.ts";

/** What is to be imported, and where to. `interpreterDelegationId` takes the file's interpreters, if it is given. */
export type ImportRequest = {
  table: FileTable;
  /** What its columns are; unless given, what their headings say. */
  mapping?: Mapping;
  /** Where new people go, unless their row says so. Everything happens on this delegation's side. */
  delegationId: string;
  interpreterDelegationId?: string | null;
  /** Of rows that could be several people: whose invitation it is, or `new`. By row. */
  who?: Readonly<Record<string, string>>;
};

/**
 * What becomes of a row: a new person, one that the contact book knows, changes to one who is invited, nothing (all of it
 * stands there already), nothing before somebody has decided (`conflict`), or nothing (`problem`).
 */
export const ROW_FATES = ["new", "known", "changed", "same", "conflict", "problem"] as const;
export type RowFate = (typeof ROW_FATES)[number];

export type PlanCell = Cell & {
  /** Whether it is written unless somebody says otherwise. */
  isChosen: boolean;
};

/** What becomes of the cells of those who are there: of how many it is what. */
export const CELL_FATES = ["new", "changed", "same", "conflict", "problem"] as const;
export type CellFate = (typeof CELL_FATES)[number];

export type PlanRow = {
  /** As the spreadsheet counts. */
  row: number;
  fate: RowFate;
  /** Whether it is taken unless somebody says otherwise. */
  isChosen: boolean;
  /** The row as a person. */
  facts: PersonFacts;
  category: Category;
  invitedAs: SessionFunction | null;
  note: string;
  /** Where they go who are new. */
  delegationId: string;
  /** Who it is about, if that is clear. */
  person: { personId: string; invitationId: string | null; number: string; name: string } | null;
  /** Whom it could be about, where that has to be said; `said`: what was. */
  choices: ReadonlyArray<{ value: string; name: string; number: string }>;
  said: string;
  cells: ReadonlyArray<PlanCell>;
  /** How many of its cells say what stands there. */
  same: number;
  problems: ReadonlyArray<Remark>;
  notes: ReadonlyArray<Remark>;
};

export type Quota = { delegationId: string; nameEn: string; nameZh: string; quota: number; after: number };

export type ImportPlan = {
  rows: ReadonlyArray<PlanRow>;
  /** How many rows the file has: several may have been put together into one. */
  inFile: number;
  cells: Readonly<Record<CellFate, number>>;
  problems: ReadonlyArray<Remark>;
  notes: ReadonlyArray<Remark>;
  /** Delegations that would have more people than places. A warning: quotas are agreed, and agreed anew. */
  overQuota: ReadonlyArray<Quota>;
  delegations: Delegations;
  sideId: string;
};

export type PlanRefusal = "delegation";

/**
 * What an import would do. Writes nothing.
 *
 * Refused when a delegation is not on this side, or the two are on different ones (`delegation`).
 */
export function planImport(ctx: StaffContext, request: ImportRequest): Result<ImportPlan, PlanRefusal> {
  return plan(ctx.db.orm, ctx, request);
}

/**
 * The same inside a transaction.
 *
 * @param forms gets the registrations that were read for it.
 */
export function plan(
  orm: Orm,
  ctx: StaffContext,
  {
    table,
    mapping = guessMapping(table, { kindOf: kindFinder(ctx, orm) }),
    delegationId,
    interpreterDelegationId = null,
    who = {},
  }: ImportRequest,
  forms: ReadForms = new Map(),
): Result<ImportPlan, PlanRefusal> {
  const all = delegationsHere(orm, ctx);
  const sideId = all.get(delegationId)?.sideId;
  if (sideId === undefined) return refused("delegation");
  if (interpreterDelegationId !== null && all.get(interpreterDelegationId)?.sideId !== sideId)
    return refused("delegation");
  const side = ofSide(ctx, sideId);
  const delegations = new Map([...all].filter(([, one]) => one.sideId === sideId));
  const allowed = allowedMapping(side, mapping, orm);
  const read = readSheet(table, allowed);
  const sheet = { ...read, rows: joinRows(read.rows, allowed) };
  const problem = mappingProblem(allowed);
  const problems: Array<Remark> =
    sheet.problems.length === 0 && problem !== null
      ? [{ key: `import.mapping.${problem}`, values: {} }]
      : [...sheet.problems];
  const known = acquaintance(orm, side, { rows: sheet.rows, mapping: allowed });
  const delegationOf = delegationFinder(delegations);
  const seesBook = ctx.scope.bookSideIds.includes(sideId);
  const about = sheet.rows.flatMap(
    (row) => known.meantBy(row) ?? known.withMailbox(row.said.get("email") ?? ""),
  );
  const invitationIds = about.flatMap(({ invited }) => (invited === null ? [] : [invited.id]));
  const beside = besideCells(orm, side, allowed, { forms, invitationIds });
  const rows = sheet.rows.map((row) => {
    const into = intoDelegation(row, { delegationOf, delegationId, interpreterDelegationId });
    const read = unknownDelegation(row, delegationOf);
    const said = who[String(row.row)] ?? "";
    return begun(read, into, { known, mapping: allowed, delegationOf, seesBook, said, beside });
  });
  settleDoubles(rows);
  settleMailboxes(rows, known);
  settleMembers(orm, rows);
  const planned = rows.map(finished);
  return ok({
    rows: planned,
    inFile: read.rows.length,
    cells: cellCounts(planned),
    problems,
    notes: sheet.notes,
    overQuota: overQuota(planned, delegations),
    delegations,
    sideId,
  });
}

/** What columns hold by their headings, with those of the edition's own questions. */
export function kindFinder(ctx: Pick<StaffContext, "db" | "scope">, orm: Orm = ctx.db.orm): KindOf {
  const own = new Map<string, OwnKind | null>();
  for (const { kind, title } of ownHeadings(ctx, orm)) {
    const word = simplified(title);
    // What two are called, as the local times of both ends of a leg, says of neither that it is meant.
    if (word !== "") own.set(word, (own.get(word) ?? kind) === kind && own.get(word) !== null ? kind : null);
  }
  // The edition's own words go before ours: a question called "Hotel" is meant by a column that is called so.
  return (heading) => own.get(simplified(heading)) ?? columnKind(heading);
}

/** The same reader, confined to one side: a file is one side's. */
export function ofSide(ctx: StaffContext, sideId: string): StaffContext {
  return { ...ctx, scope: { ...ctx.scope, sideIds: [sideId] } };
}

/** Columns that this reader may not write are not read. */
function allowedMapping(ctx: StaffContext, mapping: Mapping, orm: Orm): Mapping {
  const editable = new Set(rosterColumns(ctx).flatMap(({ key, editable }) => (editable ? [key] : [])));
  const cells: ReadonlyArray<string> = CARD_COLUMNS;
  const besides = new Set(besideKinds(ctx, orm));
  const may = (kind: ColumnKind) =>
    isCardKind(kind) ? !cells.includes(kind) || editable.has(kind) : besides.has(kind);
  return { ...mapping, columns: mapping.columns.map((kind) => (kind !== null && may(kind) ? kind : null)) };
}

function unknownDelegation(row: ReadRow, delegationOf: (name: string) => string | null): ReadRow {
  const name = row.said.get("delegation") ?? "";
  if (name === "" || delegationOf(name) !== null) return row;
  const remark: Remark = { key: "import.problem.delegation", values: { delegation: visible(name) } };
  return {
    ...row,
    wrong: new Map([...row.wrong, ["delegation", [...(row.wrong.get("delegation") ?? []), remark]]]),
  };
}

function intoDelegation(
  row: ReadRow,
  {
    delegationOf,
    delegationId,
    interpreterDelegationId,
  }: {
    delegationOf: (name: string) => string | null;
    delegationId: string;
    interpreterDelegationId: string | null;
  },
): string {
  const named = delegationOf(row.said.get("delegation") ?? "");
  const usual = row.category === "interpreter" ? (interpreterDelegationId ?? delegationId) : delegationId;
  return named ?? usual;
}

/** A row while it is looked at beside the others. */
type Begun = {
  read: ReadRow;
  fate: RowFate;
  isChosen: boolean;
  delegationId: string;
  person: Known | null;
  choices: ReadonlyArray<Known>;
  said: string;
  cells: Array<PlanCell>;
  same: number;
  problems: Array<Remark>;
  notes: Array<Remark>;
};

type Looking = {
  beside: ReturnType<typeof besideCells>;
  known: Acquaintance;
  mapping: Mapping;
  delegationOf: (name: string) => string | null;
  /** Whether what the book says of people of other years is this reader's to see. */
  seesBook: boolean;
  said: string;
};

function begun(read: ReadRow, delegationId: string, looking: Looking): Begun {
  const meant = whoIsMeant(read, looking);
  const common = { read, delegationId, said: looking.said, choices: meant.choices, person: meant.person };
  const notes = read.notes.filter(({ key }) => key === "import.note.joined");
  const nothing = { ...common, isChosen: false, cells: [], same: 0, notes };
  if (meant.problems.length > 0) {
    const fate = meant.choices.length > 0 ? "conflict" : "problem";
    return { ...nothing, fate, problems: meant.problems };
  }
  if (meant.person === null) {
    const problems = problemsOfNew(read);
    if (problems.length > 0) return { ...nothing, fate: "problem", problems };
    const { cells } = looking.beside(read, { invitationId: null, delegationId, category: read.category });
    return {
      ...nothing,
      fate: "new",
      isChosen: true,
      problems,
      notes: [...read.notes],
      cells: cells.map(besideCell),
    };
  }
  if (read.problems.length > 0) return { ...nothing, fate: "problem", problems: [...read.problems] };
  return aboutSomebody(meant.person, nothing, looking);
}

function aboutSomebody(
  person: Known,
  row: Omit<Begun, "fate" | "problems">,
  { mapping, delegationOf, seesBook, beside }: Looking,
): Begun {
  const { read } = row;
  const name = visible(person.name);
  if (person.invited !== null) {
    const { id, delegationId, category } = person.invited;
    const card = cardCells(read, person.invited, { blanks: mapping.blanks, delegationOf });
    const more = beside(read, { invitationId: id, delegationId, category });
    const over = overOf(person.invited);
    return {
      ...row,
      fate: "changed",
      problems: [],
      notes: over === null ? row.notes : [...row.notes, { key: `import.note.${over}`, values: { name } }],
      cells: [...card.cells.map((cell) => ({ ...cell, isChosen: true })), ...more.cells.map(besideCell)],
      same: card.same + more.same,
    };
  }
  const problems = problemsOfNew(read);
  if (problems.length > 0) return { ...row, fate: "problem", problems };
  if (person.doNotInvite)
    return { ...row, fate: "problem", problems: [{ key: "import.problem.doNotInvite", values: { name } }] };
  const { facts, note } = person;
  const { category, invitedAs } = read;
  const standing = { facts, note, delegationId: row.delegationId, category, invitedAs };
  // What the book says of them was looked at by somebody: it changes where somebody says so.
  const nothing: Compared = { cells: [], same: 0 };
  const card = seesBook ? cardCells(read, standing, { blanks: mapping.blanks, delegationOf }) : nothing;
  const more = beside(read, { invitationId: null, delegationId: row.delegationId, category });
  return {
    ...row,
    fate: "known",
    isChosen: true,
    problems: [],
    notes: [...read.notes, { key: "import.note.known", values: { name } }],
    cells: [...card.cells.map((cell) => ({ ...cell, isChosen: false })), ...more.cells.map(besideCell)],
    same: card.same + more.same,
  };
}

/** Why somebody who is invited is not to come; null: they may. */
function overOf({
  withdrawnAt,
  replacedAt,
  reply,
}: NonNullable<Known["invited"]>): "withdrawn" | "replaced" | "declined" | null {
  if (withdrawnAt !== null) return "withdrawn";
  if (replacedAt !== null) return "replaced";
  return reply === "declined" ? "declined" : null;
}

/** What is another's word is written where somebody says so. */
function besideCell(cell: Cell): PlanCell {
  return { ...cell, isChosen: cell.conflicts.length === 0 };
}

function cellCounts(rows: ReadonlyArray<PlanRow>): Record<CellFate, number> {
  const counts = { new: 0, changed: 0, same: 0, conflict: 0, problem: 0 };
  for (const row of rows) {
    if (row.fate === "problem" && row.cells.length === 0) continue;
    counts.same += row.same;
    for (const cell of row.cells) counts[cellFate(cell)] += 1;
  }
  return counts;
}

export function cellFate({ problems, conflicts, before }: Cell): CellFate {
  if (problems.length > 0) return "problem";
  if (conflicts.length > 0) return "conflict";
  return before === "" ? "new" : "changed";
}

type Meant = { person: Known | null; choices: ReadonlyArray<Known>; problems: Array<Remark> };

/** Whom a row is about: somebody, somebody new (nobody, and no problem), or it has to be said. */
function whoIsMeant(row: ReadRow, { known, mapping, said }: Looking): Meant {
  const email = row.said.get("email") ?? "";
  const key = keyKinds(mapping).flatMap((kind) => row.wrong.get(kind) ?? []);
  const meant = known.meantBy(row);
  const withMailbox = email === "" ? [] : known.withMailbox(email);
  // A mailbox tells of people too where the row says nothing that is surer.
  const found = meant ?? withMailbox;
  if (meant !== null && mapping.by !== "email" && key.length > 0)
    return { person: null, choices: [], problems: [...key] };

  const others =
    mapping.by === "name" && meant !== null ? withMailbox.filter((one) => !meant.includes(one)) : [];
  const isUnclear = found.length > 1 || (found.length === 1 && others.length > 0);
  const choices = isUnclear ? [...found, ...others] : found.length === 0 && others.length > 0 ? others : [];
  const chosen = choices.find(({ invited, personId }) => said !== "" && (invited?.id ?? personId) === said);
  if (chosen !== undefined) return { person: chosen, choices, problems: [] };
  if (said === "new" && choices.length > 0) return { person: null, choices, problems: [] };
  if (isUnclear) {
    const names = choices.map(({ name }) => visible(name)).join(" · ");
    return { person: null, choices, problems: [{ key: "import.conflict.several", values: { names } }] };
  }
  const [only = others[0]] = found;
  if (only === undefined) {
    const value = visible(row.said.get(mapping.by === "name" ? "name" : mapping.by) ?? "");
    // A new person has no number yet, and what identifies people elsewhere has to be found.
    const mustBeThere = meant !== null && (mapping.by === "number" || mapping.by === "own");
    return mustBeThere
      ? { person: null, choices: [], problems: [{ key: "import.problem.notFound", values: { value } }] }
      : { person: null, choices: [], problems: [] };
  }
  if (found.length === 0 && only.invited !== null)
    return {
      person: null,
      choices,
      problems: [{ key: "import.conflict.mailboxOf", values: { name: visible(only.name) } }],
    };
  return { person: only, choices: [], problems: [] };
}

function keyKinds({ by }: Mapping): ReadonlyArray<ColumnKind> {
  return by === "name"
    ? [
        ...(["family", "given", "name", "familyLatin", "givenLatin", "nameLatin"] as const),
        ...(["familyNative", "givenNative", "nameNative"] as const),
      ]
    : [by];
}

/** Two rows about one person: whoever wrote the file has to be asked, unless both say the same. */
function settleDoubles(rows: ReadonlyArray<Begun>): void {
  const about = Map.groupBy(
    rows.filter(({ fate }) => fate === "changed" || fate === "known"),
    ({ person }) => person?.personId,
  );
  for (const [, several] of about) {
    const [first, ...more] = several;
    if (first === undefined || more.length === 0) continue;
    const wishes = (row: Begun) => row.cells.map(({ column, after }) => ({ column, after }));
    const isSame = more.every((row) => isDeepStrictEqual(wishes(row), wishes(first)));
    for (const row of isSame ? more : several) {
      const others = several.filter((other) => other !== row).map(({ read }) => read.row);
      const values = { rows: others.join(", ") };
      row.isChosen = false;
      if (isSame) {
        row.fate = "same";
        row.cells = [];
        row.notes.push({ key: "import.note.twice", values });
      } else {
        row.fate = "conflict";
        row.problems.push({ key: "import.conflict.twice", values });
      }
    }
  }
}

/** A mailbox is one person's: in the file, and on the side once all of it is written. */
function settleMailboxes(rows: ReadonlyArray<Begun>, known: Acquaintance): void {
  const moving = rows.flatMap((row) => {
    const cell = row.cells.find(({ column, problems }) => column === "email" && problems.length === 0);
    return cell !== undefined && row.fate === "changed" && row.person !== null
      ? [{ row, cell, person: row.person }]
      : [];
  });
  const possible = possibleMoves(
    moving.map(({ person, cell }) => ({ personId: person.personId, to: mailboxKey(cell.after) })),
    (mailbox) => known.withMailbox(mailbox).map(({ personId }) => personId),
  );
  for (const { person, cell } of moving)
    if (!possible.has(person.personId)) refuseCell(cell, { key: "roster.problem.mailboxTaken", values: {} });
  // Of several rows about somebody one may be chosen: it gets no mailbox of anybody's either.
  for (const row of rows) {
    const cell = row.fate === "conflict" ? row.cells.find(({ column }) => column === "email") : undefined;
    const isFree = ({ personId }: Known) => personId === row.person?.personId || possible.has(personId);
    if (cell !== undefined && !known.withMailbox(cell.after).every(isFree))
      refuseCell(cell, { key: "roster.problem.mailboxTaken", values: {} });
  }

  const first = new Map(moving.map(({ row, cell }) => [mailboxKey(cell.after), row.read.row]));
  for (const row of rows) {
    const { email } = row.read.facts;
    if (email === null || row.person !== null || row.read.wrong.has("email")) continue;
    const key = mailboxKey(email);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, row.read.row);
      const [holder] = known.withMailbox(email);
      if (row.fate === "new" && holder !== undefined) {
        row.fate = "problem";
        row.problems.push({ key: "import.problem.mailboxOf", values: { name: visible(holder.name) } });
      }
    } else if (row.fate === "new" || row.fate === "problem") {
      row.fate = "problem";
      row.problems.push({ key: "import.problem.twiceInFile", values: { row: earlier } });
    }
    if (row.fate === "problem") row.isChosen = false;
  }
}

function refuseCell(cell: PlanCell | undefined, remark: Remark): void {
  if (cell === undefined || cell.problems.length > 0) return;
  cell.problems = [remark];
  cell.isChosen = false;
}

/** One head a delegation, and places for those who hold one. */
function settleMembers(orm: Orm, rows: ReadonlyArray<Begun>): void {
  const moves = rows.flatMap((row) => {
    const isOpen = row.fate === "changed" || row.fate === "conflict";
    const invited = isOpen ? (row.person?.invited ?? null) : null;
    const sound = (column: string) =>
      row.cells.find((cell) => cell.column === column && cell.problems.length === 0);
    const [category, delegation] = [sound("category"), sound("delegation")];
    if (invited === null || (category === undefined && delegation === undefined)) return [];
    const after = {
      category: (category?.after ?? invited.category) as Category,
      delegationId: delegation?.after ?? invited.delegationId,
    };
    return [{ invited, after, cells: [category, delegation] }];
  });
  const leaving = new Set(
    moves.filter(({ invited }) => invited.category === "head").map(({ invited }) => invited.id),
  );
  const heads = new Map<string, string>();
  for (const { invited, after, cells } of moves) {
    const refuse = (key: Remark["key"]) => {
      for (const cell of cells) refuseCell(cell, { key, values: {} });
    };
    if (invited.withdrawnAt !== null || invited.replacedAt !== null) refuse("roster.problem.gone");
    else if (after.category === "head") {
      const stay = headsOf(orm, { delegationId: after.delegationId, except: invited.id });
      const isTaken = (heads.get(after.delegationId) ?? invited.id) !== invited.id;
      if (isTaken || stay.some((id) => !leaving.has(id))) refuse("roster.problem.headTaken");
      else heads.set(after.delegationId, invited.id);
    }
    if (membershipProblem(orm, invited, after) === "quotaFull") refuse("roster.problem.quotaFull");
  }
}

function finished(row: Begun): PlanRow {
  const { read, person } = row;
  const sound = row.cells.filter(({ problems }) => problems.length === 0);
  const fate =
    row.fate !== "changed"
      ? row.fate
      : sound.length > 0
        ? "changed"
        : row.cells.length > 0
          ? "problem"
          : "same";
  return {
    row: read.row,
    fate,
    isChosen: fate === "changed" ? true : row.isChosen,
    facts: fate === "problem" || fate === "conflict" ? visibleFacts(read.facts) : read.facts,
    category: read.category,
    invitedAs: read.invitedAs,
    note: read.said.get("note") ?? "",
    delegationId: row.delegationId,
    person:
      person === null
        ? null
        : {
            personId: person.personId,
            invitationId: person.invited?.id ?? null,
            number: person.invited?.number ?? "",
            name: visible(person.name),
          },
    choices: row.choices.map(({ personId, name, invited }) => ({
      value: invited?.id ?? personId,
      name: visible(name),
      number: invited?.number ?? "",
    })),
    said: row.said,
    cells: row.cells.map((cell) => (cell.problems.length > 0 ? { ...cell, isChosen: false } : cell)),
    same: row.same,
    problems: row.problems,
    notes: row.notes,
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

function overQuota(rows: ReadonlyArray<PlanRow>, delegations: Delegations): Array<Quota> {
  return [...delegations].flatMap(([delegationId, { nameEn, nameZh, quota, people }]) => {
    const more = rows.filter(
      (row) => row.delegationId === delegationId && (row.fate === "new" || row.fate === "known"),
    ).length;
    const after = people + more;
    return quota !== null && more > 0 && after > quota
      ? [{ delegationId, nameEn, nameZh, quota, after }]
      : [];
  });
}
