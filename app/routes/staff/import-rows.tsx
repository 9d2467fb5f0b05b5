import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { type ImportRefusal, importTable } from "../../domain/import/commands.server.ts";
import { decideWho, requestOf, waitingFile } from "../../domain/import/files.server.ts";
import {
  CELL_FATES,
  type PlanCell,
  type PlanRow,
  ROW_FATES,
  type RowFate,
} from "../../domain/import/plan.server.ts";
import { rowsPage } from "../../domain/import/queries.server.ts";
import type { Remark } from "../../domain/import/reading.ts";
import { mateNames } from "../../domain/import/wishes.server.ts";
import { roomTypesOf } from "../../domain/lodging/listed.server.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { cellInWords, entryInWords } from "./import-words.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "import.previewTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const fileId = args.params.file ?? "";
  const page = rowsPage(ctx, fileId);
  if (page === null) throw notFound();
  const { rows, problems, notes, overQuota, digest, cells, asked } = page;
  const count = (fate: RowFate) => rows.filter((row) => row.fate === fate).length;
  return {
    locale,
    slug: edition.slug,
    fileId,
    digest,
    problems,
    notes,
    overQuota,
    delegations: delegationsOfScope(ctx),
    asked,
    roomTypes: roomTypesOf(ctx.db.orm, ctx),
    mates: mateNames(
      ctx,
      rows.flatMap(({ cells }) => cells),
    ),
    cells: CELL_FATES.map((fate) => ({ fate, count: cells[fate] })),
    counts: ROW_FATES.map((fate) => ({ fate, count: count(fate) })),
    // Rows of which nothing is to be said but that there are some.
    same: rows.filter(({ fate }) => fate === "same").map(({ row }) => row),
    rows: rows.filter(({ fate }) => fate !== "same"),
  };
}

type Answer = { refusal: ImportRefusal; rows: ReadonlyArray<string>; cells: ReadonlyArray<string> };

