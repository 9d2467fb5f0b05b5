import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import {
  type ImportPreview,
  type ImportRefusal,
  type ImportRequest,
  importPeople,
  type PreviewRow,
  previewImport,
  readPeopleFile,
} from "../../domain/person/import.server.ts";
import type { Remark } from "../../domain/person/import.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "import.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  return { locale, slug: edition.slug, delegations: delegationsOfScope(ctx) };
}

type Refusal = ImportRefusal | "missing" | "spreadsheet";
type Answer = {
  refusal: Refusal | null;
  request: { text: string; delegationId: string; interpreterDelegationId: string | null } | null;
  preview: ImportPreview | null;
};

function refuse(refusal: Refusal, status: 409 | 422 = 422) {
  return data<Answer>({ refusal, request: null, preview: null }, { status });
}

/** Two steps: a file gives a preview, which carries the file's text along; confirming it writes. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const form = await args.request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const into = {
    delegationId: text("delegation"),
    interpreterDelegationId: text("interpreters") === "" ? null : text("interpreters"),
  };
  if (text("step") === "confirm") {
    const request: ImportRequest = { ...into, text: fromField(text("text")) };
    const rows = form.getAll("row").map(Number);
    const done = await importPeople(ctx, { ...request, rows });
    if (!done.ok) return refuse(done.refusal, 409);
    const count = done.value.created + done.value.known;
    throw redirect(`${paths.people(edition.slug)}?imported=${count}`, 303);
  }
  const file = form.get("file");
  if (!(file instanceof File) || file.size === 0) return refuse("missing");
  const read = readPeopleFile(new Uint8Array(await file.arrayBuffer()));
  if (!read.ok) return refuse(read.refusal);
  const preview = previewImport(ctx, { ...into, text: read.value });
  if (!preview.ok) return refuse(preview.refusal);
  return data<Answer>({
    refusal: null,
    request: { ...into, text: toField(read.value) },
    preview: preview.value,
  });
}

/** Browsers rewrite line ends in fields, and drop some characters: the text travels as base64. */
function toField(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function fromField(field: string): string {
  return Buffer.from(field, "base64").toString("utf8");
}

export default function Import() {
  const sent = useActionData<typeof action>();
  const { request, preview } = sent ?? { request: null, preview: null };
  if (request !== null && preview !== null) return <Preview request={request} preview={preview} />;
  return <Choose refusal={sent?.refusal ?? null} />;
}

function Choose({ refusal }: { refusal: Refusal | null }) {
  const { delegations } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const [first] = delegations;
  const form = { errors: {}, values: { delegation: first?.id ?? "" } };
  const options = delegations.map((each) => ({
    value: each.id,
    label: locale === "en" ? each.nameEn : each.nameZh,
  }));
  return (
    <>
      <WorkHeading>{t("import.title")}</WorkHeading>
      {refusal === null ? null : <Notice tone="stop">{t(`import.refusal.${refusal}`)}</Notice>}
      <p>{t("import.intro")}</p>
      <p className="muted">{t("import.columns")}</p>
      <form method="post" encType="multipart/form-data" className="panel">
        <label className="field">
          <span className="label">{t("import.file")}</span>
          <input
            type="file"
            name="file"
            accept=".csv,.txt,text/csv,text/plain"
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
    </>
  );
}

function Preview({ request, preview }: { request: NonNullable<Answer["request"]>; preview: ImportPreview }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const bad = preview.rows.filter((row) => row.fate === "problem");
  const invited = preview.rows.filter((row) => row.fate === "invited");
  const good = preview.rows.length - bad.length - invited.length;
  return (
    <>
      <WorkHeading>{t("import.previewTitle")}</WorkHeading>
      {preview.problems.length === 0 ? (
        <>
          <p>
            <strong>{t("import.summary", { good, bad: bad.length, invited: invited.length })}</strong>
          </p>
          <p className="muted">{t("import.previewIntro")}</p>
        </>
      ) : (
        <Notice tone="stop">
          <Remarks remarks={preview.problems} />
        </Notice>
      )}
      {preview.notes.length === 0 ? null : (
        <Notice tone="wait">
          <Remarks remarks={preview.notes} />
        </Notice>
      )}
      {preview.overQuota.map((over) => (
        <Notice tone="wait" key={over.delegationId}>
          {t("import.quota", {
            delegation: locale === "en" ? over.nameEn : over.nameZh,
            quota: over.quota,
            after: over.after,
          })}
        </Notice>
      ))}
      {bad.length === 0 ? null : (
        <section aria-labelledby="bad-rows">
          <h2 id="bad-rows">{t("import.problemsTitle")}</h2>
          <BadRows rows={bad} />
        </section>
      )}
      <form method="post" className="apart">
        <input type="hidden" name="step" value="confirm" />
        <input type="hidden" name="text" value={request.text} />
        <input type="hidden" name="delegation" value={request.delegationId} />
        <input type="hidden" name="interpreters" value={request.interpreterDelegationId ?? ""} />
        {good + invited.length === 0 ? null : (
          <GoodRows rows={preview.rows.filter((row) => row.fate !== "problem")} />
        )}
        <Toolbar>
          {good === 0 ? null : (
            <button className="button" type="submit">
              {t("import.confirm")}
            </button>
          )}
          <a className="button quiet" href={paths.importPeople(slug)}>
            {t("import.again")}
          </a>
        </Toolbar>
      </form>
    </>
  );
}

function Remarks({ remarks }: { remarks: ReadonlyArray<Remark> }) {
  const t = useT();
  if (remarks.length === 0) return null;
  return (
    <ul className="plain">
      {remarks.map(({ key, values }) => (
        <li key={key + JSON.stringify(values)}>
          <bdi>{t(key, values)}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** The good rows: what each becomes, and a box to leave it out. */
function GoodRows({ rows }: { rows: ReadonlyArray<PreviewRow> }) {
  const t = useT();
  return (
    <TableFrame label={t("import.tableLabel")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("import.column.take")}</th>
            <th scope="col">{t("import.column.row")}</th>
            <th scope="col">{t("people.column.name")}</th>
            <th scope="col">{t("people.column.post")}</th>
            <th scope="col">{t("import.column.mailbox")}</th>
            <th scope="col">{t("import.column.role")}</th>
            <th scope="col">{t("import.column.becomes")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <td>
                {row.fate === "new" || row.fate === "known" ? (
                  <input
                    type="checkbox"
                    name="row"
                    value={row.row}
                    defaultChecked
                    aria-label={t("import.take", { row: row.row })}
                  />
                ) : null}
              </td>
              <td>{row.row}</td>
              <Who row={row} />
              <td>
                {t(`category.${row.category}`)}
                {row.invitedAs === null ? null : (
                  <span className="second-line muted">{t(`function.${row.invitedAs}`)}</span>
                )}
              </td>
              <td>
                <Status tone={row.fate === "new" ? "good" : "wait"}>{t(`import.fate.${row.fate}`)}</Status>
                <Remarks remarks={row.notes} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** The rows that are left out, each with all of its reasons. */
function BadRows({ rows }: { rows: ReadonlyArray<PreviewRow> }) {
  const t = useT();
  return (
    <TableFrame label={t("import.badTableLabel")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("import.column.row")}</th>
            <th scope="col">{t("import.column.why")}</th>
            <th scope="col">{t("people.column.name")}</th>
            <th scope="col">{t("people.column.post")}</th>
            <th scope="col">{t("import.column.mailbox")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <td>{row.row}</td>
              <td>
                <Status tone="stop">{t("import.fate.problem")}</Status>
                <Remarks remarks={[...row.problems, ...row.notes]} />
              </td>
              <Who row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Who({ row: { facts } }: { row: PreviewRow }) {
  return (
    <>
      <th scope="row" className="row-name">
        <BothNames person={facts} />
        {facts.honorificEn + facts.honorificZh === "" ? null : (
          <span className="second-line muted">
            <Text en={facts.honorificEn} zh={facts.honorificZh} />
          </span>
        )}
      </th>
      <td>
        <Text en={facts.institutionEn} zh={facts.institutionZh} />
        <span className="second-line muted">
          <Text en={facts.positionEn} zh={facts.positionZh} />
        </span>
      </td>
      <td>
        <bdi>{facts.email}</bdi>
      </td>
    </>
  );
}
