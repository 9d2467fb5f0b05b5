import { isRouteErrorResponse, useRouteError } from "@remix-run/react";
import { ErrorPage } from "../../components/error-page.tsx";
import { Mark } from "../../components/page.tsx";
import { LocaleProvider, useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import type { FormState } from "../../platform/form-state.ts";
import { isKeptForm, type KeptForm } from "../../platform/kept-form.ts";
import { FIELD_LABELS, inWords, isField } from "./registration-fields.ts";

/** Instead of a bare "not there": brings back what was typed when link or code were no longer good. */
export function KeptBoundary() {
  const error = useRouteError();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const kept: unknown = isRouteErrorResponse(error) ? error.data : null;
  return isKeptForm(kept) ? (
    <LocaleProvider locale={kept.locale}>
      <KeptPage form={kept} />
    </LocaleProvider>
  ) : (
    <ErrorPage status={status} />
  );
}

function KeptPage({ form: { kept, sealed, token } }: { form: KeptForm }) {
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <header className="letterhead">
        <Mark />
        <div>
          <strong>{t("common.product")}</strong>
        </div>
      </header>
      <main className="sheet" id="content" lang={htmlLang(locale)}>
        <h1>{t("kept.title")}</h1>
        {sealed === null ? (
          <>
            <p>{t("kept.linkDead")}</p>
            <Typed kept={kept} />
          </>
        ) : (
          <>
            <p>{t("kept.codeNeeded")}</p>
            <form
              method="post"
              action={`${paths.code(token)}?${new URLSearchParams({ to: paths.registration(token), lang: locale })}`}
            >
              <input type="hidden" name="intent" value="send" />
              <input type="hidden" name="kept" value={sealed} />
              <button className="button" type="submit">
                {t("code.send")}
              </button>
            </form>
            <Typed kept={kept} />
          </>
        )}
      </main>
    </>
  );
}

/** Names of parts of the page that hold no answer. */
const NO_ANSWERS: ReadonlySet<string> = new Set(["intent", "revision", "mark", "pageLocale"]);

/** The same of a form that is shown no more. */
export function TypedInForm({ values }: Pick<FormState, "values">) {
  return (
    <Typed
      kept={Object.entries(values).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] as const] : value.map((text) => [name, text] as const),
      )}
    />
  );
}

/** What was typed, to be looked at and copied: it came from this very browser a moment ago. */
function Typed({ kept }: { kept: KeptForm["kept"] }) {
  const t = useT();
  const locale = useLocale();
  const lines = kept
    .filter(([name, text]) => text !== "" && !NO_ANSWERS.has(name))
    .map(([name, text]) => {
      if (name.startsWith("consent_")) return `${t("section.consents")}: ${t("review.consentYes")}`;
      const label = isField(name) ? t(FIELD_LABELS[name]) : t("kept.own");
      return `${label}: ${isField(name) ? inWords(t, locale, name, text) : text}`;
    });
  if (lines.length === 0) return null;
  return (
    <label className="field">
      <span className="label">{t("kept.typed")}</span>
      <textarea readOnly rows={Math.min(lines.length + 1, 24)} defaultValue={lines.join("\n")} />
    </label>
  );
}
