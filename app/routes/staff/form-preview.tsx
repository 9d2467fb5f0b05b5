import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useSubmit } from "@remix-run/react";
import { CATEGORIES, LOCALES } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { inLocale } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { answersFromForm, blankAnswers } from "../../domain/registration/answers.ts";
import { formPreview } from "../../domain/registration-form/preview.server.ts";
import { formTargets } from "../../domain/registration-form/queries.server.ts";
import { LocaleProvider, useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, parseLocale, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { letterhead } from "../delegate/parts.tsx";
import { asForm } from "../delegate/registration-fields.ts";
import { RegistrationFields } from "../delegate/registration-form.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "preview.title") },
];

async function shown(args: LoaderFunctionArgs, formData: FormData | null) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const query = new URL(args.request.url).searchParams;
  const { delegations } = formTargets(ctx);
  const delegation = delegations.find(({ id }) => id === query.get("delegation")) ?? delegations[0];
  if (delegation === undefined) throw notFound();
  const category = CATEGORIES.find((each) => each === query.get("category")) ?? "delegate";
  const language = parseLocale(query.get("in")) ?? locale;
  const answers = formData === null ? blankAnswers : answersFromForm(formData);
  const { view, facts } = formPreview(ctx, { delegationId: delegation.id, category, answers });
  return {
    locale,
    slug: edition.slug,
    delegations,
    delegationId: delegation.id,
    category,
    language,
    view,
    letterhead: letterhead(facts, delegation.coHostId),
  };
}

export function loader(args: LoaderFunctionArgs) {
  return shown(args, null);
}

/** Draws the form again with what follows from the answers. Stores nothing. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  return data(await shown(args, await args.request.formData()));
}

export default function FormPreview() {
  const loaded = useLoaderData<typeof loader>();
  const { slug, delegations, delegationId, category, language, view, letterhead } =
    useActionData<typeof action>() ?? loaded;
  const t = useT();
  const locale = useLocale();
  const submit = useSubmit();
  const chosen = { values: { delegation: delegationId, category, in: language }, errors: {} };
  return (
    <>
      <WorkHeading actions={<a href={paths.form(slug)}>{t("builder.back")}</a>}>
        {t("preview.title")}
      </WorkHeading>
      <p className="readable">{t("preview.intro")}</p>
      <form method="get" onChange={(event) => submit(event.currentTarget, { preventScrollReset: true })}>
        <div className="filters">
          <SelectField
            form={chosen}
            name="delegation"
            label={t("preview.as")}
            required
            options={delegations.map((each) => ({
              value: each.id,
              label: inLocale({ en: each.nameEn, zh: each.nameZh }, locale).text,
            }))}
          />
          <SelectField
            form={chosen}
            name="category"
            label={t("preview.category")}
            required
            options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
          />
          <SelectField
            form={chosen}
            name="in"
            label={t("preview.language")}
            required
            options={LOCALES.map((value) => ({ value, label: t(`register.locale.${value}`) }))}
          />
          <button className="button quiet" type="submit">
            {t("builder.preview")}
          </button>
        </div>
      </form>
      <LocaleProvider locale={language}>
        <form
          method="post"
          className="registration panel"
          lang={htmlLang(language)}
          onChange={(event) => {
            // What is chosen may lead to other questions; what is being typed would be in the way.
            const { target } = event;
            const isChosen =
              target instanceof HTMLSelectElement ||
              (target instanceof HTMLInputElement && ["radio", "checkbox", "date"].includes(target.type));
            if (isChosen) submit(event.currentTarget, { preventScrollReset: true });
          }}
        >
          <RegistrationFields
            form={asForm(view.answers, {})}
            view={view}
            asked={view.asked}
            letterhead={letterhead}
          />
          <LocaleProvider locale={locale}>
            <Toolbar>
              <button className="button" type="submit" lang={htmlLang(locale)}>
                {t("preview.follow")}
              </button>
            </Toolbar>
          </LocaleProvider>
        </form>
      </LocaleProvider>
    </>
  );
}
