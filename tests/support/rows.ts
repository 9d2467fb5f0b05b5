import type { Db } from "#db/client.server.ts";

/** Every table row for row, but for the trail. */
export function everything({ sqlite }: Pick<Db, "sqlite">): Record<string, Array<string>> {
  const tables = sqlite
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all()
    .map(String)
    .filter((name) => name !== "audit_event");
  return Object.fromEntries(
    tables.map((name) => [
      name,
      sqlite
        .prepare(`select * from "${name}"`)
        .all()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]),
  );
}
