import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { LIST_FILES, listIsThere, takeRoomingList } from "../../domain/lodging/rooming.server.ts";

const TYPES: Readonly<Record<string, string>> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv; charset=utf-8",
  pdf: "application/pdf",
};

/** Taking a file is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, "logistics");
  if (!listIsThere(ctx, args.params.list ?? "")) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** A version of a rooming list, whole or as what it changed. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await staffEdition(args, "logistics");
  const file = LIST_FILES.find((each) => each === args.params.file);
  if (file === undefined) throw notFound();
  const taken = await takeRoomingList(ctx, { listId: args.params.list ?? "", file });
  if (!taken.ok) throw notFound();
  return new Response(taken.value.bytes, {
    headers: {
      "Content-Type": TYPES[file.split(".")[1] ?? ""] ?? "application/octet-stream",
      "Content-Disposition": `attachment; filename="rooming-${file}"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
