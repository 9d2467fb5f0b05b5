import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useState } from "react";
import { FIELD_TYPES, type FieldType } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import {
  ChoiceField,
  ErrorSummary,
  LongTextField,
  SelectField,
  TextField,
  TickField,
} from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  ASKED_CLASSES,
  asksSomething,
  NO_WORDS,
  PLAIN_QUESTION,
  type Question,
  TESTS,
} from "../../domain/registration/definition.ts";
import { allParts } from "../../domain/registration/parts.ts";
import { changeForm } from "../../domain/registration-form/commands.server.ts";
import { questionForm } from "../../domain/registration-form/form.ts";
import { formInBuilder, formTargets } from "../../domain/registration-form/queries.server.ts";
import {
  addQuestion,
  changeQuestion,
  findQuestion,
  MOST_OPTIONS,
  questionsAbove,
  termRows,
} from "../../domain/registration-form/rules.ts";
import { FILE_KINDS } from "../../domain/upload/rules.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { newPartKey } from "../../platform/crypto.server.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import { partLabel } from "../delegate/registration-fields.ts";
import { nameOfSection, termFields } from "./form-words.ts";
import { QuestionPreview, questionAsTyped } from "./question-preview.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "builder.question.change") },
];

const NEW: Omit<Question, "type"> = {
  ...PLAIN_QUESTION,
  key: "",
  label: NO_WORDS,
  questions: [],
};

/** `new` needs to know where, and, once chosen, of which kind. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const builder = formInBuilder(ctx);
  const { definition, revision } = builder;
  const base = {
    locale,
    slug: edition.slug,
    revision,
    sections: definition.sections.map(({ key, title }) => ({ key, title })),
    visits: formTargets(ctx).visits,
  };
  const key = args.params.question ?? "";
  if (key !== "new") {
    const found = findQuestion(definition, key);
    if (found === null) throw notFound();
    return {
      ...base,
      question: found.question,
      sectionKey: found.section.key,
      groupKey: found.group?.key ?? null,
      above: questionsAbove(definition, key),
    };
  }
  const query = new URL(args.request.url).searchParams;
  const section = definition.sections.find((each) => each.key === query.get("in"));
  if (section === undefined) throw notFound();
  const groupKey = query.get("group");
  if (groupKey !== null && findQuestion(definition, groupKey)?.question.type !== "group") throw notFound();
  const type = FIELD_TYPES.find((each) => each === query.get("type")) ?? null;
  const inGroup = groupKey === null ? null : findQuestion(definition, groupKey);
  return {
    ...base,
    question: type === null ? null : { ...NEW, type },
    sectionKey: section.key,
    groupKey,
    above: [
      ...questionsAbove(definition, groupKey ?? nextKey(definition, section.key)),
      ...(inGroup?.question.questions ?? []),
    ],
  };
}

/** The first question below a section: what is new there may look at all above it. */
function nextKey(definition: Parameters<typeof questionsAbove>[0], sectionKey: string): string | null {
  const at = definition.sections.findIndex(({ key }) => key === sectionKey);
  return definition.sections.slice(at + 1).flatMap(({ questions }) => questions)[0]?.key ?? null;
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const formData = await args.request.formData();
  const parsed = parseForm(
    questionForm(() => newPartKey("o")),
    formData,
  );
  if (!parsed.ok) return data({ changed: false, form: parsed.form }, { status: 422 });
  const { revision, type, facts, section } = parsed.value;
  const key = args.params.question ?? "";
  const query = new URL(args.request.url).searchParams;
  const edit =
    key === "new"
      ? addQuestion(query.get("in") ?? "", query.get("group"), {
          key: newPartKey("q"),
          type,
          ...facts,
          questions: [],
        })
      : changeQuestion(key, facts, section);
  const changed = await changeForm(ctx, { seen: revision, edit });
  if (changed.ok) throw redirect(`${paths.form(edition.slug)}?done=question`, 303);
  if (changed.refusal === "noSuchPart") throw notFound();
  return data(
    { changed: true, form: { values: typedValues(formData), errors: {} } satisfies FormState },
    { status: 409 },
  );
}

