import type { ReactNode } from "react";
import { ChoiceField, LongTextField, SelectField, TextField, TickField } from "../../components/fields.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { COUNTRIES } from "../../domain/registration/countries.ts";
import { isStandard, type RowQuestion, rowName, type Words } from "../../domain/registration/definition.ts";
import type { AskedQuestion, AskedSection } from "../../domain/registration/queries.server.ts";
import { countryName } from "../../i18n/countries.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang } from "../../i18n/translate.ts";
import type { FormState } from "../../platform/form-state.ts";

/** Name of the box that takes a sealed answer away. */
const CLEAR = "clear:";

/** Which sealed answers are to go, as the form says. */
export function clearedIn(formData: FormData): Array<string> {
  return [...formData.keys()]
    .filter((name) => name.startsWith(CLEAR))
    .map((name) => name.slice(CLEAR.length));
}

/** What a section is called: the product's word, or the edition's own. */
export function SectionTitle({
  sections,
  section,
}: {
  sections: ReadonlyArray<Pick<AskedSection, "key" | "title">>;
  section: string;
}) {
  const t = useT();
  if (isStandard(section)) return t(`section.${section}`);
  const found = sections.find(({ key }) => key === section);
  return found === undefined ? null : <Text {...found.title} />;
}

type Shown = {
  form: FormState;
  /** Sealed answers that are there, by name. */
  kept: Readonly<Record<string, string>>;
};

/** What an edition asks besides the standard form, under the heading of its section. */
export function OwnQuestions({ questions, ...shown }: Shown & { questions: ReadonlyArray<AskedQuestion> }) {
  return questions.map((question) =>
    question.type === "group" ? (
      <Group key={question.key} question={question} {...shown} />
    ) : (
      <OwnQuestion key={question.key} name={question.key} question={question} {...shown} />
    ),
  );
}

function Group({ question, ...shown }: Shown & { question: AskedQuestion }) {
  const t = useT();
  const locale = useLocale();
  const label = inLocale(question.label, locale);
  const lang = label.locale === locale ? undefined : htmlLang(label.locale);
  return (
    <fieldset className="group-rows">
      <legend lang={lang}>{label.text}</legend>
      <Help words={question.help} />
      {question.rows.map((row, index) => {
        const title = t("own.row", { label: label.text, number: index + 1 });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place alone
          <fieldset className="group-row" key={index}>
            <legend className="small" lang={lang}>
              {title}
            </legend>
            {row.map((each) => (
              <OwnQuestion
                key={each.key}
                name={rowName(question.key, index, each.key)}
                question={each}
                {...shown}
              />
            ))}
          </fieldset>
        );
      })}
      <p className="help">{t("own.anotherRow")}</p>
    </fieldset>
  );
}

function Help({ words }: { words: Words }) {
  return words.en === "" && words.zh === "" ? null : (
    <p className="help">
      <Text {...words} />
    </p>
  );
}

function OwnQuestion({ name, question, form, kept }: Shown & { name: string; question: RowQuestion }) {
  const t = useT();
  const locale = useLocale();
  const { type, required, options } = question;
  const last = kept[name];
  const isKept = last !== undefined;
  const own = question.help.en === "" && question.help.zh === "" ? null : <Text {...question.help} />;
  const note = !isKept ? null : last === "" ? t("own.kept") : t("own.keptLast", { last });
  const help: ReactNode =
    own === null && note === null ? undefined : (
      <>
        {own} {note}
      </>
    );
  const field = { form, name, label: <Text {...question.label} />, help, required: required && !isKept };
  const words = (text: Words) => {
    const found = inLocale(text, locale);
    return {
      label: found.text,
      ...(found.locale === locale ? {} : { lang: htmlLang(found.locale) }),
    };
  };
  const clear = isKept ? <TickField form={form} name={CLEAR + name} label={t("own.clear")} /> : null;
  const asked = () => {
    switch (type) {
      case "heading":
        return (
          <h3>
            <Text {...question.label} />
          </h3>
        );
      case "note":
        return (
          <p className="note">
            <Text {...question.label} />
          </p>
        );
      case "long_text":
        return <LongTextField {...field} rows={3} />;
      case "yes_no":
        return (
          <ChoiceField
            {...field}
            type="radio"
            options={[
              { value: "yes", label: t("common.yes") },
              { value: "no", label: t("common.no") },
            ]}
          />
        );
      case "choice":
        return options.length > 7 ? (
          <SelectField
            {...field}
            blank={t("own.blank")}
            options={options.map((option) => ({ value: option.key, ...words(option.label) }))}
          />
        ) : (
          <ChoiceField
            {...field}
            type="radio"
            options={options.map((option) => ({ value: option.key, ...words(option.label) }))}
          />
        );
      case "choices":
        return (
          <ChoiceField
            {...field}
            type="checkbox"
            options={options.map((option) => ({ value: option.key, ...words(option.label) }))}
          />
        );
      case "country":
        return (
          <SelectField
            {...field}
            blank={t("own.blank")}
            options={COUNTRIES.map((code) => ({
              value: code,
              label: countryName(code, locale),
              ofPlatform: true,
            })).sort((a, b) => a.label.localeCompare(b.label, locale))}
          />
        );
      case "consent":
        return <TickField {...field} />;
      case "date":
        return <TextField {...field} type="date" narrow />;
      case "number":
        return <TextField {...field} inputMode="numeric" narrow />;
      case "phone":
        return <TextField {...field} inputMode="tel" />;
      case "email":
        return <TextField {...field} inputMode="email" />;
      default:
        return <TextField {...field} />;
    }
  };
  return (
    <>
      {asked()}
      {clear}
    </>
  );
}
