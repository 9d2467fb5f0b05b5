import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { takeAccessSheet } from "../../domain/access-need/commands.server.ts";
import { sheetResponse } from "./sheet-response.server.ts";

const FILES = ["access.pdf", "access.xlsx", "access-places.pdf"] as const;

/** Taking a file is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  await staffEdition(args, "logistics");
  if (!FILES.some((each) => each === args.params.file)) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** A sheet for the desk. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, locale } = await staffEdition(args, "logistics");
  const file = FILES.find((each) => each === args.params.file);
  if (file === undefined) throw notFound();
  const withNames = file !== "access-places.pdf";
  return sheetResponse(await takeAccessSheet(ctx, { file, locale, withNames }), file);
}
