import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { CONSENTS, type ConsentKind } from "#db/vocabulary.ts";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import {
  type OwnConsent,
  ownConsents,
  withdrawConsent,
} from "../../domain/registration/own-consents.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { DelegateSheet, letterhead, useNames } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "myConsents.title") },
];

/** What this person agreed to. `?back=KIND` says what taking it back would come to, and changes nothing. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args);
  const { searchParams } = new URL(args.request.url);
  const consents = ownConsents(ctx);
  const back = searchParams.get("back");
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    consents,
    asked: consents.find(({ kind, canWithdraw }) => kind === back && canWithdraw) ?? null,
    done: searchParams.has("done"),
  };
}

/** Takes a consent back, after its consequence was told. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await verifiedHolder(args);
  const formData = await args.request.formData();
  if (formData.get("sure") !== "yes") throw data(null, { status: 400 });
  const taken = await withdrawConsent(ctx, String(formData.get("kind") ?? ""));
  if (!taken.ok) throw notFound();
  return redirect(`${paths.myConsents(token)}?done`, 303);
}

function isStandardConsent(kind: string): kind is ConsentKind {
  return CONSENTS.some((each) => each === kind);
}

export default function MyConsents() {
  const page = useLoaderData<typeof loader>();
  const { token, asked } = page;
  const t = useT();
  return (
    <DelegateSheet letterhead={page.letterhead} token={token} page="data">
      {page.done ? (
        <Notice tone="good">
          <p>{t("myConsents.done")}</p>
        </Notice>
      ) : null}
      <h1>{t("myConsents.title")}</h1>
      {asked === null ? (
        <p>{t("myConsents.intro")}</p>
      ) : (
        <section className="given sure" aria-labelledby="sure">
          <h2 id="sure">{t("myConsents.sureTitle")}</h2>
          <p>
            <Wording consent={asked} />
          </p>
          <p>{isStandardConsent(asked.kind) ? t(`consequence.${asked.kind}`) : t("consequence.own")}</p>
          <form method="post" className="buttons">
            <input type="hidden" name="kind" value={asked.kind} />
            <input type="hidden" name="sure" value="yes" />
            <button className="button" type="submit">
              {t("myConsents.sureSend")}
            </button>
            <a className="button quiet" href={paths.myConsents(token)}>
              {t("myConsents.sureBack")}
            </a>
          </form>
        </section>
      )}
      <ul className="plain consents">
        {page.consents.map((consent) => (
          <li key={consent.kind}>
            <p>
              <Wording consent={consent} />
            </p>
            <Standing consent={consent} />
            {consent.canWithdraw && consent.kind !== asked?.kind ? (
              <p>
                <a href={`${paths.myConsents(token)}?${new URLSearchParams({ back: consent.kind })}`}>
                  {t("myConsents.withdraw")}
                  <span className="visually-hidden">
                    {" "}
                    <Wording consent={consent} />
                  </span>
                </a>
              </p>
            ) : null}
            {consent.kind === "notice" && consent.newest?.given === true ? (
              <p className="small">
                {t("myConsents.notice")} <a href={paths.myData(token)}>{t("myData.title")}</a>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      <p>
        <a href={paths.registrationSection(token, "consents")}>{t("myConsents.give")}</a>
      </p>
    </DelegateSheet>
  );
}

/** What was agreed to, in its words. */
function Wording({ consent: { kind, label } }: { consent: OwnConsent }) {
  const t = useT();
  const [own, ...rest] = useLoaderData<typeof loader>().letterhead.hosts;
  const side = useNames(own === undefined ? [] : [own]);
  const others = useNames(rest);
  if (label !== null) return <Text {...label} />;
  return isStandardConsent(kind) ? t(`consent.${kind}`, { side, others }) : null;
}

function Standing({ consent: { newest } }: { consent: OwnConsent }) {
  const { timeZone } = useLoaderData<typeof loader>().letterhead;
  const t = useT();
  const locale = useLocale();
  if (newest === null) return <Status>{t("myConsents.never")}</Status>;
  return (
    <>
      <Status tone={newest.given ? "good" : "stop"}>
        {t(newest.given ? "myConsents.given" : "myConsents.withdrawn")}
      </Status>
      <span className="second-line small muted">
        {t("myConsents.when", {
          when: moment(newest.at, timeZone, locale),
          version: newest.textVersion,
          language: t(`register.locale.${newest.locale}`),
        })}{" "}
        {t(`channel.${newest.channel}`)}
      </span>
    </>
  );
}
