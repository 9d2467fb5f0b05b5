import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { derivedSecret, PURPOSES, type Secret } from "./crypto.server.ts";

const BYTES = 32;
const HEAD = "secretariat keys 1";

/**
 * The installation's secret, made on first use, readable by its owner alone. Whoever loses it invalidates every link
 * that was sent and every session; whoever leaks it hands out links.
 *
 * The file holds one random secret from which every key is derived, until the key of the seals is changed for the first
 * time: from then on it holds the derived keys, each on a line of its own, so that a seal's key can go and the rest stay.
 *
 * @throws Error when the file holds something else.
 */
export function readSecretKey(file: string): Secret {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(BYTES).toString("base64")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const text = readFileSync(file, "utf8").trim();
  if (text.startsWith(HEAD)) return readKeys(file, text.split("\n").slice(1));
  const root = Buffer.from(text, "base64");
  if (root.length < BYTES)
    throw new Error(`SECRET_KEY_FILE: ${file} does not hold ${BYTES} bytes in base64.`);
  return derivedSecret(root);
}

function readKeys(file: string, lines: ReadonlyArray<string>): Secret {
  const known = new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Buffer.from(line.slice(at + 1), "base64")] as const;
    }),
  );
  const keyOf = (name: string): Buffer => {
    const key = known.get(name);
    if (key === undefined || key.length !== BYTES)
      throw new Error(`SECRET_KEY_FILE: ${file} lacks "${name}".`);
    return key;
  };
  const numbers = [...known.keys()].flatMap((name) => /^seal (\d+)$/.exec(name)?.[1] ?? []).map(Number);
  if (numbers.length === 0) throw new Error(`SECRET_KEY_FILE: ${file} lacks a key for seals.`);
  return {
    purposes: new Map(PURPOSES.map((purpose) => [purpose, keyOf(purpose)])),
    seals: new Map(numbers.sort((a, b) => a - b).map((number) => [number, keyOf(`seal ${number}`)])),
  };
}

/** Puts keys in the place of those in the file, so that at no moment there are none: also not when the power goes. */
export function writeSecretKey(file: string, { purposes, seals }: Secret): void {
  const lines = [
    HEAD,
    ...[...purposes].map(([purpose, key]) => `${purpose} ${key.toString("base64")}`),
    ...[...seals].map(([number, key]) => `seal ${number} ${key.toString("base64")}`),
  ];
  const incoming = `${file}.incoming`;
  writeFileSync(incoming, `${lines.join("\n")}\n`, { mode: 0o600 });
  sync(incoming);
  renameSync(incoming, file);
  sync(dirname(file));
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether others on this machine can read it. */
export function isKeyExposed(file: string): boolean {
  return (statSync(file).mode & 0o077) !== 0;
}
