import { and, count, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { AnySQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import {
  auditEvent,
  delegation,
  invitation,
  invitationEvent,
  person,
  rosterCell,
  rosterChange,
  rosterImport,
  rosterImportRow,
} from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { mailboxKey } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { among } from "../privacy/retention-rows.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { applyCells, type CellWish, cellsBack } from "../roster/commands.server.ts";
import { isBeside, takeBesideBack } from "./beside.server.ts";
import { possibleMoves } from "./mailboxes.ts";
import { inOrder, leavingTheirMailbox } from "./order.server.ts";
import { ofSide } from "./plan.server.ts";
import { digestOfMade, putBack, putMailboxBack } from "./traces.server.ts";

/** What was taken back, and of how much something was left: somebody has changed it since. */
export type Undone = { cells: number; removed: number; left: number };

/**
 * Takes an import back: cells hold what they held, people and invitations that it made are gone. What somebody has changed
 * since stays, and stays written down as what is left of this import; the rest of it is as if it had never been.
 *
 * Refused when there was no such import on this side (`gone`). Taken back twice it is taken back.
 */
export function undoImport(ctx: StaffContext, importId: string): Promise<Result<Undone, "gone">> {
  return ctx.db.write((tx) => {
    const found = tx
      .select()
      .from(rosterImport)
      .where(
        and(
          eq(rosterImport.id, importId),
          eq(rosterImport.editionId, ctx.scope.editionId),
          inArray(rosterImport.coHostId, [...ctx.scope.sideIds]),
        ),
      )
      .get();
    if (found === undefined) {
      // Pressed twice: it is taken back, and that is what is told.
      const isBack = hasTakenBack(tx, ctx, importId);
      return isBack ? ok({ cells: 0, removed: 0, left: 0 }) : refused("gone");
    }
    const side = ofSide(ctx, found.coHostId);
    const cells =
      found.changeId === null ? 0 : takeCellsBack(tx, side, { ...found, changeId: found.changeId });
    const rows = tx.select().from(rosterImportRow).where(eq(rosterImportRow.importId, importId)).all();
    const made = rows.flatMap((row) => (row.made === null ? [] : [{ ...row, made: row.made }]));
    const free = untouched(tx, ctx, made);
    const removed = made.filter((row) => free.has(row.invitationId) && remove(tx, side, row)).length;
    const left = leftOf(tx, importId, found.changeId);
    if (left === 0) tx.delete(rosterImport).where(eq(rosterImport.id, importId)).run();
    recordAudit(tx, side, {
      action: "person.undoImport",
      subjectKind: "import",
      subjectId: importId,
      editionId: ctx.scope.editionId,
      sideId: found.coHostId,
      details: { cells, removed, left },
    });
    return ok({ cells, removed, left });
  });
}

function hasTakenBack(tx: Tx, { scope }: StaffContext, importId: string): boolean {
  const found = tx
    .select({ id: auditEvent.id })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.subjectId, importId),
        eq(auditEvent.action, "person.undoImport"),
        eq(auditEvent.editionId, scope.editionId),
        inArray(auditEvent.coHostId, [...scope.sideIds]),
      ),
    )
    .get();
  return found !== undefined;
}

function leftOf(tx: Tx, importId: string, changeId: string | null): number {
  const cells = changeId === null ? 0 : countOf(tx, rosterCell, eq(rosterCell.changeId, changeId));
  const made = countOf(
    tx,
    rosterImportRow,
    and(eq(rosterImportRow.importId, importId), isNotNull(rosterImportRow.made)),
  );
  return cells + made;
}

