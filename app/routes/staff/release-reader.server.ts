import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { staffEdition } from "../../context.server.ts";
import { findEditionForStaff } from "../../domain/access/queries.server.ts";
import type { ReleaseReader } from "../../domain/privacy/release.server.ts";

/**
 * Who may have to do with releases, or 404: a side's lead gives and receives; logistics and documents use what their
 * side was given. Whoever leads one side and does logistics on another gives for the first alone.
 */
export async function releaseReader(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const found = await staffEdition(args, ["lead", "logistics", "documents"]);
  const { ctx, account, edition } = found;
  const led = findEditionForStaff(ctx, { userId: account.id, slug: edition.slug, act: "lead" });
  const reader: ReleaseReader = {
    editionId: edition.id,
    givingSideIds: led?.scope.sideIds ?? [],
    receivingSideIds: ctx.scope.sideIds,
  };
  return { ...found, reader };
}
