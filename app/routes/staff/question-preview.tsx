import { LOCALES } from "#db/vocabulary.ts";
import { FieldsOf } from "../../components/fields.tsx";
import type { Question } from "../../domain/registration/definition.ts";
import { allParts } from "../../domain/registration/parts.ts";
import { LocaleProvider, useT } from "../../i18n/react.tsx";
import { htmlLang } from "../../i18n/translate.ts";
import { emptyForm } from "../../platform/form-state.ts";
import { OwnQuestions } from "../delegate/own-questions.tsx";

/** A question as its editor has it at this moment; what is only half typed counts as not there. */
export function questionAsTyped(question: Question, form: FormData): Question {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const number = (name: string) => (/^\d{1,6}$/.test(text(name)) ? Number(text(name)) : null);
  const day = (name: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text(name)) ? text(name) : null);
  const parts = form.getAll("parts");
  const options = [...form.keys()]
    .flatMap((name) => /^options\[(\d+)\]\.en$/.exec(name)?.[1] ?? [])
    .map((n) => ({ key: `o${n}`, label: { en: text(`options[${n}].en`), zh: text(`options[${n}].zh`) } }))
    .filter(({ label }) => label.en !== "" || label.zh !== "");
  return {
    ...question,
    label: { en: text("labelEn"), zh: text("labelZh") },
    help: { en: text("helpEn"), zh: text("helpZh") },
    required: form.has("required"),
    least: number("least"),
    most: number("most"),
    earliest: day("earliest"),
    latest: day("latest"),
    by: day("by"),
    pending: form.has("pending"),
    pendingBy: day("pendingBy"),
    left: allParts(question.type).flatMap(({ key, leavable }) =>
      leavable === true && !parts.includes(key) ? [key] : [],
    ),
    options,
  };
}

/** The question as delegates will meet it, in either language. It is not part of the form beside it. */
export function QuestionPreview({ question }: { question: Question }) {
  const t = useT();
  const asked = { ...question, key: "qpreview1", rows: [question.questions] };
  return (
    <section className="panel" aria-labelledby="live-preview">
      <h2 id="live-preview">{t("builder.livePreview")}</h2>
      <p className="help">{t("builder.livePreviewHelp")}</p>
      <div className="two-up">
        {LOCALES.map((locale) => (
          <fieldset key={locale} disabled className="registration" lang={htmlLang(locale)}>
            <legend>{t(`register.locale.${locale}`)}</legend>
            <LocaleProvider locale={locale}>
              <FieldsOf of={`preview-${locale}`}>
                <OwnQuestions questions={[asked]} form={emptyForm} files={{}} kept={{}} />
              </FieldsOf>
            </LocaleProvider>
          </fieldset>
        ))}
      </div>
    </section>
  );
}