function takeCellsBack(
  tx: Tx,
  ctx: StaffContext,
  { id, changeId, at }: { id: string; changeId: string; at: number },
): number {
  const besideBack = takeAllBesideBack(tx, ctx, { id, changeId });
  const card = cellsBack(tx, changeId).filter(({ column }) => !isBeside(column));
  const wishes = inOrder(tx, withoutSharedMailboxes(tx, ctx, card));
  const stood = new Map(
    tx
      .select({ invitationId: invitation.id, updatedAt: person.updatedAt })
      .from(invitation)
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(inArray(invitation.id, [...new Set(wishes.map(({ invitationId }) => invitationId))]))
      .all()
      .map(({ invitationId, updatedAt }) => [invitationId, updatedAt]),
  );
  const done = applyCells(tx, ctx, {
    kind: "undo",
    undoes: new Map(ctx.scope.sideIds.map((sideId) => [sideId, changeId])),
    cells: wishes,
    leaving: leavingTheirMailbox(tx, wishes),
  });
  // Of what has been put back there is nothing more to tell: neither that it was done nor that it was undone.
  for (const undoing of done.changeIds) {
    tx.delete(rosterCell).where(eq(rosterCell.changeId, undoing)).run();
    tx.delete(rosterChange).where(eq(rosterChange.id, undoing)).run();
  }
  const cardBack = done.cells.filter(({ outcome }) => outcome === "written" || outcome === "same");
  const back = [...cardBack, ...besideBack];
  for (const { invitationId, column } of back) dropCell(tx).run({ changeId, invitationId, column });
  const stays = tx
    .select({ invitationId: rosterCell.invitationId, column: rosterCell.column })
    .from(rosterCell)
    .where(eq(rosterCell.changeId, changeId))
    .all();
  const open = new Set(stays.map(({ invitationId }) => invitationId));
  const movedAway = new Set(
    stays.filter(({ column }) => column === "email").map(({ invitationId }) => invitationId),
  );
  const besideLeft = new Set(
    stays.filter(({ column }) => isBeside(column)).map(({ invitationId }) => invitationId),
  );
  for (const invitationId of new Set(back.map((cell) => cell.invitationId))) {
    const row = { importId: id, invitationId };
    const remembered = rowOf(tx).get(row);
    if (remembered === undefined) continue;
    if (remembered.beside !== "" && !besideLeft.has(invitationId)) forgetBeside(tx).run(row);
    // What went with the mailbox comes back with it, whatever else of the card somebody has written on since.
    if (remembered.before !== "" && !movedAway.has(invitationId)) putMailboxBack(tx, remembered.before);
    if (open.has(invitationId)) continue;
    if (remembered.before !== "")
      putBack(tx, { invitationId, traces: remembered.before, at, stoodAt: stood.get(invitationId) ?? 0 });
    if (remembered.made === null) dropRow(tx).run(row);
    else forgetBefore(tx).run(row);
  }
  if (open.size === 0) {
    tx.update(rosterImport).set({ changeId: null }).where(eq(rosterImport.id, id)).run();
    tx.delete(rosterChange).where(eq(rosterChange.id, changeId)).run();
  }
  return back.length;
}

const thisRow = and(
  eq(rosterImportRow.importId, sql.placeholder("importId")),
  eq(rosterImportRow.invitationId, sql.placeholder("invitationId")),
);
const rowOf = prepared((orm) => orm.select().from(rosterImportRow).where(thisRow).prepare());
const dropRow = prepared((orm) => orm.delete(rosterImportRow).where(thisRow).prepare());
const forgetBeside = prepared((orm) =>
  orm.update(rosterImportRow).set({ beside: "" }).where(thisRow).prepare(),
);
const forgetBefore = prepared((orm) =>
  orm.update(rosterImportRow).set({ before: "" }).where(thisRow).prepare(),
);
const dropCell = prepared((orm) =>
  orm
    .delete(rosterCell)
    .where(
      and(
        eq(rosterCell.changeId, sql.placeholder("changeId")),
        eq(rosterCell.invitationId, sql.placeholder("invitationId")),
        eq(rosterCell.column, sql.placeholder("column")),
      ),
    )
    .prepare(),
);

type Back = { invitationId: string; column: string };

/** Answers and whatever else stands beside the card, person by person. */
function takeAllBesideBack(
  tx: Tx,
  ctx: StaffContext,
  { id, changeId }: { id: string; changeId: string },
): Array<Back> {
  const written = tx
    .select()
    .from(rosterCell)
    .where(eq(rosterCell.changeId, changeId))
    .all()
    .filter(({ column }) => isBeside(column));
  if (written.length === 0) return [];
  const traces = new Map(
    tx
      .select({ invitationId: rosterImportRow.invitationId, beside: rosterImportRow.beside })
      .from(rosterImportRow)
      .where(eq(rosterImportRow.importId, id))
      .all()
      .map(({ invitationId, beside }) => [invitationId, beside]),
  );
  return [...Map.groupBy(written, ({ invitationId }) => invitationId)].flatMap(([invitationId, cells]) =>
    takeBesideBack(tx, ctx, { invitationId, cells, trace: traces.get(invitationId) ?? "" }).map((column) => ({
      invitationId,
      column,
    })),
  );
}

/** Whose mailbox somebody else has taken meanwhile keeps the new one. */
function withoutSharedMailboxes(
  tx: Tx,
  { scope }: StaffContext,
  wishes: ReadonlyArray<CellWish>,
): Array<CellWish> {
  const mailboxes = wishes.filter(({ column }) => column === "email");
  if (mailboxes.length === 0) return [...wishes];
  const people = new Map(
    tx
      .select({ invitationId: invitation.id, personId: person.id, email: person.email })
      .from(invitation)
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        inArray(
          invitation.id,
          mailboxes.map(({ invitationId }) => invitationId),
        ),
      )
      .all()
      .map((row) => [row.invitationId, row]),
  );
  const moves = mailboxes.flatMap(({ invitationId, seen, value }) => {
    const row = people.get(invitationId);
    return row === undefined || (row.email ?? "") !== seen
      ? []
      : [{ personId: row.personId, to: mailboxKey(value) }];
  });
  const holders = (mailbox: string) =>
    tx
      .select({ id: person.id })
      .from(person)
      .where(
        and(
          inArray(person.coHostId, [...scope.sideIds]),
          eq(person.emailKey, mailbox),
          sql`${person.mergedIntoId} is null`,
        ),
      )
      .all()
      .map(({ id }) => id);
  const possible = possibleMoves(moves, holders);
  return wishes.filter(
    ({ column, invitationId }) =>
      column !== "email" || possible.has(people.get(invitationId)?.personId ?? ""),
  );
}

