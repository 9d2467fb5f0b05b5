/** What the forms of the roster make of a view. Words that are none of ours change nothing. */
import {
  CELL_TESTS,
  MOST_COLUMNS,
  MOST_SORTS,
  MOST_TERMS,
  type RosterColumn,
  type RosterTerm,
  type RosterView,
  rosterView,
  SORT_WAYS,
  TESTS_OF,
  USUAL_VIEW,
} from "./rules.ts";

type KnownColumn = Pick<RosterColumn, "key" | "kind" | "options">;

/** The columns that are counted on top; each count narrows the list to whom it counts. */
export const FACETS = ["delegation", "category", "reply", "registration"] as const;
export type Facet = (typeof FACETS)[number];

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim().slice(0, 300) : "";
}

/** A view that was narrowed by words. */
export function searched(view: RosterView, form: FormData): RosterView {
  return { ...view, search: text(form, "search") };
}

/** The value of the term that a count on top put into a view; null: it narrows nothing. `""`: those with none. */
export function facetOf(view: RosterView, facet: Facet): string | null {
  const values = view.any.map((terms) => {
    const term = terms.find(
      ({ column, test, value }) => column === facet && (test === "blank" || (test === "is" && value !== "")),
    );
    return term === undefined ? null : term.test === "blank" ? "" : term.value;
  });
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** The view without what a count on top put into it. */
export function withoutFacet(view: RosterView, facet: Facet): RosterView {
  if (facetOf(view, facet) === null) return view;
  const any = view.any.map((terms) =>
    terms.filter(({ column, test }) => !(column === facet && (test === "is" || test === "blank"))),
  );
  // A list without terms asks nothing, and everybody answers it.
  return { ...view, any: any.some((terms) => terms.length === 0) ? [] : any };
}

/**
 * The view narrowed to those whom a count on top counts; the same count again takes it back. The people of one delegation
 * come in protocol order, unless another one is wished.
 */
export function faceted(view: RosterView, facet: Facet, value: string): RosterView {
  const bare = inOrderOf(withoutFacet(view, facet), facet);
  if (facetOf(view, facet) === value) return bare;
  if (facet === "delegation" && bare.sort.length === 0) bare.sort = [PROTOCOL];
  const term: RosterTerm = { column: facet, test: value === "" ? "blank" : "is", value };
  return { ...bare, any: bare.any.length === 0 ? [[term]] : bare.any.map((terms) => [...terms, term]) };
}

const PROTOCOL = { column: "", way: "protocol" as const, descending: false };

function inOrderOf(view: RosterView, facet: Facet): RosterView {
  const [first, ...others] = view.sort;
  const lent = first?.way === "protocol" && !first.descending && others.length === 0;
  return facet === "delegation" && lent ? { ...view, sort: [] } : { ...view };
}

/**
 * Conditions as rows of a form: `column.0`, `test.0`, `value.0`, and from the second row `join.1`, "and" or "or". Rows
 * that are joined by "and" hold together; between lists of these one is enough. A row without a column is none.
 *
 * @param wordOf what a typed word of a closed list stands for; null: nothing.
 */
export function filtered(
  view: RosterView,
  form: FormData,
  columns: ReadonlyArray<KnownColumn>,
  wordOf: (column: string, typed: string) => string | null,
): RosterView {
  const any: Array<Array<RosterTerm>> = [];
  for (let row = 0; row < MOST_TERMS; row++) {
    const column = columns.find(({ key }) => key === text(form, `column.${row}`));
    if (column === undefined || form.get(`drop.${row}`) !== null) continue;
    const tests = TESTS_OF[column.kind];
    const asked = CELL_TESTS.find((known) => known === text(form, `test.${row}`));
    const test = asked !== undefined && tests.includes(asked) ? asked : tests[0];
    if (test === undefined) continue;
    const typed = text(form, `value.${row}`);
    const bare = test === "blank" || test === "filled";
    // A row whose value is still to be chosen asks nothing yet, but it stands there to be filled in.
    const value = bare ? "" : column.options.length === 0 ? typed : (wordOf(column.key, typed) ?? typed);
    const term = { column: column.key, test, value };
    const last = any.at(-1);
    if (last === undefined || text(form, `join.${row}`) === "or") any.push([term]);
    else last.push(term);
  }
  return { ...view, any };
}

/** The conditions of a view, row by row, as the form shows them. */
export function rowsOfFilter(view: RosterView): Array<RosterTerm & { join: "and" | "or" }> {
  return view.any.flatMap((terms) =>
    terms.map((term, n) => ({ ...term, join: n === 0 ? ("or" as const) : ("and" as const) })),
  );
}

/**
 * Which columns stand where: `show` has the chosen keys, `place.<key>` the number by which they are ordered. With it come
 * `frozen`, `group`, and two levels of sorting, `sort.0` and `sort.1` with `descending.0` and `descending.1`; what is
 * sorted by is a way of names or `value:<column>`.
 */
export function arranged(view: RosterView, form: FormData, columns: ReadonlyArray<KnownColumn>): RosterView {
  const shown = new Set(form.getAll("show"));
  const widths = new Map(view.columns.map(({ key, width }) => [key, width]));
  const chosen = columns
    .filter(({ key }) => shown.has(key))
    .map(({ key }, n) => ({ key, n, place: placeOf(form, key) }))
    .sort((a, b) => a.place - b.place || a.n - b.n)
    .slice(0, MOST_COLUMNS)
    .map(({ key }) => ({ key, width: widths.get(key) ?? null }));
  const sort = Array.from({ length: MOST_SORTS }, (_, n) => n).flatMap((n) => {
    const by = text(form, `sort.${n}`);
    const descending = form.get(`descending.${n}`) !== null;
    const way = SORT_WAYS.find((known) => known === by && known !== "value");
    if (way !== undefined) return [{ column: "", way, descending }];
    const column = columns.find(({ key }) => `value:${key}` === by);
    return column === undefined ? [] : [{ column: column.key, way: "value" as const, descending }];
  });
  const frozen = Number(text(form, "frozen"));
  return {
    ...view,
    columns: chosen,
    sort,
    frozen: Number.isInteger(frozen) && frozen >= 0 ? Math.min(frozen, 5) : 0,
    groupBy: form.get("group") === "delegation" ? "delegation" : null,
  };
}

function placeOf(form: FormData, key: string): number {
  const place = Number.parseFloat(text(form, `place.${key}`));
  return Number.isFinite(place) ? place : Number.MAX_SAFE_INTEGER;
}

/** The view with columns as wide as somebody drew them: `width.<key>`, in pixels. */
export function widened(view: RosterView, form: FormData): RosterView {
  return {
    ...view,
    columns: view.columns.map(({ key, width }) => {
      const wish = Number(text(form, `width.${key}`));
      return { key, width: Number.isInteger(wish) && wish >= 40 && wish <= 800 ? wish : width };
    }),
  };
}

/** The view sorted by one column; the same column again turns it round. */
export function sortedBy(view: RosterView, key: string): RosterView {
  const [first] = view.sort;
  const same = first?.way === "value" && first.column === key;
  return { ...view, sort: [{ column: key, way: "value", descending: same && !first.descending }] };
}

/** A view as it is stored, or the usual one when what is stored is none (any more). */
export function readView(stored: string): RosterView {
  try {
    const parsed = rosterView.safeParse(JSON.parse(stored));
    return parsed.success ? parsed.data : USUAL_VIEW;
  } catch {
    return USUAL_VIEW;
  }
}
