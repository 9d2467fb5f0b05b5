/** A form with files, read as it comes in: texts into a FormData, each file into whatever takes it. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";

/** Whether a request brings a form that may have files in it. */
export function isMultipart(request: { headers: Headers }): boolean {
  return /^multipart\/form-data\s*;/i.test(request.headers.get("Content-Type") ?? "");
}

/** A body that is no form, or one with more in it than any page of ours has. */
export class MultipartError extends Error {
  override name = "MultipartError";
}

const MOST_FIELDS = 4_000;
const MOST_FILES = 40;
const MOST_TEXT = 1024 * 1024;

/** Takes a file that comes in. It must read the source to its end, or throw. */
export type FileTaker = (file: {
  field: string;
  title: string;
  source: AsyncIterable<Uint8Array>;
}) => Promise<void>;

/**
 * Reads a form to its end. Never more than a few pieces of a file are in memory: while `take` is busy, nothing is read.
 *
 * @param largest bytes of a file; of a larger one `take` gets one byte more than that, and the rest is passed over.
 * @throws MultipartError when it is no such form; the error of `take`.
 */
export async function readMultipart(
  request: Request,
  { largest, take }: { largest: number; take: FileTaker },
): Promise<FormData> {
  const form = new FormData();
  const contentType = request.headers.get("Content-Type") ?? "";
  if (request.body === null) throw new MultipartError("No body");
  const taking: Array<Promise<void>> = [];
  let text = 0;
  let broken: Error | null = null;
  let parser: BusboyInstance;
  try {
    parser = new Busboy({
      headers: { "content-type": contentType },
      limits: {
        fields: MOST_FIELDS,
        files: MOST_FILES,
        fieldSize: MOST_TEXT,
        fieldNameSize: 200,
        fileSize: largest + 1,
      },
    });
  } catch (error) {
    throw new MultipartError(error instanceof Error ? error.message : String(error));
  }
  const refuse = (why: string) => {
    broken ??= new MultipartError(why);
  };
  parser.on("field", (name: string, value: string, nameCut: boolean, valueCut: boolean) => {
    text += value.length;
    if (nameCut || valueCut || text > MOST_TEXT) refuse("Too much text");
    else form.append(name, value);
  });
  for (const limit of ["fieldsLimit", "filesLimit", "partsLimit"] as const)
    parser.on(limit, () => refuse(`More than ${limit}`));
  parser.on("file", (field: string, source: BusboyFileStream, title: string | undefined) => {
    // A field for which nobody chose a file comes as an empty one without a name.
    if (title === undefined || title === "") {
      source.resume();
      return;
    }
    // A source that is left early must not be destroyed: the parser would wait for it for ever.
    const pieces = source.iterator({ destroyOnReturn: false });
    const done = take({ field, title, source: pieces }).catch((error: unknown) => {
      broken ??= error instanceof Error ? error : new Error(String(error));
    });
    taking.push(done.finally(() => source.resume()));
  });
  try {
    await pipeline(Readable.fromWeb(request.body as never), parser);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
  await Promise.all(taking);
  if (broken !== null) throw broken;
  return form;
}
