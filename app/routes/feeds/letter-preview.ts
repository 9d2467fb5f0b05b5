import type { LoaderFunctionArgs } from "@remix-run/node";
import { LETTER_KINDS } from "#db/vocabulary.ts";
import { notFound, staffEdition } from "../../context.server.ts";
import { letterPdf } from "../../documents/letter.server.ts";
import { LETTER_ACT, previewLetter } from "../../domain/letter/queries.server.ts";
import { parseLocale } from "../../i18n/translate.ts";
import { pdfResponse } from "./pdf-response.server.ts";

/** A letter as it would print, with a specimen's passport: nothing in it is to be kept closely, so a GET gives it. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, LETTER_ACT);
  const query = new URL(args.request.url).searchParams;
  const kind = LETTER_KINDS.find((each) => each === query.get("kind"));
  const locale = parseLocale(query.get("locale"));
  if (kind === undefined || locale === null) throw notFound();
  const letter = previewLetter(ctx, {
    sideId: query.get("side") ?? "",
    invitationId: query.get("person") ?? "",
    kind,
    locale,
  });
  if (letter === null) throw notFound();
  return pdfResponse(await letterPdf(letter, { code: "", verifyUrl: "" }), "preview");
}
