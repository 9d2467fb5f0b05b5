import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { copyVault, storedIn, vaultOf } from "../../app/domain/upload/record.server.ts";
import { backUp } from "../../db/backup.server.ts";
import { openDatabase } from "../../db/client.server.ts";
import { environment, OperatorError, requireDatabase } from "./installation.ts";

export const help = `secretariat backup FILE [--force]

Copies the database into FILE while the server runs, and checks the copy; files that people handed in go, encrypted as
they are, into FILE.uploads.
Refuses to overwrite FILE unless --force is given.
Keep the secret key (SECRET_KEY_FILE) elsewhere: without it the links in sent mails are dead after a restore.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { force: { type: "boolean", default: false } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new OperatorError("Name one file to copy into.");
  const installation = environment();
  requireDatabase(installation);
  const target = resolve(file);
  if (target === installation.databaseFile) throw new OperatorError("That is the database itself.");
  if (existsSync(target) && !values.force)
    throw new OperatorError(`${target} exists. --force overwrites it.`);
  const db = openDatabase(installation.databaseFile);
  try {
    await backUp(db.sqlite, target);
    await copyVault({ from: vaultOf(db), to: `${target}.uploads` }, storedIn(target));
  } finally {
    db.close();
  }
  console.log(`Copied and checked: ${target}`);
  return true;
}
