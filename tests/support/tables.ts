import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileTable } from "#app/domain/import/rules.ts";
import { readTable } from "#app/domain/import/table.server.ts";

/** The table in a file, as an upload would bring it. */
export async function tableOf(file: string | Uint8Array): Promise<FileTable> {
  const read = await readTable(typeof file === "string" ? Buffer.from(file) : file);
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
}

/** A file of tests/fixtures. */
export function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, "../fixtures", name));
}
