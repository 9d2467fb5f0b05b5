import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, SelectField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { mapColumns } from "../../domain/import/files.server.ts";
import { type ColumnsPage, columnsPage } from "../../domain/import/queries.server.ts";
import { FINDS_BY, type MappingProblem, mappingSchema } from "../../domain/import/rules.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { groupOfKind, KIND_GROUPS, kindInWords } from "./import-words.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "import.columnsTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const fileId = args.params.file ?? "";
  const page = columnsPage(ctx, { fileId });
  if (page === null) throw notFound();
  return { locale, slug: edition.slug, fileId, page };
}

type Answer = { page: ColumnsPage | null; problem: MappingProblem | null };

/** Says what the columns are; or reads the headings from another row, which writes nothing. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const fileId = args.params.file ?? "";
  const form = await args.request.formData();
  const headingRow = Number(form.get("headingRow"));
  const sent = mappingSchema.safeParse({
    headingRow,
    columns: form.getAll("column").map((kind) => (kind === "" ? null : kind)),
    by: form.get("by"),
    question: form.get("question") || null,
    blanks: form.get("blanks") ?? "keep",
  });
  const isAnotherRow = form.get("step") === "heading";
  const page = columnsPage(ctx, { fileId, headingRow: isAnotherRow ? headingRow : null });
  if (page === null) throw notFound();
  if (isAnotherRow) return data<Answer>({ page, problem: null });
  if (!sent.success) return data<Answer>({ page: null, problem: "nothing" }, { status: 422 });
  const done = await mapColumns(ctx, { fileId, mapping: sent.data });
  if (done.ok) throw redirect(paths.importRows(edition.slug, fileId), 303);
  if (done.refusal === "gone") throw notFound();
  // The columns of the row that they chose, as they chose them.
  const shown = columnsPage(ctx, { fileId, headingRow }) ?? page;
  return data<Answer>({ page: { ...shown, mapping: sent.data }, problem: done.refusal }, { status: 422 });
}

export default function ImportColumns() {
  const { slug, fileId, page: stored } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const page = answer?.page ?? stored;
  const problem = answer?.problem ?? null;
  const { mapping, columns, heads, questions } = page;
  const t = useT();
  const locale = useLocale();
  const form = {
    errors: {},
    values: {
      headingRow: String(mapping.headingRow),
      by: mapping.by,
      question: mapping.question ?? "",
      blanks: mapping.blanks,
    },
  };
  const kinds = KIND_GROUPS.map((group) => ({
    group,
    kinds: page.kinds
      .filter((kind) => groupOfKind(kind) === group)
      .map((kind) => ({ kind, label: kindInWords(t, kind, { locale, asked: page.asked }) })),
  })).filter(({ kinds }) => kinds.length > 0);
  return (
    <div className="import-steps">
      <WorkHeading>{t("import.columnsTitle")}</WorkHeading>
      {problem === null ? null : <Notice tone="stop">{t(`import.mapping.${problem}`)}</Notice>}
      <p className="readable">{t("import.columnsIntro")}</p>
      <p className="readable muted">{t("import.notTaken")}</p>
      <form method="post" key={JSON.stringify(mapping)}>
        <div className="panel">
          <SelectField
            form={form}
            name="headingRow"
            label={t("import.headingRow")}
            options={heads.map(({ row, text }) => ({
              value: String(row),
              label: t("import.headingRow.row", { row, text }),
            }))}
            required
          />
          <button className="button quiet" type="submit" name="step" value="heading">
            {t("import.readAgain")}
          </button>
        </div>
        <p className="muted">{t(`import.guessed.${page.from}`)}</p>
        <TableFrame label={t("import.columnsLabel")}>
          <table className="fit as-cards">
            <thead>
              <tr>
                <th scope="col">{t("import.column.heading")}</th>
                <th scope="col">{t("import.column.holds")}</th>
                <th scope="col">{t("import.column.samples")}</th>
              </tr>
            </thead>
            <tbody>
              {columns.map(({ heading, samples }, n) => {
                const name = heading === "" ? t("import.noHeading", { number: n + 1 }) : heading;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name, and stay where they are
                  <tr key={n}>
                    <th scope="row" className="whole">
                      <bdi className={heading === "" ? "muted" : undefined}>{name}</bdi>
                    </th>
                    <td>
                      <select
                        name="column"
                        defaultValue={mapping.columns[n] ?? ""}
                        aria-label={t("import.columnIs", { heading: name })}
                      >
                        <option value="">{t("import.nothing")}</option>
                        {kinds.map(({ group, kinds }) => (
                          <optgroup key={group} label={t(`import.group.${group}`)}>
                            {kinds.map(({ kind, label }) => (
                              <option key={kind} value={kind}>
                                {label}
                              </option>
                            ))}
                          </optgroup>
                        ))}
                      </select>
                    </td>
                    <td className="small whole">
                      {samples.map((sample) => (
                        <span className="second-line" key={sample}>
                          <bdi>{sample}</bdi>
                        </span>
                      ))}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableFrame>
        <div className="panel apart">
          <SelectField
            form={form}
            name="by"
            label={t("import.by")}
            options={FINDS_BY.filter((by) => by !== "own" || questions.length > 0).map((by) => ({
              value: by,
              label: t(`import.by.${by}`),
            }))}
            required
          />
          {questions.length === 0 ? null : (
            <SelectField
              form={form}
              name="question"
              label={t("import.question")}
              blank={t("import.noQuestion")}
              options={questions.map(({ key, title }) => ({
                value: key,
                label: (locale === "en" ? title.en : title.zh) || title.en || title.zh,
              }))}
            />
          )}
          <ChoiceField
            form={form}
            name="blanks"
            type="radio"
            label={t("import.blanks")}
            options={(["keep", "erase"] as const).map((value) => ({
              value,
              label: t(`import.blanks.${value}`),
            }))}
            required
          />
        </div>
        <Toolbar>
          <button className="button" type="submit">
            {t("import.toRows")}
          </button>
          <a className="button quiet" href={paths.importPeople(slug)}>
            {t("import.again")}
          </a>
          {problem === null && page.problem === null ? (
            <a className="button quiet" href={paths.importRows(slug, fileId)}>
              {t("import.asItIs")}
            </a>
          ) : null}
        </Toolbar>
      </form>
    </div>
  );
}
