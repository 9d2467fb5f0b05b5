import { createHash } from "node:crypto";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { requirePost, staffEdition } from "../../context.server.ts";
import { agendaBoard } from "../../domain/agenda/board.server.ts";
import { removeAgendaItem } from "../../domain/agenda/commands.server.ts";
import {
  copyAgendaItem,
  moveAgendaItem,
  redoAgendaStep,
  skipAgendaStep,
  undoAgendaStep,
} from "../../domain/agenda/moving.server.ts";
import { placingForm, placingOf, refusalOf } from "../../domain/agenda/placing.ts";
import { parseForm } from "../../platform/form.ts";
import type { MoveAnswer } from "./use-agenda-board.ts";

/** What the grid's own script asks and tells: the draft as it is now, and moves. */

/** Nothing new since the last answer: 304. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args);
  const body = JSON.stringify(agendaBoard(ctx));
  const tag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = { ETag: tag, "Cache-Control": "private, no-cache" };
  if (args.request.headers.get("If-None-Match") === tag) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, "Content-Type": "application/json; charset=utf-8" } });
}

const itemForm = z.object({ itemId: z.string() });
const wayForm = z.object({ way: z.enum(["undo", "redo"]) });

type Done = { ok: true; value: { itemId: string; updatedAt?: number } } | { ok: false; refusal: string };

/** One move. The answer brings the draft with it, as it is behind that move. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await staffEdition(args, "agenda");
  const form = await args.request.formData();
  const done = await move(ctx, form);
  const answer: MoveAnswer = {
    ...(done.ok
      ? { refusal: null, ...done.value }
      : { refusal: refusalOf(done.refusal), itemId: String(form.get("itemId") ?? "") }),
    board: agendaBoard(ctx),
  };
  return Response.json(answer, { status: done.ok ? 200 : 409 });
}

async function move(ctx: Parameters<typeof undoAgendaStep>[0], form: FormData): Promise<Done> {
  switch (form.get("intent")) {
    case "move":
    case "copy": {
      const parsed = parseForm(placingForm, form);
      if (!parsed.ok) throw data(null, { status: 400 });
      const { itemId, seenAt } = parsed.value;
      const to = placingOf(parsed.value);
      return form.get("intent") === "copy"
        ? copyAgendaItem(ctx, { itemId, to })
        : moveAgendaItem(ctx, { itemId, seenAt, to });
    }
    case "remove": {
      const parsed = parseForm(itemForm, form);
      if (!parsed.ok) throw data(null, { status: 400 });
      const removed = await removeAgendaItem(ctx, parsed.value);
      return removed.ok ? { ok: true, value: parsed.value } : removed;
    }
    case "undo":
      return undoAgendaStep(ctx);
    case "redo":
      return redoAgendaStep(ctx);
    case "skip": {
      const parsed = parseForm(wayForm, form);
      if (!parsed.ok) throw data(null, { status: 400 });
      const skipped = await skipAgendaStep(ctx, parsed.value.way);
      return skipped.ok ? { ok: true, value: { itemId: "" } } : skipped;
    }
    default:
      throw data(null, { status: 400 });
  }
}
