import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CONSENTS, type RegistrationSection } from "#db/vocabulary.ts";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { type Answers, standardValues } from "../../domain/registration/answers.ts";
import { submitRegistration } from "../../domain/registration/commands.server.ts";
import { isStandard } from "../../domain/registration/definition.ts";
import { namesOf } from "../../domain/registration/own-answers.ts";
import { type RegistrationForm, registrationForm } from "../../domain/registration/queries.server.ts";
import { moment, zonedRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { fileInWords } from "./own-files.tsx";
import { SectionTitle } from "./own-questions.tsx";
import { ClosedNotice, DelegateSheet, letterhead, useNames, usePhones } from "./parts.tsx";
import {
  contentLang,
  FIELD_LABELS,
  type FieldName,
  inWords,
  ownInWords,
  partLabel,
  sectionName,
} from "./registration-fields.ts";
import { Clashes, SeatState } from "./registration-visits.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "review.title") },
];

/** Everything as it will be sent. What is not complete goes back to the form. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args, { assistants: true });
  const form = registrationForm(ctx);
  if (form === null) throw notFound();
  const complete = form.state !== null && Object.keys(form.unfinished).length === 0 && !form.othersUnfinished;
  if (!complete && form.state !== "submitted") throw redirect(paths.registration(token), 303);
  return { locale, token, letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId), form };
}

/** Sends what has been saved. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await verifiedHolder(args, { assistants: true });
  const form = registrationForm(ctx);
  if (form === null) throw notFound();
  if (form.state === null) return redirect(paths.registration(token), 303);
  const sent = await submitRegistration(ctx, { answers: form.answers });
  if (sent.ok)
    return redirect(
      ctx.assistant === null ? `${paths.programme(token)}?sent` : paths.registrationReview(token),
      303,
    );
  if (sent.refusal === "gone") throw notFound();
  // Something changed between looking and sending (a visit was called off): the form says what.
  if (sent.refusal === "invalid") return redirect(paths.registration(token), 303);
  return data({ refused: true }, { status: 409 });
}

export default function RegistrationReviewPage() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const { form: view } = page;
  const { timeZone } = page.letterhead;
  const phones = usePhones(page.letterhead);
  const sent = view.state === "submitted";
  return (
    <DelegateSheet
      letterhead={page.letterhead}
      token={page.token}
      page="registration"
      isAssistant={view.byAssistant}
    >
      {outcome === undefined ? null : (
        <Notice tone="stop">
          <p>{t("register.refused")}</p>
        </Notice>
      )}
      <h1>{t("review.title")}</h1>
      {sent ? (
        <Notice tone="good">
          <p>
            {t("review.sent", {
              when: view.submittedAt === null ? "" : moment(view.submittedAt, timeZone, locale),
            })}{" "}
            <a href={paths.receipt(page.token)}>{t("receipt.link")}</a>
          </p>
        </Notice>
      ) : (
        <p>{t("review.intro")}</p>
      )}
      <Clashes view={view} />
      {view.remarks.map((remark) => (
        <Notice tone="wait" key={remark}>
          <p>{t(`register.remark.${remark}`)}</p>
        </Notice>
      ))}
      {view.sections.map(({ section, toCheck }) => (
        <section key={section} className="review-section" aria-labelledby={`r-${section}`}>
          <h2 id={`r-${section}`}>
            <SectionTitle sections={view.asked} section={section} />{" "}
            {view.closed === null ? (
              <a
                className="small no-print"
                href={paths.registrationSection(page.token, section)}
                aria-label={t("review.change", { section: sectionName(t, locale, view.asked, section) })}
              >
                {t("review.changeShort")}
              </a>
            ) : null}
          </h2>
          {toCheck && !sent ? (
            <p>
              <Status tone="wait">{t("step.toCheck")}</Status>
            </p>
          ) : null}
          {section === "visits" ? (
            <Visits view={view} timeZone={timeZone} />
          ) : section === "consents" ? (
            <Consents view={view} hosts={page.letterhead.hosts} />
          ) : isStandard(section) ? (
            <Given section={section} answers={view.answers} />
          ) : null}
          <OwnGiven section={section} view={view} />
        </section>
      ))}
      {view.closed === null ? (
        <form method="post">
          {sent ? null : (
            <>
              {view.byAssistant ? null : <p>{t("review.mailTo", { email: view.answers.contact.email })}</p>}
              {view.reply === "accepted" ? null : <p className="note">{t("register.acceptsToo")}</p>}
            </>
          )}
          <div className="buttons">
            <a className="button quiet" href={paths.registration(page.token)}>
              {t("review.back")}
            </a>
            {sent ? null : (
              <button className="button" type="submit">
                {t("review.send")}
              </button>
            )}
          </div>
        </form>
      ) : (
        <ClosedNotice>{t(`register.closed.${view.closed}`, { phones })}</ClosedNotice>
      )}
    </DelegateSheet>
  );
}

/** A section's answers in words; what was left empty is left out. */
function Given({ section, answers }: { section: RegistrationSection; answers: Answers }) {
  const t = useT();
  const locale = useLocale();
  const fields = Object.entries(standardValues(answers)).filter(
    (entry): entry is [FieldName, (typeof entry)[1]] =>
      Object.hasOwn(answers[section], entry[0]) && entry[1].length > 0,
  );
  if (fields.length === 0) return <p className="muted">{t("review.empty")}</p>;
  return (
    <dl className="given-answers">
      {fields.map(([field, value]) => (
        <div key={field}>
          <dt>{t(FIELD_LABELS[field])}</dt>
          <dd lang={contentLang(field)}>{inWords(t, locale, field, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Own answers of a section in words; sealed ones are only said to be there. */
function OwnGiven({ section, view }: { section: string; view: RegistrationForm }) {
  const t = useT();
  const locale = useLocale();
  const questions = view.asked.find(({ key }) => key === section)?.questions ?? [];
  const given = questions.flatMap((question) =>
    [...namesOf(question)].flatMap((answer) => {
      const { name, part } = answer;
      const value = view.answers.own[name];
      const last = view.kept[name];
      const text =
        typeof value === "string" && view.files[value] !== undefined
          ? fileInWords(t, view.files[value])
          : value !== undefined
            ? ownInWords(t, locale, answer.question, value, part)
            : last === undefined
              ? null
              : last === ""
                ? t("own.keptShort")
                : t("own.keptShortLast", { last });
      return text === null ? [] : [{ ...answer, of: answer.row === null ? null : question, text }];
    }),
  );
  if (given.length === 0) return isStandard(section) ? null : <p className="muted">{t("review.empty")}</p>;
  return (
    <dl className="given-answers">
      {given.map(({ name, question, of, row, part, text }) => (
        <div key={name}>
          <dt>
            {of === null || row === null ? null : (
              <>{t("own.row", { label: inLocale(of.label, locale).text, number: row + 1 })}: </>
            )}
            <Text {...question.label} />
            {part === null ? null : <span className="second-line small">{partLabel(t, question, part)}</span>}
          </dt>
          <dd className="as-typed" suppressHydrationWarning>
            {text}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Visits({ view, timeZone }: { view: RegistrationForm; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  const wished = view.visits.filter((visit) => view.answers.visits.visitIds.includes(visit.visitId));
  if (wished.length === 0) return <p>{t("review.noVisit")}</p>;
  return (
    <ul className="plain">
      {wished.map((visit) => (
        <li key={visit.visitId}>
          <Text en={visit.titleEn} zh={visit.titleZh} />
          <span className="second-line small muted">
            {zonedRange(visit.startsAt, visit.endsAt, timeZone, locale)}
          </span>
          <SeatState visit={visit} />
        </li>
      ))}
    </ul>
  );
}

function Consents({ view, hosts }: { view: RegistrationForm; hosts: Parameters<typeof useNames>[0] }) {
  const t = useT();
  const [own, ...rest] = hosts;
  const names = { side: useNames(own === undefined ? [] : [own]), others: useNames(rest) };
  return (
    <ul className="plain">
      {CONSENTS.map((kind) => {
        const given = view.answers.consents[`consent_${kind}`] === "on";
        return (
          <li key={kind}>
            <Status tone={given ? "good" : undefined}>
              {given ? t("review.consentYes") : t("review.consentNo")}
            </Status>
            <span className="second-line small">{t(`consent.${kind}`, names)}</span>
          </li>
        );
      })}
    </ul>
  );
}
