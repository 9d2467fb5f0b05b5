import { createHash } from "node:crypto";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import type { CellsAnswer } from "../../components/use-roster-edits.ts";
import type { AwayRows, RosterNews } from "../../components/use-roster-live.ts";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { mayInvite } from "../../domain/person/queries.server.ts";
import {
  type CellsChanged,
  changeCells,
  MOST_CELLS,
  rosterSteps,
  undoCells,
} from "../../domain/roster/commands.server.ts";
import { writtenSoFar } from "../../domain/roster/memory.server.ts";
import {
  ROSTER_PAGE,
  recentChanges,
  rosterPage,
  rosterRows,
  shownColumns,
  stillInView,
} from "../../domain/roster/queries.server.ts";
import type { RosterView } from "../../domain/roster/rules.ts";
import { spellingsOf } from "../../domain/roster/spellings.server.ts";
import { isSpelled, MOST_OFFERED } from "../../domain/roster/spellings.ts";
import { findView, USUAL } from "../../domain/roster/views.server.ts";
import { clockTime24 } from "../../i18n/dates.ts";
import { type Translate, translator } from "../../i18n/translate.ts";
import { type Desk, linesInWords, rosterDesk, rosterTop } from "./roster-page.server.ts";

/** What the grid's own script asks and tells: a page of the roster as it is now, and cells that are to change. */

/** More than a page has are not asked for. */
const MOST_ROWS = ROSTER_PAGE;

/**
 * One page of a view. Nothing new since the last answer: 304, and as long as nobody has written anything that is all that is
 * found out. With `rows`: what became of people who are no longer on the page. With `spellings`: what is written in that
 * column by anybody of this side's people.
 */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, account, locale } = await staffEdition(args);
  const { search, searchParams: query } = new URL(args.request.url);
  const column = query.get("spellings");
  if (column !== null) return Response.json(spellings(ctx, column), { headers: PRIVATE });
  const [, known = "", told = ""] =
    /^(?:W\/)?"([\w-]+)\.([\w-]+)"$/.exec(args.request.headers.get("If-None-Match") ?? "") ?? [];
  const state = digest(JSON.stringify([writtenSoFar(ctx), account.id, ctx.scope, locale, search]));
  const headersOf = (of: string) => ({ ETag: `"${state}.${of}"`, ...PRIVATE });
  if (known === state) return new Response(null, { status: 304, headers: headersOf(told) });

  const id = query.get("view");
  const open = id === null ? USUAL : findView(ctx, id);
  if (open === null) throw notFound();
  const desk = rosterDesk(ctx, locale, edition);
  const rows = query.get("rows");
  if (rows !== null) return Response.json(awayRows(desk, open.view, rows.split(",").slice(0, MOST_ROWS)));

  const page = rosterPage(ctx, open.view, {
    after: query.get("after"),
    before: query.get("before"),
    last: query.has("last"),
  });
  const ids = page.rows.map(({ invitationId }) => invitationId);
  const news: RosterNews = {
    shown: page.columns.map(({ key }) => key),
    lines: linesInWords(desk, page.columns, page.rows),
    top: rosterTop(desk, open.view, page),
    changes: recentChanges(ctx, ids).map(({ at, by, name, ...cell }) => ({
      ...cell,
      by: name,
      own: by === ctx.actor.id,
      at: clockTime24(at, edition.timeZone),
    })),
    steps: mayInvite(ctx) ? rosterSteps(ctx) : { undo: null, redo: null },
  };
  const body = JSON.stringify(news);
  const headers = headersOf(digest(body));
  if (told === digest(body)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, "Content-Type": "application/json; charset=utf-8" } });
}

const PRIVATE = { "Cache-Control": "private, no-cache" };

/** What is written in a column that several people share, the commonest first. */
function spellings(ctx: StaffContext, column: string): Array<string> {
  if (!isSpelled(column)) throw notFound();
  return spellingsOf(ctx, column)
    .toSorted((a, b) => b.people - a.people || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_OFFERED)
    .map(({ value }) => value);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** People whom a page had and has no longer, as they are now: elsewhere in the list, not in it, or nobody's here. */
function awayRows(desk: Desk, view: RosterView, ids: ReadonlyArray<string>): AwayRows {
  const columns = shownColumns(desk.columns, view);
  const lines = linesInWords(desk, columns, rosterRows(desk.ctx, columns, ids));
  const still = stillInView(desk.ctx, view, ids);
  const byId = new Map(lines.map((line) => [line.invitationId, line]));
  return ids.map((invitationId) => {
    const line = byId.get(invitationId) ?? null;
    return {
      invitationId,
      line,
      now: line === null ? "gone" : still.has(invitationId) ? "elsewhere" : "left",
    };
  });
}

const wish = z.union([
  z.object({ undo: z.string().max(80), way: z.enum(["undo", "redo"]).default("undo") }),
  z.object({
    kind: z.enum(["edit", "paste"]),
    cells: z
      .array(
        z.object({
          invitationId: z.string().max(80),
          column: z.string().max(80),
          // What is too long is said to be so cell by cell.
          seen: z.string(),
          value: z.string(),
        }),
      )
      .min(1)
      .max(MOST_CELLS),
  }),
]);

/** Cells that are to change, or a step that is to be taken back. What became of each is the answer. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, locale } = await staffEdition(args, "invitations");
  const asked = wish.safeParse(await bodyOf(args.request));
  if (!asked.success) throw data(null, { status: 400 });
  // People who are nobody's here are not there, whatever was to be written into them.
  if ("cells" in asked.data) {
    const ids = [...new Set(asked.data.cells.map(({ invitationId }) => invitationId))];
    if (rosterRows(ctx, [], ids).length === 0) throw notFound();
  }
  const done =
    "undo" in asked.data ? await undoCells(ctx, asked.data.undo) : await changeCells(ctx, asked.data);
  const changed = done.ok ? done.value : { changeIds: [], cells: [] };
  const isStuck = changed.cells.every(({ outcome }) => outcome === "conflict" || outcome === "refused");
  const passed =
    done.ok && isStuck && "undo" in asked.data ? { way: asked.data.way, changeId: asked.data.undo } : null;
  const told = answer(translator(locale), changed, rosterSteps(ctx, passed));
  return Response.json(told, { status: isStuck ? 409 : 200 });
}

async function bodyOf(request: Request): Promise<unknown> {
  const form = await request.formData();
  try {
    return JSON.parse(String(form.get("wish") ?? ""));
  } catch {
    return null;
  }
}

function answer(t: Translate, { cells }: CellsChanged, steps: CellsAnswer["steps"]): CellsAnswer {
  return {
    cells: cells.map(({ problem, ...cell }) => ({ ...cell, problem: problem === null ? null : t(problem) })),
    steps,
  };
}