const SPARE_OPTIONS = 4;

function formOf(question: Question): FormState {
  const { type, label, help, required, dataClass, condition, options, least, most } = question;
  return {
    values: {
      labelEn: label.en,
      labelZh: label.zh,
      helpEn: help.en,
      helpZh: help.zh,
      required: required ? "on" : "",
      dataClass,
      least: least === null ? "" : String(least),
      most: most === null ? "" : String(most),
      earliest: question.earliest ?? "",
      latest: question.latest ?? "",
      by: question.by ?? "",
      pending: question.pending ? "on" : "",
      pendingBy: question.pendingBy ?? "",
      accepts: question.accepts,
      parts: allParts(type).flatMap(({ key, leavable }) =>
        leavable === true && !question.left.includes(key) ? [key] : [],
      ),
      join: condition?.join ?? "and",
      ...Object.fromEntries(
        options.flatMap((option, n) => [
          [`options[${n}].key`, option.key],
          [`options[${n}].en`, option.label.en],
          [`options[${n}].zh`, option.label.zh],
        ]),
      ),
      ...Object.fromEntries(
        (condition?.terms ?? []).flatMap((term, n) => [
          [`terms[${n}].field`, term.field],
          [`terms[${n}].test`, term.test],
          [`terms[${n}].value`, term.value],
        ]),
      ),
    },
    errors: {},
  };
}

export default function FormQuestionPage() {
  const { slug, question } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const heading =
    question === null || question.key === "" ? t("builder.question.new") : t("builder.question.change");
  return (
    <>
      <WorkHeading actions={<a href={paths.form(slug)}>{t("builder.back")}</a>}>
        {question === null
          ? heading
          : t("builder.heading", { what: heading, name: t(`fieldType.${question.type}`) })}
      </WorkHeading>
      {outcome?.changed === true ? (
        <Notice tone="stop">
          <p>{t("builder.changed")}</p>
        </Notice>
      ) : null}
      {question === null ? <ChooseType /> : <Editor question={question} sent={outcome?.form ?? null} />}
    </>
  );
}

function ChooseType() {
  const { sectionKey, groupKey } = useLoaderData<typeof loader>();
  const t = useT();
  const types = FIELD_TYPES.filter((type) => groupKey === null || type !== "group");
  return (
    <form method="get" className="panel">
      <input type="hidden" name="in" value={sectionKey} />
      {groupKey === null ? null : <input type="hidden" name="group" value={groupKey} />}
      <ChoiceField
        form={emptyForm}
        name="type"
        type="radio"
        label={t("builder.question.type")}
        required
        options={types.map((value) => ({ value, label: t(`fieldType.${value}`) }))}
      />
      <button className="button" type="submit">
        {t("builder.question.next")}
      </button>
    </form>
  );
}

const LIMITED: Readonly<Partial<Record<FieldType, { least: LeastWord | null; most: MostWord }>>> = {
  number: { least: "least", most: "most" },
  text: { least: "leastText", most: "mostText" },
  long_text: { least: "leastText", most: "mostText" },
  choices: { least: "leastChoices", most: "mostChoices" },
  group: { least: null, most: "mostRows" },
  file: { least: null, most: "mostFile" },
  portrait: { least: null, most: "mostFile" },
};
type LeastWord = "least" | "leastText" | "leastChoices";
type MostWord = "most" | "mostText" | "mostChoices" | "mostRows" | "mostFile";

/** Kinds whose answer is a day, or holds some. */
const DATED: ReadonlyArray<FieldType> = ["date", "date_time", "hotel_nights", "leg"];

