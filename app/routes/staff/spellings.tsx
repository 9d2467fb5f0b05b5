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
import { requirePost, staffEdition } from "../../context.server.ts";
import { rosterSteps, undoCells } from "../../domain/roster/commands.server.ts";
import {
  type Respelled,
  type Respelling,
  respell,
  respelledBy,
  spellingsOf,
} from "../../domain/roster/spellings.server.ts";
import { groupSpellings, SPELLED_COLUMNS, type SpelledColumn } from "../../domain/roster/spellings.ts";
import { useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "spellings.title") },
];

function columnOf(name: string | null): SpelledColumn {
  return SPELLED_COLUMNS.find((column) => column === name) ?? "institutionEn";
}

/** The rarest are left out of a page that would be too long; each is found in the list of people. */
const MOST_GROUPS = 400;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const query = new URL(args.request.url).searchParams;
  const column = columnOf(query.get("column"));
  const groups = groupSpellings(spellingsOf(ctx, column));
  return {
    locale,
    slug: edition.slug,
    column,
    groups: groups.slice(0, MOST_GROUPS),
    leftOut: Math.max(0, groups.length - MOST_GROUPS),
    written: /^\d{1,6}$/.test(query.get("written") ?? "") ? Number(query.get("written")) : null,
    undone: query.has("undone"),
    undo: rosterSteps(ctx).undo,
  };
}

type Answer = {
  problem: "nothing" | "tooMany" | "changed" | "stuck" | null;
  changes: ReadonlyArray<Respelling>;
  people: ReadonlyArray<Respelled>;
};

