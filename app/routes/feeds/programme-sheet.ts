import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, servicesOf, verifiedHolder } from "../../context.server.ts";
import { PAPERS, paperOf } from "../../documents/pdf.server.ts";
import { programmeSheet } from "../../documents/programme-sheet.server.ts";
import { newestProgramme, programmeOf } from "../../domain/agenda/queries.server.ts";
import { printedCode } from "../../domain/agenda/version-code.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { invitationLetter } from "../../domain/invitation/reply.server.ts";
import { ownTrips } from "../../domain/vehicle/own-trips.server.ts";
import { paths } from "../../paths.ts";
import { pdfResponse } from "./pdf-response.server.ts";

/** Somebody's own programme on one sheet of paper, A4 or Letter; not there before the first version, nor for who declined. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, locale } = await verifiedHolder(args);
  const letter = invitationLetter(ctx);
  if (letter === null || letter.closed === "withdrawn" || letter.reply === "declined") throw notFound();
  const newest = newestProgramme(ctx, holder.editionId);
  if (newest === null) throw notFound();
  const facts = editionFacts(ctx, holder.editionId);
  const title = facts.coHosts.find((host) => host.id === holder.sideId) ?? facts;
  const wished = new URL(args.request.url).searchParams.get("paper");
  const { baseUrl } = servicesOf(args);
  const url = baseUrl + paths.version(newest.code);
  const file = await programmeSheet({
    items: programmeOf(ctx, holder).items,
    trips: ownTrips(ctx, holder),
    locale,
    paper: PAPERS.find((paper) => paper === wished) ?? paperOf(locale),
    editionTitle: locale === "en" ? title.titleEn || title.titleZh : title.titleZh || title.titleEn,
    number: letter.number,
    timeZone: facts.timeZone,
    homeTimeZone: letter.homeTimeZone,
    phones: facts.phones,
    version: newest.number,
    publishedAt: newest.publishedAt,
    address:
      newest.code === ""
        ? null
        : { url, shown: `${new URL(baseUrl).host}${paths.version(printedCode(newest.code))}` },
  });
  return pdfResponse(file, "programme");
}
