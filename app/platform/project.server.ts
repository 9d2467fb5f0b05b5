import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const MIGRATIONS = "db/migrations";

/** The folder of the database's migrations. A build may lie anywhere below the checkout, so it is looked for upwards. */
export function migrationsFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, MIGRATIONS))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`There is no ${MIGRATIONS} above ${import.meta.dirname}.`);
    folder = parent;
  }
  return join(folder, MIGRATIONS);
}
