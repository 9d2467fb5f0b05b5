import { and, desc, eq, inArray, isNull, ne, notInArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { prepared, type Tx } from "#db/client.server.ts";
import { delegation, invitation, person, rosterCell, rosterChange } from "#db/schema/index.ts";
import { CATEGORIES, type RosterChangeKind, SESSION_FUNCTIONS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type MemberRefusal, placeMember } from "../delegation/commands.server.ts";
import { cardForm, factsOf, formOfFacts } from "../person/form.ts";
import { factsOfRow, mailboxHolder, updatePerson } from "../person/record.server.ts";
import { FACT_FIELDS, type PersonFacts, sortKeyOf } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { rosterColumns } from "./columns.server.ts";

/** A cell that somebody wants to hold something else. Words of closed lists by their code names; `""`: nothing. */
export type CellWish = {
  invitationId: string;
  column: string;
  /** What stood there when they looked; null: whatever stands there is to go. */
  seen: string | null;
  value: string;
};

/**
 * What became of a wish. `conflict`: somebody else wrote something else meanwhile, which stands; `value` is what the cell
 * holds now.
 */
export type CellOutcome = {
  invitationId: string;
  column: string;
  outcome: "written" | "same" | "conflict" | "refused";
  value: string;
  problem: MessageKey | null;
};

export type CellsChanged = { changeIds: ReadonlyArray<string>; cells: ReadonlyArray<CellOutcome> };

/** The most cells in one go: a column of everybody, some times over. */
export const MOST_CELLS = 5_000;

/**
 * Writes cells of the roster: each that can be is written, and of each that cannot it is said why, so that of a pasted
 * column nothing is lost. All that is written can be undone together.
 *
 * Refused when there are too many (`tooMany`).
 */
export function changeCells(
  ctx: StaffContext,
  { kind, cells }: { kind: "edit" | "paste" | "bulk"; cells: ReadonlyArray<CellWish> },
): Promise<Result<CellsChanged, "tooMany">> {
  return ctx.db.write((tx) =>
    cells.length > MOST_CELLS ? refused("tooMany") : ok(applyCells(tx, ctx, { kind, cells })),
  );
}

/**
 * Takes a change back as far as nobody has written something else into its cells since; taking back an undo does the
 * change again. What cannot be put back is said cell by cell.
 *
 * Refused when there is no such change on this side, or it has been taken back (`gone`).
 */
export function undoCells(ctx: StaffContext, changeId: string): Promise<Result<CellsChanged, "gone">> {
  return ctx.db.write((tx) => {
    const here = and(
      eq(rosterChange.editionId, ctx.scope.editionId),
      inArray(rosterChange.coHostId, [...ctx.scope.sideIds]),
      ne(rosterChange.kind, "import"),
      isNull(rosterChange.undoneAt),
    );
    const asked = tx
      .select()
      .from(rosterChange)
      .where(and(here, eq(rosterChange.id, changeId)))
      .get();
    if (asked === undefined) return refused("gone");
    // What was done over several sides in one go goes back in one go.
    const changes = tx
      .select()
      .from(rosterChange)
      .where(and(here, eq(rosterChange.by, asked.by), eq(rosterChange.step, asked.step ?? "")))
      .all();
    const all = changes.length === 0 ? [asked] : changes;
    const undoes = new Map(all.map(({ coHostId, id }) => [coHostId, id]));
    const cells = all.flatMap(({ id }) => cellsBack(tx, id));
    const done = applyCells(tx, ctx, { kind: "undo", undoes, cells });
    if (done.cells.every(({ outcome }) => outcome === "conflict" || outcome === "refused")) return ok(done);
    for (const { id, undoes: earlier } of all) {
      tx.update(rosterChange).set({ undoneAt: ctx.clock.now() }).where(eq(rosterChange.id, id)).run();
      if (earlier !== null)
        tx.update(rosterChange).set({ undoneAt: null }).where(eq(rosterChange.id, earlier)).run();
    }
    return ok(done);
  });
}

/** The wishes that take a change back, the last cell first: what was free for the next one is so again. */
export function cellsBack(tx: Tx, changeId: string): Array<CellWish> {
  return tx
    .select()
    .from(rosterCell)
    .where(eq(rosterCell.changeId, changeId))
    .orderBy(desc(sql`rowid`))
    .all()
    .map(({ invitationId, column, before, after }) => ({ invitationId, column, seen: after, value: before }));
}

/**
 * What this login did last and could take back, and what it took back and could do again: the newest of each. Once something
 * new is done, what was taken back before stays so.
 *
 * @param passed a step of which nothing could be taken back or done again just now: the one before it comes next.
 */
export function rosterSteps(
  ctx: StaffContext,
  passed: { way: "undo" | "redo"; changeId: string } | null = null,
): { undo: string | null; redo: string | null } {
  const done = newestStep(ctx, "done");
  const undo = passed?.way === "undo" ? newestStep(ctx, "done", passed.changeId) : done;
  const redo = newestStep(ctx, "takenBack", passed?.way === "redo" ? passed.changeId : null);
  const isAfter = redo !== null && (done === null || redo.at > done.at);
  return { undo: undo?.id ?? null, redo: isAfter ? redo.id : null };
}

/** `at`: its place in the order in which changes were written. */
function newestStep(
  ctx: StaffContext,
  which: "done" | "takenBack",
  before: string | null = null,
): { id: string; at: number } | null {
  const undone = alias(rosterChange, "undone");
  const newest = ctx.db.orm
    .select({ id: rosterChange.id, at: sql<number>`${rosterChange}.rowid` })
    .from(rosterChange)
    .leftJoin(undone, eq(undone.id, rosterChange.undoes))
    .where(
      and(
        eq(rosterChange.editionId, ctx.scope.editionId),
        inArray(rosterChange.coHostId, [...ctx.scope.sideIds]),
        eq(rosterChange.by, ctx.actor.id),
        isNull(rosterChange.undoneAt),
        // Of whoever is nobody's here any more nothing is kept that could be taken back.
        sql`exists (select 1 from ${rosterCell} where ${rosterCell.changeId} = ${rosterChange.id})`,
        before === null
          ? undefined
          : sql`${rosterChange}.rowid < (select min(part.rowid) from ${rosterChange} passed
              join ${rosterChange} part on part.id = passed.id or part.step = passed.step where passed.id = ${before})`,
        // What took an undo back has done something again, which stands as what it was at first.
        which === "done"
          ? notInArray(rosterChange.kind, ["import", "undo"])
          : and(eq(rosterChange.kind, "undo"), ne(undone.kind, "undo")),
      ),
    )
    .orderBy(desc(sql`${rosterChange}.rowid`))
    .limit(1)
    .get();
  return newest ?? null;
}

/**
 * Writes cells inside another command; see `changeCells`.
 *
 * @param undoes what is taken back, by the side whose it is.
 * @param leaving people who get another mailbox by the same cells: theirs is free for others among them. The caller has
 *   made sure that nobody shares one with anybody when all is written.
 */
export function applyCells(
  tx: Tx,
  ctx: StaffContext,
  {
    kind,
    undoes = new Map(),
    cells,
    leaving = new Set(),
  }: {
    kind: RosterChangeKind;
    undoes?: ReadonlyMap<string, string>;
    cells: ReadonlyArray<CellWish>;
    leaving?: ReadonlySet<string>;
  },
): CellsChanged {
  const editable = new Set(rosterColumns(ctx).flatMap((column) => (column.editable ? [column.key] : [])));
  const changes = new Map<string, string>();
  const changeOf = (sideId: string) => {
    const known = changes.get(sideId);
    if (known !== undefined) return known;
    const [step = null] = changes.values();
    const id = openChange(tx, ctx, { sideId, kind, undoes: undoes.get(sideId) ?? null, step });
    changes.set(sideId, id);
    return id;
  };
  const outcomes = new Map<string, CellOutcome>();
  let rows = [...Map.groupBy(cells, (cell) => cell.invitationId)];
  // Somebody further down may free what somebody further up is to have: as long as anything is written, they are tried again.
  for (let isFreed = true; isFreed && rows.length > 0; ) {
    isFreed = false;
    const held: typeof rows = [];
    for (const [invitationId, wishes] of rows) {
      const done = writeRow(tx, ctx, { invitationId, wishes, editable, leaving, changeOf });
      for (const each of done) outcomes.set(`${invitationId} ${each.column}`, each);
      isFreed ||= done.some(({ outcome }) => outcome === "written");
      const taken = new Set(done.flatMap(({ column, problem }) => (isTaken(problem) ? [column] : [])));
      if (taken.size > 0) held.push([invitationId, wishes.filter(({ column }) => taken.has(column))]);
    }
    rows = held;
  }
  return { changeIds: [...changes.values()], cells: [...outcomes.values()] };
}

/** Whether it cannot be because of somebody else, who may be about to make room. */
function isTaken(problem: MessageKey | null): boolean {
  return (
    problem === "roster.problem.headTaken" ||
    problem === "roster.problem.quotaFull" ||
    problem === "roster.problem.mailboxTaken"
  );
}

/** Begins something that is changed in one go. `step`: what was begun first of it, for another side. */
export function openChange(
  tx: Tx,
  ctx: StaffContext,
  {
    sideId,
    kind,
    undoes = null,
    step = null,
  }: { sideId: string; kind: RosterChangeKind; undoes?: string | null; step?: string | null },
): string {
  const id = newId();
  tx.insert(rosterChange)
    .values({
      id,
      editionId: ctx.scope.editionId,
      coHostId: sideId,
      kind,
      at: ctx.clock.now(),
      by: ctx.actor.id,
      undoes,
      undoneAt: null,
      step: step ?? id,
    })
    .run();
  return id;
}

const insertCell = prepared((orm) =>
  orm
    .insert(rosterCell)
    .values({
      changeId: sql.placeholder("changeId"),
      invitationId: sql.placeholder("invitationId"),
      column: sql.placeholder("column"),
      before: sql.placeholder("before"),
      after: sql.placeholder("after"),
    })
    .prepare(),
);

/** Keeps what a change did to one cell. */
export function noteCell(tx: Tx, cell: typeof rosterCell.$inferSelect): void {
  insertCell(tx).run(cell);
}

const setNote = prepared((orm) =>
  orm
    .update(person)
    .set({ note: sql`${sql.placeholder("note")}`, updatedAt: sql`${sql.placeholder("at")}` })
    .where(eq(person.id, sql.placeholder("id")))
    .prepare(),
);

const setInvitedAs = prepared((orm) =>
  orm
    .update(invitation)
    .set({ invitedAs: sql`${sql.placeholder("invitedAs")}` })
    .where(eq(invitation.id, sql.placeholder("id")))
    .prepare(),
);

type Row = {
  facts: PersonFacts;
  note: string;
  personId: string;
  sideId: string;
  delegationId: string;
  category: (typeof CATEGORIES)[number];
  invitedAs: (typeof SESSION_FUNCTIONS)[number] | null;
};

const FACTS: ReadonlySet<string> = new Set([...FACT_FIELDS, "email", "phone", "locale"]);
function isFact(column: string): column is keyof PersonFacts {
  return FACTS.has(column);
}

function textOf(row: Row, column: string): string {
  if (isFact(column)) return row.facts[column] ?? "";
  switch (column) {
    case "note":
      return row.note;
    case "delegation":
      return row.delegationId;
    case "category":
      return row.category;
    case "invitedAs":
      return row.invitedAs ?? "";
    default:
      return "";
  }
}

const MEMBER_PROBLEMS = {
  gone: "roster.problem.gone",
  forbidden: "roster.problem.gone",
  headTaken: "roster.problem.headTaken",
  quotaFull: "roster.problem.quotaFull",
} as const satisfies Record<MemberRefusal, MessageKey>;

function writeRow(
  tx: Tx,
  ctx: StaffContext,
  {
    invitationId,
    wishes,
    editable,
    leaving,
    changeOf,
  }: {
    invitationId: string;
    wishes: ReadonlyArray<CellWish>;
    editable: ReadonlySet<string>;
    leaving: ReadonlySet<string>;
    changeOf: (sideId: string) => string;
  },
): Array<CellOutcome> {
  const row = rowOf(tx, ctx, invitationId);
  const outcomes = new Map<string, CellOutcome>();
  const settle = (column: string, outcome: CellOutcome["outcome"], problem: MessageKey | null = null) =>
    outcomes.set(column, {
      invitationId,
      column,
      outcome,
      value: row === null ? "" : textOf(row, column),
      problem,
    });
  const wanted = new Map<string, string>();
  for (const { column, seen, value } of wishes) {
    const typed = value.trim();
    if (row === null || !editable.has(column)) settle(column, "refused", "roster.problem.gone");
    else if (typed === textOf(row, column)) settle(column, "same");
    else if (seen !== null && seen !== textOf(row, column))
      settle(column, "conflict", "roster.problem.conflict");
    else wanted.set(column, typed);
  }
  if (row === null || wanted.size === 0) return [...outcomes.values()];

  const before = new Map([...wanted.keys()].map((column) => [column, textOf(row, column)]));
  const written = new Map<string, string>();
  const columns: Array<string> = [];
  const facts = takeFacts(tx, row, { wanted, leaving }, (column, problem) =>
    settle(column, "refused", problem),
  );
  if (facts.fields.length > 0) {
    if (!before.has("sortKey") && facts.fields.includes("sortKey")) before.set("sortKey", row.facts.sortKey);
    updatePerson(tx, ctx, { personId: row.personId, facts: facts.facts });
    for (const field of facts.fields) written.set(field, facts.facts[field] ?? "");
    columns.push(...facts.fields);
  }
  const note = wanted.get("note");
  if (note !== undefined) {
    if (/[^\P{Cc}\n\r\t]/u.test(note) || note.length > 5_000) settle("note", "refused", "error.characters");
    else {
      setNote(tx).run({ id: row.personId, note, at: ctx.clock.now() });
      written.set("note", note);
      columns.push("note");
    }
  }
  const invitedAs = wanted.get("invitedAs");
  if (invitedAs !== undefined) {
    const known = invitedAs === "" ? null : SESSION_FUNCTIONS.find((word) => word === invitedAs);
    if (known === undefined) settle("invitedAs", "refused", "error.choose");
    else {
      setInvitedAs(tx).run({ id: invitationId, invitedAs: known });
      written.set("invitedAs", invitedAs);
      columns.push("invitedAs");
    }
  }
  const category = CATEGORIES.find((word) => word === (wanted.get("category") ?? row.category));
  const moved = [...wanted.keys()].filter((column) => column === "category" || column === "delegation");
  if (category === undefined) for (const column of moved) settle(column, "refused", "error.choose");
  else if (moved.length > 0) {
    const placed = placeMember(tx, ctx, {
      invitationId,
      delegationId: wanted.get("delegation") ?? row.delegationId,
      category,
    });
    for (const column of moved)
      if (placed.ok) written.set(column, wanted.get(column) ?? "");
      else settle(column, "refused", MEMBER_PROBLEMS[placed.refusal]);
  }

  if (written.size > 0) {
    const changeId = changeOf(row.sideId);
    for (const [column, after] of written) {
      noteCell(tx, { changeId, invitationId, column, before: before.get(column) ?? "", after });
      outcomes.set(column, { invitationId, column, outcome: "written", value: after, problem: null });
    }
    if (columns.length > 0)
      recordAudit(tx, ctx, {
        action: "person.change",
        subjectKind: "person",
        subjectId: row.personId,
        editionId: ctx.scope.editionId,
        sideId: row.sideId,
        details: { columns },
      });
  }
  return [...outcomes.values()];
}

/** The facts that can be written, of those that are wanted; of each that cannot the reason goes to `refuse`. */
function takeFacts(
  tx: Tx,
  row: Row,
  { wanted, leaving }: { wanted: ReadonlyMap<string, string>; leaving: ReadonlySet<string> },
  refuse: (column: string, problem: MessageKey) => void,
): { facts: PersonFacts; fields: Array<keyof PersonFacts> } {
  let fields = [...wanted.keys()].filter(isFact);
  while (fields.length > 0) {
    const typed = Object.fromEntries(fields.map((field) => [field, wanted.get(field) ?? ""]));
    const checked = cardForm.safeParse({ ...formOfFacts(row.facts), ...typed });
    if (!checked.success) {
      const bad = new Map(checked.error.issues.map(({ path, message }) => [String(path[0] ?? ""), message]));
      // Without any name left it is the name that was to go which is refused, whichever that is.
      const named = fields.filter((field) => bad.has(field));
      const blamed = named.length > 0 ? named : fields;
      for (const field of blamed)
        refuse(field, (bad.get(field) ?? bad.get("nameLatin") ?? "error.characters") as MessageKey);
      fields = fields.filter((field) => !blamed.includes(field));
      continue;
    }
    let facts = factsOf(checked.data);
    const holder = mailboxHolder(tx, { sideId: row.sideId, email: facts.email, except: row.personId });
    if (fields.includes("email") && holder !== null && !leaving.has(holder)) {
      refuse("email", "roster.problem.mailboxTaken");
      fields = fields.filter((field) => field !== "email");
      continue;
    }
    // Letters to sort by that nobody typed go with the name that lent them.
    if (!fields.includes("sortKey") && row.facts.sortKey === sortKeyOf(row.facts)) {
      const sortKey = sortKeyOf(facts);
      if (sortKey !== row.facts.sortKey) {
        facts = { ...facts, sortKey };
        fields = [...fields, "sortKey"];
      }
    }
    return { facts, fields };
  }
  return { facts: row.facts, fields: [] };
}

const cardOf = prepared((orm) =>
  orm
    .select({
      person,
      sideId: delegation.coHostId,
      delegationId: invitation.delegationId,
      category: invitation.category,
      invitedAs: invitation.invitedAs,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.id, sql.placeholder("invitation")),
        eq(invitation.editionId, sql.placeholder("edition")),
      ),
    )
    .prepare(),
);

function rowOf(tx: Tx, ctx: StaffContext, invitationId: string): Row | null {
  const found = cardOf(tx).get({ invitation: invitationId, edition: ctx.scope.editionId });
  if (found === undefined || !ctx.scope.sideIds.includes(found.sideId)) return null;
  const { person: card, ...rest } = found;
  return { facts: factsOfRow(card), note: card.note, personId: card.id, ...rest };
}
