import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { letterPdf } from "../../documents/letter.server.ts";
import { takeLetter } from "../../domain/letter/commands.server.ts";
import { hasLetter, LETTER_ACT } from "../../domain/letter/queries.server.ts";
import { codeInGroups } from "../../domain/letter/rules.ts";
import { paths } from "../../paths.ts";
import { pdfResponse } from "./pdf-response.server.ts";

/** It may hold what a passport says. Taking it away is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, LETTER_ACT);
  if (!hasLetter(ctx, args.params.letter ?? "")) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** A letter of this side as PDF. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await staffEdition(args, LETTER_ACT);
  const letter = await takeLetter(ctx, args.params.letter ?? "");
  if (letter === null) throw notFound();
  const verifyUrl = servicesOf(args).baseUrl + paths.verify();
  return pdfResponse(await letterPdf(letter, { code: codeInGroups(letter.code), verifyUrl }), "letter");
}
