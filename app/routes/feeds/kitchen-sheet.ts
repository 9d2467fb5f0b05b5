import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { mealPage } from "../../domain/meal/queries.server.ts";
import { MEAL_FILES, takeKitchenSheet } from "../../domain/meal/sheets.server.ts";
import { sheetResponse } from "./sheet-response.server.ts";

/** Taking a file is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, "logistics");
  const isFile = MEAL_FILES.some((each) => each === args.params.file);
  if (!isFile || mealPage(ctx, args.params.item ?? "") === null) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** A meal's sheet for the kitchen. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, locale } = await staffEdition(args, "logistics");
  const file = MEAL_FILES.find((each) => each === args.params.file);
  if (file === undefined) throw notFound();
  const taken = await takeKitchenSheet(ctx, { itemId: args.params.item ?? "", file, locale });
  if (!taken.ok) throw notFound();
  return sheetResponse(taken.value.bytes, file);
}
