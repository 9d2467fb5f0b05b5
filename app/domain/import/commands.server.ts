import { and, eq, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { person, rosterImport, rosterImportRow } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { createInvitation, type NextNumber, numbersFrom } from "../invitation/create.server.ts";
import { insertPerson } from "../person/record.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { applyCells, type CellWish, noteCell, openChange } from "../roster/commands.server.ts";
import type { ReadForms } from "./answers.server.ts";
import { besideWriter, isBeside } from "./beside.server.ts";
import { inOrder, leavingTheirMailbox } from "./order.server.ts";
import {
  cellFate,
  type ImportPlan,
  type ImportRequest,
  ofSide,
  type PlanCell,
  type PlanRefusal,
  type PlanRow,
  plan,
} from "./plan.server.ts";
import { digestOfMade, remembered } from "./traces.server.ts";

/** A choice of rows, as the spreadsheet counts, and of their cells, as `row.column`. */
export type ImportChoice = { rows: ReadonlyArray<number>; cells: ReadonlyArray<string> };

export type Imported = {
  importId: string;
  /** New cards; people whom the book knew; people of whom something changed, and how many cells in all. */
  created: number;
  known: number;
  changed: number;
  cells: number;
  /** Of those who were invited by it. */
  invitationIds: ReadonlyArray<string>;
};

export type ImportRefusal = PlanRefusal | "headings" | "nothing" | "stands" | "changed" | "twice" | "refused";

/** Thrown inside the transaction, so that nothing of a file is taken when something of it cannot be. */
class NotTaken extends Error {}

/**
 * Takes what was chosen of a table, all or nothing: new people into the contact book, with a drafted invitation; people
 * whom the book knows by their mailbox, with an invitation; cells of people who are invited. Can be taken back
 * (`undoImport`).
 *
 * Refused as in `planImport`; when the columns say nothing (`headings`); when nothing is left (`nothing`); when what was
 * shown is not so any more (`changed`), or stands there by now, since somebody has pressed twice (`stands`); when two rows were chosen for one person (`twice`); and when what was chosen
 * cannot be written without what was not (`refused`).
 *
 * @param choice unless given, what a plan has chosen.
 * @param shown the plan that somebody looked at, by its digest.
 */
export function importTable(
  ctx: StaffContext,
  request: ImportRequest & { choice?: ImportChoice; shown?: string },
): Promise<Result<Imported, ImportRefusal>> {
  return ctx.db
    .write((tx) => {
      const forms: ReadForms = new Map();
      const seen = plan(tx, ctx, request, forms);
      if (!seen.ok) return seen;
      if (seen.value.problems.length > 0) return refused("headings");
      if (request.shown !== undefined && request.shown !== planDigest(ctx, seen.value))
        return refused(stands(seen.value, request.choice) ? "stands" : "changed");
      const chosen = chosenRows(seen.value, request.choice);
      if (chosen.length === 0) return refused("nothing");
      const people = chosen.flatMap(({ row }) => (row.person === null ? [] : [row.person.personId]));
      if (new Set(people).size < people.length) return refused("twice");
      return ok(take(tx, ofSide(ctx, seen.value.sideId), { plan: seen.value, chosen, forms }));
    })
    .catch((error) => {
      if (error instanceof NotTaken) return refused("refused");
      throw error;
    });
}

/** What somebody has seen when they confirm: with it a confirmation holds for nothing else. */
export function planDigest({ keys }: Pick<StaffContext, "keys">, { rows }: ImportPlan): string {
  return keys.digest(
    JSON.stringify(
      rows.map(({ row, fate, person, delegationId, facts, category, invitedAs, note, cells }) => [
        row,
        fate,
        person?.personId,
        delegationId,
        // Whoever is new has no cells yet: these are what is written of them.
        [facts, category, invitedAs, note],
        cells.map((cell) => [cell.column, cell.before, cell.after, cellFate(cell)]),
      ]),
    ),
  );
}

/** Whether all that was chosen is there already. */
function stands({ rows }: ImportPlan, choice: ImportChoice | undefined): boolean {
  if (choice === undefined || choice.rows.length === 0) return false;
  const wanted = new Set(choice.rows);
  return rows
    .filter(({ row }) => wanted.has(row))
    .every(({ row, fate, cells }) => {
      const chosen = choice.cells.filter((cell) => cell.startsWith(`${row}.`));
      const isOpen = cells.some(({ column }) => chosen.includes(`${row}.${column}`));
      return fate === "same" || (fate === "changed" && chosen.length > 0 && !isOpen);
    });
}

type Chosen = { row: PlanRow; cells: ReadonlyArray<PlanCell> };

function chosenRows({ rows }: ImportPlan, choice: ImportChoice | undefined): Array<Chosen> {
  const wantedRows = choice === undefined ? null : new Set(choice.rows);
  const wantedCells = choice === undefined ? null : new Set(choice.cells);
  return rows.flatMap((row): Array<Chosen> => {
    // One of several rows about somebody can be taken when they say which.
    const isOpen = row.fate === "conflict" && row.person !== null;
    if (!isOpen && row.fate !== "new" && row.fate !== "known" && row.fate !== "changed") return [];
    if (!(wantedRows?.has(row.row) ?? row.isChosen)) return [];
    const cells = row.cells.filter(
      (cell) =>
        cell.problems.length === 0 && (wantedCells?.has(`${row.row}.${cell.column}`) ?? cell.isChosen),
    );
    const isInvited = row.person !== null && row.person.invitationId !== null;
    return isInvited && cells.length === 0 ? [] : [{ row, cells }];
  });
}

const insertRow = prepared((orm) =>
  orm
    .insert(rosterImportRow)
    .values({
      importId: sql.placeholder("importId"),
      invitationId: sql.placeholder("invitationId"),
      made: sql.placeholder("made"),
      digest: sql.placeholder("digest"),
      before: sql.placeholder("before"),
      beside: sql.placeholder("beside"),
    })
    .prepare(),
);

function take(
  tx: Tx,
  ctx: StaffContext,
  { plan, chosen, forms }: { plan: ImportPlan; chosen: ReadonlyArray<Chosen>; forms: ReadForms },
): Imported {
  const importId = newId();
  const made: Array<{ invitationId: string; made: "person" | "invitation" }> = [];
  const wishes: Array<CellWish> = [];
  const besides = new Map<string, ReadonlyArray<PlanCell>>();
  const onCard = new Set<string>();
  let numbers: NextNumber | null = null;
  const next = () => {
    numbers ??= numbersFrom(tx, chosen[0]?.row ?? { delegationId: "" });
    return numbers();
  };
  for (const { row, cells } of chosen) {
    const there = row.person?.invitationId ?? null;
    const invitationId = there ?? takeIn(tx, ctx, { row, sideId: plan.sideId, next });
    if (there === null) made.push({ invitationId, made: row.person === null ? "person" : "invitation" });
    const beside = cells.filter(({ column }) => isBeside(column));
    if (beside.length > 0) besides.set(invitationId, beside);
    if (beside.length < cells.length) onCard.add(invitationId);
    for (const { column, before, after } of cells)
      if (!isBeside(column)) wishes.push({ invitationId, column, seen: before, value: after });
  }
  const moving = wishes.filter(({ column }) => column === "email").map(({ invitationId }) => invitationId);
  const traces = remembered(tx, [...onCard], new Set(moving));
  const ordered = inOrder(tx, wishes);
  const { changeIds, cells } = applyCells(tx, ctx, {
    kind: "import",
    cells: ordered,
    leaving: leavingTheirMailbox(tx, ordered),
  });
  if (cells.some(({ outcome }) => outcome === "refused" || outcome === "conflict")) throw new NotTaken();
  const sideId = plan.sideId;
  const changeId =
    changeIds[0] ?? (besides.size === 0 ? null : openChange(tx, ctx, { sideId, kind: "import" }));
  const besideTraces = new Map<string, string>();
  // A form that nobody has begun begins with what the card says, which may just have changed.
  for (const invitationId of onCard) forms.delete(invitationId);
  const writeBeside = besideWriter(tx, ctx, forms);
  const makes = new Map(made.map((one) => [one.invitationId, one.made]));
  for (const [invitationId, wanted] of besides) {
    const trace = writeBeside({ invitationId, isNew: makes.has(invitationId) }, wanted);
    if (trace === null || changeId === null) throw new NotTaken();
    besideTraces.set(invitationId, trace);
    for (const { column, before, after } of wanted)
      noteCell(tx, { changeId, invitationId, column, before, after });
  }
  const changed = new Set([...onCard, ...besides.keys()]);
  tx.insert(rosterImport)
    .values({
      id: importId,
      editionId: ctx.scope.editionId,
      coHostId: plan.sideId,
      at: ctx.clock.now(),
      by: ctx.actor.id,
      changeId,
      rows: plan.inFile,
    })
    .run();
  for (const invitationId of new Set([...makes.keys(), ...changed])) {
    const kind = makes.get(invitationId) ?? null;
    insertRow(tx).run({
      importId,
      invitationId,
      made: kind,
      digest: kind === null ? "" : digestOfMade(tx, ctx, { invitationId, made: kind }),
      before: traces(invitationId),
      beside: besideTraces.get(invitationId) ?? "",
    });
  }
  const created = made.filter(({ made }) => made === "person").length;
  const result: Imported = {
    importId,
    created,
    known: made.length - created,
    changed: [...changed].filter((id) => !makes.has(id)).length,
    cells:
      cells.filter(({ outcome }) => outcome === "written").length +
      [...besides.values()].reduce((sum, wanted) => sum + wanted.length, 0),
    invitationIds: made.map(({ invitationId }) => invitationId),
  };
  recordAudit(tx, ctx, {
    action: "person.import",
    subjectKind: "import",
    subjectId: importId,
    editionId: ctx.scope.editionId,
    sideId: plan.sideId,
    details: {
      created,
      known: result.known,
      changed: result.changed,
      cells: result.cells,
      rows: plan.inFile,
    },
  });
  return result;
}

function takeIn(
  tx: Tx,
  ctx: StaffContext,
  { row, sideId, next }: { row: PlanRow; sideId: string; next: NextNumber },
): string {
  const personId = row.person?.personId ?? insertPerson(tx, ctx, { sideId, facts: row.facts });
  if (row.person === null && row.note !== "")
    tx.update(person)
      .set({ note: row.note })
      .where(and(eq(person.id, personId), eq(person.coHostId, sideId)))
      .run();
  const { delegationId, category, invitedAs } = row;
  return createInvitation(tx, ctx, { personId, delegationId, category, invitedAs }, next).invitationId;
}
