import { and, eq, isNull, lte, ne } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { exportFile, exportSide, exportTaking } from "#db/schema/index.ts";
import type { ExportFormat, ExportLanguage, ExportPurpose } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type ColumnWithValue, rosterColumns } from "../roster/columns.server.ts";
import type { RosterView } from "../roster/rules.ts";
import {
  countBySide,
  mayOpen,
  peopleOf,
  rowOf,
  scopeOf,
  storedColumns,
  storedView,
} from "./queries.server.ts";
import {
  classesOf,
  columnsFor,
  EXPORT_LIFE,
  type ExportProblem,
  exportState,
  exportView,
  MOST_COLUMNS_ON_PAPER,
  MOST_ON_PAPER,
  mayExport,
  mayTake,
  type Wanted,
} from "./rules.ts";

export type ExportWish = {
  purpose: ExportPurpose;
  format: ExportFormat;
  language: ExportLanguage;
  columns: ReadonlyArray<string>;
  wanted: Wanted;
};

/**
 * Makes a link to a file. `columns`: none of these is there for this purpose; `terms`: the view asks too much at once;
 * `beyond`: it asks of what may not leave in a file; `nobody`: it would be empty; `paper`, `wide`: too many
 * people or columns for a list on paper;
 * `gone`: not for this reader.
 */
export function makeExport(
  ctx: StaffContext,
  { purpose, format, language, columns: keys, wanted }: ExportWish,
): Promise<Result<{ exportId: string }, "gone" | ExportProblem>> {
  return ctx.db.write((tx) => {
    const { scope, clock } = ctx;
    if (!mayExport(purpose, scope)) return refused("gone");
    const all = rosterColumns(ctx);
    const columns = columnsFor(purpose, all, scope).filter(({ key }) => keys.includes(key));
    if (columns.length === 0) return refused("columns");
    if (format === "pdf" && columns.length > MOST_COLUMNS_ON_PAPER) return refused("wide");
    const view = exportView(purpose, wanted);
    if (view === null) return refused("terms");
    const classes = classesOf(columns, { view, all });
    // A view may sort or filter by what this reader sees but must not carry away.
    if (!classes.every((each) => mayTake(each, scope))) return refused("beyond");
    const bySide = countBySide(ctx, view);
    const people = peopleOf(bySide);
    if (people === 0) return refused("nobody");
    if (format === "pdf" && people > MOST_ON_PAPER) return refused("paper");
    const now = clock.now();
    forgetWhom(tx, ctx, now);
    const exportId = newId();
    tx.insert(exportFile)
      .values({
        id: exportId,
        editionId: scope.editionId,
        purpose,
        format,
        language,
        columns: JSON.stringify(columns.map(({ key }) => key)),
        classes: JSON.stringify(classes),
        view: JSON.stringify(view),
        people,
        madeAt: now,
        madeBy: ctx.actor.id,
        expiresAt: now + EXPORT_LIFE,
      })
      .run();
    for (const sideId of scope.sideIds) tx.insert(exportSide).values({ exportId, coHostId: sideId }).run();
    recordForSides(tx, ctx, { action: "export.make", exportId, purpose, columns, bySide });
    return ok({ exportId });
  });
}

/** What is over needs no longer know whom it was about: that may hold words somebody looked for. */
function forgetWhom(tx: Tx, { scope }: StaffContext, now: number): void {
  tx.update(exportFile)
    .set({ view: "" })
    .where(
      and(eq(exportFile.editionId, scope.editionId), lte(exportFile.expiresAt, now), ne(exportFile.view, "")),
    )
    .run();
}

/** Ends the link now, for everybody. */
export function endExport(ctx: StaffContext, exportId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const row = rowOf(tx, ctx, exportId);
    const now = ctx.clock.now();
    if (row === undefined || !mayOpen(ctx, row) || exportState(row, now) !== "open") return refused("gone");
    tx.update(exportFile)
      .set({ endedAt: now, endedBy: ctx.actor.id, view: "" })
      .where(eq(exportFile.id, exportId))
      .run();
    for (const sideId of scopeOf(ctx, exportId).scope.sideIds)
      recordAudit(tx, ctx, {
        action: "export.end",
        subjectKind: "export",
        subjectId: exportId,
        editionId: ctx.scope.editionId,
        sideId,
        details: { exportPurpose: row.purpose },
      });
    return ok(null);
  });
}

/** What a file is made of: its people are read while it goes out. */
export type TakenExport = {
  takingId: string;
  /** Cut to the sides of the file. */
  ctx: StaffContext;
  purpose: ExportPurpose;
  format: ExportFormat;
  language: ExportLanguage;
  view: RosterView;
  columns: ReadonlyArray<ColumnWithValue>;
  people: number;
  at: number;
};

/**
 * Takes a file: who it is made for and how many it names stands in each side's trail before anything goes out. `gone`: it
 * is over, or not for this reader.
 */
export function takeExport(
  reader: StaffContext,
  exportId: string,
): Promise<Result<TakenExport, "gone" | "paper">> {
  return reader.db.write((tx) => {
    const row = rowOf(tx, reader, exportId);
    const at = reader.clock.now();
    if (row === undefined || !mayOpen(reader, row) || exportState(row, at) !== "open") return refused("gone");
    const ctx = scopeOf(reader, exportId);
    const view = storedView(row);
    const columns = storedColumns(ctx, row);
    const { purpose, format, language } = row;
    const bySide = countBySide(ctx, view);
    const people = peopleOf(bySide);
    if (format === "pdf" && people > MOST_ON_PAPER) return refused("paper");
    const takingId = newId();
    tx.insert(exportTaking).values({ id: takingId, exportId, at, by: ctx.actor.id, people }).run();
    recordForSides(tx, ctx, { action: "person.export", exportId, purpose, columns, bySide });
    return ok({ takingId, ctx, purpose, format, language, view, columns, people, at });
  });
}

/** Notes that the last byte of a taking has gone out. That it was taken is in the trail already. */
export function finishTaking(
  ctx: StaffContext,
  { takingId, sha256 }: { takingId: string; sha256: string },
): Promise<void> {
  return ctx.db.write((tx) => {
    tx.update(exportTaking)
      .set({ finishedAt: ctx.clock.now(), sha256 })
      .where(
        and(
          eq(exportTaking.id, takingId),
          eq(exportTaking.by, ctx.actor.id),
          isNull(exportTaking.finishedAt),
        ),
      )
      .run();
  });
}

function recordForSides(
  tx: Tx,
  ctx: StaffContext,
  {
    action,
    exportId,
    purpose,
    columns,
    bySide,
  }: {
    action: AuditAction;
    exportId: string;
    purpose: ExportPurpose;
    columns: ReadonlyArray<ColumnWithValue>;
    bySide: ReadonlyMap<string, number>;
  },
): void {
  for (const [sideId, count] of bySide)
    recordAudit(tx, ctx, {
      action,
      subjectKind: "export",
      subjectId: exportId,
      editionId: ctx.scope.editionId,
      sideId,
      details: { count, exportPurpose: purpose, exportColumns: columns.map(({ key }) => key) },
    });
}
