import { appendFileSync } from "node:fs";
import SQLite from "better-sqlite3";

/*
 * Loaded into the product with `--import` while the bench looks which statements an answer costs: writes each
 * statement that runs, with its parameters, as a line of JSON into the file that STATEMENTS_FILE names.
 */

const file = process.env.STATEMENTS_FILE;
const probe = new SQLite(":memory:");
const prototype: unknown = Object.getPrototypeOf(probe.prepare("select 1"));
probe.close();
if (typeof prototype !== "object" || prototype === null || file === undefined)
  throw new Error("STATEMENTS_FILE is not set");

const rawOnes = new WeakSet<object>();

function wrap(target: object, name: string, before: (statement: object, parameters: Array<unknown>) => void) {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== "function") throw new Error(`A statement has no ${name}`);
  Reflect.set(target, name, function wrapped(this: object, ...parameters: Array<unknown>) {
    before(this, parameters);
    return Reflect.apply(original, this, parameters);
  });
}

wrap(prototype, "raw", (statement) => rawOnes.add(statement));
for (const method of ["run", "get", "all"])
  wrap(prototype, method, (statement, parameters) => {
    const line = { sql: Reflect.get(statement, "source"), method, raw: rawOnes.has(statement), parameters };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  });
