import { dirname, join } from "node:path";
import SQLite from "better-sqlite3";
import { and, eq, inArray, lt, notInArray, type SQL, sql } from "drizzle-orm";
import type { Db, Orm, Tx } from "#db/client.server.ts";
import { changeRequest, upload, uploadRemoval } from "#db/schema/index.ts";
import type { UploadState } from "#db/vocabulary.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import { copyVaultFile, removeVaultFile, type VaultFile, vaultFiles } from "../../platform/vault.server.ts";
import type { DomainContext } from "../context.ts";
import { STAGED_FOR, type UploadFacts } from "./rules.ts";

/** The vault lies beside the database; a database in memory has none. */
export function vaultOf({ sqlite }: Pick<Db, "sqlite">): string | null {
  return sqlite.memory || sqlite.name === "" ? null : join(dirname(sqlite.name), "uploads");
}

function placeOf(id: string): string {
  return `upload/${id}`;
}

type Secret = { key: string; title: string };

export function sealSecret(keys: Keys, id: string, secret: Secret): string {
  return keys.seal(JSON.stringify(secret), placeOf(id));
}

function openSecret(keys: Keys, { id, sealed }: { id: string; sealed: string }): Secret {
  return JSON.parse(keys.open(sealed, placeOf(id)));
}

export type StoredUpload = typeof upload.$inferSelect;

/** A file of one invitation, which the caller has seen to be within its scope. */
export function findUpload(
  orm: Orm,
  { uploadId, invitationId }: { uploadId: string; invitationId: string },
): StoredUpload | null {
  return (
    orm
      .select()
      .from(upload)
      .where(and(eq(upload.id, uploadId), eq(upload.invitationId, invitationId)))
      .get() ?? null
  );
}

/** Where a file is in the vault, and what opens it. */
export function fileOf(keys: Keys, row: StoredUpload): VaultFile {
  return { name: row.stored, key: openSecret(keys, row).key };
}

/** The files of one invitation as pages show them, by id. */
export function uploadsOf(
  orm: Orm,
  keys: Keys,
  invitationId: string,
): Map<string, UploadFacts & Pick<StoredUpload, "question" | "dataClass">> {
  const rows = orm.select().from(upload).where(eq(upload.invitationId, invitationId)).all();
  return new Map(
    rows.map((row) => {
      const { id, mediaType, bytes, question, dataClass } = row;
      return [id, { id, title: openSecret(keys, row).title, mediaType, bytes, question, dataClass }];
    }),
  );
}

/** Which files of an invitation answer which question; none of another invitation ever does. */
export function ownUploads(orm: Orm, invitationId: string): Map<string, string> {
  const rows = orm
    .select({ id: upload.id, question: upload.question })
    .from(upload)
    .where(eq(upload.invitationId, invitationId))
    .all();
  return new Map(rows.map(({ id, question }) => [id, question]));
}

/** Forgets files: their keys are gone with the row, and what lies in the vault is removed after the transaction. */
export function forgetUploads(tx: Tx, which: SQL | undefined): number {
  const rows = tx.select({ id: upload.id, stored: upload.stored }).from(upload).where(which).all();
  if (rows.length === 0) return 0;
  tx.insert(uploadRemoval)
    .values(rows.map(({ stored }) => ({ stored })))
    .onConflictDoNothing()
    .run();
  tx.delete(upload)
    .where(
      inArray(
        upload.id,
        rows.map(({ id }) => id),
      ),
    )
    .run();
  return rows.length;
}

/** The answers as they are stored now name these files: they stay, and those that were named before go. */
export function settleUploads(
  tx: Tx,
  { invitationId, ids, state }: { invitationId: string; ids: ReadonlyArray<string>; state: UploadState },
): void {
  const own = eq(upload.invitationId, invitationId);
  if (ids.length > 0)
    tx.update(upload)
      .set({ state })
      .where(and(own, inArray(upload.id, [...ids])))
      .run();
  if (state === "kept")
    forgetUploads(tx, and(own, eq(upload.state, "kept"), notInArray(upload.id, [...ids])));
}

/** Removes from the vault what was forgotten. */
export async function clearVault({ db }: Pick<DomainContext, "db">): Promise<void> {
  const folder = vaultOf(db);
  const rows = db.orm.select().from(uploadRemoval).all();
  if (rows.length === 0) return;
  if (folder !== null) for (const { stored } of rows) await removeVaultFile(folder, stored);
  await db.write((tx) => {
    tx.delete(uploadRemoval)
      .where(
        inArray(
          uploadRemoval.stored,
          rows.map(({ stored }) => stored),
        ),
      )
      .run();
  });
}

/** Forgets files that were handed in and never became part of an answer or a wish. */
export async function forgetStaged(ctx: Pick<DomainContext, "db" | "clock">): Promise<void> {
  const before = ctx.clock.now() - STAGED_FOR;
  const isWished = sql`exists (select 1 from ${changeRequest}
    where ${changeRequest.invitationId} = ${upload.invitationId} and ${changeRequest.state} = 'open')`;
  const isLeft = and(
    lt(upload.createdAt, before),
    sql`(${upload.state} = 'staged' or (${upload.state} = 'wished' and not ${isWished}))`,
  );
  const found = ctx.db.orm.select({ id: upload.id }).from(upload).where(isLeft).limit(1).get();
  if (found !== undefined) await ctx.db.write((tx) => forgetUploads(tx, isLeft));
  await clearVault(ctx);
}

/** Removes what lies in the vault without a row, from a process that ended midway. Nobody may be writing there. */
export async function sweepVault({ db }: Pick<DomainContext, "db">): Promise<void> {
  const folder = vaultOf(db);
  if (folder === null) return;
  const known = new Set(
    db.orm
      .select({ stored: upload.stored })
      .from(upload)
      .all()
      .map(({ stored }) => stored),
  );
  for (const name of await vaultFiles(folder)) if (!known.has(name)) await removeVaultFile(folder, name);
}

/** The names of the files that a copy of the database knows; none in a copy from before there were files. */
export function storedIn(databaseFile: string): Array<string> {
  const copy = new SQLite(databaseFile, { readonly: true, fileMustExist: true });
  try {
    const has = copy.prepare("select 1 from sqlite_schema where name = 'upload'").get() !== undefined;
    return has
      ? copy
          .prepare<[], { stored: string }>("select stored from upload")
          .all()
          .map(({ stored }) => stored)
      : [];
  } finally {
    copy.close();
  }
}

/** Copies files from one vault to another. One that was forgotten meanwhile is no longer there, and nobody's loss. */
export async function copyVault(
  { from, to }: { from: string | null; to: string },
  names: ReadonlyArray<string>,
): Promise<void> {
  if (from === null) return;
  for (const name of names) await copyVaultFile(from, to, name);
}
