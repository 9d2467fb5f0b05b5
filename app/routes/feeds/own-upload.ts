import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, verifiedHolder } from "../../context.server.ts";
import { ownUpload } from "../../domain/upload/queries.server.ts";
import { vaultOf } from "../../domain/upload/record.server.ts";
import { uploadResponse } from "./upload-response.server.ts";

/** A file that the holder of a link handed in. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await verifiedHolder(args, { assistants: true });
  const found = ownUpload(ctx, args.params.upload ?? "");
  const folder = vaultOf(ctx.db);
  if (found === null || folder === null) throw notFound();
  return uploadResponse(folder, found);
}