function Editor({ question, sent }: { question: Question; sent: FormState | null }) {
  const { revision, sections, sectionKey, groupKey } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { type } = question;
  const [shown, setShown] = useState(question);
  const form = sent ?? formOf(question);
  const asks = asksSomething(type);
  const limit = LIMITED[type];
  const long = type === "note" || type === "consent" || type === "signature";
  const leavable = allParts(type).filter((part) => part.leavable === true);
  const Words = long ? LongTextField : TextField;
  return (
    <>
      <ErrorSummary
        form={form}
        labels={{
          labelEn: t("builder.question.labelEn"),
          labelZh: t("builder.question.labelZh"),
          helpEn: t("builder.question.helpEn"),
          helpZh: t("builder.question.helpZh"),
          least: t(`builder.question.${limit?.least ?? "least"}`),
          most: t(`builder.question.${limit?.most ?? "most"}`),
          earliest: t("builder.question.earliest"),
          latest: t("builder.question.latest"),
          by: t("builder.question.by"),
          pendingBy: t("builder.question.pendingBy"),
          options: t("builder.question.options"),
        }}
      />
      <form
        method="post"
        className="panel"
        onInput={(event) => setShown(questionAsTyped(question, new FormData(event.currentTarget)))}
      >
        <input type="hidden" name="revision" value={revision} />
        <input type="hidden" name="type" value={type} />
        <p className="help">
          {t(type === "consent" ? "builder.question.consentHelp" : "builder.question.labelHelp")}
        </p>
        <div className="pair even">
          <Words
            form={form}
            name="labelEn"
            label={t("builder.question.labelEn")}
            lang="en"
            required
            maxLength={500}
          />
          <Words
            form={form}
            name="labelZh"
            label={t("builder.question.labelZh")}
            lang={htmlLang("zh-CN")}
            required
            maxLength={500}
          />
        </div>
        {asks ? (
          <div className="pair even">
            <LongTextField
              form={form}
              name="helpEn"
              label={t("builder.question.helpEn")}
              lang="en"
              rows={2}
            />
            <LongTextField
              form={form}
              name="helpZh"
              label={t("builder.question.helpZh")}
              lang={htmlLang("zh-CN")}
              rows={2}
            />
          </div>
        ) : null}
        {type === "choice" || type === "choices" ? (
          <Options form={form} count={question.options.length} />
        ) : null}
        {limit === undefined ? null : (
          <div className="pair even">
            {limit.least === null ? null : (
              <TextField
                form={form}
                name="least"
                label={t(`builder.question.${limit.least}`)}
                inputMode="numeric"
                narrow
              />
            )}
            <TextField
              form={form}
              name="most"
              label={t(`builder.question.${limit.most}`)}
              inputMode="numeric"
              narrow
            />
          </div>
        )}
        {DATED.includes(type) ? (
          <div className="pair even">
            <TextField
              form={form}
              name="earliest"
              type="date"
              label={t("builder.question.earliest")}
              narrow
            />
            <TextField form={form} name="latest" type="date" label={t("builder.question.latest")} narrow />
          </div>
        ) : null}
        {type === "file" ? (
          <ChoiceField
            form={form}
            name="accepts"
            type="checkbox"
            label={t("builder.question.accepts")}
            options={FILE_KINDS.map((value) => ({ value, label: t(`fileKind.${value}`) }))}
          />
        ) : null}
        {leavable.length === 0 ? null : (
          <ChoiceField
            form={form}
            name="parts"
            type="checkbox"
            label={t("builder.question.parts")}
            help={t("builder.question.partsHelp")}
            options={leavable.map(({ key }) => ({ value: key, label: partLabel(t, question, key) }))}
          />
        )}
        {asks ? <TickField form={form} name="required" label={t("builder.question.required")} /> : null}
        {asks && type !== "group" && type !== "consent" ? (
          <>
            <TextField
              form={form}
              name="by"
              type="date"
              label={t("builder.question.by")}
              help={t("builder.question.byHelp")}
              narrow
            />
            <div className="pair even">
              <TickField form={form} name="pending" label={t("builder.question.pending")} />
              <TextField
                form={form}
                name="pendingBy"
                type="date"
                label={t("builder.question.pendingBy")}
                narrow
              />
            </div>
          </>
        ) : null}
        {asks && type !== "group" && type !== "consent" && type !== "passport" ? (
          <SelectField
            form={form}
            name="dataClass"
            label={t("builder.question.class")}
            required
            options={ASKED_CLASSES.map((value) => ({ value, label: t(`builder.class.${value}`) }))}
          />
        ) : null}
        {question.key === "" || groupKey !== null ? null : (
          <SelectField
            form={{ values: { section: sectionKey }, errors: {} }}
            name="section"
            label={t("builder.question.section")}
            required
            options={sections.map((section) => ({
              value: section.key,
              label: nameOfSection(t, locale, section),
            }))}
          />
        )}
        <Terms form={form} rows={termRows(question.condition)} />
        <Toolbar>
          <button className="button" type="submit">
            {t("builder.save")}
          </button>
        </Toolbar>
      </form>
      <QuestionPreview question={shown} />
    </>
  );
}

