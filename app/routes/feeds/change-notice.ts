import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, staffEdition } from "../../context.server.ts";
import { previewNotice } from "../../domain/agenda/notice-preview.server.ts";

/** A change notice as one person would get it, for the frame on its page. Its headers let nothing in it run. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, ["agenda", "mail"]);
  const preview = previewNotice(ctx, {
    invitationId: args.params.invitation ?? "",
    ofDraft: new URL(args.request.url).searchParams.get("of") === "draft",
  });
  if (preview === null) throw notFound();
  return new Response(preview.html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}
