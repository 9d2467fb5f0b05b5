import type { Database } from "better-sqlite3";
import { plainText } from "./plain-text.ts";
import { strokeKey } from "./stroke-key.ts";

/** What our SQL knows beside SQLite's own: triggers and searches use it, so every connection that writes has it. */
export function addFunctions(sqlite: Database): void {
  sqlite.function("plain", { deterministic: true }, (text) => plainText(String(text ?? "")));
  sqlite.function("strokes", { deterministic: true }, (text) => strokeKey(String(text ?? "")));
}