/** Shows whose entries would change, changes them, or takes the last change back. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const form = await args.request.formData();
  const texts = (name: string) => form.getAll(name).map((value) => (typeof value === "string" ? value : ""));
  const column = columnOf(texts("column")[0] ?? null);
  const here = `${paths.spellings(edition.slug)}?column=${column}`;
  const step = texts("step")[0];
  if (step === "undo") {
    const undone = await undoCells(ctx, texts("change")[0] ?? "");
    if (!undone.ok) return data<Answer>({ problem: "changed", changes: [], people: [] }, { status: 409 });
    throw redirect(`${here}&undone`, 303);
  }
  const to = texts("to");
  const changes = texts("from")
    .map((from, n) => ({ from, to: (to[n] ?? "").trim() }))
    .filter((change) => change.to !== "" && change.to !== change.from);
  const people = respelledBy(ctx, { column, changes });
  if (people.length === 0) return data<Answer>({ problem: "nothing", changes, people }, { status: 422 });
  if (step !== "write") return data<Answer>({ problem: null, changes, people });
  const done = await respell(ctx, { column, changes, shown: Number(texts("shown")[0]) });
  if (!done.ok) return data<Answer>({ problem: done.refusal, changes, people }, { status: 409 });
  const written = done.value.cells.filter(({ outcome }) => outcome === "written").length;
  if (written < done.value.cells.length)
    return data<Answer>(
      { problem: "stuck", changes, people: respelledBy(ctx, { column, changes }) },
      { status: 409 },
    );
  throw redirect(`${here}&written=${written}`, 303);
}

export default function Spellings() {
  const { slug, column, groups, leftOut, written, undone, undo } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const t = useT();
  const alike = groups.filter(({ others }) => others.length > 0);
  const alone = groups.filter(({ others }) => others.length === 0);
  return (
    <div className="import-steps">
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.people(slug)}>
            {t("import.people")}
          </a>
        }
      >
        {t("spellings.title")}
      </WorkHeading>
      <form method="get" className="panel">
        <label className="field">
          <span className="label">{t("spellings.column")}</span>
          <select name="column" defaultValue={column}>
            {SPELLED_COLUMNS.map((each) => (
              <option key={each} value={each}>
                {t(`import.kind.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <button className="button quiet" type="submit">
          {t("spellings.show")}
        </button>
      </form>
      {written === null || answer !== undefined ? null : (
        <Notice tone="good">{t("spellings.written", { count: written })}</Notice>
      )}
      {written === null || undo === null || answer !== undefined ? null : (
        <form method="post">
          <input type="hidden" name="column" value={column} />
          <input type="hidden" name="step" value="undo" />
          <input type="hidden" name="change" value={undo} />
          <button className="button quiet" type="submit">
            {t("spellings.undo")}
          </button>
        </form>
      )}
      {undone && answer === undefined ? <Notice tone="good">{t("spellings.undone")}</Notice> : null}
      {answer?.problem == null ? null : (
        <Notice tone="stop">{t(`spellings.problem.${answer.problem}`)}</Notice>
      )}
      {answer === undefined || answer.people.length === 0 ? null : <Preview answer={answer} />}
      <p className="readable">{t("spellings.intro")}</p>
      {groups.length === 0 ? <p className="muted">{t("spellings.none")}</p> : null}
      <form method="post" key={`${column}${written}`}>
        <input type="hidden" name="column" value={column} />
        <datalist id="spelled">
          {groups.map(({ leader }) => (
            <option
              key={leader.value}
              value={leader.value}
              label={t("spellings.people", { count: leader.people })}
            />
          ))}
        </datalist>
        {alike.length === 0 ? null : (
          <section aria-labelledby="alike">
            <h2 id="alike">{t("spellings.alike", { count: alike.length })}</h2>
            {alike.map(({ leader, others }) => (
              <Rows key={leader.value} label={leader.value} rows={[{ ...leader, proposed: "" }, ...others]} />
            ))}
            <Toolbar>
              <button className="button" type="submit" name="step" value="look">
                {t("spellings.preview")}
              </button>
            </Toolbar>
          </section>
        )}
        {alone.length === 0 ? null : (
          <section aria-labelledby="alone">
            <h2 id="alone">{t("spellings.alone", { count: alone.length })}</h2>
            <Rows
              label={t("spellings.alone", { count: alone.length })}
              rows={alone.map(({ leader }) => ({ ...leader, proposed: "" }))}
            />
            {leftOut === 0 ? null : <p className="muted">{t("spellings.leftOut", { count: leftOut })}</p>}
            <Toolbar>
              <button className="button quiet" type="submit" name="step" value="look">
                {t("spellings.preview")}
              </button>
            </Toolbar>
          </section>
        )}
      </form>
    </div>
  );
}

function useLang(): string {
  const { column } = useLoaderData<typeof loader>();
  return htmlLang(column.endsWith("Zh") ? "zh-CN" : "en");
}

function Rows({
  label,
  rows,
}: {
  label: string;
  rows: ReadonlyArray<{ value: string; people: number; proposed: string }>;
}) {
  const answer = useActionData<typeof action>();
  const t = useT();
  const lang = useLang();
  const typed = (value: string) => answer?.changes.find(({ from }) => from === value)?.to;
  return (
    <TableFrame label={label}>
      <table className="fit as-cards">
        <thead>
          <tr>
            <th scope="col">{t("spellings.written.as")}</th>
            <th scope="col">{t("spellings.by")}</th>
            <th scope="col">{t("spellings.becomes")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ value, people, proposed }) => (
            <tr key={value}>
              <th scope="row" className="whole">
                <bdi lang={lang}>{value}</bdi>
              </th>
              <td>{t("spellings.people", { count: people })}</td>
              <td>
                <input type="hidden" name="from" value={value} />
                <input
                  type="text"
                  name="to"
                  className="wide"
                  list="spelled"
                  maxLength={200}
                  lang={lang}
                  defaultValue={answer === undefined ? proposed : (typed(value) ?? "")}
                  aria-label={t("spellings.becomesOf", { value })}
                  autoComplete="off"
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** Whose entries would change, and the button that does it. */
function Preview({ answer }: { answer: Answer }) {
  const { slug, column } = useLoaderData<typeof loader>();
  const t = useT();
  const lang = useLang();
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">{t("spellings.previewTitle", { count: answer.people.length })}</h2>
      <form method="post">
        <input type="hidden" name="column" value={column} />
        <input type="hidden" name="shown" value={answer.people.length} />
        {answer.changes.map(({ from, to }) => (
          <span key={from}>
            <input type="hidden" name="from" value={from} />
            <input type="hidden" name="to" value={to} />
          </span>
        ))}
        <Toolbar>
          <button className="button" type="submit" name="step" value="write">
            {t("spellings.write", { count: answer.people.length })}
          </button>
          <a className="button quiet" href={`${paths.spellings(slug)}?column=${column}`}>
            {t("spellings.cancel")}
          </a>
        </Toolbar>
      </form>
      <TableFrame label={t("spellings.previewTitle", { count: answer.people.length })}>
        <table className="fit as-cards">
          <thead>
            <tr>
              <th scope="col">{t("import.column.person")}</th>
              <th scope="col">{t("import.column.before")}</th>
              <th scope="col">{t("import.column.after")}</th>
            </tr>
          </thead>
          <tbody>
            {answer.people.map((one) => (
              <tr key={one.invitationId}>
                <th scope="row" className="row-name">
                  <a href={paths.person(slug, one.invitationId)}>
                    <BothNames person={one} />
                  </a>
                </th>
                <td>
                  <del>
                    <bdi lang={lang}>{one.from}</bdi>
                  </del>
                </td>
                <td>
                  <ins>
                    <bdi lang={lang}>{one.to}</bdi>
                  </ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {answer.people.length === 0 ? <Status tone="wait">{t("spellings.none")}</Status> : null}
    </section>
  );
}
