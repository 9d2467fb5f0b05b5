import { useSearchParams } from "@remix-run/react";
import { Notice } from "../../components/page.tsx";
import { inLocale } from "../../components/text.tsx";
import { namesOf } from "../../domain/registration/own-answers.ts";
import type { AskedSection, RegistrationForm } from "../../domain/registration/queries.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import type { FormState } from "../../platform/form-state.ts";
import { SectionTitle } from "./own-questions.tsx";
import { useBothZones } from "./parts.tsx";
import { allLabels, asForm, inWords, isField, ownInWords } from "./registration-fields.ts";

/* What the page with the whole form and those with one section have in common. */

/** In which language the page was: what is brought back when the link leads nowhere any more is in that one. */
export function PageLocale() {
  return <input type="hidden" name="pageLocale" value={useLocale()} />;
}

/** What the page says of answers that came in, unless there is something else to say. */
export const TAKEN: {
  refused: boolean;
  stored: boolean;
  changed: boolean;
  asked: Array<AskedSection> | null;
} = {
  refused: false,
  stored: false,
  changed: false,
  asked: null,
};

export const LONGEST_NOTE = 500;

/** How a page says what came of a wish. */
export function lateWord({ asked, saved }: { asked: boolean; saved: boolean }): "both" | "asked" | "nothing" {
  if (asked) return saved ? "both" : "asked";
  return "nothing";
}

/** What somebody says to the secretariat with a wish. */
export function noteIn(formData: FormData): string {
  const text = formData.get("lateNote");
  return typeof text === "string"
    ? text
        .replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, " ")
        .trim()
        .slice(0, LONGEST_NOTE)
    : "";
}

/** Which revision the page showed. Nothing where it does not say: forms of before, and those who fill in by hand. */
export function seenIn(formData: FormData): number | undefined {
  const text = formData.get("revision");
  return typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** After the deadline, or that of some sections: what a change is then, and how it stands with the newest wish. */
export function Late({ view, timeZone }: { view: RegistrationForm; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  const late = useSearchParams()[0].get("late");
  const when = (at: number | null) => (at === null ? "" : moment(at, timeZone, locale));
  const since = useBothZones(view);
  const { request, bound } = view;
  const inPart = view.closed === null;
  const closedSections = view.sections.filter(({ section }) => bound[section] !== undefined);
  if (inPart && closedSections.length === 0) return null;
  return (
    <>
      {late === "asked" || late === "both" || late === "nothing" ? (
        <Notice tone={late === "nothing" ? "wait" : "good"}>
          <p>{t(`late.${late}`)}</p>
        </Notice>
      ) : null}
      <p>{t(inPart ? "late.explainSections" : "late.explain")}</p>
      {inPart ? (
        <ul>
          {closedSections.map(({ section }) => (
            <li key={section}>
              <SectionTitle sections={view.asked} section={section} />{" "}
              <span className="small muted">{t("late.since", { when: since(bound[section] ?? 0) })}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {request === null || request.state === "replaced" ? null : (
        <Notice tone={request.state === "accepted" ? "good" : "wait"}>
          <p>
            {request.state === "open"
              ? t("late.open", { when: when(request.askedAt) })
              : t(`late.${request.state}`, { when: when(request.decidedAt) })}
          </p>
          {request.word === "" ? null : <p className="as-typed">{request.word}</p>}
        </Notice>
      )}
    </>
  );
}

/** What was stored while the page was open, beside what was typed here. */
export function Meanwhile({
  view,
  asked,
  form,
  here,
}: {
  view: RegistrationForm;
  asked: ReadonlyArray<AskedSection>;
  form: FormState;
  /** The page's own address: opened anew it shows what is stored. */
  here: string;
}) {
  const t = useT();
  const locale = useLocale();
  const labels = allLabels(t, locale, asked);
  const own = new Map(
    asked
      .flatMap(({ questions }) => questions.flatMap((each) => [...namesOf(each)]))
      .map((each) => [each.name, each]),
  );
  const inText = (field: string, value: FormState["values"][string] | undefined) => {
    if (value === undefined || value.length === 0) return "—";
    const answer = own.get(field);
    if (answer !== undefined) return ownInWords(t, locale, answer.question, value, answer.part);
    const visits = view.visits.filter(({ visitId }) => value.includes(visitId));
    if (field === "visitIds")
      return visits
        .map((visit) => inLocale({ en: visit.titleEn, zh: visit.titleZh }, locale).text)
        .join(t("myProgramme.listSeparator"));
    if (field.startsWith("consent_")) return t("review.consentYes");
    return isField(field)
      ? inWords(t, locale, field, value)
      : typeof value === "string"
        ? value
        : value.join(" ");
  };
  const stored = asForm(view.answers, {}).values;
  const fields = [...new Set([...Object.keys(stored), ...Object.keys(form.values)])].filter(
    (field) => field in labels && String(stored[field] ?? "") !== String(form.values[field] ?? ""),
  );
  return (
    <Notice tone="stop">
      <p>{t("register.changed")}</p>
      {fields.length === 0 ? null : (
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">{t("register.changedField")}</th>
              <th scope="col">{t("register.changedThere")}</th>
              <th scope="col">{t("register.changedHere")}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field}>
                <th scope="row">{labels[field]}</th>
                <td>{inText(field, stored[field])}</td>
                <td>{inText(field, form.values[field])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        <a href={here}>{t("register.changedTake")}</a>
      </p>
    </Notice>
  );
}
