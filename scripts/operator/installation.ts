import { existsSync } from "node:fs";
import type { DomainContext } from "../../app/domain/context.ts";
import { systemClock } from "../../app/platform/clock.ts";
import { deriveKeys } from "../../app/platform/crypto.server.ts";
import { type Environment, readEnvironment } from "../../app/platform/environment.server.ts";
import { migrationsFolder } from "../../app/platform/project.server.ts";
import { readSecretKey } from "../../app/platform/secret-key.server.ts";
import { openDatabase } from "../../db/client.server.ts";
import { migrate } from "../../db/migrate.server.ts";

/** A mistake of the operator's; the message is a sentence. */
export class OperatorError extends Error {
  override name = "OperatorError";
}

/** Where an installation lives, as the server would read it. */
export function environment(): Environment {
  return readEnvironment(process.env);
}

export function requireDatabase({ databaseFile }: Environment): void {
  if (!existsSync(databaseFile))
    throw new OperatorError(`There is no database ${databaseFile}. DATA_DIR says where to look.`);
}

/** Opens the database beside a server that may be running, for one piece of work as the operator. */
export async function asOperator<T>(work: (ctx: DomainContext) => Promise<T>): Promise<T> {
  const installation = environment();
  const { databaseFile, secretKeyFile, baseUrl } = installation;
  requireDatabase(installation);
  const db = openDatabase(databaseFile);
  try {
    migrate(db.sqlite, migrationsFolder());
    return await work({
      db,
      clock: systemClock,
      keys: deriveKeys(readSecretKey(secretKeyFile)),
      baseUrl,
      actor: { kind: "operator", id: "command" },
      requestId: null,
    });
  } finally {
    db.close();
  }
}
