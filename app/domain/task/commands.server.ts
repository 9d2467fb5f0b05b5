import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { edition, task, taskDigest } from "#db/schema/index.ts";
import { instantOf } from "../../i18n/dates.ts";
import { newId } from "../../platform/crypto.server.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { deadlinesOf } from "../edition/deadlines.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { justSo } from "../twice.server.ts";
import type { NewTask, TaskNote } from "./form.ts";
import { colleaguesOn } from "./queries.server.ts";
import { KEEPS_TASKS, mayAgreeOnDay, sourceOf } from "./rules.ts";

/** By the end of the working day there. */
const END_OF_WORK = "18:00";

/** `missing`: no such task, side or colleague within the scope; `forbidden`: one who only reads the lists. */
type Refusal = "missing" | "forbidden";

type Found = { row: typeof task.$inferSelect | null; source: string | null; mayAgree: boolean };

/** A task of this side by its key: one that was typed, or one that the edition's facts give now. */
function findTask(tx: Tx, ctx: StaffContext, { sideId, key }: { sideId: string; key: string }): Found | null {
  const { editionId } = ctx.scope;
  const own = and(eq(task.editionId, editionId), eq(task.coHostId, sideId));
  const typed = tx
    .select()
    .from(task)
    .where(and(own, eq(task.id, key), isNull(task.source)))
    .get();
  if (typed !== undefined) return { row: typed, source: null, mayAgree: true };
  const deadline = deadlinesOf({ db: { ...ctx.db, orm: tx }, scope: { editionId, sideIds: [sideId] } }).find(
    (each) => sourceOf(each) === key,
  );
  if (deadline === undefined) return null;
  const row = tx
    .select()
    .from(task)
    .where(and(own, eq(task.source, key)))
    .get();
  return { row: row ?? null, source: key, mayAgree: mayAgreeOnDay(deadline) };
}

function audit(tx: Tx, ctx: StaffContext, sideId: string, action: AuditAction, key: string): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "task",
    subjectId: key,
    editionId: ctx.scope.editionId,
    sideId,
  });
}

function denied({ scope }: StaffContext, sideId: string): Refusal | null {
  if (!scope.sideIds.includes(sideId)) return "missing";
  return allows(scope, KEEPS_TASKS) ? null : "forbidden";
}

function endOf(tx: Tx, { scope }: StaffContext, day: string): number {
  const found = tx
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, scope.editionId))
    .get();
  return instantOf(day, END_OF_WORK, found?.timeZone ?? "UTC");
}

/** Notes on a reckoned task are its first row; on others they change it. */
function write(
  tx: Tx,
  ctx: StaffContext,
  sideId: string,
  { row, source }: Found,
  change: Partial<Pick<typeof task.$inferInsert, "dueAt" | "ownerId" | "note" | "doneAt" | "doneBy">>,
): void {
  if (row !== null) {
    tx.update(task)
      .set({ ...change, revision: row.revision + 1 })
      .where(eq(task.id, row.id))
      .run();
    return;
  }
  tx.insert(task)
    .values({
      id: newId(),
      editionId: ctx.scope.editionId,
      coHostId: sideId,
      source,
      createdAt: ctx.clock.now(),
      ...change,
    })
    .run();
}

/**
 * Says who looks after a task, which day was agreed for it, and anything else there is to say.
 *
 * @returns refusal `changed` when somebody noted something since the page was drawn: nothing is written then.
 */
export function noteTask(ctx: StaffContext, input: TaskNote): Promise<Result<null, Refusal | "changed">> {
  return ctx.db.write((tx) => {
    const { sideId, task: key, ownerId = null, dueOn, note = "" } = input;
    const refusal = denied(ctx, sideId);
    if (refusal !== null) return refused(refusal);
    const found = findTask(tx, ctx, { sideId, key });
    if (found === null) return refused("missing");
    if (ownerId !== null && !isColleague(tx, ctx, { sideId, userId: ownerId })) return refused("missing");
    if ((found.row?.revision ?? 0) !== input.revision) return refused("changed");
    const agreed = dueOn === undefined ? null : endOf(tx, ctx, dueOn);
    // A typed task keeps its day when none is given: it has no usual one to go back to.
    const dueAt = found.mayAgree ? (agreed ?? (found.source === null ? found.row?.dueAt : null)) : null;
    const same =
      found.row !== null &&
      found.row.ownerId === ownerId &&
      found.row.note === note &&
      found.row.dueAt === (dueAt ?? null);
    if (same) return ok(null);
    write(tx, ctx, sideId, found, { ownerId, note, dueAt: dueAt ?? null });
    audit(tx, ctx, sideId, "task.note", key);
    return ok(null);
  });
}

