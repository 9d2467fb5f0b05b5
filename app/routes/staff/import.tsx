import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { NativeName } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { dropFile, keepFile } from "../../domain/import/files.server.ts";
import { importsOf } from "../../domain/import/queries.server.ts";
import { type FileProblem, readTable } from "../../domain/import/table.server.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "import.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const { searchParams } = new URL(args.request.url);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    delegations: delegationsOfScope(ctx),
    undone: searchParams.has("undone"),
    ...importsOf(ctx),
  };
}

type Refusal = FileProblem | "missing" | "delegation";

function refuse(refusal: Refusal) {
  return data({ refusal }, { status: 422 });
}

/** A file is kept for the steps that follow, or removed again. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const form = await args.request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  if (text("intent") === "drop") {
    const dropped = await dropFile(ctx, text("waiting"));
    if (!dropped.ok) throw notFound();
    throw redirect(paths.importPeople(edition.slug), 303);
  }
  const file = form.get("file");
  if (!(file instanceof File) || file.size === 0) return refuse("missing");
  const read = await readTable(new Uint8Array(await file.arrayBuffer()));
  if (!read.ok) return refuse(read.refusal);
  const kept = await keepFile(ctx, {
    table: read.value,
    delegationId: text("delegation"),
    interpreterDelegationId: text("interpreters") === "" ? null : text("interpreters"),
  });
  if (!kept.ok) return refuse(kept.refusal);
  const { fileId, needsHand } = kept.value;
  const next = needsHand ? paths.importColumns(edition.slug, fileId) : paths.importRows(edition.slug, fileId);
  throw redirect(next, 303);
}

export default function Import() {
  const { delegations, undone, waiting, past } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>()?.refusal ?? null;
  const t = useT();
  const locale = useLocale();
  const [first] = delegations;
  const form = { errors: {}, values: { delegation: first?.id ?? "" } };
  const options = delegations.map((each) => ({
    value: each.id,
    label: locale === "en" ? each.nameEn : each.nameZh,
  }));
  return (
    <div className="import-steps">
      <WorkHeading>{t("import.title")}</WorkHeading>
      {undone && refusal === null ? <Notice tone="good">{t("import.undone")}</Notice> : null}
      {refusal === null ? null : <Notice tone="stop">{t(`import.refusal.${refusal}`)}</Notice>}
      <p className="readable">{t("import.intro")}</p>
      <p className="readable muted">{t("import.notTaken")}</p>
      <form method="post" encType="multipart/form-data" className="panel">
        <label className="field">
          <span className="label">{t("import.file")}</span>
          <input
            type="file"
            name="file"
            accept=".csv,.txt,.tsv,.xlsx,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            aria-describedby="file-help"
          />
          <span className="help" id="file-help">
            {t("import.fileHelp")}
          </span>
        </label>
        <SelectField
          form={form}
          name="delegation"
          label={t("import.delegation")}
          options={options}
          required
        />
        {options.length > 1 ? (
          <SelectField
            form={form}
            name="interpreters"
            label={t("import.interpreters")}
            blank={t("import.interpretersSame")}
            options={options}
            required
          />
        ) : null}
        <button className="button" type="submit">
          {t("import.preview")}
        </button>
      </form>
      {waiting.length === 0 ? null : <Waiting />}
      {past.length === 0 ? null : <Past />}
    </div>
  );
}

function Waiting() {
  const { slug, waiting, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">{t("import.waiting")}</h2>
      <p className="muted">{t("import.waitingNote")}</p>
      <TableFrame label={t("import.waiting")}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">{t("import.column.brought")}</th>
              <th scope="col">{t("import.column.by")}</th>
              <th scope="col">{t("import.column.rows")}</th>
              <th scope="col">{t("import.drop")}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map((file) => {
              const when = shortMoment(file.createdAt, timeZone, locale);
              return (
                <tr key={file.id}>
                  <th scope="row">
                    <a href={paths.importRows(slug, file.id)}>{when}</a>
                  </th>
                  <td>
                    <NativeName>{file.by}</NativeName>
                  </td>
                  <td>{file.rows}</td>
                  <td>
                    <form method="post">
                      <input type="hidden" name="intent" value="drop" />
                      <input type="hidden" name="waiting" value={file.id} />
                      <button
                        className="button small quiet"
                        type="submit"
                        aria-label={t("import.dropFile", { when })}
                      >
                        {t("import.drop")}
                      </button>
                    </form>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Past() {
  const { slug, past, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="past">
      <h2 id="past">{t("import.past")}</h2>
      <p className="muted">{t("import.pastNote")}</p>
      <TableFrame label={t("import.past")}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">{t("import.column.imported")}</th>
              <th scope="col">{t("import.column.by")}</th>
              <th scope="col">{t("import.column.rows")}</th>
              <th scope="col">{t("import.column.made")}</th>
              <th scope="col">{t("import.column.changes")}</th>
            </tr>
          </thead>
          <tbody>
            {past.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <a href={paths.importDone(slug, one.id)}>{shortMoment(one.at, timeZone, locale)}</a>
                </th>
                <td>
                  <NativeName>{one.by}</NativeName>
                </td>
                <td>{one.rows}</td>
                <td>{one.made}</td>
                <td>{one.cells}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
