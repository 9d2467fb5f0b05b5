import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { useMemo, useState } from "react";
import { CARD_KINDS, PAYERS } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { Notice } from "../../components/page.tsx";
import { RosterArrange } from "../../components/roster-arrange.tsx";
import { RosterBulk, TYPED_ABOVE } from "../../components/roster-bulk.tsx";
import { RosterFacets, type RosterTop } from "../../components/roster-facets.tsx";
import { ColumnOptions, RosterFilter } from "../../components/roster-filter.tsx";
import { RosterList } from "../../components/roster-live.tsx";
import { type RosterAnswer, RosterRowForm } from "../../components/roster-row-form.tsx";
import { cellText, lineName, optionOf, type RosterCol } from "../../components/roster-types.ts";
import { RosterKeep, RosterViews } from "../../components/roster-views.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { CARD_ACT } from "../../domain/card/queries.server.ts";
import { CHASE_ACT } from "../../domain/completeness/chase.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { mayInvite } from "../../domain/person/queries.server.ts";
import {
  type CellOutcome,
  changeCells,
  rosterSteps,
  undoCells,
} from "../../domain/roster/commands.server.ts";
import {
  arranged,
  FACETS,
  faceted,
  filtered,
  rowsOfFilter,
  searched,
  sortedBy,
  widened,
} from "../../domain/roster/form.ts";
import { type PagePlace, rosterIds, rosterPage, rosterRows } from "../../domain/roster/queries.server.ts";
import { type RosterView, USUAL_VIEW } from "../../domain/roster/rules.ts";
import { offersFor } from "../../domain/roster/spellings.ts";
import {
  deleteView,
  findView,
  keepPlace,
  namedViews,
  type OpenView,
  saveView,
  USUAL,
} from "../../domain/roster/views.server.ts";
import { zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate, translator } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ticked } from "../../platform/form.ts";
import { actOfGift, giveToChosen, rosterGifts } from "./roster-acts.server.ts";
import {
  bulkPlan,
  columnsInWords,
  type Desk,
  linesInWords,
  rosterDesk,
  rosterTop,
} from "./roster-page.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "people.title") },
];

/** A view that is gone is the usual one: its address may be old, and a colleague may have deleted it. */
function openView(ctx: StaffContext, id: string | null): OpenView {
  return (id === null || id === "" ? null : findView(ctx, id)) ?? USUAL;
}

function placeOf(query: URLSearchParams): PagePlace {
  return { after: query.get("after"), before: query.get("before"), last: query.has("last") };
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, account, locale } = await staffEdition(args);
  const query = new URL(args.request.url).searchParams;
  const open = openView(ctx, query.get("view"));
  const of = open.name === "" ? openView(ctx, query.get("of")) : open;
  const desk = rosterDesk(ctx, locale, edition);
  const page = rosterPage(ctx, open.view, placeOf(query));
  const mayWrite = mayInvite(ctx);
  const edited = mayWrite ? query.get("edit") : null;
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    account: account.id,
    mayWrite,
    may: {
      mail: allows(ctx.scope, "mail"),
      chase: allows(ctx.scope, CHASE_ACT),
      release: allows(ctx.scope, "lead"),
      cards: allows(ctx.scope, CARD_ACT),
    },
    gifts: rosterGifts(desk),
    open: { id: open.id, name: open.name, shared: open.shared, own: open.own },
    of:
      of.id === null || of.name === "" ? null : { id: of.id, name: of.name, shared: of.shared, own: of.own },
    view: open.view,
    views: namedViews(ctx),
    columns: columnsInWords(desk),
    shown: page.columns.map(({ key }) => key),
    lines: linesInWords(desk, page.columns, page.rows),
    ...rosterTop(desk, open.view, page),
    next: page.next,
    previous: page.previous,
    steps: mayWrite ? rosterSteps(ctx) : { undo: null, redo: null },
    edited: edited === null ? null : editedLine(desk, edited),
  };
}

/** Somebody with all that can be changed of them; null: they are not here. */
function editedLine(desk: Desk, invitationId: string) {
  const editable = desk.columns.filter((column) => column.editable);
  const rows = rosterRows(desk.ctx, editable, [invitationId]);
  return linesInWords(desk, editable, rows)[0] ?? null;
}

