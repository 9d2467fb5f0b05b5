import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, staffEdition } from "../../context.server.ts";
import { purgeReportFile } from "../../domain/privacy/retention.server.ts";

/** What a purge removed, in counts, with its digest and signature. It names nobody. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, "lead");
  const file = purgeReportFile(ctx, ctx.scope, args.params.report ?? "");
  if (file === null) throw notFound();
  return new Response(file, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": 'attachment; filename="purge-report.json"',
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
