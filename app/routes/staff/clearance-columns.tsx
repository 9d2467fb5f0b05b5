import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { LOCALES } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice } from "../../components/page.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { changeColumns } from "../../domain/clearance/commands.server.ts";
import { listedVisit } from "../../domain/clearance/facts.server.ts";
import { columnsMark, FACTS, FORMATS, factOf } from "../../domain/clearance/facts.ts";
import { columnsOf, listLocale } from "../../domain/clearance/form.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "clearanceColumns.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const visit = listedVisit(ctx.db.orm, ctx.scope.editionId, args.params.visit ?? "");
  if (visit === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    visitId: visit.visitId,
    columns: visit.columns,
    listLocale: visit.locale,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const visitId = args.params.visit ?? "";
  const formData = await args.request.formData();
  const read = columnsOf(formData);
  const seen = formData.get("seen");
  const locale = listLocale.safeParse(formData.get("locale"));
  if (!read.ok) return data({ error: read.error }, { status: 422 });
  if (!locale.success) return data({ error: "error.choose" as const }, { status: 422 });
  const changed = await changeColumns(ctx, {
    visitId,
    columns: read.columns,
    locale: locale.data,
    ...(typeof seen === "string" ? { seen } : {}),
  });
  if (!changed.ok) {
    if (changed.refusal === "gone") throw notFound();
    return data({ error: "visit.refusal.changed_meanwhile" as const }, { status: 409 });
  }
  // Whoever adds a column goes on with its heading.
  const isMore = formData.get("add") !== null && formData.get("add") !== "";
  throw redirect(
    isMore
      ? paths.clearanceColumns(edition.slug, visitId)
      : `${paths.clearance(edition.slug, visitId)}?done=columns`,
    303,
  );
}

export default function ClearanceColumns() {
  const { slug, visitId, columns, listLocale: chosen } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.clearance(slug, visitId)}>
            {t("clearanceColumns.back")}
          </a>
        }
      >
        {t("clearanceColumns.title")}
      </WorkHeading>
      {sent === undefined ? null : <Notice tone="stop">{t(sent.error)}</Notice>}
      <p className="readable">{t("clearanceColumns.help")}</p>
      <Form method="post" action={paths.clearanceColumns(slug, visitId)} key={JSON.stringify(columns)}>
        <input type="hidden" name="seen" value={columnsMark({ columns, locale: chosen })} />
        {columns.length === 0 ? null : (
          <TableFrame label={t("clearanceColumns.title")}>
            <table>
              <thead>
                <tr>
                  {(["place", "fact", "headingEn", "headingZh", "format", "remove"] as const).map((what) => (
                    <th scope="col" key={what}>
                      {t(`clearanceColumns.${what}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {columns.map((column, n) => {
                  const fact = t(`fact.${column.fact}`);
                  const label = (what: "place" | "headingEn" | "headingZh" | "format" | "remove") =>
                    t("clearanceColumns.of", { what: t(`clearanceColumns.${what}`), fact });
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a fact may stand twice; the form is drawn anew with every change.
                    <tr key={`${column.fact} ${n}`}>
                      <td>
                        <input type="hidden" name={`column.${n}.fact`} value={column.fact} />
                        <input
                          className="short"
                          name={`column.${n}.place`}
                          defaultValue={n + 1}
                          inputMode="numeric"
                          size={3}
                          maxLength={3}
                          autoComplete="off"
                          aria-label={label("place")}
                        />
                      </td>
                      <th scope="row">{fact}</th>
                      <td>
                        <input
                          name={`column.${n}.headingEn`}
                          defaultValue={column.headingEn}
                          maxLength={80}
                          lang="en"
                          autoComplete="off"
                          aria-label={label("headingEn")}
                        />
                      </td>
                      <td>
                        <input
                          name={`column.${n}.headingZh`}
                          defaultValue={column.headingZh}
                          maxLength={80}
                          lang="zh-Hans"
                          autoComplete="off"
                          aria-label={label("headingZh")}
                        />
                      </td>
                      <td>
                        <select
                          name={`column.${n}.format`}
                          defaultValue={column.format}
                          aria-label={label("format")}
                        >
                          {FORMATS[factOf(column.fact).kind].map((format) => (
                            <option key={format} value={format}>
                              {t(`factFormat.${format}`)}
                            </option>
                          ))}
                        </select>
                      </td>
                      <td>
                        <input type="checkbox" name={`column.${n}.remove`} aria-label={label("remove")} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </TableFrame>
        )}
        <div className="field-row">
          <label className="field">
            <span className="label">{t("clearanceColumns.add")}</span>
            <select name="add" defaultValue="">
              <option value="" />
              {FACTS.map(({ name }) => (
                <option key={name} value={name}>
                  {t(`fact.${name}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span className="label">{t("clearanceColumns.locale")}</span>
            <select name="locale" defaultValue={chosen}>
              {LOCALES.map((locale) => (
                <option key={locale} value={locale}>
                  {t(locale === "en" ? "factFormat.en" : "factFormat.zh")}
                </option>
              ))}
            </select>
          </label>
        </div>
        <button className="button" type="submit">
          {t("clearanceColumns.save")}
        </button>
      </Form>
    </>
  );
}