/** Looking for somebody is a POST as well: what people look for are names, and names have no place in addresses. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, locale } = await staffEdition(args);
  const form = await args.request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const open = openView(ctx, text("view"));
  const of = open.name === "" ? text("of") : (open.id ?? "");
  const go = (id: string | null, more: Record<string, string> = {}) =>
    redirect(peopleAddress(edition.slug, { view: id, of: of === id ? "" : of, ...more }), 303);
  const look = async (view: RosterView, more: Record<string, string> = {}) =>
    go(same(view, USUAL_VIEW) ? null : (await keepPlace(ctx, view)).id, more);
  const here = {
    after: text("after"),
    before: text("before"),
    ...(text("last") === "" ? {} : { last: "1" }),
  };
  const desk = rosterDesk(ctx, locale, edition);
  const columns = () => columnsInWords(desk);

  switch (text("intent")) {
    case "":
    case "search":
      return look(searched(open.view, form));
    case "facet": {
      const [name = "", ...rest] = text("facet").split(":");
      const facet = FACETS.find((known) => known === name);
      return facet === undefined ? go(open.id) : look(faceted(open.view, facet, rest.join(":")));
    }
    case "filter": {
      const all = columns();
      const wordOf = (key: string, typed: string) =>
        optionOf(all.find((column) => column.key === key)?.options ?? [], typed);
      return look(filtered(open.view, form, desk.columns, wordOf));
    }
    case "arrange":
      return look(arranged(open.view, form, desk.columns));
    case "widths":
      return look(widened(open.view, form), here);
    case "keep":
    case "keepNew": {
      const id = text("intent") === "keep" ? of : null;
      const saved = await saveView(ctx, {
        id,
        name: text("name"),
        shared: form.has("shared"),
        view: open.view,
      });
      if (saved.ok) return redirect(peopleAddress(edition.slug, { view: saved.value.id, done: "kept" }), 303);
      if (saved.refusal === "gone") throw notFound();
      return data(
        {
          keep: {
            problem: translate(locale, "roster.view.noName"),
            name: text("name"),
            shared: form.has("shared"),
          },
        },
        { status: 422 },
      );
    }
    case "forget": {
      const deleted = await deleteView(ctx, of);
      if (!deleted.ok) throw notFound();
      return redirect(peopleAddress(edition.slug, { done: "forgotten" }), 303);
    }
    default:
      if (text("intent").startsWith("sort:"))
        return look(sortedBy(open.view, text("intent").slice("sort:".length)));
      if (text("intent") === "give")
        return give(args, { form, gift: text("gift"), payer: text("payer"), desk, open, go, here });
      return change(args, { form, text, desk, open, go, here });
  }
}

/** Gives the chosen a place on a visit, a seat, a room or a letter: each needs a permission of its own. */
async function give(
  args: ActionFunctionArgs,
  {
    form,
    gift,
    payer,
    desk,
    open,
    go,
    here,
  }: {
    form: FormData;
    gift: string;
    payer: string;
    desk: Desk;
    open: OpenView;
    go: (id: string | null, more?: Record<string, string>) => Response;
    here: Record<string, string>;
  },
) {
  const t = translator(desk.locale);
  const needs = actOfGift(gift);
  const again = (bulkProblem: string) => data({ bulkProblem, picked: pickedIn(form) }, { status: 422 });
  if (needs === null) return again(t("roster.gift.none"));
  const { ctx } = await staffEdition(args, needs);
  const chosen = ticked(form, "invitation") ?? [];
  if (chosen.length === 0) return again(t("people.notice.nobody"));
  const people = new Map(rosterRows(ctx, [], chosen).map((row) => [row.invitationId, row]));
  if (people.size < new Set(chosen).size) throw notFound();
  const done = await giveToChosen(ctx, gift, chosen, payer);
  if (done === null) throw notFound();
  if (done.stuck.length === 0) return go(open.id, { ...here, done: "given", written: String(done.given) });
  const label = rosterGifts(desk)
    .flatMap(({ gifts }) => gifts)
    .find(({ value }) => value === gift)?.label;
  return data(
    {
      given: done.given,
      without: done.stuck.map(({ invitationId, problem }) => {
        const person = people.get(invitationId);
        return {
          invitationId,
          name: person === undefined ? "" : lineName(person),
          gift: label ?? "",
          problem: t(problem),
        };
      }),
    },
    { status: 409 },
  );
}