/** Says whom unclear rows are about, or takes what is chosen of the file. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const fileId = args.params.file ?? "";
  const form = await args.request.formData();
  const texts = (name: string) => form.getAll(name).filter((value) => typeof value === "string");
  const file = waitingFile(ctx, fileId);
  if (file === null) throw notFound();
  if (form.get("step") === "look") {
    const who = Object.fromEntries(
      [...form].flatMap(([name, value]) => {
        const row = /^who\.(\d{1,6})$/.exec(name)?.[1];
        return row === undefined || typeof value !== "string" || value === "" ? [] : [[row, value]];
      }),
    );
    const decided = await decideWho(ctx, { fileId, who });
    if (!decided.ok) throw notFound();
    throw redirect(paths.importRows(edition.slug, fileId), 303);
  }
  const [rows, cells] = [texts("row"), texts("cell")];
  const done = await importTable(ctx, {
    ...requestOf(file),
    choice: { rows: rows.map(Number), cells },
    shown: texts("shown")[0] ?? "",
  });
  if (!done.ok) return data<Answer>({ refusal: done.refusal, rows, cells }, { status: 409 });
  throw redirect(`${paths.importDone(edition.slug, done.value.importId)}?done`, 303);
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>["rows"][number];

export default function ImportRows() {
  const { slug, fileId, digest, problems, notes, overQuota, counts, cells, same, rows } =
    useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const of = (...fates: ReadonlyArray<RowFate>) => rows.filter(({ fate }) => fates.includes(fate));
  const asked = of("conflict", "new", "changed", "known").filter(({ choices }) => choices.length > 0);
  const doubles = of("conflict").filter(({ person }) => person !== null);
  const changed = [...of("changed"), ...doubles].toSorted((a, b) => a.row - b.row);
  const fresh = of("new", "known");
  const bad = of("problem");
  const canTake = problems.length === 0 && changed.length + fresh.length > 0;
  return (
    <div className="import-steps">
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.importColumns(slug, fileId)}>
            {t("import.toColumns")}
          </a>
        }
      >
        {t("import.previewTitle")}
      </WorkHeading>
      {answer === undefined ? null : <Notice tone="stop">{t(`import.refusal.${answer.refusal}`)}</Notice>}
      {problems.length === 0 ? (
        <>
          <p>
            <strong>
              {counts
                .filter(({ count }) => count > 0)
                .map(({ fate, count }) => t(`import.count.${fate}`, { count }))
                .join(" · ")}
            </strong>
          </p>
          {cells.every(({ count }) => count === 0) ? null : (
            <p>
              {t("import.entries", {
                counts: cells
                  .filter(({ count }) => count > 0)
                  .map(({ fate, count }) => t(`import.entries.${fate}`, { count }))
                  .join(" · "),
              })}
            </p>
          )}
          <p className="muted readable">{t("import.previewIntro")}</p>
        </>
      ) : (
        <Notice tone="stop">
          <Remarks remarks={problems} />
        </Notice>
      )}
      {notes.length === 0 ? null : (
        <Notice tone="wait">
          <Remarks remarks={notes} />
        </Notice>
      )}
      {overQuota.map((over) => (
        <Notice tone="wait" key={over.delegationId}>
          {t("import.quota", {
            delegation: locale === "en" ? over.nameEn : over.nameZh,
            quota: over.quota,
            after: over.after,
          })}
        </Notice>
      ))}
      {asked.length === 0 ? null : <Asked rows={asked} />}
      {bad.length === 0 ? null : (
        <section aria-labelledby="bad-rows">
          <h2 id="bad-rows">{t("import.problemsTitle")}</h2>
          <BadRows rows={bad} />
        </section>
      )}
      <form method="post" key={digest}>
        <input type="hidden" name="step" value="commit" />
        <input type="hidden" name="shown" value={digest} />
        {changed.length === 0 ? null : (
          <section aria-labelledby="changed-rows">
            <h2 id="changed-rows">{t("import.section.changed")}</h2>
            <ChangedRows rows={changed} />
          </section>
        )}
        {fresh.length === 0 ? null : (
          <section aria-labelledby="new-rows">
            <h2 id="new-rows">{t("import.section.new")}</h2>
            <NewRows rows={fresh} />
          </section>
        )}
        {same.length === 0 ? null : (
          <details>
            <summary>{t("import.count.same", { count: same.length })}</summary>
            <p className="muted">{t("import.sameRows", { rows: same.join(", ") })}</p>
          </details>
        )}
        <Toolbar>
          {canTake ? (
            <button className="button" type="submit">
              {t("import.confirm")}
            </button>
          ) : null}
          <a className="button quiet" href={paths.importPeople(slug)}>
            {t("import.again")}
          </a>
        </Toolbar>
      </form>
    </div>
  );
}

function Remarks({ remarks }: { remarks: ReadonlyArray<Remark> }) {
  const t = useT();
  // Several entries may be wrong for one reason.
  const words = [...new Set(remarks.map(({ key, values }) => t(key, values)))];
  if (words.length === 0) return null;
  return (
    <ul className="plain">
      {words.map((word) => (
        <li key={word}>
          <bdi>{word}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** Rows that could be several people. */
function Asked({ rows }: { rows: ReadonlyArray<Row> }) {
  const t = useT();
  return (
    <section aria-labelledby="asked-rows">
      <h2 id="asked-rows">{t("import.section.conflict")}</h2>
      <form method="post">
        <input type="hidden" name="step" value="look" />
        <TableFrame label={t("import.conflictsLabel")}>
          <table className="fit">
            <thead>
              <tr>
                <th scope="col">{t("import.column.row")}</th>
                <th scope="col">{t("people.column.name")}</th>
                <th scope="col">{t("import.column.why")}</th>
                <th scope="col">{t("import.column.who")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.row}>
                  <td>{row.row}</td>
                  <th scope="row" className="row-name">
                    {row.facts.nameLatin + row.facts.nameNative === "" ? (
                      <span className="muted">{t("import.nameless")}</span>
                    ) : (
                      <BothNames person={row.facts} />
                    )}
                    <span className="second-line muted">
                      <bdi>{row.facts.email}</bdi>
                    </span>
                  </th>
                  <td>
                    <Status tone="wait">{t("import.fate.conflict")}</Status>
                    <Remarks remarks={row.problems} />
                  </td>
                  <td>
                    <select
                      name={`who.${row.row}`}
                      defaultValue={row.said}
                      aria-label={t("import.whoOfRow", { row: row.row })}
                    >
                      <option value="">{t("import.who.undecided")}</option>
                      {row.choices.map(({ value, name, number }) => (
                        <option key={value} value={value}>
                          {number === "" ? name : `${name} (${number})`}
                        </option>
                      ))}
                      <option value="new">{t("import.who.new")}</option>
                    </select>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
        <Toolbar>
          <button className="button quiet" type="submit">
            {t("import.lookAgain")}
          </button>
        </Toolbar>
      </form>
    </section>
  );
}

