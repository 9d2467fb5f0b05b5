import { createContext, type ReactNode, useContext } from "react";
import {
  ChoiceField,
  LongTextField,
  SelectField,
  TextField,
  TickField,
  useFieldId,
} from "../../components/fields.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { LONGEST_LINE } from "../../domain/person/rules.ts";
import {
  isFile,
  isStandard,
  type RowQuestion,
  rowName,
  stemOf,
  type Words,
} from "../../domain/registration/definition.ts";
import { partName } from "../../domain/registration/own-answers.ts";
import { EXPECTED, PENDING, partsOf } from "../../domain/registration/parts.ts";
import type {
  AskedQuestion,
  AskedSection,
  RegistrationForm,
} from "../../domain/registration/queries.server.ts";
import { calendarDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, type Translate } from "../../i18n/translate.ts";
import type { FormState } from "../../platform/form-state.ts";
import { FileField } from "./own-files.tsx";
import { CountryField, Parts } from "./own-parts.tsx";
import { Sentences } from "./parts.tsx";

/** Name of the box that takes a sealed answer away. */
const CLEAR = "clear:";

/** Where a file of the holder's can be had; a preview has none. */
export const FileHref = createContext<(uploadId: string) => string | null>(() => null);

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

/** How a form is sent: with files in it only where it asks for some. */
export function encTypeOf(asked: ReadonlyArray<AskedSection>): "multipart/form-data" | undefined {
  const asksFile = asked.some(({ questions }) =>
    questions.some((question) => isFile(question) || question.questions.some(isFile)),
  );
  return asksFile ? "multipart/form-data" : undefined;
}

type Shown = {
  form: FormState;
  /** Files that were handed in, by id. */
  files: RegistrationForm["files"];
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

function OwnQuestion({ name, question, form, files, kept }: Shown & { name: string; question: RowQuestion }) {
  const t = useT();
  const locale = useLocale();
  const fileHref = useContext(FileHref);
  const id = useFieldId(name);
  const { type } = question;
  if (type === "heading")
    return (
      <h3>
        <Text {...question.label} />
      </h3>
    );
  if (type === "note")
    return (
      <p className="note">
        <Text {...question.label} />
      </p>
    );
  const isComposed = partsOf(question).length > 0;
  const keptParts = Object.keys(kept).filter((each) => stemOf(each) === name);
  const isKept = keptParts.length > 0;
  const last = keptParts.map((each) => kept[each] ?? "").find((each) => each !== "");
  const note = isKept ? (last === undefined ? t("own.kept") : t("own.keptLast", { last })) : null;
  const isNeeded = question.required && !isKept;
  const by =
    question.required && question.by !== null ? t("own.by", { day: calendarDay(question.by, locale) }) : null;
  const notes = [by, note, limitInWords(t, question)];
  const hasHelp = hasWords(question.help) || notes.some((each) => each !== null);
  const help = (
    <>
      {hasWords(question.help) ? <Text {...question.help} /> : null} <Sentences>{notes}</Sentences>
    </>
  );
  const field = {
    form,
    name,
    label: <Text {...question.label} />,
    help: hasHelp ? help : undefined,
    required: isNeeded && question.by === null,
  };
  const value = form.values[name];
  const stored = typeof value === "string" ? (files[value] ?? null) : null;
  return (
    <>
      {isFile(question) ? (
        <FileField
          {...field}
          question={question}
          isKept={isKept}
          stored={stored}
          href={stored === null ? null : fileHref(stored.id)}
        />
      ) : isComposed ? (
        <fieldset className="composed" id={id}>
          <legend>
            <Text {...question.label} />
          </legend>
          {hasHelp ? <p className="help">{help}</p> : null}
          <Parts question={question} name={name} form={form} required={field.required} />
        </fieldset>
      ) : (
        <Single question={question} field={field} />
      )}
      {question.pending ? <Pending question={question} name={name} form={form} /> : null}
      {isKept || stored !== null ? (
        <TickField form={form} name={CLEAR + name} label={t("own.clear")} />
      ) : null}
    </>
  );
}

function hasWords({ en, zh }: Words): boolean {
  return en !== "" || zh !== "";
}

/** How long a text may be, where the form says so: nobody likes to find out afterwards. */
function limitInWords(t: Translate, { type, least, most }: RowQuestion): string | null {
  if (type === "text" || type === "long_text") {
    if (least !== null) return t("own.limit.between", { least, most: most ?? LONGEST_LINE });
    return most === null || type === "text" ? null : t("own.limit.most", { most });
  }
  if (type === "choices" && most !== null) return t("own.limit.choices", { most });
  return null;
}

/** "Not there yet", where that is an answer. */
function Pending({ question, name, form }: { question: RowQuestion; name: string; form: FormState }) {
  const t = useT();
  const locale = useLocale();
  const isPassport = question.type === "passport";
  return (
    <>
      <TickField
        form={form}
        name={partName(name, PENDING)}
        label={t(isPassport ? "own.pendingPassport" : "own.pending")}
        help={
          question.pendingBy === null
            ? undefined
            : t("own.pendingBy", { day: calendarDay(question.pendingBy, locale) })
        }
      />
      {isPassport ? (
        <TextField
          form={form}
          name={partName(name, EXPECTED)}
          type="date"
          label={t("part.expectedOn")}
          narrow
        />
      ) : null}
    </>
  );
}

type Field = {
  form: FormState;
  name: string;
  label: ReactNode;
  help: ReactNode;
  required: boolean;
};

/** A question that is answered in one. */
function Single({ question, field }: { question: RowQuestion; field: Field }) {
  const t = useT();
  const locale = useLocale();
  const { type } = question;
  const options = question.options.map(({ key, label }) => {
    const found = inLocale(label, locale);
    return {
      value: key,
      label: found.text,
      ...(found.locale === locale ? {} : { lang: htmlLang(found.locale) }),
    };
  });
  switch (type) {
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
        <SelectField {...field} blank={t("own.blank")} options={options} />
      ) : (
        <ChoiceField {...field} type="radio" options={options} />
      );
    case "choices":
      return <ChoiceField {...field} type="checkbox" options={options} />;
    case "country":
      return <CountryField {...field} />;
    case "consent":
      return <TickField {...field} />;
    case "date":
      return (
        <TextField
          {...field}
          type="date"
          narrow
          min={question.earliest ?? undefined}
          max={question.latest ?? undefined}
        />
      );
    case "number":
      return <TextField {...field} inputMode="numeric" narrow />;
    case "phone":
      return <TextField {...field} inputMode="tel" />;
    case "email":
      return <TextField {...field} inputMode="email" />;
    default:
      return <TextField {...field} />;
  }
}