/** What changes people, for those who may. */
async function change(
  args: ActionFunctionArgs,
  {
    form,
    text,
    desk,
    open,
    go,
    here,
  }: {
    form: FormData;
    text: (name: string) => string;
    desk: Desk;
    open: OpenView;
    go: (id: string | null, more?: Record<string, string>) => Response;
    here: Record<string, string>;
  },
) {
  const { ctx, locale } = await staffEdition(args, "invitations");
  const t = translator(locale);
  const columns = columnsInWords(desk);
  const [intent, changeId = ""] = text("intent").split(":");
  switch (intent) {
    case "row": {
      const invitationId = text("invitation");
      const cells = columns
        .filter(({ key, editable }) => editable && form.has(`value.${key}`))
        .map(({ key }) => ({
          invitationId,
          column: key,
          seen: asTyped(text(`seen.${key}`)),
          value: asTyped(text(`value.${key}`)),
        }))
        .filter(({ seen, value }) => value.trim() !== seen);
      if (editedLine(desk, invitationId) === null) throw notFound();
      const changed = await changeCells(ctx, { kind: "edit", cells });
      if (!changed.ok) throw data(null, { status: 400 });
      const stuck = changed.value.cells.filter(isStuck);
      if (stuck.length === 0) return go(open.id, { ...here, done: "row", at: invitationId });
      return data(
        {
          row: changed.value.cells.map(
            ({ column, outcome, value, problem }): RosterAnswer => ({
              column,
              outcome,
              theirs: value,
              mine: cells.find((cell) => cell.column === column)?.value ?? "",
              problem: problem === null ? null : t(problem),
            }),
          ),
        },
        { status: 409 },
      );
    }
    case "bulk":
    case "bulkDo": {
      const column = columns.find(({ key, editable }) => editable && key === text("bulkColumn"));
      const again = (bulkProblem: string, status = 422) =>
        data({ bulkProblem, picked: pickedIn(form) }, { status });
      if (column === undefined) return again(t("roster.bulk.noColumn"));
      const typed = text("bulkValue").trim();
      const value = column.options.length === 0 ? typed : optionOf(column.options, typed);
      if (value === null)
        return again(
          t("roster.bulk.unknown", {
            typed,
            known: column.options.map(({ label }) => label).join(t("myProgramme.listSeparator")),
          }),
        );
      // Whom a view had that is gone, nobody knows: everybody is not what was asked for.
      if (form.has("whole") && text("view") !== (open.id ?? "")) return again(t("roster.bulk.viewGone"), 409);
      const chosen = form.has("whole") ? rosterIds(ctx, open.view) : (ticked(form, "invitation") ?? []);
      if (chosen.length === 0) return again(t("people.notice.nobody"));
      const plan = bulkPlan(desk, { column: column.key, value, chosen });
      if (plan === null) throw notFound();
      const { lines } = plan;
      if (intent === "bulk") return data({ bulk: { ...plan, wrongCount: false } });
      if (lines.length > TYPED_ABOVE && text("typed").normalize("NFKC").trim() !== String(lines.length))
        return data({ bulk: { ...plan, wrongCount: true } }, { status: 422 });
      const cells = lines.map(({ invitationId }) => ({
        invitationId,
        column: column.key,
        seen: asTyped(text(`seen.${invitationId}`)),
        value,
      }));
      const changed = await changeCells(ctx, { kind: "bulk", cells });
      if (!changed.ok) throw data(null, { status: 400 });
      const stuck = changed.value.cells.filter(isStuck);
      const written = changed.value.cells.filter(({ outcome }) => outcome === "written").length;
      if (stuck.length === 0) return go(open.id, { ...here, done: "bulk", written: String(written) });
      return data({ stuck: stuckInWords(desk, columns, stuck), written }, { status: 409 });
    }
    case "undo":
    case "redo": {
      const undone = await undoCells(ctx, changeId);
      if (!undone.ok) return data({ bulkProblem: t("roster.undo.gone") }, { status: 409 });
      const stuck = undone.value.cells.filter(isStuck);
      const written = undone.value.cells.length - stuck.length;
      if (stuck.length === 0) return go(open.id, { ...here, done: intent, written: String(written) });
      const steps = rosterSteps(ctx, written === 0 ? { way: intent, changeId } : null);
      return data({ stuck: stuckInWords(desk, columns, stuck), written, steps }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

/** Whom somebody had chosen and what for, when they are asked again. */
function pickedIn(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? "");
  return {
    people: ticked(form, "invitation") ?? [],
    gift: text("gift"),
    payer: text("payer"),
    column: text("bulkColumn"),
    value: text("bulkValue"),
    whole: form.has("whole"),
  };
}
type Picked = ReturnType<typeof pickedIn>;

/** Browsers send lines of a form apart with two characters; stored they are one. */
function asTyped(value: string): string {
  return value.replaceAll("\r\n", "\n");
}

function isStuck({ outcome }: CellOutcome): boolean {
  return outcome === "conflict" || outcome === "refused";
}

/** Cells that could not be changed, with whose they are and what stands there. */
function stuckInWords(desk: Desk, columns: ReadonlyArray<RosterCol>, stuck: ReadonlyArray<CellOutcome>) {
  const t = translator(desk.locale);
  const people = rosterRows(desk.ctx, [], [...new Set(stuck.map(({ invitationId }) => invitationId))]);
  return stuck.map(({ invitationId, column: key, value, problem }) => {
    const column = columns.find((each) => each.key === key);
    const person = people.find((each) => each.invitationId === invitationId);
    return {
      invitationId,
      key,
      name: person === undefined ? "" : lineName(person),
      column: column?.label ?? key,
      value: column === undefined ? value : cellText(column, value),
      problem: problem === null ? "" : t(problem),
    };
  });
}

function same(one: RosterView, other: RosterView): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What makes it another list: whom it holds, in which columns and order. Another width is the same one, at the same place. */
function listOf(
  { columns, sort, groupBy, any, search }: RosterView,
  place: Record<string, string | null>,
): string {
  return JSON.stringify([columns.map(({ key }) => key), sort, groupBy, any, search, place]);
}

function sortedNow({ sort: [first] }: RosterView) {
  return first?.way === "value" ? { key: first.column, descending: first.descending } : null;
}

function peopleAddress(slug: string, query: Record<string, string | null>): string {
  return paths.people(slug) + queryOf(query);
}

function queryOf(query: Record<string, string | null>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [[name, value]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

export default function People() {
  const loaded = useLoaderData<typeof loader>();
  // What is counted on top follows what colleagues do, as the rows do.
  const [heard, setHeard] = useState<{ of: Page; top: RosterTop } | null>(null);
  const page = heard?.of === loaded ? { ...loaded, ...heard.top } : loaded;
  const answer = useActionData<typeof action>();
  const { slug, mayWrite, open, of, view, columns, lines, total, shown } = page;
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const shownCols = useMemo(() => {
    const byKey = new Map(columns.map((column) => [column.key, column]));
    return shown.flatMap((key) => byKey.get(key) ?? []);
  }, [columns, shown]);
  const widths = useMemo(
    () => shown.map((key) => view.columns.find((column) => column.key === key)?.width ?? null),
    [shown, view],
  );
  const where = { view: open.id, of: of === null || of.id === open.id ? null : of.id };
  const place = {
    after: query.get("after"),
    before: query.get("before"),
    last: query.has("last") ? "1" : null,
  };
  const hidden = <Where fields={where} />;
  const hiddenPlace = <Where fields={{ ...where, ...place }} />;
  const back = peopleAddress(slug, { ...where, ...place });
  const conditions = rowsOfFilter(view);
  const mayChoose = mayWrite || Object.values(page.may).some(Boolean);
  const narrowed = conditions.length > 0 || view.search !== "";
  const got = <Key extends string>(key: Key) =>
    answer !== undefined && answer !== null && key in answer
      ? (answer as Record<Key, unknown>)[key]
      : undefined;
  const bulk = got("bulk") as React.ComponentProps<typeof RosterBulk>["plan"] | undefined;
  const row = got("row") as ReadonlyArray<RosterAnswer> | undefined;
  const problem = got("bulkProblem") as string | undefined;
  const keep = got("keep") as React.ComponentProps<typeof RosterKeep>["refused"];
  const picked = got("picked") as Picked | undefined;
  const stuck = got("stuck") as ReturnType<typeof stuckInWords> | undefined;
  const steps = (got("steps") ?? page.steps) as Page["steps"];
  const without = got("without") as ReadonlyArray<WithoutGift> | undefined;
  return (
    <>
      <Heading page={page} />
      <Done />
      {problem === undefined ? null : <Notice tone="stop">{problem}</Notice>}
      {stuck === undefined ? null : (
        <Stuck
          stuck={stuck}
          written={Number(got("written") ?? 0)}
          address={(id) => peopleAddress(slug, { ...where, ...place, edit: id })}
        />
      )}
      {without === undefined ? null : (
        <Without slug={slug} given={Number(got("given") ?? 0)} without={without} />
      )}
      <RosterViews
        views={page.views}
        here={open.id === null ? null : open.name === "" ? undefined : open.id}
        address={(id) => peopleAddress(slug, { view: id })}
      />
      <Form method="post" className="filters roster-search" preventScrollReset>
        {hidden}
        <input type="hidden" name="intent" value="search" />
        <label className="field">
          <span className="label">{t("people.search")}</span>
          <input
            key={view.search}
            name="search"
            type="search"
            defaultValue={view.search}
            maxLength={100}
            autoComplete="off"
          />
        </label>
        <button className="button quiet" type="submit">
          {t("people.filter.apply")}
        </button>
        {narrowed ? <a href={paths.people(slug)}>{t("people.filter.clear")}</a> : null}
      </Form>
      <RosterFacets facets={page.facets} columns={columns}>
        {hidden}
      </RosterFacets>
      <div className="roster-tools">
        <details className="placeholders">
          <summary>
            {t("roster.filter.title")}{" "}
            <span className="muted">{conditions.length === 0 ? null : conditions.length}</span>
          </summary>
          <RosterFilter key={open.id ?? ""} rows={conditions} columns={columns}>
            {hidden}
          </RosterFilter>
        </details>
        <details className="placeholders">
          <summary>{t("roster.columns.title")}</summary>
          <RosterArrange key={open.id ?? ""} view={view} columns={columns}>
            {hidden}
          </RosterArrange>
        </details>
        <details className="placeholders" open={keep !== undefined}>
          <summary>{t("roster.view.keep")}</summary>
          <RosterKeep of={of?.own === true ? of : null} refused={keep}>
            {hidden}
          </RosterKeep>
        </details>
        {mayWrite ? (
          <Form method="post" className="toolbar" preventScrollReset>
            {hiddenPlace}
            {(["undo", "redo"] as const).map((way) => (
              <button
                key={way}
                className="button quiet small"
                type="submit"
                name="intent"
                value={`${way}:${steps[way] ?? ""}`}
                data-step={way}
                disabled={steps[way] === null}
              >
                {t(`roster.${way}`)}
              </button>
            ))}
          </Form>
        ) : null}
      </div>
      {bulk === undefined ? null : (
        <RosterBulk plan={bulk} columns={columns} back={back}>
          {hiddenPlace}
        </RosterBulk>
      )}
      {page.edited === null ? null : (
        <RosterRowForm
          key={page.edited.invitationId}
          line={page.edited}
          columns={columns.filter(({ editable }) => editable)}
          answers={row ?? []}
          back={back}
        >
          {hiddenPlace}
        </RosterRowForm>
      )}
      <p className="muted roster-count">
        {t("people.count", { count: total })}
        {narrowed ? ` ${t("roster.ofAll", { count: page.everybody })}` : null}
        {view.sort[0]?.way === "protocol" ? ` · ${t("order.stated")}` : null}
        {" · "}
        {t("roster.zone", { zone: zoneName(page.timeZone, locale) })}
      </p>
      {lines.length === 0 ? (
        <p>{page.everybody === 0 ? t("people.emptyEdition") : t("people.empty")}</p>
      ) : (
        <form method="post" action={back}>
          {hiddenPlace}
          {mayWrite ? <EnterPreviews /> : null}
          <RosterList
            key={listOf(view, place)}
            columns={shownCols}
            all={columns}
            widths={widths}
            frozen={view.frozen}
            lines={lines}
            heads={view.groupBy === null ? null : headsOf(page)}
            sorted={sortedNow(view)}
            choose={mayChoose}
            personAddress={(id) => paths.person(slug, id)}
            changeAddress={mayWrite ? (id) => peopleAddress(slug, { ...where, ...place, edit: id }) : null}
            endpoint={paths.peopleCells(slug)}
            offersFor={offersFor}
            query={queryOf({ view: open.id, ...place })}
            memory={`roster ${slug} ${page.account}`}
            steps={page.steps}
            chosen={picked?.people}
            where={{ ...where, ...place }}
            onTop={(top) => setHeard({ of: loaded, top })}
          />
          <Pages page={page} where={where} />
          {mayChoose ? <Acts page={page} picked={picked} /> : null}
        </form>
      )}
    </>
  );
}

/** Enter in a form presses its first button, which would be a heading's that sorts, and all that was chosen would be lost. */
function EnterPreviews() {
  return (
    <button
      className="visually-hidden"
      type="submit"
      name="intent"
      value="bulk"
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}

function Where({ fields }: { fields: Record<string, string | null> }) {
  return Object.entries(fields).map(([name, value]) =>
    value === null || value === "" ? null : <input type="hidden" key={name} name={name} value={value} />,
  );
}

function headsOf({ columns, facets }: Page) {
  const column = columns.find(({ key }) => key === "delegation");
  const counts = facets.find(({ facet }) => facet === "delegation")?.counts ?? [];
  return counts.map(({ value, people }) => ({
    delegationId: value,
    name: column === undefined ? "" : cellText(column, value),
    people,
  }));
}

function Heading({ page: { slug, mayWrite, open } }: { page: Page }) {
  const t = useT();
  return (
    <WorkHeading
      actions={
        <>
          {mayWrite ? (
            <>
              <a className="button quiet" href={paths.newPerson(slug)}>
                {t("people.add")}
              </a>
              <a className="button quiet" href={paths.spellings(slug)}>
                {t("spellings.link")}
              </a>
              <a className="button quiet" href={paths.importPeople(slug)}>
                {t("people.import")}
              </a>
            </>
          ) : null}
          <a className="button quiet" href={paths.exportPeople(slug, open.id ?? undefined)}>
            {t("people.export")}
          </a>
        </>
      }
    >
      {t("people.title")}
    </WorkHeading>
  );
}

/** The ways to the other pages of the list. */
function Pages({
  page: { slug, next, previous, lines, total },
  where,
}: {
  page: Page;
  where: Record<string, string | null>;
}) {
  const t = useT();
  if (lines.length === total) return null;
  const to = (more: Record<string, string>) => peopleAddress(slug, { ...where, ...more });
  return (
    <nav className="paging toolbar" aria-label={t("roster.pages")}>
      {previous === null ? null : (
        <>
          <a className="button quiet small" href={to({})}>
            {t("roster.page.first")}
          </a>
          <a className="button quiet small" href={to({ before: previous })} rel="prev">
            {t("roster.page.previous")}
          </a>
        </>
      )}
      {next === null ? null : (
        <>
          <a className="button quiet small" href={to({ after: next })} rel="next">
            {t("people.next")}
          </a>
          <a className="button quiet small" href={to({ last: "1" })}>
            {t("roster.page.last")}
          </a>
        </>
      )}
    </nav>
  );
}

/** What is done with the people who are chosen in the table. */
function Acts({
  page: { slug, columns, total, lines, mayWrite, may, gifts },
  picked,
}: {
  page: Page;
  picked: Picked | undefined;
}) {
  const t = useT();
  return (
    <div className="roster-acts">
      <fieldset>
        <legend>{t("roster.acts")}</legend>
        <Toolbar>
          {mayWrite ? (
            <button className="button small" type="submit" formAction={paths.sendInvitations(slug)}>
              {t("people.sendToChosen")}
            </button>
          ) : null}
          {may.mail ? (
            <button
              className="button quiet small"
              type="submit"
              formAction={paths.newMail(slug)}
              name="intent"
              value="people"
            >
              {t("roster.act.mail")}
            </button>
          ) : null}
          {may.chase ? (
            <button className="button quiet small" type="submit" formAction={paths.chase(slug)}>
              {t("roster.act.chase")}
            </button>
          ) : null}
          {may.cards
            ? CARD_KINDS.map((kind) => (
                <button
                  key={kind}
                  className="button quiet small"
                  type="submit"
                  formAction={paths.badges(slug, kind)}
                >
                  {t(`cards.act.${kind}`)}
                </button>
              ))
            : null}
          {may.release ? (
            <button
              className="button quiet small"
              type="submit"
              formAction={paths.newRelease(slug)}
              name="step"
              value="people"
            >
              {t("roster.act.release")}
            </button>
          ) : null}
        </Toolbar>
      </fieldset>
      {gifts.length === 0 ? null : (
        <fieldset>
          <legend>{t("roster.gift.legend")}</legend>
          <div className="toolbar">
            <label>
              <span className="visually-hidden">{t("roster.gift.what")}</span>
              <select name="gift" defaultValue={picked?.gift ?? ""}>
                <option value="">{t("roster.gift.choose")}</option>
                {gifts.map(({ group, gifts: ofGroup }) => (
                  <optgroup key={group} label={group}>
                    {ofGroup.map(({ value, label }) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </select>
            </label>
            {gifts.some((group) => group.gifts.some(({ value }) => value.startsWith("room:"))) ? (
              <label>
                {t("roster.gift.payer")}{" "}
                <select name="payer" defaultValue={picked?.payer || PAYERS[0]}>
                  {PAYERS.map((payer) => (
                    <option key={payer} value={payer}>
                      {t(`payer.${payer}`)}
                    </option>
                  ))}
                </select>
              </label>
            ) : null}
            <button className="button quiet small" type="submit" name="intent" value="give">
              {t("roster.gift.give")}
            </button>
          </div>
        </fieldset>
      )}
      {mayWrite ? (
        <fieldset>
          <legend>{t("roster.bulk.legend")}</legend>
          <div className="toolbar">
            <label>
              {t("roster.bulk.column")}{" "}
              <select name="bulkColumn" defaultValue={picked?.column ?? ""}>
                <option value="">{t("roster.filter.choose")}</option>
                <ColumnOptions columns={columns.filter(({ editable }) => editable)} />
              </select>
            </label>
            <label>
              {t("roster.bulk.value")}{" "}
              <input name="bulkValue" defaultValue={picked?.value} autoComplete="off" maxLength={400} />
            </label>
            {lines.length < total ? (
              <label className="tick-inline">
                <input type="checkbox" name="whole" defaultChecked={picked?.whole} />{" "}
                {t("roster.bulk.whole", { count: total })}
              </label>
            ) : null}
            <button className="button quiet small" type="submit" name="intent" value="bulk">
              {t("roster.bulk.preview")}
            </button>
          </div>
        </fieldset>
      ) : null}
    </div>
  );
}

type WithoutGift = { invitationId: string; name: string; gift: string; problem: string };

/** Who did not get what the others got, and why. */
function Without({
  slug,
  given,
  without,
}: {
  slug: string;
  given: number;
  without: ReadonlyArray<WithoutGift>;
}) {
  const t = useT();
  return (
    <Notice tone="wait">
      <p>{t("roster.gift.without", { given, without: without.length, gift: without[0]?.gift ?? "" })}</p>
      <ul>
        {without.map(({ invitationId, name, problem }) => (
          <li key={invitationId}>
            <a href={paths.person(slug, invitationId)}>
              <bdi>{name}</bdi>
            </a>
            {" · "}
            {problem}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Stuck({
  stuck,
  written,
  address,
}: {
  stuck: ReturnType<typeof stuckInWords>;
  written: number;
  address: (invitationId: string) => string;
}) {
  const t = useT();
  return (
    <Notice tone="stop">
      <p>{t("roster.stuck", { written, stuck: stuck.length })}</p>
      <ul>
        {stuck.map(({ invitationId, key, name, column, value, problem }) => (
          <li key={`${invitationId} ${key}`}>
            <a href={address(invitationId)}>
              <bdi>{name}</bdi>
            </a>
            {" · "}
            {column}
            {": "}
            <bdi>{value === "" ? t("roster.nothing") : value}</bdi>
            {" · "}
            {problem}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What the last act did: the address that it redirected to says so. */
function Done() {
  const t = useT();
  const [query] = useSearchParams();
  const number = (name: string) => {
    const count = Number(query.get(name) ?? 0);
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  };
  const said = () => {
    if (number("sent") > 0) return t("people.notice.sent", { count: number("sent") });
    if (number("carried") > 0) return t("carry.done", { drafted: number("carried") });
    switch (query.get("done")) {
      case "row":
        return t("roster.done.row");
      case "bulk":
        return t("roster.done.bulk", { count: number("written") });
      case "undo":
        return t("roster.done.undo", { count: number("written") });
      case "redo":
        return t("roster.done.redo", { count: number("written") });
      case "given":
        return t("roster.done.given", { count: number("written") });
      case "kept":
        return t("roster.done.kept");
      case "forgotten":
        return t("roster.done.forgotten");
      default:
        return null;
    }
  };
  const words = said();
  if (words !== null) return <Notice tone="good">{words}</Notice>;
  if (query.has("nobody")) return <Notice tone="wait">{t("people.notice.nobody")}</Notice>;
  return null;
}