type Made = { importId: string; invitationId: string; made: "person" | "invitation"; digest: string };

/**
 * Those of whom an import made something to which nothing has happened: it is as it was made, and nothing speaks of it.
 */
export function untouched(
  orm: Orm,
  ctx: Pick<StaffContext, "keys">,
  rows: ReadonlyArray<Omit<Made, "importId">>,
): ReadonlySet<string> {
  const same = rows.filter((row) => digestOfMade(orm, ctx, row) === row.digest);
  const ids = same.map(({ invitationId }) => invitationId);
  const people = new Map(
    orm
      .select({ id: invitation.id, personId: invitation.personId })
      .from(invitation)
      .where(among(invitation.id, ids))
      .all()
      .map(({ id, personId }) => [id, personId]),
  );
  const spoken = spokenOf(orm, "invitation", ids, ["invitation_event", "roster_import_row", "roster_cell"]);
  const known = spokenOf(orm, "person", [...people.values()], ["invitation"]);
  const eventful = moreThanOnce(orm, invitationEvent.invitationId, ids);
  const often = moreThanOnce(orm, invitation.personId, [...people.values()]);
  return new Set(
    same
      .filter(({ invitationId, made }) => {
        const personId = people.get(invitationId);
        if (personId === undefined || spoken.has(invitationId) || eventful.has(invitationId)) return false;
        return made === "invitation" || !(known.has(personId) || often.has(personId));
      })
      .map(({ invitationId }) => invitationId),
  );
}

function moreThanOnce(orm: Orm, column: AnySQLiteColumn, ids: ReadonlyArray<string>): ReadonlySet<string> {
  const found = orm
    .select({ id: sql<string>`${column}` })
    .from(column.table)
    .where(among(column, ids))
    .groupBy(column)
    .having(sql`count(*) > 1`)
    .all();
  return new Set(found.map(({ id }) => id));
}

/** Removes what an import made, and nothing has happened to since. */
function remove(tx: Tx, ctx: StaffContext, { invitationId, made }: Made): boolean {
  const id = { id: invitationId };
  const mine = sideOf(tx).get(id);
  if (mine === undefined || !ctx.scope.sideIds.includes(mine.sideId)) return false;
  // Cells that were changed and put back again: nothing of them is left either.
  for (const drop of DROPS) drop(tx).run(id);
  if (made === "person") dropPerson(tx).run({ id: mine.personId });
  return true;
}

const ID = sql.placeholder("id");
const sideOf = prepared((orm) =>
  orm
    .select({ personId: invitation.personId, sideId: delegation.coHostId })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(eq(invitation.id, ID))
    .prepare(),
);
const DROPS = [
  prepared((orm) => orm.delete(rosterImportRow).where(eq(rosterImportRow.invitationId, ID)).prepare()),
  prepared((orm) => orm.delete(rosterCell).where(eq(rosterCell.invitationId, ID)).prepare()),
  prepared((orm) => orm.delete(invitationEvent).where(eq(invitationEvent.invitationId, ID)).prepare()),
  prepared((orm) => orm.delete(invitation).where(eq(invitation.id, ID)).prepare()),
] as const;
const dropPerson = prepared((orm) => orm.delete(person).where(eq(person.id, ID)).prepare());

function countOf(orm: Orm, table: SQLiteTable, where: SQL | undefined): number {
  return orm.select({ rows: count() }).from(table).where(where).get()?.rows ?? 0;
}

const REFERENCES = sql`select m.name as "table", f."from" as "column", f."table" as "to"
  from sqlite_schema m join pragma_foreign_key_list(m.name) f where m.type = 'table' and f."table" in ('invitation', 'person')`;

const references = new WeakMap<Orm, ReadonlyArray<{ table: string; column: string; to: string }>>();

/** Those whom a row of any table names, but for the tables given. The database itself knows which could. */
function spokenOf(
  orm: Orm,
  to: "invitation" | "person",
  ids: ReadonlyArray<string>,
  but: ReadonlyArray<string>,
): ReadonlySet<string> {
  const known = references.get(orm) ?? orm.all<{ table: string; column: string; to: string }>(REFERENCES);
  references.set(orm, known);
  const found = new Set<string>();
  for (const { table, column, to: what } of known) {
    if (what !== to || but.includes(table)) continue;
    const named = sql.identifier(column);
    for (const { id } of orm.all<{ id: string }>(
      sql`select distinct ${named} as id from ${sql.identifier(table)} where ${among(named, ids)}`,
    ))
      found.add(id);
  }
  return found;
}
