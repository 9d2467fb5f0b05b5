import { and, eq } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { agendaItem, cue, edition } from "#db/schema/index.ts";
import { instantOf } from "../../i18n/dates.ts";
import { newId } from "../../platform/crypto.server.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { justSo } from "../twice.server.ts";
import type { CueInput } from "./form.ts";
import { ownCues } from "./queries.server.ts";

/** Adds a line to the run of show; one that stands there just so is it: a form may come twice. Refused `unknown_item` when it counts from an item that is not in the draft. */
export function addCue(
  ctx: StaffContext,
  input: CueInput,
): Promise<Result<{ cueId: string }, "forbidden" | "unknown_item">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "agenda")) return refused("forbidden");
    const columns = columnsOf(tx, ctx, input);
    if (columns === null) return refused("unknown_item");
    const { editionId } = ctx.scope;
    const known = tx
      .select({ id: cue.id })
      .from(cue)
      .where(justSo(cue, { editionId, ...columns }))
      .get();
    if (known !== undefined) return ok({ cueId: known.id });
    const cueId = newId();
    tx.insert(cue)
      .values({ id: cueId, editionId, ...columns, updatedAt: ctx.clock.now() })
      .run();
    audit(tx, ctx, "cue.add", cueId, columns.sideId);
    return ok({ cueId });
  });
}

/** Changes a line. Refused `changed_meanwhile` when somebody else has saved it since `seenAt`. */
export function changeCue(
  ctx: StaffContext,
  { cueId, seenAt, input }: { cueId: string; seenAt: number; input: CueInput },
): Promise<Result<null, "not_found" | "unknown_item" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const found = cueIn(tx, ctx, cueId);
    if (found === undefined || !allows(ctx.scope, "agenda")) return refused("not_found");
    if (found.updatedAt !== seenAt) return refused("changed_meanwhile");
    const columns = columnsOf(tx, ctx, input);
    if (columns === null) return refused("unknown_item");
    const updatedAt = Math.max(ctx.clock.now(), found.updatedAt + 1);
    tx.update(cue)
      .set({ ...columns, updatedAt })
      .where(eq(cue.id, cueId))
      .run();
    audit(tx, ctx, "cue.change", cueId, columns.sideId);
    return ok(null);
  });
}

/** Takes a line off the run of show. */
export function removeCue(
  ctx: StaffContext,
  { cueId }: { cueId: string },
): Promise<Result<null, "not_found">> {
  return ctx.db.write((tx) => {
    const found = cueIn(tx, ctx, cueId);
    if (found === undefined || !allows(ctx.scope, "agenda")) return refused("not_found");
    tx.delete(cue).where(eq(cue.id, cueId)).run();
    audit(tx, ctx, "cue.remove", cueId, found.sideId);
    return ok(null);
  });
}

function cueIn(tx: Tx, ctx: StaffContext, cueId: string) {
  return tx
    .select({ updatedAt: cue.updatedAt, sideId: cue.sideId })
    .from(cue)
    .where(and(eq(cue.id, cueId), ownCues(ctx.scope)))
    .get();
}

/** The columns of what was typed; null when the item is not of this edition. */
function columnsOf(tx: Tx, ctx: StaffContext, input: CueInput) {
  const { editionId, sideIds } = ctx.scope;
  const { anchor, what, who, place, note } = input;
  const sideId = input.shared === "on" ? null : (sideIds[0] ?? null);
  const rest = { sideId, what, who, place, note };
  if (anchor === "clock") {
    const zone = tx
      .select({ timeZone: edition.timeZone })
      .from(edition)
      .where(eq(edition.id, editionId))
      .get();
    if (zone === undefined || input.day === null || input.time === null) return null;
    return {
      ...rest,
      anchor,
      itemId: null,
      offset: null,
      at: instantOf(input.day, input.time, zone.timeZone),
    };
  }
  const item = tx
    .select({ id: agendaItem.id })
    .from(agendaItem)
    .where(and(eq(agendaItem.id, input.itemId ?? ""), eq(agendaItem.editionId, editionId)))
    .get();
  return item === undefined ? null : { ...rest, anchor, itemId: item.id, offset: input.offset, at: null };
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  subjectId: string,
  sideId: string | null,
): void {
  const { editionId } = ctx.scope;
  recordAudit(tx, ctx, { action, subjectKind: "cue", subjectId, editionId, sideId });
}
