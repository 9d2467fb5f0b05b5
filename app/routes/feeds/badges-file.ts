import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { cardsPdf } from "../../documents/cards-pdf.server.ts";
import { glyphCheck } from "../../documents/pdf.server.ts";
import { printCards } from "../../domain/card/commands.server.ts";
import { cardForm } from "../../domain/card/form.ts";
import { CARD_ACT } from "../../domain/card/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { translator } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, ticked } from "../../platform/form.ts";
import { pdfResponse } from "./pdf-response.server.ts";

/** Printing is remembered, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  await staffEdition(args, CARD_ACT);
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** Badges or place cards of one's own side, ready to be cut. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account, locale } = await staffEdition(args, CARD_ACT);
  const formData = await args.request.formData();
  const chosen = ticked(formData, "invitation");
  formData.delete("invitation");
  const parsed = parseForm(cardForm, formData);
  if (!parsed.ok || chosen === null) throw data(null, { status: 400 });
  const { kind, size, paper, front } = parsed.value;
  const printed = await printCards(ctx, {
    ...parsed.value,
    invitationIds: chosen,
    glyphs: await glyphCheck(),
  });
  if (!printed.ok && printed.refusal === "gone") throw notFound();
  if (!printed.ok) {
    const where = paths.badges(edition.slug, kind);
    throw redirect(`${where}${where.includes("?") ? "&" : "?"}nobody`, 303);
  }
  const { people, printing, at } = printed.value;
  const t = translator(locale);
  const mark = t("cards.mark", {
    what: t(`cards.title.${kind}`),
    printing,
    when: deskMoment(at, edition.timeZone, locale),
    name: account.name,
  });
  const bytes = await cardsPdf({ kind, size, paper, front, cards: people, locale, at, mark });
  return pdfResponse(bytes, kind === "badge" ? "badges" : "place-cards");
}
