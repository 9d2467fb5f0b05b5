/**
 * Everything that lies under a seal in the database, and how it gets a new one. The seal's key is not in the database; it
 * is changed while no server runs, in steps of which each leaves an installation that opens all it has:
 *
 * 1. the new key is put beside the old one in the key file;
 * 2. in one transaction everything is sealed anew;
 * 3. the database file is cleaned of what lay under the old seal;
 * 4. the old key leaves the key file.
 *
 * Whoever is interrupted does it again: it goes on where it stopped.
 */
import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { cleanFile } from "#db/clean.server.ts";
import type { Db, Tx } from "#db/client.server.ts";
import { deriveKeys, type Keys, type Secret } from "../../platform/crypto.server.ts";

/** A column that holds seals, the one that names its row, and what comes before that in the seal's place. */
export const SEALED_COLUMNS = [
  { table: "travel_document", row: "invitation_id", place: "travel_document" },
  { table: "registration_sealed", row: "registration_id", place: "registration" },
  { table: "change_request", row: "id", place: "change_request" },
  { table: "letter", row: "id", place: "letter" },
  { table: "upload", row: "id", place: "upload" },
  { table: "clearance_part", row: "id", place: "clearance_part" },
  { table: "clearance_version", row: "id", place: "clearance_version" },
  { table: "import_file", row: "id", place: "import_file" },
  { table: "rooming_list", row: "id", place: "rooming_list" },
] as const;

/** A point at which the work may be interrupted. */
export type RotationStep = "begun" | "keyAdded" | "resealed" | "cleaned" | "keyRemoved";

/** Where the keys are kept. */
export type KeyStore = { read(): Secret; write(secret: Secret): void };

/**
 * Changes the key of the seals.
 *
 * @param reached is told after each step.
 * @returns how many values were sealed anew, and the number of the key; `cleaned` false: another program held the
 *   database, so that the old key stays until this is done again.
 */
export async function changeSealKey(
  db: Db,
  store: KeyStore,
  { reached = () => {} }: { reached?: (step: RotationStep) => void } = {},
): Promise<{ resealed: number; number: number; cleaned: boolean }> {
  reached("begun");
  let secret = store.read();
  // Two keys are there only when somebody was interrupted: then the newer one is the new one.
  if (secret.seals.size === 1) {
    secret = withNewSeal(secret);
    store.write(secret);
  }
  reached("keyAdded");
  const keys = deriveKeys(secret);
  const resealed = await db.write((tx) => resealAll(tx, keys));
  reached("resealed");
  const number = keys.sealNumber;
  if (!cleanFile(db.sqlite)) return { resealed, number, cleaned: false };
  reached("cleaned");
  store.write({ ...secret, seals: new Map([...secret.seals].filter(([each]) => each === number)) });
  reached("keyRemoved");
  return { resealed, number, cleaned: true };
}

function withNewSeal(secret: Secret): Secret {
  const newest = Math.max(...secret.seals.keys());
  return { ...secret, seals: new Map([...secret.seals, [newest + 1, randomBytes(32)]]) };
}

function resealAll(tx: Tx, keys: Keys): number {
  let resealed = 0;
  for (const { table, row, place } of SEALED_COLUMNS) {
    const [from, name] = [sql.identifier(table), sql.identifier(row)];
    const old = tx.all<{ name: string; sealed: string }>(
      sql`select ${name} as name, sealed from ${from} where sealed <> '' and sealed not like ${`${keys.sealNumber}.%`}`,
    );
    for (const each of old) {
      const at = `${place}/${each.name}`;
      const sealed = keys.seal(keys.open(each.sealed, at), at);
      tx.run(sql`update ${from} set sealed = ${sealed} where ${name} = ${each.name}`);
      resealed++;
    }
  }
  return resealed;
}
