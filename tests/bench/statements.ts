import type SQLite from "better-sqlite3";
import { z } from "zod";
import { newId } from "#app/platform/crypto.server.ts";

/*
 * What an answer of the product asks of SQLite, recorded once (record-statements.ts) and played again for other
 * invitees by the floor: the same statements in the same order, with nothing of the product around them.
 */

export const recorded = z.object({
  sql: z.string(),
  method: z.enum(["run", "get", "all"]),
  raw: z.boolean(),
  parameters: z.array(z.union([z.string(), z.number(), z.null()])),
});
export type Recorded = z.infer<typeof recorded>;

/** A text in which the recorded invitee's facts can be exchanged for another one's. */
export type Template = (facts: ReadonlyArray<string>, fresh: ReadonlyArray<string>) => string;

/**
 * Makes a template of a text.
 *
 * @param known the facts as they stand in the text; others are given in the same order.
 * @param made ids that the product made for this one answer; each playing has its own.
 */
export function template(text: string, known: ReadonlyArray<string>, made: ReadonlyArray<string>): Template {
  const words = [...known, ...made];
  const longestFirst = words.filter((word) => word !== "").toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).join("|"),
    "g",
  );
  const pieces: Array<string | number> = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push(text.slice(at, match.index), words.indexOf(match[0]));
    at = match.index + match[0].length;
  }
  if (pieces.length === 0) return () => text;
  pieces.push(text.slice(at));
  return (facts, fresh) => {
    let whole = "";
    for (const piece of pieces)
      whole +=
        typeof piece === "string"
          ? piece
          : ((piece < known.length ? facts[piece] : fresh[piece - known.length]) ?? "");
    return whole;
  };
}

/** The columns of an insert that is given by placeholders, by parameter. */
function insertedColumns(sql: string): Array<string> {
  const match = /^insert into "\w+" \(([^)]*)\) values \(([^)]*)\)/i.exec(sql);
  const columns = (match?.[1] ?? "").split(", ").map((name) => name.replaceAll('"', ""));
  const values = (match?.[2] ?? "").split(", ");
  return columns.filter((_, index) => values[index] === "?");
}

/** Ids that appear in what was written and were nowhere in the database before. */
export function idsMade(statements: ReadonlyArray<Recorded>, before: ReadonlySet<string>): Array<string> {
  const made = new Set<string>();
  for (const { sql, parameters } of statements) {
    if (!/^insert/i.test(sql)) continue;
    for (const value of parameters)
      if (typeof value === "string" && /^[A-Za-z0-9_-]{20}$/.test(value) && !before.has(value))
        made.add(value);
  }
  return [...made];
}

/**
 * Prepares recorded statements on a connection.
 *
 * @returns a function that runs them all for somebody else, given that person's facts.
 */
export function player(
  sqlite: SQLite.Database,
  statements: ReadonlyArray<Recorded>,
  known: ReadonlyArray<string>,
  made: ReadonlyArray<string>,
): (facts: ReadonlyArray<string>) => void {
  const bySource = new Map<string, SQLite.Statement>();
  // A visit's queue numbers are unique; the product reads the last one in the same transaction.
  let queueNumber = 1_000_000;
  const steps = statements.map(({ sql, method, raw, parameters }) => {
    const key = `${raw} ${sql}`;
    let statement = bySource.get(key);
    if (statement === undefined) {
      statement = sqlite.prepare(sql);
      if (raw) statement.raw();
      bySource.set(key, statement);
    }
    const columns = insertedColumns(sql);
    const values = parameters.map((value, index) => {
      if (columns[index] === "queue_number") return () => ++queueNumber;
      if (typeof value === "string") return template(value, known, made);
      return () => value;
    });
    return { statement, method, values };
  });
  return (facts) => {
    const fresh = made.map(newId);
    for (const { statement, method, values } of steps)
      statement[method](...values.map((value) => value(facts, fresh)));
  };
}
