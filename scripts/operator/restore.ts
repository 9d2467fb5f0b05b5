import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { copyVault, storedIn } from "../../app/domain/upload/record.server.ts";
import { DataDirectoryInUse, lockDataDirectory } from "../../app/platform/data-lock.server.ts";
import { migrationsFolder } from "../../app/platform/project.server.ts";
import { refusalOfBackup, restore } from "../../db/backup.server.ts";
import { environment, OperatorError } from "./installation.ts";

export const help = `secretariat restore FILE [--force]

Checks FILE and puts it in the place of the database, and what is in FILE.uploads with it. The server must be stopped.
Refuses while there is a database unless --force is given; the old one then stays beside it as .replaced.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { force: { type: "boolean", default: false } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new OperatorError("Name one file to restore from.");
  const { dataDir, databaseFile } = environment();
  const source = resolve(file);
  const lock = lockOrRefuse(dataDir);
  try {
    const known = readdirSync(migrationsFolder()).filter((name) => name.endsWith(".sql"));
    const refusal = refusalOfBackup(source, known);
    if (refusal !== null) throw new OperatorError(`${source} cannot be restored from: ${refusal}.`);
    if (existsSync(databaseFile) && !values.force)
      throw new OperatorError(`There is a database ${databaseFile} already. --force replaces it.`);
    await restore(source, databaseFile);
    await copyVault({ from: `${source}.uploads`, to: join(dataDir, "uploads") }, storedIn(databaseFile));
  } finally {
    lock.release();
  }
  console.log(`Restored: ${databaseFile}`);
  return true;
}

function lockOrRefuse(dataDir: string): { release(): void } {
  try {
    return lockDataDirectory(dataDir);
  } catch (error) {
    if (error instanceof DataDirectoryInUse)
      throw new OperatorError(`A server is running on ${dataDir}. Stop it first.`);
    throw error;
  }
}
