import { parseArgs } from "node:util";
import { changeSealKey } from "../../app/domain/privacy/seals.server.ts";
import { DataDirectoryInUse, lockDataDirectory } from "../../app/platform/data-lock.server.ts";
import { migrationsFolder } from "../../app/platform/project.server.ts";
import { readSecretKey, writeSecretKey } from "../../app/platform/secret-key.server.ts";
import { openDatabase } from "../../db/client.server.ts";
import { migrate } from "../../db/migrate.server.ts";
import { environment, OperatorError, requireDatabase } from "./installation.ts";

export const help = `secretariat rotate-key

Gives everything that lies under a seal (passports, sealed answers, letters, late changes, the keys of files) a new one,
with a new key in SECRET_KEY_FILE, and removes the old key. Links, codes and sessions stay good. The server must be stopped.
It may be interrupted at any moment, also by a power cut: done again, it goes on where it stopped.
Backups from before open only with the key file from before: keep that with them, apart, or destroy both.
Ends with 1 when the old key could not be removed yet, because another program held the database: run it again.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  parseArgs({ args: [...args], options: {} });
  const installation = environment();
  requireDatabase(installation);
  const { dataDir, databaseFile, secretKeyFile } = installation;
  const lock = lockOrRefuse(dataDir);
  try {
    const db = openDatabase(databaseFile);
    try {
      migrate(db.sqlite, migrationsFolder());
      const { resealed, number, cleaned } = await changeSealKey(db, {
        read: () => readSecretKey(secretKeyFile),
        write: (secret) => writeSecretKey(secretKeyFile, secret),
      });
      console.log(`Sealed anew: ${resealed} values, with key ${number}.`);
      if (cleaned) console.log(`The old key is gone. Copy ${secretKeyFile} to where you keep its copy.`);
      else
        console.error("Another program held the database, so that the old key had to stay. Run this again.");
      return cleaned;
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
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
