import { fromBuffer } from "yauzl";
import { ok, type Result, refused } from "../result.ts";
import {
  type Content,
  type Crop,
  contentOf,
  type Extension,
  type FileKind,
  MEDIA_TYPES,
  MOST_PIXELS,
  PICTURE_SIZE,
  PORTRAIT_SIZE,
  SMALLEST_PORTRAIT,
  type UploadProblem,
} from "./rules.ts";

/** The library is large and most processes never need it. */
async function pictures() {
  const { default: sharp } = await import("sharp");
  // They come one at a time, and none is worth remembering.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

/** What is kept of a file: of pictures another one, drawn anew. */
export type Examined = {
  bytes: Buffer;
  mediaType: string;
  width: number | null;
  height: number | null;
};

export type Wanted = { portrait: boolean; accepts: ReadonlyArray<FileKind>; crop: Crop | null };

/** What a file is, from its content, and what is kept of it; or what is wrong with it. */
export async function examine(bytes: Buffer, wanted: Wanted): Promise<Result<Examined, UploadProblem>> {
  const content = contentOf(bytes);
  const accepts: ReadonlyArray<FileKind> = wanted.portrait ? ["image"] : wanted.accepts;
  if (content === null || !accepts.includes(KIND_OF[content]))
    return refused(wanted.portrait ? "upload.error.notPicture" : "upload.error.kind");
  switch (content) {
    case "pdf":
      return examinePdf(bytes);
    case "zip":
      return examineOffice(bytes);
    case "jpeg":
    case "png":
      return examinePicture(bytes, content, wanted);
  }
}

const KIND_OF: Readonly<Record<Content, FileKind>> = {
  pdf: "pdf",
  zip: "office",
  jpeg: "image",
  png: "image",
};

function asIs(bytes: Buffer, extension: Extension): Result<Examined, never> {
  return ok({ bytes, mediaType: MEDIA_TYPES[extension], width: null, height: null });
}

/** After a PDF's last mark comes nothing; readers take other formats from their end (a ZIP) or from anywhere (HTML). */
function examinePdf(bytes: Buffer): Result<Examined, UploadProblem> {
  const end = bytes.lastIndexOf("%%EOF");
  if (
    end < 0 ||
    bytes
      .subarray(end + 5)
      .toString("latin1")
      .trim() !== ""
  )
    return refused("upload.error.damaged");
  const isActive = [
    /\/JavaScript\b/,
    /\/JS\s*[(<]/,
    /\/Launch\b/,
    /\/EmbeddedFiles?\b/,
    /<script\b/i,
    /<html\b/i,
  ].some((pattern) => pattern.test(bytes.toString("latin1")));
  return isActive ? refused("upload.error.active") : asIs(bytes, "pdf");
}

const MOST_ENTRIES = 4_000;
const MOST_UNPACKED = 200 * 1024 * 1024;
const MOST_RATIO = 100;
const SMALL = 1024 * 1024;

/** The main part of each kind of office document. */
const MAIN_PARTS: ReadonlyArray<readonly [string, Extension]> = [
  ["word/document.xml", "docx"],
  ["ppt/presentation.xml", "pptx"],
  ["xl/workbook.xml", "xlsx"],
];

/** Reads the list of what is inside and unpacks nothing: what would unpack to a flood is not for others to open either. */
async function examineOffice(bytes: Buffer): Promise<Result<Examined, UploadProblem>> {
  const entries = await entriesOf(bytes);
  if (typeof entries === "string") return refused(entries);
  const names = new Set(entries.map(({ name }) => name));
  const [, extension] = MAIN_PARTS.find(([part]) => names.has(part)) ?? [];
  if (extension === undefined || !names.has("[Content_Types].xml")) return refused("upload.error.kind");
  const isActive = [...names].some((name) =>
    /vbaProject\.bin$|activeX|\/embeddings\/.*\.(?:bin|exe)$/i.test(name),
  );
  if (isActive) return refused("upload.error.active");
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  const isFlood = entries.some(({ size, packed }) => size > SMALL && size > packed * MOST_RATIO);
  return unpacked > MOST_UNPACKED || isFlood ? refused("upload.error.bomb") : asIs(bytes, extension);
}

type Entry = { name: string; size: number; packed: number };

function entriesOf(bytes: Buffer): Promise<Array<Entry> | UploadProblem> {
  // The list stands at the very end, without a comment behind it in which something else could hide.
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 !== bytes.length) return Promise.resolve("upload.error.damaged");
  return new Promise((resolve) => {
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (failure, zip) => {
      if (failure !== null || zip === undefined) {
        resolve("upload.error.damaged");
        return;
      }
      const entries: Array<Entry> = [];
      zip.on("error", () => resolve("upload.error.damaged"));
      zip.on("end", () => resolve(entries));
      zip.on(
        "entry",
        (entry: {
          fileName: string;
          uncompressedSize: number;
          compressedSize: number;
          generalPurposeBitFlag: number;
        }) => {
          const isLocked = (entry.generalPurposeBitFlag & 1) === 1;
          if (entries.length >= MOST_ENTRIES || isLocked) {
            resolve(isLocked ? "upload.error.locked" : "upload.error.bomb");
            return;
          }
          entries.push({ name: entry.fileName, size: entry.uncompressedSize, packed: entry.compressedSize });
          zip.readEntry();
        },
      );
      zip.readEntry();
    });
  });
}

async function examinePicture(
  bytes: Buffer,
  content: "jpeg" | "png",
  { portrait, crop }: Wanted,
): Promise<Result<Examined, UploadProblem>> {
  const sharp = await pictures();
  try {
    // The head alone says how large it is; nothing is drawn before that is known.
    const head = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (head.width * head.height > MOST_PIXELS) return refused("upload.error.pixels");
    if ((head.pages ?? 1) > 1) return refused("upload.error.kind");
    const turned = (head.orientation ?? 1) >= 5;
    const [width, height] = turned ? [head.height, head.width] : [head.width, head.height];
    if (portrait && Math.min(width, height) < SMALLEST_PORTRAIT) return refused("upload.error.small");
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: "error" }).autoOrient();
    const shaped = portrait
      ? picture.extract(square({ width, height, crop })).resize(PORTRAIT_SIZE, PORTRAIT_SIZE)
      : picture.resize(PICTURE_SIZE, PICTURE_SIZE, { fit: "inside", withoutEnlargement: true });
    const drawn =
      content === "png" && !portrait
        ? shaped.png({ compressionLevel: 9 })
        : shaped.flatten({ background: "#ffffff" }).jpeg({ quality: 88 });
    const { data, info } = await drawn.toBuffer({ resolveWithObject: true });
    return ok({
      bytes: data,
      mediaType: MEDIA_TYPES[info.format === "png" ? "png" : "jpeg"],
      width: info.width,
      height: info.height,
    });
  } catch {
    return refused("upload.error.damaged");
  }
}

/** The chosen square in pixels, or the middle one, nearer the top where heads are. */
function square({ width, height, crop }: { width: number; height: number; crop: Crop | null }) {
  const most = Math.min(width, height);
  if (crop === null)
    return {
      left: Math.floor((width - most) / 2),
      top: Math.floor((height - most) / 4),
      width: most,
      height: most,
    };
  const size = Math.max(Math.min(Math.round(crop.size * most), most), Math.min(SMALLEST_PORTRAIT, most));
  return {
    left: Math.min(Math.round(crop.x * width), width - size),
    top: Math.min(Math.round(crop.y * height), height - size),
    width: size,
    height: size,
  };
}
