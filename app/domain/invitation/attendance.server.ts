/** Whether somebody is counted on, and whether they came: the last part of an invitation's life. */
import { and, asc, eq, inArray, isNotNull, ne, or } from "drizzle-orm";
import { delegation, edition, invitation, person, registration } from "#db/schema/index.ts";
import type { Attendance, Category } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import type { StaffContext } from "../context.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { noteEvent } from "./events.server.ts";
import { auditOwn, findOwn, over } from "./own.server.ts";
import { stands } from "./standing.server.ts";

/**
 * Says that somebody is counted on. Refused before their registration was submitted (`unregistered`), when it was said
 * already (`confirmed`), when the invitation is over, and when it is not on this side (`gone`).
 */
export function confirmParticipation(
  ctx: StaffContext,
  invitationId: string,
): Promise<Result<null, "gone" | "withdrawn" | "replaced" | "unregistered" | "confirmed">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const ended = over(found);
    if (ended !== null) return refused(ended);
    if (found.confirmedAt !== null) return refused("confirmed");
    const submitted = tx
      .select({ id: registration.id })
      .from(registration)
      .where(and(eq(registration.invitationId, invitationId), eq(registration.state, "submitted")))
      .get();
    if (submitted === undefined || found.reply !== "accepted") return refused("unregistered");
    tx.update(invitation).set({ confirmedAt: ctx.clock.now() }).where(eq(invitation.id, invitationId)).run();
    noteEvent(tx, ctx, { invitationId, kind: "confirmed", channel: "staff" });
    auditOwn(tx, ctx, found, "invitation.confirm");
    return ok(null);
  });
}

/** Takes that back. Refused when nothing was said (`unconfirmed`) or the invitation is not on this side (`gone`). */
export function takeBackConfirmation(
  ctx: StaffContext,
  invitationId: string,
): Promise<Result<null, "gone" | "unconfirmed">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    if (found.confirmedAt === null) return refused("unconfirmed");
    tx.update(invitation).set({ confirmedAt: null }).where(eq(invitation.id, invitationId)).run();
    noteEvent(tx, ctx, { invitationId, kind: "confirmation_withdrawn", channel: "staff" });
    auditOwn(tx, ctx, found, "invitation.takeBackConfirmation");
    return ok(null);
  });
}

/** What is known of one person: they came, they did not, or (null) nobody can say. */
export type AttendanceMark = { invitationId: string; attendance: Attendance | null };

/**
 * Records who came and who did not, for one or for many: all of it or nothing. What was so already is left alone.
 *
 * Refused before the meeting's first day (`early`), when one of the invitations is over (`over`), and when one is not
 * on this side (`gone`).
 */
export function recordAttendance(
  ctx: StaffContext,
  marks: ReadonlyArray<AttendanceMark>,
): Promise<Result<{ changed: number }, "gone" | "over" | "early">> {
  return ctx.db.write((tx) => {
    const changes: Array<AttendanceMark & { sideId: string }> = [];
    for (const mark of marks) {
      const found = findOwn(tx, ctx, mark.invitationId);
      if (found === null) return refused("gone");
      if (over(found) !== null) return refused("over");
      if (ctx.clock.now() < opensAt(found)) return refused("early");
      if (found.attendance !== mark.attendance) changes.push({ ...mark, sideId: found.sideId });
    }
    if (changes.length === 0) return ok({ changed: 0 });
    for (const { invitationId, attendance } of changes) {
      tx.update(invitation).set({ attendance }).where(eq(invitation.id, invitationId)).run();
      noteEvent(tx, ctx, { invitationId, kind: attendance ?? "attendance_unknown", channel: "staff" });
    }
    auditEachSide(tx, ctx, changes, (own) => {
      const came = own.filter(({ attendance }) => attendance === "attended").length;
      const missing = own.filter(({ attendance }) => attendance === "no_show").length;
      return {
        action: "invitation.recordAttendance",
        details: {
          attended: came,
          noShow: missing,
          unknown: own.length - came - missing,
          invitations: own.map(({ invitationId }) => invitationId),
        },
      };
    });
    return ok({ changed: changes.length });
  });
}

/** The beginning of the meeting's first day. */
function opensAt({ startsOn, timeZone }: { startsOn: string; timeZone: string }): number {
  return instantOf(startsOn, "00:00", timeZone);
}

export type AttendancePerson = {
  invitationId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  category: Category;
  confirmed: boolean;
  attendance: Attendance | null;
};

/** Those who may come, by delegation in its order. `open` false: it is before the first day. */
export type AttendanceList = {
  startsOn: string;
  open: boolean;
  delegations: ReadonlyArray<{
    id: string;
    nameEn: string;
    nameZh: string;
    people: ReadonlyArray<AttendancePerson>;
  }>;
};

/** This side's people whose invitation stands and who have not declined, unless they came all the same. */
export function attendanceList(ctx: StaffContext): AttendanceList {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const days = orm
    .select({ startsOn: edition.startsOn, timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (days === undefined) throw new Error("The edition of a scope exists");
  const rows = orm
    .select({
      delegationId: delegation.id,
      nameEn: delegation.nameEn,
      nameZh: delegation.nameZh,
      invitationId: invitation.id,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      category: invitation.category,
      confirmedAt: invitation.confirmedAt,
      attendance: invitation.attendance,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        stands,
        or(ne(invitation.reply, "declined"), isNotNull(invitation.attendance)),
      ),
    )
    .orderBy(asc(delegation.position), asc(person.sortKey), asc(person.id))
    .all();
  const delegations = new Map<
    string,
    { id: string; nameEn: string; nameZh: string; people: Array<AttendancePerson> }
  >();
  for (const { delegationId: id, nameEn, nameZh, confirmedAt, ...row } of rows) {
    const group = delegations.get(id) ?? { id, nameEn, nameZh, people: [] };
    group.people.push({ ...row, confirmed: confirmedAt !== null });
    delegations.set(id, group);
  }
  return {
    startsOn: days.startsOn,
    open: ctx.clock.now() >= opensAt(days),
    delegations: [...delegations.values()],
  };
}
