import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { addFunctions } from "./functions.server.ts";

/**
 * Brings the database to the newest migration. Runs in one exclusive transaction, so that of two processes that
 * start together one migrates and the other waits and then finds nothing to do.
 *
 * @returns the names of the migrations that were applied.
 * @throws Error when an applied migration is missing or was changed since: such a database is not ours to touch.
 */
export function migrate(sqlite: Database, folder: string): Array<string> {
  if (!existsSync(folder)) throw new Error(`No migrations in ${folder}`);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  addFunctions(sqlite);
  const applied: Array<string> = [];
  // Rebuilding a table drops it for a moment; the references are checked as a whole before the commit.
  sqlite.pragma("foreign_keys = OFF");
  try {
    sqlite
      .transaction(() => {
        sqlite.exec(
          "create table if not exists migration (name text primary key, sha256 text not null, applied_at integer not null) strict",
        );
        const known = new Map<string, string>();
        for (const row of sqlite
          .prepare<[], { name: string; sha256: string }>("select name, sha256 from migration")
          .all()) {
          known.set(row.name, row.sha256);
        }
        for (const name of known.keys()) {
          if (!files.includes(name))
            throw new Error(`The database was migrated by a newer program: ${name} is unknown here`);
        }
        for (const name of files) {
          const text = readFileSync(join(folder, name), "utf8");
          const sha256 = createHash("sha256").update(text).digest("hex");
          const before = known.get(name);
          if (before === sha256) continue;
          if (before !== undefined)
            throw new Error(`Migration ${name} was changed after it had been applied`);
          for (const statement of text.split("--> statement-breakpoint")) sqlite.exec(statement);
          sqlite
            .prepare("insert into migration (name, sha256, applied_at) values (?, ?, unixepoch() * 1000)")
            .run(name, sha256);
          applied.push(name);
        }
        // It reads the whole database: not at every start.
        const broken = applied.length === 0 ? [] : sqlite.pragma("foreign_key_check");
        if (Array.isArray(broken) && broken.length > 0)
          throw new Error(`Migration left ${broken.length} broken references`);
      })
      .exclusive();
  } finally {
    sqlite.pragma("foreign_keys = ON");
  }
  return applied;
}