function isColleague(tx: Tx, ctx: StaffContext, { sideId, userId }: { sideId: string; userId: string }) {
  const { editionId } = ctx.scope;
  return colleaguesOn({ clock: ctx.clock, db: { ...ctx.db, orm: tx } }, { editionId, sideId }).some(
    (each) => each.userId === userId,
  );
}

/** Says that a task is done, or that it is open again. Saying so twice writes once. */
export function finishTask(
  ctx: StaffContext,
  { sideId, task: key, done }: { sideId: string; task: string; done: boolean },
): Promise<Result<null, Refusal>> {
  return ctx.db.write((tx) => {
    const refusal = denied(ctx, sideId);
    if (refusal !== null) return refused(refusal);
    const found = findTask(tx, ctx, { sideId, key });
    if (found === null) return refused("missing");
    if (((found.row?.doneAt ?? null) !== null) === done) return ok(null);
    write(
      tx,
      ctx,
      sideId,
      found,
      done ? { doneAt: ctx.clock.now(), doneBy: ctx.actor.id } : { doneAt: null, doneBy: null },
    );
    audit(tx, ctx, sideId, done ? "task.finish" : "task.reopen", key);
    return ok(null);
  });
}

/** Adds a task in words of one's own. One that stands there open in just these words is it: a form may come twice. @returns its id. */
export function addTask(ctx: StaffContext, input: NewTask): Promise<Result<string, Refusal>> {
  return ctx.db.write((tx) => {
    const { sideId, title, dueOn, ownerId = null, note = "" } = input;
    const refusal = denied(ctx, sideId);
    if (refusal !== null) return refused(refusal);
    if (ownerId !== null && !isColleague(tx, ctx, { sideId, userId: ownerId })) return refused("missing");
    const dueAt = endOf(tx, ctx, dueOn);
    const { editionId } = ctx.scope;
    const columns = { editionId, coHostId: sideId, source: null, title, dueAt, ownerId, note };
    const known = tx
      .select({ id: task.id })
      .from(task)
      .where(justSo(task, { ...columns, doneAt: null }))
      .get();
    if (known !== undefined) return ok(known.id);
    const id = newId();
    tx.insert(task)
      .values({ ...columns, id, createdAt: ctx.clock.now() })
      .run();
    audit(tx, ctx, sideId, "task.add", id);
    return ok(id);
  });
}

/** Removes a task that staff typed; those that the edition's facts give cannot be. */
export function removeTask(
  ctx: StaffContext,
  { sideId, task: key }: { sideId: string; task: string },
): Promise<Result<null, Refusal>> {
  return ctx.db.write((tx) => {
    const refusal = denied(ctx, sideId);
    if (refusal !== null) return refused(refusal);
    const found = findTask(tx, ctx, { sideId, key });
    if (found === null || found.row === null || found.source !== null) return refused("missing");
    tx.delete(task).where(eq(task.id, found.row.id)).run();
    audit(tx, ctx, sideId, "task.remove", key);
    return ok(null);
  });
}

/** The reader gets a side's tasks by mail each morning at this full hour, or (null) no more. */
export function setDigest(
  ctx: StaffContext,
  { sideId, hour }: { sideId: string; hour: number | null },
): Promise<Result<null, "missing">> {
  return ctx.db.write((tx) => {
    const { scope, actor } = ctx;
    if (!scope.sideIds.includes(sideId)) return refused("missing");
    const row = { userId: actor.id, editionId: scope.editionId, coHostId: sideId };
    const own = and(
      eq(taskDigest.userId, row.userId),
      eq(taskDigest.editionId, row.editionId),
      eq(taskDigest.coHostId, row.coHostId),
    );
    const before = tx.select({ hour: taskDigest.hour }).from(taskDigest).where(own).get();
    if ((before?.hour ?? null) === hour) return ok(null);
    if (hour === null) tx.delete(taskDigest).where(own).run();
    else if (before === undefined)
      tx.insert(taskDigest)
        .values({ ...row, hour })
        .run();
    else tx.update(taskDigest).set({ hour }).where(own).run();
    audit(tx, ctx, sideId, hour === null ? "task.stopDigest" : "task.wantDigest", actor.id);
    return ok(null);
  });
}
