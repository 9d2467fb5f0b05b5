import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Notice, Sheet } from "../../components/page.tsx";
import { requestLocale, servicesOf } from "../../context.server.ts";
import { findPrintOut, type PrintOut } from "../../domain/agenda/versions.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";

export const handle = { scripts: false };

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "printOut.title") },
];

/** Whoever holds a print-out asks whether it is current. Which meeting it is of, and what is in it, is not told. */
export async function loader(args: LoaderFunctionArgs) {
  const { limits, db, clock } = servicesOf(args);
  const { client } = args.context;
  const locale = requestLocale(args.request);
  const answer = (found: PrintOut | null) => ({ locale, found, now: clock.now() });
  if (await limits.versionCodes.blocked(client)) throw data(null, { status: 429 });
  const found = findPrintOut({ db }, args.params.code ?? "");
  if (found !== null) return answer(found);
  await limits.versionCodes.count(client);
  return data(answer(null), { status: 404 });
}

export default function PrintOutPage() {
  const { found, now } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <Sheet hosts={[]}>
      <h1>{t("printOut.title")}</h1>
      {found === null ? (
        <Notice tone="stop">
          <p>{t("printOut.unknown")}</p>
        </Notice>
      ) : (
        <>
          <Notice tone={found.replacedBy === null ? "good" : "stop"}>
            <p>
              {found.replacedBy === null
                ? t("printOut.current", { number: found.number })
                : t("printOut.old", { number: found.number, newer: found.replacedBy.number })}
            </p>
          </Notice>
          <dl className="facts">
            <dt>{t("printOut.published")}</dt>
            <dd>{moment(found.publishedAt, found.timeZone, locale)}</dd>
            {found.replacedBy === null ? null : (
              <>
                <dt>{t("printOut.newerPublished", { newer: found.replacedBy.number })}</dt>
                <dd>{moment(found.replacedBy.publishedAt, found.timeZone, locale)}</dd>
              </>
            )}
            <dt>{t("printOut.asked")}</dt>
            <dd>{moment(now, found.timeZone, locale)}</dd>
          </dl>
          <p>{t("printOut.how")}</p>
        </>
      )}
    </Sheet>
  );
}