function Options({ form, count }: { form: FormState; count: number }) {
  const t = useT();
  const typed = Object.keys(form.values).filter((name) => /^options\[\d+\]\.en$/.test(name)).length;
  const rows = Math.min(Math.max(count, typed - SPARE_OPTIONS) + SPARE_OPTIONS, MOST_OPTIONS);
  return (
    <fieldset>
      <legend>{t("builder.question.options")}</legend>
      <p className="help">{t("builder.question.optionsHelp")}</p>
      {Array.from({ length: rows }, (_, n) => {
        const key = form.values[`options[${n}].key`];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a choice is known by its place alone
          <div className="pair even" key={n}>
            {typeof key === "string" && key !== "" ? (
              <input type="hidden" name={`options[${n}].key`} value={key} />
            ) : null}
            <TextField
              form={form}
              name={`options[${n}].en`}
              label={t("builder.question.optionEn", { number: n + 1 })}
              lang="en"
              maxLength={200}
            />
            <TextField
              form={form}
              name={`options[${n}].zh`}
              label={t("builder.question.optionZh", { number: n + 1 })}
              lang={htmlLang("zh-CN")}
              maxLength={200}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

/** What the question depends on: which other one, how compared, with which answer. */
function Terms({ form, rows }: { form: FormState; rows: number }) {
  const { above, visits } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const fields = termFields(t, locale, { above, visits });
  return (
    <fieldset>
      <legend>{t("builder.question.condition")}</legend>
      <p className="help">{t("builder.question.conditionHelp")}</p>
      {Array.from({ length: rows }, (_, n) => {
        const chosen = form.values[`terms[${n}].value`];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a term is known by its place alone
          <div className="filters" key={n}>
            <SelectField
              form={form}
              name={`terms[${n}].field`}
              label={t("builder.question.term", { number: n + 1 })}
              required
              blank={t("builder.question.nothing")}
              options={fields.map(({ field, label }) => ({ value: field, label }))}
            />
            <SelectField
              form={form}
              name={`terms[${n}].test`}
              label={t("builder.question.test", { number: n + 1 })}
              required
              options={TESTS.map((value) => ({ value, label: t(`builder.test.${value}`) }))}
            />
            <label className="field">
              <span className="label">{t("builder.question.value", { number: n + 1 })}</span>
              <select name={`terms[${n}].value`} defaultValue={typeof chosen === "string" ? chosen : ""}>
                <option value="">{t("builder.question.nothing")}</option>
                {fields
                  .filter(({ values }) => values.length > 0)
                  .map(({ field, label, values }) => (
                    <optgroup key={field} label={label}>
                      {values.map(({ value, label: words }) => (
                        // Names of countries are the platform's, and may differ between server and browser.
                        <option key={value} value={value} suppressHydrationWarning>
                          {words}
                        </option>
                      ))}
                    </optgroup>
                  ))}
              </select>
            </label>
          </div>
        );
      })}
      <ChoiceField
        form={form}
        name="join"
        type="radio"
        label={t("builder.question.join")}
        required
        options={(["and", "or"] as const).map((value) => ({
          value,
          label: t(`builder.question.join.${value}`),
        }))}
      />
    </fieldset>
  );
}
