import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import type { Locale } from "#db/vocabulary.ts";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import type { Act } from "../../domain/access/rules.ts";
import { takeAccessSheet } from "../../domain/access-need/commands.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { takeInterpretationSheet } from "../../domain/interpretation/commands.server.ts";
import { takeHeadsetSheet } from "../../domain/interpretation/headsets.server.ts";
import { sheetResponse } from "./sheet-response.server.ts";

type Asked = { file: string; locale: Locale; day: string | null };
type Taken = Promise<Uint8Array<ArrayBuffer>>;

const withNames = (ctx: StaffContext, asked: Asked): Taken =>
  takeAccessSheet(ctx, { ...asked, withNames: true });

/** The sheets by their file's name, and who may take them. */
const SHEETS: Readonly<Record<string, { act: Act; take: (ctx: StaffContext, asked: Asked) => Taken }>> = {
  "access.pdf": { act: "logistics", take: withNames },
  "access.xlsx": { act: "logistics", take: withNames },
  "access-places.pdf": {
    act: "logistics",
    take: (ctx, asked) => takeAccessSheet(ctx, { ...asked, withNames: false }),
  },
  "interpretation.pdf": { act: "logistics", take: takeInterpretationSheet },
  "interpretation.xlsx": { act: "logistics", take: takeInterpretationSheet },
  "headsets.pdf": { act: ["logistics", "duty_desk"], take: takeHeadsetSheet },
  "headsets.xlsx": { act: ["logistics", "duty_desk"], take: takeHeadsetSheet },
};

function sheetOf(args: LoaderFunctionArgs): { file: string; sheet: (typeof SHEETS)[string] } {
  const file = args.params.file ?? "";
  const sheet = Object.hasOwn(SHEETS, file) ? SHEETS[file] : undefined;
  if (sheet === undefined) throw notFound();
  return { file, sheet };
}

/** Taking a file is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  await staffEdition(args, sheetOf(args).sheet.act);
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** A sheet for the desk. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { file, sheet } = sheetOf(args);
  const { ctx, locale } = await staffEdition(args, sheet.act);
  const typed = (await args.request.formData()).get("day");
  const day = typeof typed === "string" && /^\d{4}-\d{2}-\d{2}$/.test(typed) ? typed : null;
  return sheetResponse(await sheet.take(ctx, { file, locale, day }), file);
}
