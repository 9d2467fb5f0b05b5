/**
 * Files that people hand in: in a folder that no web server serves, under random names, each encrypted with a key of its
 * own that stands elsewhere (sealed, in the database). Whoever deletes that key has deleted the file.
 *
 * A file is a row of pieces, each sealed by itself (AES-256-GCM) for its place: none can be changed, left out, put
 * elsewhere or cut off unnoticed, and neither writing nor reading holds more than one piece in memory.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { copyFile, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newId } from "./crypto.server.ts";

const PIECE = 64 * 1024;
const TAG = 16;

/** A file in the vault: where it is, and what opens it. */
export type VaultFile = { name: string; key: string };

export function newVaultFile(): VaultFile {
  return { name: newId(), key: randomBytes(32).toString("base64url") };
}

function pathOf(folder: string, name: string): string {
  if (!/^[\w-]{20}$/.test(name)) throw new Error("Not the name of a file in the vault");
  return join(folder, name.slice(0, 2), name);
}

/** A key is used for one file, so a piece's number is nonce enough; the last one says that it is the last. */
function nonceOf(piece: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(piece));
  nonce.writeUInt8(isLast ? 1 : 0, 8);
  return nonce;
}

function sealed({ name, key }: VaultFile, piece: number, isLast: boolean, text: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(key, "base64url"), nonceOf(piece, isLast));
  cipher.setAAD(Buffer.from(name));
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function opened({ name, key }: VaultFile, piece: number, isLast: boolean, bytes: Buffer): Buffer {
  const at = bytes.length - TAG;
  if (at < 0) throw new Error("A file in the vault was cut off");
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64url"), nonceOf(piece, isLast), {
    authTagLength: TAG,
  });
  decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(at));
  return Buffer.concat([decipher.update(bytes.subarray(0, at)), decipher.final()]);
}

/**
 * Writes what comes, and returns how many bytes that were. More than `most`, or a source that fails, leaves no file.
 *
 * @returns null when there was more than `most`; the rest of the source is not read.
 */
export async function writeVaultFile(
  folder: string,
  file: VaultFile,
  source: AsyncIterable<Uint8Array>,
  { most }: { most: number },
): Promise<number | null> {
  const path = pathOf(folder, file.name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, "wx", 0o600);
  let whole = false;
  try {
    let bytes = 0;
    let piece = 0;
    const waiting = Buffer.alloc(PIECE);
    let held = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) return null;
      for (let at = 0; at < chunk.length; ) {
        // The last piece is known only at the end, so one always waits.
        if (held === PIECE) {
          await handle.write(sealed(file, piece++, false, waiting));
          held = 0;
        }
        const part = chunk.subarray(at, at + PIECE - held);
        waiting.set(part, held);
        held += part.length;
        at += part.length;
      }
    }
    await handle.write(sealed(file, piece, true, waiting.subarray(0, held)));
    await handle.sync();
    whole = true;
    return bytes;
  } finally {
    await handle.close();
    if (!whole) await removeVaultFile(folder, file.name);
  }
}

/**
 * Gives a file piece by piece.
 *
 * @throws Error when it is not there, or not as it was written.
 */
export async function* readVaultFile(folder: string, file: VaultFile): AsyncGenerator<Buffer> {
  const handle = await open(pathOf(folder, file.name), "r");
  try {
    const { size } = await handle.stat();
    const pieces = Math.max(1, Math.ceil(size / (PIECE + TAG)));
    for (let piece = 0; piece < pieces; piece++) {
      const isLast = piece === pieces - 1;
      const bytes = Buffer.alloc(isLast ? size - piece * (PIECE + TAG) : PIECE + TAG);
      await handle.read(bytes, 0, bytes.length, piece * (PIECE + TAG));
      yield opened(file, piece, isLast, bytes);
    }
  } finally {
    await handle.close();
  }
}

export async function wholeVaultFile(folder: string, file: VaultFile): Promise<Buffer> {
  const pieces: Array<Buffer> = [];
  for await (const piece of readVaultFile(folder, file)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Removes a file; one that is not there is no error. */
export function removeVaultFile(folder: string, name: string): Promise<void> {
  return rm(pathOf(folder, name), { force: true });
}

/** The names of all files in the vault. */
export async function vaultFiles(folder: string): Promise<Array<string>> {
  const names: Array<string> = [];
  const shelves = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const shelf of shelves)
    if (shelf.isDirectory()) names.push(...(await readdir(join(folder, shelf.name))));
  return names.filter((name) => /^[\w-]{20}$/.test(name));
}

/** Copies a file as it lies there to another vault; one that is not there is passed over. */
export async function copyVaultFile(from: string, to: string, name: string): Promise<void> {
  const target = pathOf(to, name);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  await copyFile(pathOf(from, name), target).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  });
}
