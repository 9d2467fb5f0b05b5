import type { Locale } from "#db/vocabulary.ts";
import type { RosterBulkPlan } from "../../components/roster-bulk.tsx";
import type { RosterFacet, RosterTop } from "../../components/roster-facets.tsx";
import type { RosterCol, RosterLine, RosterTone } from "../../components/roster-types.ts";
import type { StaffContext } from "../../domain/context.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { type ColumnWithValue, rosterColumns } from "../../domain/roster/columns.server.ts";
import { FACETS, facetOf, withoutFacet } from "../../domain/roster/form.ts";
import { countRoster, type RosterRow, rosterCounts, rosterRows } from "../../domain/roster/queries.server.ts";
import { type RosterColumn, type RosterView, TESTS_OF, USUAL_VIEW } from "../../domain/roster/rules.ts";
import { isSpelled } from "../../domain/roster/spellings.ts";
import { htmlLang, otherLocale, translator } from "../../i18n/translate.ts";
import { cellInWords, columnLabel, groupLabel, optionInWords, type WordsOfEdition } from "./roster-words.ts";

/** Puts columns and people of the roster into the words of a reader, so that the page itself knows no lists. */
export type Desk = {
  ctx: StaffContext;
  locale: Locale;
  words: WordsOfEdition;
  columns: ReadonlyArray<ColumnWithValue>;
};

export function rosterDesk(ctx: StaffContext, locale: Locale, { timeZone }: { timeZone: string }): Desk {
  return {
    ctx,
    locale,
    words: { timeZone, delegations: delegationsOfScope(ctx) },
    columns: rosterColumns(ctx),
  };
}

export function columnsInWords({ locale, words, columns }: Desk): Array<RosterCol> {
  const t = translator(locale);
  const other = translator(otherLocale(locale));
  return columns.map((column) => ({
    key: column.key,
    label: columnLabel(t, locale, column),
    group: groupLabel(t, column.group),
    kind: column.kind,
    options: column.options.map((value) => ({
      value,
      label: optionInWords(t, locale, column, value, words),
      tone: toneOf(column, value),
      also: [optionInWords(other, otherLocale(locale), column, value, words)],
    })),
    tests: TESTS_OF[column.kind],
    editable: column.editable,
    long: column.key === "note",
    offers: column.editable && isSpelled(column.key),
    lang: langOf(column),
  }));
}

function langOf({ words }: RosterColumn): string | undefined {
  if (words.by !== "text" || words.lang === undefined) return undefined;
  return htmlLang(words.lang === "en" ? "en" : "zh-CN");
}

const GOOD = new Set([
  "sent",
  "seen",
  "confirmed",
  "attended",
  "accepted",
  "submitted",
  "verified",
  "granted",
  "approved",
]);
const WAIT = new Set([
  "queued",
  "tentative",
  "substitute_proposed",
  "draft",
  "offered",
  "waiting",
  "asked",
  "deferred",
  "sending",
]);
const STOP = new Set([
  "failed",
  "bounced",
  "withdrawn",
  "replaced",
  "no_show",
  "noAddress",
  "declined",
  "refused",
]);

/** States are a word and a shape; other lists are words. */
function toneOf({ key, words }: RosterColumn, value: string): RosterTone | undefined {
  if (words.by !== "list" || ["category", "function", "locale"].includes(words.list)) return undefined;
  if (key === "invitationState" && (value === "draft" || value === "approved")) return "open";
  if (GOOD.has(value)) return "good";
  if (WAIT.has(value)) return "wait";
  return STOP.has(value) ? "stop" : "open";
}

export function linesInWords(
  { locale, words }: Desk,
  shown: ReadonlyArray<ColumnWithValue>,
  rows: ReadonlyArray<RosterRow>,
): Array<RosterLine> {
  const t = translator(locale);
  return rows.map(({ personId: _person, cells, ...row }) => ({
    ...row,
    cells: cells.map((value) => (value === null ? "" : String(value))),
    words: shown.map((column, n) =>
      column.kind === "choice" || (column.kind === "text" && column.words.by === "text")
        ? null
        : cellInWords(t, locale, column, cells[n] ?? null, words),
    ),
  }));
}

/** More are changed in several goes. */
const MOST_AT_ONCE = 1_000;

/** For whom a change of the chosen would change something; null: one of them is not there. */
export function bulkPlan(
  desk: Desk,
  { column, value, chosen }: { column: string; value: string; chosen: ReadonlyArray<string> },
  most = MOST_AT_ONCE,
): Omit<RosterBulkPlan, "wrongCount"> | null {
  const shown = desk.columns.filter(({ key }) => key === column);
  const rows = rosterRows(desk.ctx, shown, chosen);
  if (rows.length < chosen.length) return null;
  const others = rows.filter(({ cells: [now] }) => String(now ?? "") !== value);
  const lines = linesInWords(desk, shown, others.slice(0, most));
  const later = others.length - lines.length;
  return { column, value, lines, same: rows.length - others.length, later };
}

/** What stands above the rows: what is counted there, and how many people the view has, of how many. */
export function rosterTop(desk: Desk, view: RosterView, { total }: { total: number }): RosterTop {
  return { facets: facetCounts(desk, view), total, everybody: countRoster(desk.ctx, USUAL_VIEW) };
}

/** What is counted on top, and which count the list is narrowed to. `""`: those who have none. */
function facetCounts({ ctx, columns }: Desk, view: RosterView): Array<RosterFacet> {
  return FACETS.flatMap((facet) => {
    const column = columns.find(({ key }) => key === facet);
    if (column === undefined) return [];
    const counts = rosterCounts(ctx, withoutFacet(view, facet)).by[facet];
    const chosen = facetOf(view, facet);
    const values = [...column.options, ""].filter((value) => (counts[value] ?? 0) > 0 || value === chosen);
    return [{ facet, chosen, counts: values.map((value) => ({ value, people: counts[value] ?? 0 })) }];
  });
}
