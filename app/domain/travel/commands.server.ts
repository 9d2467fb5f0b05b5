import { and, eq, ne } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { journey, ownWay, travelCheck, travelLeg } from "#db/schema/index.ts";
import type { Direction, Means, TravelCheck } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { findOwn, over } from "../invitation/own.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { foundAbout, travelColleagues } from "./checks.server.ts";
import { journeysOfSide, legColumns } from "./journey.server.ts";
import type { Leg } from "./rules.ts";

type Way = { invitationId: string; direction: Direction };

/**
 * Writes over an answer what staff know better, e.g. that the flight is late. The answer stays with the registration.
 *
 * Refused when no leg is told (`empty`), when somebody else has written meanwhile (`changed`), when the invitation is
 * over, and when it is not on this side (`gone`).
 */
export function correctJourney(
  ctx: StaffContext,
  input: Way & {
    revision: number;
    /** Stands for the answer over which they wrote, where it may not be the newest: what came since is news. */
    answerSeen?: string | undefined;
    means: Means;
    note: string;
    legs: ReadonlyArray<Leg>;
  },
): Promise<Result<null, "gone" | "over" | "changed" | "empty">> {
  const { invitationId, direction, revision, means, note, legs } = input;
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, invitationId);
    if (!person.ok) return person;
    if (legs.length === 0) return refused("empty");
    if (revisionOf(tx, input) !== revision) return refused("changed");
    const written = {
      means,
      note,
      answerSeen: input.answerSeen ?? answerNow(tx, ctx, input) ?? "",
      revision: revision + 1,
      updatedAt: ctx.clock.now(),
      updatedBy: ctx.actor.id,
    };
    tx.insert(journey)
      .values({ invitationId, direction, ...written })
      .onConflictDoUpdate({ target: [journey.invitationId, journey.direction], set: written })
      .run();
    tx.delete(travelLeg).where(legsOf(input)).run();
    for (const [position, leg] of legs.entries())
      tx.insert(travelLeg)
        .values({
          id: newId(),
          invitationId,
          direction,
          position,
          ...legColumns(leg),
        })
        .run();
    audit(tx, ctx, "travel.correct", input, person.value);
    return ok(null);
  });
}

/**
 * What the traveller told counts again; what staff wrote over it is gone. Nothing written: nothing to do. `changed`: a
 * colleague has written since the revision that was shown.
 */
export function takeAnswer(
  ctx: StaffContext,
  { revision: shown, ...way }: Way & { revision?: number | undefined },
): Promise<Result<{ changed: boolean }, "gone" | "over" | "changed">> {
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, way.invitationId);
    if (!person.ok) return person;
    const revision = revisionOf(tx, way);
    if (revision === 0) return ok({ changed: false });
    if (shown !== undefined && shown !== revision) return refused("changed");
    tx.delete(travelLeg).where(legsOf(way)).run();
    tx.delete(journey).where(rowOf(way)).run();
    audit(tx, ctx, "travel.takeAnswer", way, person.value);
    return ok({ changed: true });
  });
}

/**
 * What staff wrote still counts, although the traveller has answered otherwise since: they looked at it. `changed`: there is
 * another answer by now than the one they saw.
 */
export function keepCorrection(
  ctx: StaffContext,
  { answerSeen, ...way }: Way & { answerSeen: string },
): Promise<Result<null, "gone" | "over" | "changed">> {
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, way.invitationId);
    if (!person.ok) return person;
    const revision = revisionOf(tx, way);
    if (revision === 0) return refused("gone");
    if (answerNow(tx, ctx, way) !== answerSeen) return refused("changed");
    tx.update(journey)
      .set({ answerSeen, revision: revision + 1 })
      .where(rowOf(way))
      .run();
    audit(tx, ctx, "travel.keepCorrection", way, person.value);
    return ok(null);
  });
}

/** Says that somebody makes their own way, or that they do need a car. */
export function setOwnWay(
  ctx: StaffContext,
  { apart, ...way }: Way & { apart: boolean },
): Promise<Result<null, "gone" | "over">> {
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, way.invitationId);
    if (!person.ok) return person;
    const here = and(eq(ownWay.invitationId, way.invitationId), eq(ownWay.direction, way.direction));
    const known = tx.select({ at: ownWay.at }).from(ownWay).where(here).get() !== undefined;
    if (known === apart) return ok(null);
    if (apart)
      tx.insert(ownWay)
        .values({ ...way, at: ctx.clock.now(), by: ctx.actor.id })
        .run();
    else tx.delete(ownWay).where(here).run();
    audit(tx, ctx, apart ? "travel.ownWay" : "travel.needsCar", way, person.value);
    return ok(null);
  });
}

