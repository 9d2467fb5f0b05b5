import type { LoaderFunctionArgs } from "@remix-run/node";
import { LOCALES } from "#db/vocabulary.ts";
import { notFound, staffEdition } from "../../context.server.ts";
import { previewMessage } from "../../domain/mail/queries.server.ts";

/** A mail as one recipient gets it, for the frame on the message's page. Its headers let nothing in it run. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args);
  const part = new URL(args.request.url).searchParams.get("part");
  const preview = previewMessage(ctx, {
    messageId: args.params.message ?? "",
    invitationId: args.params.invitation ?? "",
    part: LOCALES.find((locale) => locale === part) ?? null,
  });
  if (preview === null) throw notFound();
  return new Response(preview.html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}
