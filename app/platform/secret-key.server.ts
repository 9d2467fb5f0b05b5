import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const BYTES = 32;

/**
 * The installation's secret, made on first use, readable by its owner alone. Whoever loses it invalidates every link
 * that was sent and every session; whoever leaks it hands out links.
 *
 * @throws Error when the file holds something else.
 */
export function readSecretKey(file: string): Buffer {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(BYTES).toString("base64")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  if (key.length < BYTES) throw new Error(`SECRET_KEY_FILE: ${file} does not hold ${BYTES} bytes in base64.`);
  return key;
}

/** Whether others on this machine can read it. */
export function isKeyExposed(file: string): boolean {
  return (statSync(file).mode & 0o077) !== 0;
}
