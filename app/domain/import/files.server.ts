/** Files between their upload and their import. What is in them is sealed, and forgotten after a day. */
import { isDeepStrictEqual } from "node:util";
import { and, desc, eq, inArray, lt } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { importFile, importMapping } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { simplified } from "./closed-lists.ts";
import { delegationsHere } from "./people.server.ts";
import { type ImportRequest, kindFinder } from "./plan.server.ts";
import {
  type FileTable,
  guessMapping,
  headingsOf,
  type Mapping,
  type MappingProblem,
  mappingProblem,
  mappingSchema,
  needsHand,
} from "./rules.ts";

const KEPT_FOR = 24 * 60 * 60_000;
/** Above its headings a file may say what it is; a side remembers its headings wherever they stand. */
const ROWS_LOOKED_AT = 15;

/** What stands in a file, how it is read, and where its people go. */
export type WaitingFile = {
  id: string;
  table: FileTable;
  mapping: Mapping;
  who: Readonly<Record<string, string>>;
  delegationId: string;
  interpreterDelegationId: string | null;
  createdAt: number;
  by: string;
};

/**
 * Keeps a file for the steps that follow. Its columns are what the side said of these headings last, else what the headings
 * say.
 *
 * Refused when a delegation is not on this side, or the two are on different ones (`delegation`).
 */
export function keepFile(
  ctx: StaffContext,
  file: { table: FileTable; delegationId: string; interpreterDelegationId: string | null },
): Promise<Result<{ fileId: string; needsHand: boolean }, "delegation">> {
  return ctx.db.write((tx) => {
    forget(tx, ctx.clock.now());
    const delegations = delegationsHere(tx, ctx);
    const coHostId = delegations.get(file.delegationId)?.sideId;
    const interpreters = file.interpreterDelegationId;
    if (coHostId === undefined) return refused("delegation");
    if (interpreters !== null && delegations.get(interpreters)?.sideId !== coHostId)
      return refused("delegation");
    const { table, delegationId } = file;
    const remembered = rememberedMapping(tx, ctx, { coHostId, table });
    const mapping = remembered ?? guessMapping(table, { kindOf: kindFinder(ctx, tx) });
    const id = newId();
    tx.insert(importFile)
      .values({
        id,
        editionId: ctx.scope.editionId,
        coHostId,
        by: ctx.actor.id,
        delegationId,
        interpreterDelegationId: interpreters,
        sealed: ctx.keys.seal(JSON.stringify(table), placeOf(id)),
        rows: rowsBelow(table, mapping),
        mapping: JSON.stringify(mapping),
        createdAt: ctx.clock.now(),
      })
      .run();
    return ok({ fileId: id, needsHand: remembered === null && needsHand(table, mapping) });
  });
}

/**
 * Says what the columns of a file hold, and remembers it for files with the same headings.
 *
 * Refused when there is no such file (`gone`), or nothing can be imported so (`MappingProblem`).
 */
export function mapColumns(
  ctx: StaffContext,
  { fileId, mapping }: { fileId: string; mapping: Mapping },
): Promise<Result<null, "gone" | MappingProblem>> {
  return ctx.db.write((tx) => {
    const found = fileRow(tx, ctx, fileId);
    if (found === null) return refused("gone");
    const problem = mappingProblem(mapping);
    if (problem !== null) return refused(problem);
    const table = tableOf(ctx, found);
    tx.update(importFile)
      .set({ mapping: JSON.stringify(mapping), who: "{}", rows: rowsBelow(table, mapping) })
      .where(eq(importFile.id, fileId))
      .run();
    // What empty cells mean was said of this file: the next one may be about a part of it.
    const text = JSON.stringify({ ...mapping, blanks: "keep" } satisfies Mapping);
    const headings = digestOfHeadings(ctx, table, mapping.headingRow);
    const usedAt = ctx.clock.now();
    tx.insert(importMapping)
      .values({ coHostId: found.coHostId, headings, mapping: text, usedAt })
      .onConflictDoUpdate({
        target: [importMapping.coHostId, importMapping.headings],
        set: { mapping: text, usedAt },
      })
      .run();
    return ok(null);
  });
}

/** Says whom rows are about that could be several people. Refused when there is no such file (`gone`). */
export function decideWho(
  ctx: StaffContext,
  { fileId, who }: { fileId: string; who: Readonly<Record<string, string>> },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (fileRow(tx, ctx, fileId) === null) return refused("gone");
    tx.update(importFile)
      .set({ who: JSON.stringify(who) })
      .where(eq(importFile.id, fileId))
      .run();
    return ok(null);
  });
}

