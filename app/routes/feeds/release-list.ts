import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost } from "../../context.server.ts";
import { takeRelease } from "../../domain/privacy/release-commands.server.ts";
import { releasePage } from "../../domain/privacy/release-queries.server.ts";
import { releaseReader } from "../staff/release-reader.server.ts";

/** Taking a file is recorded, so it is asked for with a POST. A release that is not there is not there here either. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, reader } = await releaseReader(args);
  if (releasePage(ctx, reader, args.params.release ?? "") === null) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** What was released, under its watermark, as CSV. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, reader, account, locale } = await releaseReader(args);
  const taken = await takeRelease(ctx, reader, {
    releaseId: args.params.release ?? "",
    taker: account.name,
    locale,
  });
  if (!taken.ok) throw notFound();
  return new Response(taken.value.bytes, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="release.csv"',
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
