import { Readable } from "node:stream";
import type { OutgoingFile } from "../../domain/upload/queries.server.ts";
import { extensionOf } from "../../domain/upload/rules.ts";
import { readVaultFile } from "../../platform/vault.server.ts";

/** A file as an attachment, piece by piece. Its name says nothing of whose it is. */
export function uploadResponse(folder: string, { file, mediaType, bytes }: OutgoingFile): Response {
  const body = Readable.toWeb(Readable.from(readVaultFile(folder, file))) as ReadableStream;
  return new Response(body, {
    headers: {
      "Content-Type": mediaType,
      "Content-Length": String(bytes),
      "Content-Disposition": `attachment; filename="file.${extensionOf(mediaType)}"`,
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "Cache-Control": "no-store",
    },
  });
}
