import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { invitationHolder, notFound, requirePost } from "../../context.server.ts";
import { sayNotMe } from "../../domain/access/not-me.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { DelegateSheet, letterhead } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "notMe.title") },
];

/** What saying so does, before anybody says it. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await invitationHolder(args);
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    isAssistant: holder.assistant !== null,
  };
}

/** Stops the link. It leads nowhere after that, so the thanks are on a page of nobody's. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await invitationHolder(args);
  const said = await sayNotMe(ctx);
  if (!said.ok) throw notFound();
  return redirect(paths.notMeThanks(), 303);
}

export default function NotMePage() {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <DelegateSheet {...page} page="notMe">
      <h1>{t("notMe.title")}</h1>
      <p>{t("notMe.lead")}</p>
      <p>{t("notMe.what")}</p>
      <form method="post" className="buttons">
        <button className="button" type="submit">
          {t("notMe.say")}
        </button>
        <a className="button quiet" href={paths.invitation(page.token)}>
          {t("notMe.back")}
        </a>
      </form>
    </DelegateSheet>
  );
}
