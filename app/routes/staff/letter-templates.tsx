import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { LETTER_KINDS } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, LongTextField, SelectField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { saveLetterTemplate } from "../../domain/letter/commands.server.ts";
import { letterTemplateForm } from "../../domain/letter/form.ts";
import { LETTER_ACT, sideLetters } from "../../domain/letter/queries.server.ts";
import { LETTER_PLACEHOLDERS } from "../../domain/letter/text.ts";
import { peopleToPreview } from "../../domain/person/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { htmlLang, parseLocale, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "letterTemplate.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, LETTER_ACT);
  const query = new URL(args.request.url).searchParams;
  const sides = sideLetters(ctx);
  const side = sides.find(({ sideId }) => sideId === query.get("side")) ?? sides[0];
  if (side === undefined) throw notFound();
  const kind = LETTER_KINDS.find((each) => each === query.get("kind")) ?? "invitation_letter";
  const language = parseLocale(query.get("letter")) ?? locale;
  const template = side.templates.find((each) => each.kind === kind && each.locale === language);
  if (template === undefined) throw notFound();
  return {
    locale,
    slug: edition.slug,
    sides: sides.map(({ sideId, nameEn, nameZh }) => ({ sideId, nameEn, nameZh })),
    sideId: side.sideId,
    all: side.templates.map(({ kind, locale, version }) => ({ kind, locale, version })),
    template,
    people: peopleToPreview(ctx, side.sideId),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, LETTER_ACT);
  const formData = await args.request.formData();
  const parsed = parseForm(letterTemplateForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const sideId = String(formData.get("side") ?? "");
  const after = formData.get("after");
  const saved = await saveLetterTemplate(ctx, {
    sideId,
    ...parsed.value,
    after: typeof after === "string" && /^\d{1,9}$/.test(after) ? Number(after) : undefined,
  });
  if (!saved.ok && saved.refusal === "changed") {
    // From now on they have seen what stands there: it is above the form.
    formData.delete("after");
    return data({ form: withError(formData, "", "wording.error.changed") }, { status: 409 });
  }
  if (!saved.ok) throw notFound();
  const { kind, locale } = parsed.value;
  const query = new URLSearchParams({ side: sideId, kind, letter: locale, done: "saved" });
  throw redirect(`${paths.letterTemplates(edition.slug)}?${query}`, 303);
}

export default function LetterTemplates() {
  const { slug, sides, sideId, all, template, people } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const form: FormState = sent?.form ?? {
    values: { title: template.title, body: template.body },
    errors: {},
  };
  const address = (query: Record<string, string>) =>
    `${paths.letterTemplates(slug)}?${new URLSearchParams(query)}`;
  return (
    <>
      <WorkHeading actions={<a href={paths.letters(slug)}>{t("letters.title")}</a>}>
        {t("letterTemplate.title")}
      </WorkHeading>
      {done === "saved" && sent === undefined ? (
        <Notice tone="good">{t("letterTemplate.saved", { version: template.version })}</Notice>
      ) : null}
      <p>{t("letterTemplate.intro")}</p>
      {sides.length > 1 ? (
        <ul className="plain">
          {sides.map((each) => (
            <li key={each.sideId}>
              <a
                href={address({ side: each.sideId, kind: template.kind, letter: template.locale })}
                aria-current={each.sideId === sideId ? "true" : undefined}
              >
                <Text en={each.nameEn} zh={each.nameZh} />
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      <nav className="pages no-print" aria-label={t("letterTemplate.title")}>
        {all.map((each) => (
          <a
            key={`${each.kind} ${each.locale}`}
            href={address({ side: sideId, kind: each.kind, letter: each.locale })}
            aria-current={each.kind === template.kind && each.locale === template.locale ? "page" : undefined}
          >
            {t(`letterKind.${each.kind}`)} · {t(`letterLocale.${each.locale}`)}
          </a>
        ))}
      </nav>
      <ErrorSummary
        form={form}
        labels={{ title: t("letterTemplate.heading"), body: t("letterTemplate.body") }}
      />
      {form.errors[""]?.includes("wording.error.changed") ? (
        <section className="panel" aria-labelledby="now">
          <h2 id="now">{t("wording.now")}</h2>
          <p lang={htmlLang(template.locale)}>{template.title}</p>
          <p className="as-typed" lang={htmlLang(template.locale)}>
            {template.body}
          </p>
        </section>
      ) : null}
      <form method="post" className="panel" key={`${sideId} ${template.kind} ${template.locale}`}>
        <p className="note">
          {template.version === 0
            ? t("letterTemplate.proposed")
            : t("letterTemplate.version", { version: template.version })}
        </p>
        <input type="hidden" name="side" value={sideId} />
        <input type="hidden" name="kind" value={template.kind} />
        <input type="hidden" name="locale" value={template.locale} />
        <input type="hidden" name="after" value={form.values.after ?? template.version} />
        <TextField
          form={form}
          name="title"
          label={t("letterTemplate.heading")}
          lang={htmlLang(template.locale)}
          maxLength={120}
          required
        />
        <LongTextField
          form={form}
          name="body"
          label={t("letterTemplate.body")}
          lang={htmlLang(template.locale)}
          rows={20}
          required
        />
        <details className="placeholders">
          <summary>{t("wording.placeholders")}</summary>
          <p>{t("wording.placeholdersHelp")}</p>
          <dl className="facts">
            {LETTER_PLACEHOLDERS.map((name) => (
              <div key={name} className="fact">
                <dt>
                  <code>{`{${name}}`}</code>
                </dt>
                <dd>{t(`letterFact.${name}`)}</dd>
              </div>
            ))}
          </dl>
        </details>
        <Toolbar>
          <button className="button" type="submit">
            {t("common.save")}
          </button>
        </Toolbar>
      </form>
      <section aria-labelledby="preview">
        <h2 id="preview">{t("wording.preview")}</h2>
        {people.length === 0 ? (
          <p className="muted">{t("wording.previewNobody")}</p>
        ) : (
          <form method="get" action={paths.letterPreview(slug)}>
            <p className="muted">{t("letterTemplate.previewHelp")}</p>
            <input type="hidden" name="side" value={sideId} />
            <input type="hidden" name="kind" value={template.kind} />
            <input type="hidden" name="locale" value={template.locale} />
            <div className="filters">
              <SelectField
                form={{ values: {}, errors: {} }}
                name="person"
                label={t("wording.previewAs")}
                required
                options={people.map((each) => ({
                  value: each.invitationId,
                  label: [each.nameLatin, each.nameNative].filter((name) => name !== "").join(" "),
                }))}
              />
              <button className="button quiet" type="submit">
                {t("letterTemplate.preview")}
              </button>
            </div>
          </form>
        )}
      </section>
    </>
  );
}
