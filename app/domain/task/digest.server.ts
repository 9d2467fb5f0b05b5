/** The mail of the morning: a side's tasks, to those of its staff who want it, once a day by the clock where its people live. */
import { and, asc, eq, sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import type { Orm } from "#db/client.server.ts";
import { edition, taskDigest, user } from "#db/schema/index.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { DomainContext } from "../context.ts";
import { mailEdition, queueMailTo } from "../mail/outbox.server.ts";
import { colleaguesOn, tasksOfSide, zoneOfSide } from "./queries.server.ts";
import { worthTelling } from "./rules.ts";

type Wanted = {
  userId: string;
  name: string;
  email: string;
  locale: "en" | "zh-CN" | null;
  editionId: string;
  sideId: string;
  hour: number;
  lastDay: string | null;
  /** Where the side's people live; where they do not, where the meeting is. */
  timeZone: string;
  endsOn: string;
};

/** Whoever wants the mail and has not been looked at for today, by the clock there, once their hour has come. */
function dueNow(orm: Orm, now: number): Array<Wanted & { today: string }> {
  return orm
    .select({
      userId: taskDigest.userId,
      name: user.name,
      email: user.email,
      locale: user.locale,
      editionId: taskDigest.editionId,
      sideId: taskDigest.coHostId,
      hour: taskDigest.hour,
      lastDay: taskDigest.lastDay,
      timeZone: zoneOfSide(sql`${taskDigest.editionId}`, sql`${taskDigest.coHostId}`),
      endsOn: edition.travelTo,
    })
    .from(taskDigest)
    .innerJoin(user, eq(user.id, taskDigest.userId))
    .innerJoin(edition, eq(edition.id, taskDigest.editionId))
    .orderBy(asc(taskDigest.editionId), asc(taskDigest.userId), asc(taskDigest.coHostId))
    .all()
    .map((wanted) => ({ ...wanted, today: dayOf(now, wanted.timeZone) }))
    .filter(({ lastDay, today, hour, timeZone, endsOn }) => {
      const clock = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
      // Not in the afternoon either: who turned it on at noon gets the first one tomorrow.
      return lastDay !== today && today <= endsOn && clock.hour >= hour && clock.hour < 12;
    });
}

/**
 * Queues what is due this morning, each in a transaction of its own. A day without anything to tell has no mail. Who may
 * not see the side any more gets none.
 *
 * @returns how many mails were queued.
 */
export async function sendDueDigests(ctx: DomainContext): Promise<number> {
  let mails = 0;
  for (const { userId, editionId, sideId } of dueNow(ctx.db.orm, ctx.clock.now()))
    mails += await ctx.db.write((tx) => {
      const now = ctx.clock.now();
      const wanted = dueNow(tx, now).find(
        (each) => each.userId === userId && each.editionId === editionId && each.sideId === sideId,
      );
      if (wanted === undefined) return 0;
      tx.update(taskDigest)
        .set({ lastDay: wanted.today })
        .where(
          and(
            eq(taskDigest.userId, userId),
            eq(taskDigest.editionId, editionId),
            eq(taskDigest.coHostId, sideId),
          ),
        )
        .run();
      const reads = { clock: ctx.clock, db: { ...ctx.db, orm: tx } };
      const belongs = colleaguesOn(reads, { editionId, sideId }).some((each) => each.userId === userId);
      if (!belongs) return 0;
      const told = tasksOfSide(reads, { editionId, sideId }).filter((task) =>
        worthTelling({ ...task, ownerId: task.owner?.userId ?? null }, { now, readerId: userId }),
      );
      if (told.length === 0) return 0;
      const { name, email, locale } = wanted;
      queueMailTo(tx, ctx, {
        to: { kind: "staff", linkId: null, editionId, sideId, address: email, name, locale: locale ?? "en" },
        invitationId: null,
        mail: {
          kind: "task_digest",
          edition: mailEdition(tx, { editionId, sideId, delegationId: null }),
          salutationEn: `Dear ${name}:`,
          salutationZh: `${name}：您好！`,
          tasks: told.map(({ kind, title, deadline, at, state, owner }) => ({
            kind,
            title,
            hostEn: deadline !== null && "hostEn" in deadline ? deadline.hostEn : "",
            hostZh: deadline !== null && "hostZh" in deadline ? deadline.hostZh : "",
            at,
            overdue: state === "overdue",
            owner: owner === null || owner.left ? "" : owner.name,
          })),
        },
      });
      return 1;
    });
  return mails;
}
