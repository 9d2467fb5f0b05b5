import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { servicesOf, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { ownLetters } from "../../domain/letter/queries.server.ts";
import { dayOf, writtenDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { DelegateSheet, letterhead } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "myLetters.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args);
  const facts = editionFacts(ctx, holder.editionId);
  return {
    locale,
    token,
    letterhead: letterhead(facts, holder.sideId),
    letters: ownLetters(ctx),
    verifyUrl: servicesOf(args).baseUrl + paths.verify(),
  };
}

export default function MyLetters() {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <DelegateSheet letterhead={page.letterhead} token={page.token} page="letters">
      <h1>{t("myLetters.title")}</h1>
      {page.letters.length === 0 ? (
        <p>{t("myLetters.none")}</p>
      ) : (
        <>
          <p>{t("myLetters.intro", { url: page.verifyUrl })}</p>
          <ul className="plain letters">
            {page.letters.map((letter) => (
              <li key={letter.id}>
                <form method="post" action={paths.myLetterFile(page.token, letter.id)}>
                  <strong>
                    {t(`letterKind.${letter.kind}`)} · {t(`letterLocale.${letter.locale}`)}
                  </strong>
                  <span className="second-line small muted">
                    {t("myLetters.issued", {
                      number: letter.number,
                      date: writtenDay(dayOf(letter.issuedAt, page.letterhead.timeZone), locale),
                    })}
                  </span>
                  <button className="button quiet" type="submit">
                    {t("letters.download")}
                    <span className="visually-hidden">
                      {" "}
                      {t(`letterKind.${letter.kind}`)} {t(`letterLocale.${letter.locale}`)}
                    </span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </>
      )}
    </DelegateSheet>
  );
}
