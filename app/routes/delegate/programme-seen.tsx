import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Notice } from "../../components/page.tsx";
import { invitationHolder, notFound, requirePost } from "../../context.server.ts";
import { newestProgramme } from "../../domain/agenda/queries.server.ts";
import { confirmSeen, seenByHolder } from "../../domain/agenda/seen.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { invitationLetter } from "../../domain/invitation/reply.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { DelegateSheet, letterhead } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "confirmSeen.title") },
];

/** Needs the link alone, so that one tap at night is enough: the page tells the version's number and nothing that is in it. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await invitationHolder(args);
  const letter = invitationLetter(ctx);
  if (letter === null) throw notFound();
  const isAway = letter.closed === "withdrawn" || letter.reply === "declined";
  const newest = isAway ? null : newestProgramme(ctx, holder.editionId);
  const seen = newest === null ? null : seenByHolder(ctx, holder);
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    isAssistant: holder.assistant !== null,
    number: newest?.number ?? null,
    publishedAt: newest?.publishedAt ?? null,
    seen: newest !== null && (seen?.number ?? 0) >= newest.number,
  };
}

const seenForm = z.object({ number: z.coerce.number().int().positive() });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await invitationHolder(args);
  const parsed = parseForm(seenForm, await args.request.formData());
  if (!parsed.ok) throw notFound();
  const said = await confirmSeen(ctx, parsed.value);
  if (!said.ok) throw notFound();
  throw redirect(paths.programmeSeen(token), 303);
}

export default function ProgrammeSeen() {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <DelegateSheet {...page} page="programme">
      <h1>{t("confirmSeen.title")}</h1>
      {page.number === null || page.publishedAt === null ? (
        <p>{t("confirmSeen.none")}</p>
      ) : (
        <>
          {page.seen ? (
            <Notice tone="good">
              <p>{t("confirmSeen.done", { number: page.number })}</p>
            </Notice>
          ) : null}
          <p>
            {t("confirmSeen.current", {
              number: page.number,
              when: moment(page.publishedAt, page.letterhead.timeZone, locale),
            })}
          </p>
          {page.seen ? null : (
            <form method="post" className="buttons">
              <input type="hidden" name="number" value={page.number} />
              <button className="button" type="submit">
                {t("confirmSeen.button", { number: page.number })}
              </button>
            </form>
          )}
          {page.seen ? null : <p className="small muted">{t("confirmSeen.help")}</p>}
          {page.isAssistant ? null : (
            <p>
              <a href={paths.programme(page.token)}>{t("confirmSeen.open")}</a>
            </p>
          )}
        </>
      )}
    </DelegateSheet>
  );
}
