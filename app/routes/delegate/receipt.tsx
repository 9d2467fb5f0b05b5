import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { registrationForm } from "../../domain/registration/queries.server.ts";
import { receiptNumber } from "../../domain/registration/rules.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { SectionTitle } from "./own-questions.tsx";
import { DelegateSheet, letterhead } from "./parts.tsx";
import { SeatState } from "./registration-visits.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "receipt.title") },
];

/** What the secretariat has received, and when. It tells no answers: it may lie about on paper. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args, { assistants: true });
  const form = registrationForm(ctx);
  if (form === null) throw notFound();
  if (form.state !== "submitted") throw redirect(paths.registration(token), 303);
  return { locale, token, letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId), form };
}

export default function ReceiptPage() {
  const { form: view, token, letterhead: head } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const when = (at: number | null) => (at === null ? "" : moment(at, head.timeZone, locale));
  const asked = view.visits.filter(({ mine }) => mine !== null);
  return (
    <DelegateSheet letterhead={head} token={token} page="registration" isAssistant={view.byAssistant}>
      <h1>{t("receipt.title")}</h1>
      <p>
        <Text {...head.title} />
      </p>
      <Notice tone="good">
        <p>{t("receipt.lead")}</p>
      </Notice>
      <dl className="given-answers">
        <div>
          <dt>{t("receipt.number")}</dt>
          <dd className="figures">{receiptNumber(view.number, view.revision)}</dd>
        </div>
        <div>
          <dt>{t("receipt.sentOn")}</dt>
          <dd>{when(view.submittedAt)}</dd>
        </div>
        {view.updatedAt === view.submittedAt ? null : (
          <div>
            <dt>{t("receipt.changedOn")}</dt>
            <dd>{when(view.updatedAt)}</dd>
          </div>
        )}
        <div>
          <dt>{t("receipt.form")}</dt>
          <dd>{t("receipt.formVersion", { number: view.formVersion ?? 1 })}</dd>
        </div>
      </dl>
      <h2>{t("receipt.sections")}</h2>
      <ul className="plain">
        {view.sections.map(({ section, state }) => (
          <li key={section}>
            <SectionTitle sections={view.asked} section={section} />{" "}
            <Status tone={state === "submitted" || state === "verified" ? "good" : "wait"}>
              {t(`sectionState.${state}`)}
            </Status>
          </li>
        ))}
      </ul>
      {asked.length === 0 ? null : (
        <>
          <h2>{t("receipt.visits")}</h2>
          <ul className="plain">
            {asked.map((visit) => (
              <li key={visit.visitId}>
                <Text en={visit.titleEn} zh={visit.titleZh} /> <SeatState visit={visit} />
              </li>
            ))}
          </ul>
        </>
      )}
      {view.byAssistant || view.answers.contact.email === "" ? null : (
        <p>{t("receipt.mail", { email: view.answers.contact.email })}</p>
      )}
      <p className="buttons no-print">
        <a className="button" href={view.byAssistant ? paths.registration(token) : paths.programme(token)}>
          {view.byAssistant ? t("step.all") : t("receipt.programme")}
        </a>
        <a className="button quiet" href={paths.registrationReview(token)}>
          {t("receipt.answers")}
        </a>
      </p>
    </DelegateSheet>
  );
}
