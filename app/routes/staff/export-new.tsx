import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { EXPORT_FORMATS, EXPORT_LANGUAGES, type ExportPurpose, REPLIES } from "#db/vocabulary.ts";
import { Filters, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, fieldId, SelectField } from "../../components/fields.tsx";
import { WhoseFields } from "../../components/whose-fields.tsx";
import { notFound, requirePost } from "../../context.server.ts";
import { makeExport } from "../../domain/export/commands.server.ts";
import { exportForm, narrowingOf, purposeOf } from "../../domain/export/form.ts";
import {
  columnsFor,
  EXPORT_ORDERS,
  type ExportProblem,
  mayExport,
  namesThoseTakingPart,
  usualColumns,
} from "../../domain/export/rules.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { rosterColumns } from "../../domain/roster/columns.server.ts";
import { ROSTER_GROUPS, USUAL_VIEW } from "../../domain/roster/rules.ts";
import { findView, namedViews } from "../../domain/roster/views.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate, translator } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";
import { exportReader } from "./export-reader.server.ts";
import { columnLabel, groupLabel } from "./roster-words.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "export.makeOne") },
];

/** The purpose that the address names, with the scope that goes with it, or 404. */
async function asked(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const found = await exportReader(args);
  const query = new URL(args.request.url).searchParams;
  const purpose = purposeOf(query.get("purpose"));
  const ctx = purpose === null ? undefined : found.readers.find(({ scope }) => mayExport(purpose, scope));
  if (purpose === null || ctx === undefined) throw notFound();
  return { ...found, ctx, purpose, viewId: query.get("view") };
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale, purpose, viewId } = await asked(args);
  const t = translator(locale);
  const chosen = viewId === null ? null : findView(ctx, viewId);
  const views = namedViews(ctx).map(({ id, name }) => ({ id, name }));
  return {
    locale,
    slug: edition.slug,
    purpose,
    chosen: chosen === null ? null : { id: viewId ?? "", name: chosen.name },
    views: chosen === null || chosen.name !== "" ? views : [{ id: viewId ?? "", name: "" }, ...views],
    delegations: delegationsOfScope(ctx),
    columns: columnsFor(purpose, rosterColumns(ctx), ctx.scope).map((column) => ({
      key: column.key,
      group: column.group,
      label: columnLabel(t, locale, column),
    })),
    usual: usualColumns(purpose, chosen?.view ?? USUAL_VIEW),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, purpose } = await asked(args);
  const formData = await args.request.formData();
  const parsed = parseForm(exportForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const { format, language, columns, view: viewId, order } = parsed.value;
  const view = viewId === undefined ? USUAL_VIEW : findView(ctx, viewId)?.view;
  if (view === undefined)
    return data({ form: withError(formData, "view", "export.problem.view") }, { status: 422 });
  const made = await makeExport(ctx, {
    purpose,
    format,
    language,
    columns,
    wanted: { view, narrowing: narrowingOf(parsed.value), order },
  });
  if (made.ok) return redirect(`${paths.exportFile(edition.slug, made.value.exportId)}?made`, 303);
  if (made.refusal === "gone") throw notFound();
  const form = withError(formData, FIELD_OF[made.refusal], `export.problem.${made.refusal}`);
  return data({ form }, { status: 422 });
}

const FIELD_OF = {
  columns: "columns",
  nobody: "view",
  terms: "view",
  beyond: "view",
  paper: "format",
  wide: "columns",
} as const satisfies Record<ExportProblem, string>;

export default function NewExport() {
  const { slug, purpose, chosen, views, delegations, columns, usual } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const form: FormState = answered?.form ?? {
    errors: {},
    values: beginning(purpose, chosen?.id, locale, usual),
  };
  const picked = [form.values.columns ?? []].flat();
  return (
    <>
      <WorkHeading>{t(`export.purpose.${purpose}`)}</WorkHeading>
      <p className="readable muted">{t(`export.what.${purpose}`)}</p>
      <ErrorSummary
        form={form}
        labels={{ columns: t("export.columns"), view: t("export.view"), format: t("export.format") }}
      />
      <form method="post">
        <section aria-labelledby="who">
          <h2 id="who">{t("export.who")}</h2>
          <Filters>
            {views.length === 0 ? null : (
              <SelectField
                form={form}
                name="view"
                label={t("export.view")}
                blank={t("export.view.everybody")}
                required
                options={views.map(({ id, name }) => ({
                  value: id,
                  label: name === "" ? t("export.viewUnnamed") : name,
                }))}
              />
            )}
            <WhoseFields form={form} delegations={delegations} replies={REPLIES} />
            <SelectField
              form={form}
              name="order"
              label={t("export.order")}
              required
              options={EXPORT_ORDERS.map((value) => ({ value, label: t(`export.order.${value}`) }))}
            />
          </Filters>
        </section>
        <section aria-labelledby="what" className="apart">
          <h2 id="what">{t("export.columns")}</h2>
          <p className="readable muted">{t("export.columns.help")}</p>
          {form.errors.columns === undefined ? null : (
            <p className="error">{form.errors.columns.map((key) => t(key)).join(" ")}</p>
          )}
          <div className="column-groups" id={fieldId("columns")} tabIndex={-1}>
            {ROSTER_GROUPS.map((group) => {
              const own = columns.filter((column) => column.group === group);
              return own.length === 0 ? null : (
                <fieldset className="choices" key={group}>
                  <legend>{groupLabel(t, group)}</legend>
                  {own.map(({ key, label }) => (
                    <label className="choice" key={key}>
                      <input
                        type="checkbox"
                        name="columns"
                        value={key}
                        defaultChecked={picked.includes(key)}
                      />
                      <span>{label}</span>
                    </label>
                  ))}
                </fieldset>
              );
            })}
          </div>
        </section>
        <section aria-labelledby="how" className="apart">
          <h2 id="how">{t("export.fact.file")}</h2>
          <div className="column-groups">
            <ChoiceField
              form={form}
              name="format"
              type="radio"
              label={t("export.format")}
              help={t("export.format.help")}
              required
              options={EXPORT_FORMATS.map((value) => ({
                value,
                label: t(`export.format.${value}`),
              }))}
            />
            <ChoiceField
              form={form}
              name="language"
              type="radio"
              label={t("export.language")}
              required
              options={EXPORT_LANGUAGES.map((value) => ({ value, label: t(`export.language.${value}`) }))}
            />
          </div>
          <div className="apart">
            <Toolbar>
              <button className="button" type="submit">
                {t("export.make")}
              </button>
              <a className="button quiet" href={paths.exportPeople(slug, chosen?.id)}>
                {t("common.cancel")}
              </a>
            </Toolbar>
          </div>
        </section>
      </form>
    </>
  );
}

/** What is chosen before anybody chooses. */
function beginning(
  purpose: ExportPurpose,
  viewId: string | undefined,
  locale: "en" | "zh-CN",
  usual: ReadonlyArray<string>,
): FormState["values"] {
  return {
    view: viewId ?? "",
    // Somebody who comes from a view has chosen whom they want.
    reply: viewId === undefined && namesThoseTakingPart(purpose) ? "accepted" : "",
    order: purpose === "own" || viewId !== undefined ? "view" : "protocol",
    format: "xlsx",
    language: purpose === "own" ? locale : "both",
    columns: usual,
  };
}