type CheckOf = { invitationId: string; kind: TravelCheck };

/** Gives a check to a colleague to settle; null: to nobody. `unknown`: no colleague of this side who works on travel. */
export function giveCheck(
  ctx: StaffContext,
  { ownerId, ...which }: CheckOf & { ownerId: string | null },
): Promise<Result<null, "gone" | "over" | "unknown">> {
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, which.invitationId);
    if (!person.ok) return person;
    const inside = { ...ctx, db: { ...ctx.db, orm: tx } };
    if (ownerId !== null && !travelColleagues(inside).some(({ id }) => id === ownerId))
      return refused("unknown");
    // Who accepted something, and when, stays as it is when it is given to somebody.
    const { at, by } = acceptedIn(tx, which) ?? { at: ctx.clock.now(), by: ctx.actor.id };
    writeCheck(tx, ctx, which, { ownerId, at, by });
    auditCheck(tx, ctx, "travel.giveCheck", which, person.value);
    return ok(null);
  });
}

/** Accepts that something does not fit. `changed`: the facts are not those that were shown any more. */
export function acceptCheck(
  ctx: StaffContext,
  { about, because, ...which }: CheckOf & { about: string; because: string },
): Promise<Result<null, "gone" | "over" | "changed">> {
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, which.invitationId);
    if (!person.ok) return person;
    const found = foundAbout(tx, ctx.scope, which.invitationId);
    if (!found.some((one) => one.kind === which.kind && one.about === about)) return refused("changed");
    writeCheck(tx, ctx, which, { acceptedBecause: because, acceptedFor: about });
    auditCheck(tx, ctx, "travel.acceptCheck", which, person.value);
    return ok(null);
  });
}

/** It is to be settled after all. */
export function reopenCheck(ctx: StaffContext, which: CheckOf): Promise<Result<null, "gone" | "over">> {
  return ctx.db.write((tx) => {
    const person = standing(tx, ctx, which.invitationId);
    if (!person.ok) return person;
    writeCheck(tx, ctx, which, { acceptedBecause: "", acceptedFor: "" });
    auditCheck(tx, ctx, "travel.reopenCheck", which, person.value);
    return ok(null);
  });
}

function acceptedIn(tx: Tx, { invitationId, kind }: CheckOf): { at: number; by: string } | undefined {
  return tx
    .select({ at: travelCheck.at, by: travelCheck.by })
    .from(travelCheck)
    .where(
      and(
        eq(travelCheck.invitationId, invitationId),
        eq(travelCheck.kind, kind),
        ne(travelCheck.acceptedFor, ""),
      ),
    )
    .get();
}

function writeCheck(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, kind }: CheckOf,
  set: Partial<
    Pick<typeof travelCheck.$inferInsert, "ownerId" | "acceptedBecause" | "acceptedFor" | "at" | "by">
  >,
): void {
  const touched = { at: ctx.clock.now(), by: ctx.actor.id, ...set };
  tx.insert(travelCheck)
    .values({ invitationId, kind, ...touched })
    .onConflictDoUpdate({ target: [travelCheck.invitationId, travelCheck.kind], set: touched })
    .run();
}

function legsOf({ invitationId, direction }: Way) {
  return and(eq(travelLeg.invitationId, invitationId), eq(travelLeg.direction, direction));
}

function rowOf({ invitationId, direction }: Way) {
  return and(eq(journey.invitationId, invitationId), eq(journey.direction, direction));
}

function revisionOf(tx: Tx, way: Way): number {
  return tx.select({ revision: journey.revision }).from(journey).where(rowOf(way)).get()?.revision ?? 0;
}

function answerNow(tx: Tx, ctx: StaffContext, { invitationId, direction }: Way): string | undefined {
  return journeysOfSide(tx, ctx.scope).get(invitationId)?.[direction].answerMark;
}

/** Somebody of one's own side who still is to come; others do not exist here. */
function standing(
  tx: Tx,
  ctx: StaffContext,
  invitationId: string,
): Result<{ sideId: string }, "gone" | "over"> {
  const found = findOwn(tx, ctx, invitationId);
  if (found === null) return refused("gone");
  if (over(found) !== null || found.reply === "declined") return refused("over");
  return ok({ sideId: found.sideId });
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  { invitationId, direction }: Way,
  { sideId }: { sideId: string },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: ctx.scope.editionId,
    sideId,
    details: { direction },
  });
}

function auditCheck(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  { invitationId, kind }: CheckOf,
  { sideId }: { sideId: string },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: ctx.scope.editionId,
    sideId,
    details: { check: kind },
  });
}
