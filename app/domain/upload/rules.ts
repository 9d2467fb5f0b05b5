/**
 * An upload: a file that somebody hands in with an answer. What always holds:
 *
 * - what it is follows from its content, never from its name or from what the browser says;
 * - pictures are drawn anew, so that nothing of the original is left but what one sees: no place, no camera, no hidden rest;
 * - it belongs to one invitation and one question, and is no answer anywhere else;
 * - it is `staged` until an answer that names it is stored, and goes when no answer names it any more.
 */
import type { MessageKey } from "../../i18n/translate.ts";

/** What a question may ask for. */
export const FILE_KINDS = ["pdf", "office", "image"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const MB = 1024 * 1024;
/** The largest file, in MB: enough for slides and scans, little enough for a phone. */
export const LARGEST_MB = 10;
export const LARGEST_FILE = LARGEST_MB * MB;
/** All that one person may hand in, in bytes. */
export const MOST_BYTES = 60 * MB;
/** A photograph of any phone has less. */
export const MOST_PIXELS = 50_000_000;
/** The shorter side of a portrait, for print (DOMAIN §1.5). */
export const SMALLEST_PORTRAIT = 600;
export const PORTRAIT_SIZE = 1_200;
/** The longer side of any other picture, enough to read a scanned page. */
export const PICTURE_SIZE = 3_000;

/** How long a file waits for its answer before it is forgotten. */
export const STAGED_FOR = 24 * 60 * 60_000;

export type Content = "pdf" | "zip" | "jpeg" | "png";

const SIGNATURES: ReadonlyArray<readonly [Content, ReadonlyArray<number>]> = [
  ["pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** What a file is by its first bytes; null: nothing that is taken. Nothing may stand before them. */
export function contentOf(bytes: Uint8Array): Content | null {
  for (const [content, signature] of SIGNATURES)
    if (signature.every((byte, at) => bytes[at] === byte)) return content;
  return null;
}

export const MEDIA_TYPES = {
  pdf: "application/pdf",
  jpeg: "image/jpeg",
  png: "image/png",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;
export type Extension = keyof typeof MEDIA_TYPES;

export function extensionOf(mediaType: string): string {
  return Object.entries(MEDIA_TYPES).find(([, type]) => type === mediaType)?.[0] ?? "bin";
}

/** What a browser is told to offer. */
export function acceptOf(kinds: ReadonlyArray<FileKind>): string {
  return [
    ...(kinds.includes("pdf") ? ["application/pdf", ".pdf"] : []),
    ...(kinds.includes("office") ? [".docx", ".pptx", ".xlsx"] : []),
    ...(kinds.includes("image") ? ["image/jpeg", "image/png"] : []),
  ].join(",");
}

/** The square of a picture that becomes a portrait, in parts of its width and height. */
export type Crop = { x: number; y: number; size: number };

/** `x y size`, each from 0 to 1, as the page sends it; null: nothing usable, and the middle is taken. */
export function readCrop(text: string): Crop | null {
  const [x, y, size, ...more] = text.split(" ").map(Number);
  const isPart = (value: number | undefined): value is number =>
    value !== undefined && value >= 0 && value <= 1;
  return isPart(x) && isPart(y) && isPart(size) && size > 0.01 && more.length === 0 ? { x, y, size } : null;
}

/** A file's name as its owner reads it again: without folders, and with nothing in it that misleads. */
export function titleOf(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  return last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\ufffd]/gu, "")
    .trim()
    .slice(0, 120);
}

/** A file as a page shows it. */
export type UploadFacts = { id: string; title: string; mediaType: string; bytes: number };

/** What can be wrong with a file. */
export type UploadProblem = Extract<MessageKey, `upload.error.${string}`>;
