import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { LongTextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  CHANGE_ACT,
  type ChangeRequestView,
  changeRequests,
  decideChange,
  type WishedChange,
} from "../../domain/registration/change-requests.server.ts";
import type { OwnValue } from "../../domain/registration/own-answers.ts";
import { decisionForm } from "../../domain/registration-form/form.ts";
import { formTargets } from "../../domain/registration-form/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import { FIELD_LABELS, inWords, isField, ownInWords, partLabel } from "../delegate/registration-fields.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "changes.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, CHANGE_ACT);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    ...changeRequests(ctx),
    visits: formTargets(ctx).visits,
  };
}

type Answer = { requestId: string; form: FormState; problem: "gone" | "invalid" | null };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, CHANGE_ACT);
  const formData = await args.request.formData();
  const parsed = parseForm(decisionForm, formData);
  if (!parsed.ok)
    return data<Answer>(
      { requestId: String(formData.get("request") ?? ""), form: parsed.form, problem: null },
      { status: 422 },
    );
  const { request: requestId, decision, word } = parsed.value;
  const decided = await decideChange(ctx, { requestId, accept: decision === "accept", word });
  if (decided.ok)
    throw redirect(
      `${paths.changes(edition.slug)}?done=${decision === "accept" ? "accepted" : "refused"}`,
      303,
    );
  // Not there, and not yours: the same. Only who may see it learns that it was answered meanwhile.
  const { open, decided: answered } = changeRequests(ctx);
  if (![...open, ...answered].some(({ id }) => id === requestId)) throw notFound();
  const problem = decided.refusal === "gone" ? "gone" : "invalid";
  return data<Answer>({ requestId, form: { values: { word }, errors: {} }, problem }, { status: 409 });
}

export default function LateChanges() {
  const { open, decided, timeZone } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const asked = useSearchParams()[0].get("done");
  const t = useT();
  const locale = useLocale();
  const done = outcome === undefined && (asked === "accepted" || asked === "refused") ? asked : null;
  return (
    <>
      <WorkHeading>{t("changes.title")}</WorkHeading>
      {done === null ? null : (
        <Notice tone="good">
          <p>{t(`changes.done.${done}`)}</p>
        </Notice>
      )}
      {outcome === undefined || outcome.problem === null ? null : (
        <Notice tone="stop">
          <p>{t(`changes.${outcome.problem}`)}</p>
        </Notice>
      )}
      <p className="readable">{t("changes.intro")}</p>
      <h2>{t("changes.open")}</h2>
      {open.length === 0 ? <p className="muted">{t("changes.none")}</p> : null}
      {open.map((request) => (
        <Wish
          key={request.id}
          request={request}
          form={outcome?.requestId === request.id ? outcome.form : emptyForm}
        />
      ))}
      {decided.length === 0 ? null : (
        <section aria-labelledby="decided">
          <h2 id="decided">{t("changes.decided")}</h2>
          <ul className="plain">
            {decided.map((request) => (
              <li key={request.id}>
                <BothNames person={request} />{" "}
                <Status tone={request.state === "accepted" ? "good" : undefined}>
                  {t(`changeState.${request.state}`)}
                </Status>
                <span className="second-line small muted">
                  {request.decidedAt === null ? null : deskMoment(request.decidedAt, timeZone, locale)}
                </span>
                {request.word === "" ? null : <span className="second-line as-typed">{request.word}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Wish({ request, form }: { request: ChangeRequestView; form: FormState }) {
  const { slug, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const name = request.nameLatin || request.nameNative;
  return (
    <section className="panel" aria-labelledby={`w-${request.id}`}>
      <h3 id={`w-${request.id}`}>
        <a href={paths.person(slug, request.invitationId)}>
          <BothNames person={request} />
        </a>
      </h3>
      <p className="muted">{t("changes.askedOn", { when: deskMoment(request.askedAt, timeZone, locale) })}</p>
      {request.note === "" ? null : <p className="as-typed">{request.note}</p>}
      {request.changes.length === 0 ? null : (
        <TableFrame label={t("changes.title")}>
          <table className="fit questions">
            <thead>
              <tr>
                <th scope="col">{t("changes.field")}</th>
                <th scope="col">{t("changes.before")}</th>
                <th scope="col">{t("changes.after")}</th>
              </tr>
            </thead>
            <tbody>
              {request.changes.map((change) => (
                <Change key={change.field} change={change} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {request.hidden === 0 ? null : <p className="note">{t("changes.hidden", { count: request.hidden })}</p>}
      <form method="post">
        <input type="hidden" name="request" value={request.id} />
        <LongTextField form={form} name="word" label={t("changes.word")} rows={2} maxLength={500} />
        <Toolbar>
          <button
            className="button"
            type="submit"
            name="decision"
            value="accept"
            aria-label={t("changes.acceptOf", { name })}
          >
            {t("changes.accept")}
          </button>
          <button
            className="button quiet"
            type="submit"
            name="decision"
            value="refuse"
            aria-label={t("changes.refuseOf", { name })}
          >
            {t("changes.refuse")}
          </button>
        </Toolbar>
      </form>
    </section>
  );
}

function Change({ change: { field, question, group, row, part, before, after } }: { change: WishedChange }) {
  const { visits } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const label =
    question !== null
      ? inLocale(question.label, locale).text
      : field.startsWith("consent_")
        ? t("section.consents")
        : isField(field)
          ? t(FIELD_LABELS[field])
          : field;
  const words = (value: OwnValue) => {
    if (value.length === 0) return "—";
    if (question !== null) return ownInWords(t, locale, question, value, part);
    if (field === "visitIds")
      return visits
        .filter(({ id }) => value.includes(id))
        .map((visit) => inLocale({ en: visit.titleEn, zh: visit.titleZh }, locale).text)
        .join(t("myProgramme.listSeparator"));
    if (field.startsWith("consent_")) return t("review.consentYes");
    return isField(field) ? inWords(t, locale, field, value) : String(value);
  };
  return (
    <tr>
      <th scope="row">
        {group === null || row === null
          ? null
          : `${t("own.row", { label: inLocale(group.label, locale).text, number: row + 1 })} · `}
        {label}
        {question === null || part === null ? null : (
          <span className="second-line small">{partLabel(t, question, part)}</span>
        )}
      </th>
      <td className="as-typed" suppressHydrationWarning>
        {words(before)}
      </td>
      <td className="as-typed" suppressHydrationWarning>
        {words(after)}
      </td>
    </tr>
  );
}
