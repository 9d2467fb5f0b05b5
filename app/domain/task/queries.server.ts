/** Reads about tasks: what the edition's facts give, with what the side noted on it, and what staff typed. */
import { and, asc, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { coHost, delegation, edition, staffPermission, task, taskDigest, user } from "#db/schema/index.ts";
import type { TaskKind } from "#db/vocabulary.ts";
import { isLive } from "../access/rules.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { type Deadline, deadlinesOf } from "../edition/deadlines.server.ts";
import { wholeDays } from "../edition/rules.ts";
import { mayAgreeOnDay, sourceOf, type TaskState, taskState, tasksInOrder } from "./rules.ts";

/** A task as its side sees it. Instants are epoch milliseconds. */
export type TaskView = {
  /** Names it among the side's: its source, or the id of a typed one. */
  key: string;
  kind: TaskKind;
  /** How far the side is with what it is reckoned from; null for a typed one. */
  deadline: Deadline | null;
  /** In the words of whoever typed it; empty where it is reckoned. */
  title: string;
  at: number;
  /** Whole days until then; negative once it has passed. */
  days: number;
  /** Whether the day is the usual one, and nobody set or agreed on it. */
  usual: boolean;
  /** Whether the side may agree on another day here. */
  mayAgree: boolean;
  /** The day that was agreed, or typed; null: none. */
  agreedAt: number | null;
  /** `left`: they do not work on this side any more, and somebody else has to. */
  owner: { userId: string; name: string; left: boolean } | null;
  note: string;
  doneAt: number | null;
  /** By name; null: nobody, or a login that is no more. */
  doneBy: string | null;
  state: TaskState;
  /** 0 while nobody noted anything. */
  revision: number;
};

const doer = alias(user, "doer");

/** The tasks of one side, what is overdue first. The caller answers for it that the reader may see this side's. */
export function tasksOfSide(
  ctx: Pick<DomainContext, "db" | "clock">,
  { editionId, sideId }: { editionId: string; sideId: string },
): Array<TaskView> {
  const now = ctx.clock.now();
  const colleagues = new Set(colleaguesOn(ctx, { editionId, sideId }).map(({ userId }) => userId));
  const rows = ctx.db.orm
    .select({
      id: task.id,
      source: task.source,
      title: task.title,
      dueAt: task.dueAt,
      ownerId: task.ownerId,
      owner: user.name,
      note: task.note,
      doneAt: task.doneAt,
      doneBy: doer.name,
      revision: task.revision,
    })
    .from(task)
    .leftJoin(user, eq(user.id, task.ownerId))
    .leftJoin(doer, eq(doer.id, task.doneBy))
    .where(and(eq(task.editionId, editionId), eq(task.coHostId, sideId)))
    .orderBy(asc(task.createdAt), asc(task.id))
    .all();
  const noted = (row: (typeof rows)[number] | undefined) => ({
    owner:
      row?.ownerId == null || row.owner === null
        ? null
        : { userId: row.ownerId, name: row.owner, left: !colleagues.has(row.ownerId) },
    note: row?.note ?? "",
    doneAt: row?.doneAt ?? null,
    doneBy: row?.doneBy ?? null,
    revision: row?.revision ?? 0,
  });
  const timed = (at: number, doneAt: number | null) => ({
    at,
    days: wholeDays(now, at),
    state: taskState({ at, doneAt }, now),
  });
  const reckoned = deadlinesOf({ db: ctx.db, scope: { editionId, sideIds: [sideId] } }).map(
    (deadline): TaskView => {
      const key = sourceOf(deadline);
      const row = rows.find((each) => each.source === key);
      const mayAgree = mayAgreeOnDay(deadline);
      const agreedAt = mayAgree ? (row?.dueAt ?? null) : null;
      return {
        key,
        kind: deadline.kind,
        deadline,
        title: "",
        ...timed(agreedAt ?? deadline.at, row?.doneAt ?? null),
        usual: deadline.usual && agreedAt === null,
        mayAgree,
        agreedAt,
        ...noted(row),
      };
    },
  );
  const typed = rows.flatMap((row): Array<TaskView> => {
    if (row.source !== null || row.dueAt === null) return [];
    return [
      {
        key: row.id,
        kind: "own",
        deadline: null,
        title: row.title,
        ...timed(row.dueAt, row.doneAt),
        usual: false,
        mayAgree: true,
        agreedAt: row.dueAt,
        ...noted(row),
      },
    ];
  });
  return tasksInOrder([...reckoned, ...typed]);
}

/** A side's tasks with what its page needs besides. */
export type SideTasks = {
  sideId: string;
  nameEn: string;
  nameZh: string;
  tasks: ReadonlyArray<TaskView>;
  /** Who may look after one: the side's colleagues in this edition. */
  colleagues: ReadonlyArray<{ userId: string; name: string }>;
  /** The hour at which the reader gets them by mail; null: they do not. */
  digestHour: number | null;
  /** By whose clock: where the side's people live; where they do not, where the meeting is. */
  digestZone: string;
};

/** The zone by whose clock a side's mornings go. */
export function zoneOfSide(editionId: SQL, sideId: SQL): SQL<string> {
  return sql<string>`coalesce(
    (
      select d.home_time_zone from ${delegation} d
      where d.edition_id = ${editionId} and d.co_host_id = ${sideId}
      order by d.position limit 1
    ),
    (select e.time_zone from ${edition} e where e.id = ${editionId}))`;
}

/** The tasks of each of the reader's sides. */
export function tasksOf(ctx: StaffContext): Array<SideTasks> {
  const { scope, db, actor } = ctx;
  const sides = db.orm
    .select({
      sideId: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      digestZone: zoneOfSide(sql`${scope.editionId}`, sql`${coHost.id}`),
    })
    .from(coHost)
    .where(inArray(coHost.id, [...scope.sideIds]))
    .orderBy(asc(coHost.id))
    .all();
  const digests = db.orm
    .select({ sideId: taskDigest.coHostId, hour: taskDigest.hour })
    .from(taskDigest)
    .where(and(eq(taskDigest.userId, actor.id), eq(taskDigest.editionId, scope.editionId)))
    .all();
  return sides.map((side) => ({
    ...side,
    tasks: tasksOfSide(ctx, { editionId: scope.editionId, sideId: side.sideId }),
    colleagues: colleaguesOn(ctx, { editionId: scope.editionId, sideId: side.sideId }),
    digestHour: digests.find((digest) => digest.sideId === side.sideId)?.hour ?? null,
  }));
}

/** Who has something to do on a side in an edition, by name. */
export function colleaguesOn(
  ctx: Pick<DomainContext, "db" | "clock">,
  { editionId, sideId }: { editionId: string; sideId: string },
): Array<{ userId: string; name: string }> {
  const now = ctx.clock.now();
  const rows = ctx.db.orm
    .select({ userId: user.id, name: user.name, endsAt: staffPermission.endsAt })
    .from(staffPermission)
    .innerJoin(user, eq(user.id, staffPermission.userId))
    .where(
      and(
        eq(staffPermission.coHostId, sideId),
        or(isNull(staffPermission.editionId), eq(staffPermission.editionId, editionId)),
      ),
    )
    .orderBy(sql`${user.name} collate nocase`, asc(user.id))
    .all()
    .filter((row) => isLive(row, now));
  return [...new Map(rows.map(({ userId, name }) => [userId, { userId, name }])).values()];
}
