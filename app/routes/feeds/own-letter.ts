import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, servicesOf, verifiedHolder } from "../../context.server.ts";
import { letterPdf } from "../../documents/letter.server.ts";
import { takeOwnLetter } from "../../domain/letter/commands.server.ts";
import { codeInGroups } from "../../domain/letter/rules.ts";
import { paths } from "../../paths.ts";
import { pdfResponse } from "./pdf-response.server.ts";

/** It may hold what a passport says. Taking it away is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  await verifiedHolder(args);
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** The invited person's own letter as PDF. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await verifiedHolder(args);
  const letter = await takeOwnLetter(ctx, args.params.letter ?? "");
  if (letter === null) throw notFound();
  const verifyUrl = servicesOf(args).baseUrl + paths.verify();
  return pdfResponse(await letterPdf(letter, { code: codeInGroups(letter.code), verifyUrl }), "letter");
}
