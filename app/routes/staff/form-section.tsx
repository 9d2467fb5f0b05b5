import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CATEGORIES } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, LongTextField, TextField, TickField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { inLocale } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  EVERYBODY,
  type FormSection,
  isStandard,
  LEAVABLE,
  NO_WORDS,
} from "../../domain/registration/definition.ts";
import { changeForm } from "../../domain/registration-form/commands.server.ts";
import { sectionForm } from "../../domain/registration-form/form.ts";
import { formInBuilder, formTargets } from "../../domain/registration-form/queries.server.ts";
import { addSection, changeSection } from "../../domain/registration-form/rules.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { newPartKey } from "../../platform/crypto.server.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";
import { FIELD_LABELS, isField } from "../delegate/registration-fields.ts";
import { nameOfSection } from "./form-words.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "builder.section.change") },
];

const NEW: FormSection = {
  key: "",
  title: NO_WORDS,
  help: NO_WORDS,
  audience: EVERYBODY,
  deadline: null,
  left: [],
  questions: [],
};

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const builder = formInBuilder(ctx);
  const key = args.params.section;
  const section = key === "new" ? NEW : builder.definition.sections.find((each) => each.key === key);
  if (section === undefined) throw notFound();
  return { locale, slug: edition.slug, revision: builder.revision, section, targets: formTargets(ctx) };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const formData = await args.request.formData();
  const parsed = parseForm(sectionForm, formData);
  if (!parsed.ok) return data({ changed: false, form: parsed.form }, { status: 422 });
  const { revision, asked, title, help, audience, deadline } = parsed.value;
  const key = args.params.section ?? "";
  const leavable = isStandard(key) ? (LEAVABLE[key] ?? []) : [];
  const left = leavable.filter((field) => !asked.includes(field));
  const targets = formTargets(ctx);
  const facts = {
    title: isStandard(key) ? NO_WORDS : title,
    help,
    deadline,
    left,
    audience: {
      delegationIds: targets.delegations.flatMap(({ id }) =>
        audience.delegationIds.includes(id) ? [id] : [],
      ),
      categories: audience.categories,
      visitIds: targets.visits.flatMap(({ id }) => (audience.visitIds.includes(id) ? [id] : [])),
      joinsVisit: audience.joinsVisit,
      needsVisa: audience.needsVisa,
    },
  };
  const edit =
    key === "new"
      ? addSection({ key: newPartKey("s"), ...facts, questions: [] })
      : changeSection(key, isAlways(key) ? { ...facts, audience: EVERYBODY } : facts);
  const changed = await changeForm(ctx, { seen: revision, edit });
  if (changed.ok) throw redirect(`${paths.form(edition.slug)}?done=section`, 303);
  if (changed.refusal === "noSuchPart") throw notFound();
  return data(
    { changed: true, form: { values: typedValues(formData), errors: {} } satisfies FormState },
    { status: 409 },
  );
}

/** Sections that nobody can do without: who somebody is, how to reach them, what they agree to. */
function isAlways(key: string): boolean {
  return key === "name" || key === "post" || key === "contact" || key === "consents";
}

export default function FormSectionPage() {
  const { slug, revision, section, targets } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const standard = isStandard(section.key);
  const leavable = isStandard(section.key) ? (LEAVABLE[section.key] ?? []) : [];
  const form: FormState = outcome?.form ?? {
    values: {
      titleEn: section.title.en,
      titleZh: section.title.zh,
      helpEn: section.help.en,
      helpZh: section.help.zh,
      delegations: section.audience.delegationIds,
      categories: section.audience.categories,
      visits: section.audience.visitIds,
      joinsVisit: section.audience.joinsVisit ? "on" : "",
      needsVisa: section.audience.needsVisa ? "on" : "",
      deadline: section.deadline ?? "",
      asked: leavable.filter((field) => !section.left.includes(field)),
    },
    errors: {},
  };
  const heading =
    section.key === ""
      ? t("builder.section.new")
      : t("builder.heading", {
          what: t("builder.section.change"),
          name: nameOfSection(t, locale, section),
        });
  return (
    <>
      <WorkHeading actions={<a href={paths.form(slug)}>{t("builder.back")}</a>}>{heading}</WorkHeading>
      {outcome?.changed === true ? (
        <Notice tone="stop">
          <p>{t("builder.changed")}</p>
        </Notice>
      ) : null}
      <ErrorSummary
        form={form}
        labels={{
          titleEn: t("builder.section.titleEn"),
          titleZh: t("builder.section.titleZh"),
          helpEn: t("builder.section.helpEn"),
          helpZh: t("builder.section.helpZh"),
          deadline: t("builder.section.deadline"),
        }}
      />
      <form method="post" className="panel">
        <input type="hidden" name="revision" value={revision} />
        {standard ? (
          <p className="muted">{t("builder.section.standard")}</p>
        ) : (
          <div className="pair even">
            <TextField
              form={form}
              name="titleEn"
              label={t("builder.section.titleEn")}
              lang="en"
              required
              maxLength={120}
            />
            <TextField
              form={form}
              name="titleZh"
              label={t("builder.section.titleZh")}
              lang={htmlLang("zh-CN")}
              required
              maxLength={120}
            />
          </div>
        )}
        <div className="pair even">
          <LongTextField form={form} name="helpEn" label={t("builder.section.helpEn")} lang="en" rows={2} />
          <LongTextField
            form={form}
            name="helpZh"
            label={t("builder.section.helpZh")}
            lang={htmlLang("zh-CN")}
            rows={2}
          />
        </div>
        {leavable.length === 0 ? null : (
          <ChoiceField
            form={form}
            name="asked"
            type="checkbox"
            label={t("builder.section.asked")}
            help={t("builder.section.askedHelp")}
            options={leavable.flatMap((field) =>
              isField(field) ? [{ value: field, label: t(FIELD_LABELS[field]) }] : [],
            )}
          />
        )}
        {isAlways(section.key) ? null : (
          <>
            <h2>{t("builder.section.audience")}</h2>
            <p className="help">{t("builder.section.audienceHelp")}</p>
            <ChoiceField
              form={form}
              name="delegations"
              type="checkbox"
              label={t("builder.section.delegations")}
              options={targets.delegations.map((each) => ({
                value: each.id,
                label: inLocale({ en: each.nameEn, zh: each.nameZh }, locale).text,
              }))}
            />
            <ChoiceField
              form={form}
              name="categories"
              type="checkbox"
              label={t("builder.section.categories")}
              options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
            />
            {targets.visits.length === 0 || section.key === "visits" ? null : (
              <ChoiceField
                form={form}
                name="visits"
                type="checkbox"
                label={t("builder.section.visits")}
                options={targets.visits.map((each) => ({
                  value: each.id,
                  label: inLocale({ en: each.titleEn, zh: each.titleZh }, locale).text,
                }))}
              />
            )}
            {section.key === "visits" ? null : (
              <TickField form={form} name="joinsVisit" label={t("builder.section.joinsVisit")} />
            )}
            {section.key === "travel" ? null : (
              <TickField form={form} name="needsVisa" label={t("builder.section.needsVisa")} />
            )}
          </>
        )}
        <TextField
          form={form}
          name="deadline"
          type="date"
          label={t("builder.section.deadline")}
          help={t("builder.section.deadlineHelp")}
          narrow
        />
        <Toolbar>
          <button className="button" type="submit">
            {t("builder.save")}
          </button>
        </Toolbar>
      </form>
    </>
  );
}