/** A box that stands as somebody left it, when their choice came back. */
function Take({ row }: { row: Row }) {
  const answer = useActionData<typeof action>();
  const t = useT();
  return (
    <input
      type="checkbox"
      name="row"
      value={row.row}
      defaultChecked={answer?.rows.includes(String(row.row)) ?? row.isChosen}
      aria-label={t("import.take", { row: row.row })}
    />
  );
}

/** People who are there, with each entry that would change. */
function ChangedRows({ rows }: { rows: ReadonlyArray<Row> }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <TableFrame label={t("import.changesLabel")}>
      <table className="fit as-cards">
        <thead>
          <tr>
            <th scope="col">{t("import.column.take")}</th>
            <th scope="col">{t("import.column.row")}</th>
            <th scope="col">{t("import.column.person")}</th>
            <th scope="col">{t("import.column.changes")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <td>
                <Take row={row} />
              </td>
              <td>{row.row}</td>
              <th scope="row" className="row-name">
                {row.person?.invitationId == null ? (
                  <bdi>{row.person?.name}</bdi>
                ) : (
                  <a href={paths.person(slug, row.person.invitationId)}>
                    <bdi>{row.person.name}</bdi>
                  </a>
                )}
                <span className="second-line muted">{row.person?.number}</span>
                {row.fate === "conflict" ? <Status tone="wait">{t("import.fate.conflict")}</Status> : null}
              </th>
              <td className="whole">
                <Remarks remarks={[...row.problems, ...row.notes]} />
                <Cells row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Cells({ row }: { row: Row }) {
  const { asked } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (row.cells.length === 0) return null;
  return (
    <ul className="plain">
      {row.cells.map((cell) => (
        <li key={cell.column}>
          {cell.problems.length === 0 ? (
            <SoundCell row={row.row} cell={cell} />
          ) : (
            <>
              <strong>{entryInWords(t, cell.column, { locale, asked })}</strong>{" "}
              <Status tone="stop">{t("import.fate.problem")}</Status>
              <Remarks remarks={cell.problems} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function SoundCell({ row, cell }: { row: number; cell: PlanCell }) {
  const { delegations, asked, roomTypes, mates } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const { column, before, after, conflicts } = cell;
  const words = (value: string) =>
    cellInWords(t, { column, value }, { delegations, locale, asked, roomTypes, mates });
  const name = `${row}.${column}`;
  return (
    <label className="entry-change">
      <input
        type="checkbox"
        name="cell"
        value={name}
        defaultChecked={answer?.cells.includes(name) ?? cell.isChosen}
      />
      <span>
        <strong>{entryInWords(t, column, { locale, asked })}</strong>{" "}
        {before === "" ? (
          <span className="muted">{t("import.emptyBefore")}</span>
        ) : (
          <del>
            <bdi>{words(before)}</bdi>
          </del>
        )}
        {" → "}
        {after === "" ? (
          <Status tone="wait">{t("import.erased")}</Status>
        ) : (
          <ins>
            <bdi>{words(after)}</bdi>
          </ins>
        )}
        {conflicts.length === 0 ? null : (
          <span className="second-line">
            <Status tone="wait">{t("import.conflict")}</Status>{" "}
            {conflicts.map(({ key, values }) => t(key, values)).join(" ")}
          </span>
        )}
      </span>
    </label>
  );
}

/** Those who are not invited yet: what each becomes, and a box to leave it out. */
function NewRows({ rows }: { rows: ReadonlyArray<Row> }) {
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
                <Take row={row} />
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
                <Cells row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** The rows that are left out, each with all of its reasons. */
function BadRows({ rows }: { rows: ReadonlyArray<Row> }) {
  const t = useT();
  return (
    <TableFrame label={t("import.badTableLabel")}>
      <table className="fit as-cards">
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
                <Remarks
                  remarks={[...row.problems, ...row.cells.flatMap(({ problems }) => problems), ...row.notes]}
                />
              </td>
              <Who row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Who({ row: { facts, person } }: { row: Pick<PlanRow, "facts" | "person"> }) {
  const t = useT();
  return (
    <>
      <th scope="row" className="row-name">
        {facts.nameLatin + facts.nameNative === "" ? (
          <span className="muted">{person?.name ?? t("import.nameless")}</span>
        ) : (
          <BothNames person={facts} />
        )}
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
