import { and, asc, eq, gt, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Orm, Tx } from "#db/client.server.ts";
import { coHost, delegation, edition, invitation, person, reminderSchedule } from "#db/schema/index.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { queueDelivery } from "../mail/outbox.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { cameBack } from "./came-back.server.ts";
import { asReminder } from "./commands.server.ts";
import { askAgainDay } from "./due.server.ts";
import { noteEvent } from "./events.server.ts";
import { auditOwn, findOwn } from "./own.server.ts";
import {
  comingReminders,
  isReminderDue,
  PROPOSED_REMINDERS,
  type Remindable,
  type Schedule,
} from "./reminders.ts";
import { isBlocked, recipients } from "./sending.server.ts";

const days = z.array(z.number());

const lastMail = sql<number | null>`(
  select max(e.at) from invitation_event e where e.invitation_id = invitation.id and e.kind in ('sent', 'reminded'))`;

type Waiting = Remindable & {
  invitationId: string;
  editionId: string;
  sideId: string;
  nameLatin: string;
  nameNative: string;
};

/** Everybody who could be reminded: asked, not answered for good, not left out for any reason. */
function waiting(
  orm: Orm,
  now: number,
  within: { editionId: string; sideIds: ReadonlyArray<string> },
): Array<Waiting> {
  return orm
    .select({
      invitationId: invitation.id,
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      reply: invitation.reply,
      replyBy: edition.replyBy,
      homeTimeZone: delegation.homeTimeZone,
      sentAt: invitation.sentAt,
      lastMailAt: lastMail,
      askAgainOn: askAgainDay,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, within.editionId),
        inArray(delegation.coHostId, [...within.sideIds]),
        gt(edition.replyBy, now),
        isNotNull(invitation.sentAt),
        inArray(invitation.reply, ["none", "tentative"]),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
        isNull(invitation.tokenRevokedAt),
        isNull(invitation.notMeAt),
        isNull(invitation.remindersStoppedAt),
        isNull(person.doNotInviteAt),
        isNotNull(person.email),
        sql`not ${cameBack}`,
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .flatMap(({ replyBy, sentAt, lastMailAt, ...row }) =>
      replyBy === null || sentAt === null ? [] : [{ ...row, replyBy, lastMailAt: lastMailAt ?? sentAt }],
    );
}

function scheduleOf(row: { daysBefore: string; hour: number }): Schedule {
  return { daysBefore: days.parse(JSON.parse(row.daysBefore)), hour: row.hour };
}

/** A reminder to come, for those who live in one zone. `at` is an instant. */
export type ComingReminder = {
  at: number;
  homeTimeZone: string;
  people: ReadonlyArray<{ invitationId: string; nameLatin: string; nameNative: string }>;
};

/** A side's reminders. `state` is `off` until somebody turns them on. */
export type ReminderPlan = {
  sideId: string;
  nameEn: string;
  nameZh: string;
  state: "off" | "on" | "stopped";
  schedule: Schedule;
  replyBy: number | null;
  coming: ReadonlyArray<ComingReminder>;
  stopped: ReadonlyArray<{ invitationId: string; nameLatin: string; nameNative: string }>;
};

/** The reminders of each side of this scope: exactly when and to whom, as things stand now. */
export function reminderPlans(ctx: Pick<StaffContext, "db" | "scope" | "clock">): Array<ReminderPlan> {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const now = ctx.clock.now();
  const replyBy =
    orm.select({ replyBy: edition.replyBy }).from(edition).where(eq(edition.id, editionId)).get()?.replyBy ??
    null;
  return orm
    .select({
      sideId: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      daysBefore: reminderSchedule.daysBefore,
      hour: reminderSchedule.hour,
      stoppedAt: reminderSchedule.stoppedAt,
    })
    .from(coHost)
    .leftJoin(
      reminderSchedule,
      and(eq(reminderSchedule.coHostId, coHost.id), eq(reminderSchedule.editionId, editionId)),
    )
    .where(inArray(coHost.id, [...sideIds]))
    .orderBy(asc(coHost.nameEn))
    .all()
    .map(({ daysBefore, hour, stoppedAt, ...side }): ReminderPlan => {
      const isOff = daysBefore === null || hour === null;
      const schedule: Schedule = isOff ? PROPOSED_REMINDERS : scheduleOf({ daysBefore, hour });
      return {
        ...side,
        state: isOff ? "off" : stoppedAt === null ? "on" : "stopped",
        schedule,
        replyBy,
        coming: grouped(waiting(orm, now, { editionId, sideIds: [side.sideId] }), schedule, now),
        stopped: leftOut(orm, editionId, side.sideId),
      };
    });
}

function grouped(people: ReadonlyArray<Waiting>, schedule: Schedule, now: number): Array<ComingReminder> {
  const groups = new Map<string, { at: number; homeTimeZone: string; people: Array<Waiting> }>();
  for (const one of people)
    for (const at of comingReminders(one, schedule, now)) {
      const name = `${at} ${one.homeTimeZone}`;
      const group = groups.get(name) ?? { at, homeTimeZone: one.homeTimeZone, people: [] };
      group.people.push(one);
      groups.set(name, group);
    }
  return [...groups.values()]
    .sort((a, b) => a.at - b.at)
    .map((group) => ({
      ...group,
      people: group.people.map(({ invitationId, nameLatin, nameNative }) => ({
        invitationId,
        nameLatin,
        nameNative,
      })),
    }));
}

function leftOut(orm: Orm, editionId: string, sideId: string) {
  return orm
    .select({ invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        eq(delegation.coHostId, sideId),
        isNotNull(invitation.remindersStoppedAt),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}

/** Turns a side's reminders on, with these days before the reply date and this hour. Refused for another side (`gone`). */
export function setReminders(
  ctx: StaffContext,
  { sideId, schedule }: { sideId: string; schedule: Schedule },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(sideId)) return refused("gone");
    const set = {
      daysBefore: JSON.stringify(schedule.daysBefore),
      hour: schedule.hour,
      stoppedAt: null,
      updatedAt: ctx.clock.now(),
      updatedBy: ctx.actor.id,
    };
    tx.insert(reminderSchedule)
      .values({ editionId: ctx.scope.editionId, coHostId: sideId, ...set })
      .onConflictDoUpdate({ target: [reminderSchedule.editionId, reminderSchedule.coHostId], set })
      .run();
    audit(tx, ctx, sideId, "reminders.set");
    return ok(null);
  });
}