/** Removes a file before its day is over. Refused when there is no such file (`gone`). */
export function dropFile(ctx: StaffContext, fileId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (fileRow(tx, ctx, fileId) === null) return refused("gone");
    tx.delete(importFile).where(eq(importFile.id, fileId)).run();
    return ok(null);
  });
}

/** Removes the files whose day is over. */
export function forgetFiles({ db, clock }: DomainContext): Promise<void> {
  return db.write((tx) => forget(tx, clock.now()));
}

function forget(tx: Tx, now: number): void {
  tx.delete(importFile)
    .where(lt(importFile.createdAt, now - KEPT_FOR))
    .run();
}

/** A file of this side's that waits to be imported; null: there is none, or its day is over. */
export function waitingFile(ctx: StaffContext, fileId: string): WaitingFile | null {
  const found = fileRow(ctx.db.orm, ctx, fileId);
  return found === null ? null : opened(ctx, found);
}

export type FileInList = { id: string; createdAt: number; by: string; rows: number };

/** How many rows a file brings: titles above the headings, and the headings, are none. */
function rowsBelow(table: FileTable, { headingRow }: Mapping): number {
  return table.rows.filter(({ row }) => row > headingRow).length;
}

/** This side's files that wait, newest first. Nothing is opened for it. */
export function waitingFiles(ctx: StaffContext): Array<FileInList> {
  const { id, createdAt, by, rows } = importFile;
  return ctx.db.orm
    .select({ id, createdAt, by, rows })
    .from(importFile)
    .where(isMine(ctx))
    .orderBy(desc(createdAt), desc(id))
    .limit(20)
    .all()
    .filter((file) => isFresh(ctx, file.createdAt));
}

/** Whether the columns of a file are what this side said last of its headings. */
export function isRemembered(ctx: StaffContext, { id, table, mapping }: WaitingFile): boolean {
  const row = fileRow(ctx.db.orm, ctx, id);
  const remembered =
    row === null ? null : rememberedMapping(ctx.db.orm, ctx, { coHostId: row.coHostId, table });
  return isDeepStrictEqual(remembered, { ...mapping, blanks: "keep" });
}

/** What is to be imported, as the file says and somebody has chosen. */
export function requestOf(file: WaitingFile): ImportRequest {
  const { table, mapping, delegationId, interpreterDelegationId, who } = file;
  return { table, mapping, delegationId, interpreterDelegationId, who };
}

function isMine({ scope }: StaffContext) {
  return and(eq(importFile.editionId, scope.editionId), inArray(importFile.coHostId, [...scope.sideIds]));
}

function isFresh({ clock }: StaffContext, createdAt: number): boolean {
  return createdAt >= clock.now() - KEPT_FOR;
}

type Row = typeof importFile.$inferSelect;

function fileRow(orm: Orm, ctx: StaffContext, fileId: string): Row | null {
  const found = orm
    .select()
    .from(importFile)
    .where(and(eq(importFile.id, fileId), isMine(ctx)))
    .get();
  return found !== undefined && isFresh(ctx, found.createdAt) ? found : null;
}

function placeOf(fileId: string): string {
  return `import_file/${fileId}`;
}

function tableOf({ keys }: StaffContext, { id, sealed }: Row): FileTable {
  return JSON.parse(keys.open(sealed, placeOf(id)));
}

function opened(ctx: StaffContext, row: Row): WaitingFile {
  const { id, delegationId, interpreterDelegationId, createdAt, by } = row;
  const mapping = mappingSchema.parse(JSON.parse(row.mapping));
  const who = JSON.parse(row.who);
  return { id, table: tableOf(ctx, row), mapping, who, delegationId, interpreterDelegationId, createdAt, by };
}

type Headings = { coHostId: string; table: FileTable };

/** What the side said last of a file with these headings, wherever they stand. */
function rememberedMapping(orm: Orm, ctx: StaffContext, { coHostId, table }: Headings): Mapping | null {
  for (const { row } of table.rows.slice(0, ROWS_LOOKED_AT)) {
    const found = orm
      .select({ mapping: importMapping.mapping })
      .from(importMapping)
      .where(
        and(
          eq(importMapping.coHostId, coHostId),
          eq(importMapping.headings, digestOfHeadings(ctx, table, row)),
        ),
      )
      .get();
    const mapping = mappingSchema.safeParse(JSON.parse(found?.mapping ?? "null"));
    if (mapping.success) return { ...mapping.data, headingRow: row };
  }
  return null;
}

function digestOfHeadings({ keys }: StaffContext, table: FileTable, row: number): string {
  return keys.digest(JSON.stringify(headingsOf(table, row).map(simplified)));
}