/** Stops all reminders of a side. Refused for another side, and when none are on (`gone`). */
export function stopReminders(ctx: StaffContext, sideId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(sideId)) return refused("gone");
    const { changes } = tx
      .update(reminderSchedule)
      .set({ stoppedAt: ctx.clock.now(), updatedAt: ctx.clock.now(), updatedBy: ctx.actor.id })
      .where(
        and(
          eq(reminderSchedule.editionId, ctx.scope.editionId),
          eq(reminderSchedule.coHostId, sideId),
          isNull(reminderSchedule.stoppedAt),
        ),
      )
      .run();
    if (changes === 0) return refused("gone");
    audit(tx, ctx, sideId, "reminders.stop");
    return ok(null);
  });
}

/** Leaves one person in peace, or takes that back. Refused when the invitation is not on this side (`gone`). */
export function setPersonsReminders(
  ctx: StaffContext,
  { invitationId, stopped }: { invitationId: string; stopped: boolean },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    if ((found.remindersStoppedAt !== null) === stopped) return ok(null);
    tx.update(invitation)
      .set({ remindersStoppedAt: stopped ? ctx.clock.now() : null })
      .where(eq(invitation.id, invitationId))
      .run();
    noteEvent(tx, ctx, {
      invitationId,
      kind: stopped ? "reminders_stopped" : "reminders_resumed",
      channel: "staff",
    });
    auditOwn(tx, ctx, found, stopped ? "reminders.stopPerson" : "reminders.resumePerson");
    return ok(null);
  });
}

function audit(tx: Tx, ctx: StaffContext, sideId: string, action: AuditAction): void {
  const { editionId } = ctx.scope;
  recordAudit(tx, ctx, { action, subjectKind: "edition", subjectId: editionId, editionId, sideId });
}

/**
 * One round: sends every reminder that is due, as the system. Who is due is decided anew inside the transaction, so two
 * rounds at once, or a round after a restart, send none twice.
 *
 * @returns how many were queued.
 */
export async function sendDueReminders(ctx: DomainContext): Promise<number> {
  const now = ctx.clock.now();
  const schedules = ctx.db.orm
    .select()
    .from(reminderSchedule)
    .innerJoin(edition, eq(edition.id, reminderSchedule.editionId))
    .where(and(isNull(reminderSchedule.stoppedAt), gt(edition.replyBy, now)))
    .all()
    .map((row) => row.reminder_schedule);
  let sent = 0;
  for (const { editionId, coHostId } of schedules)
    if (dueOf(ctx.db.orm, { editionId, sideId: coHostId, now }).length > 0)
      sent += await ctx.db.write((tx) => remindSide(tx, ctx, { editionId, sideId: coHostId, now }));
  return sent;
}

type Round = { editionId: string; sideId: string; now: number };

function dueOf(orm: Orm, { editionId, sideId, now }: Round): Array<string> {
  const row = orm
    .select()
    .from(reminderSchedule)
    .where(
      and(
        eq(reminderSchedule.editionId, editionId),
        eq(reminderSchedule.coHostId, sideId),
        isNull(reminderSchedule.stoppedAt),
      ),
    )
    .get();
  if (row === undefined) return [];
  const schedule = scheduleOf(row);
  return waiting(orm, now, { editionId, sideIds: [sideId] })
    .filter((one) => isReminderDue(one, schedule, now))
    .map((one) => one.invitationId);
}

function remindSide(tx: Tx, ctx: DomainContext, round: Round): number {
  const { editionId, sideId } = round;
  const invitationIds = dueOf(tx, round);
  if (invitationIds.length === 0) return 0;
  const system: StaffContext = {
    ...ctx,
    actor: { kind: "system", id: "reminders" },
    scope: { editionId, sideIds: [sideId], permissions: ["invitations"], bookSideIds: [] },
  };
  const people = recipients(tx, system, { invitationIds, again: true }).filter((one) => !isBlocked(one));
  for (const { invitationId, mail } of people) {
    noteEvent(tx, system, { invitationId, kind: "reminded", channel: "system" });
    queueDelivery(tx, system, { invitationId, messageId: null, mail: asReminder(mail) });
  }
  if (people.length > 0)
    recordAudit(tx, system, {
      action: "reminders.send",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
      details: { count: people.length },
    });
  return people.length;
}
