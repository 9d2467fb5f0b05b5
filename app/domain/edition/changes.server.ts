import { and, desc, eq, exists, gt, inArray, isNull, lte, ne, or, sql } from "drizzle-orm";
import {
  auditEvent,
  delegation,
  invitation,
  invitationEvent,
  person,
  staffLook,
  staffPermission,
  user,
} from "#db/schema/index.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { type Change, type ChangeGroup, type Doer, grouped, isToldAct, TOLD_ACTS } from "./changes.ts";
import { editionFacts, ofOwnSide } from "./queries.server.ts";

/** What somebody who never said that they looked is shown. */
const FIRST_LOOK = 7 * 86_400_000;
/** So many are read of each kind, and so many groups shown: who was away for months reads the lists. */
const MOST_READ = 400;
const MOST_SHOWN = 30;

export type Changes = {
  /** When the reader last said that they had seen what changed; null: never. */
  lookedAt: number | null;
  /** What the page knows of: said back with "I have seen this", so that nothing later counts as seen. */
  until: number;
  groups: ReadonlyArray<ChangeGroup>;
  /** There are more than are shown. */
  isCut: boolean;
};

/** What others did on one's own side, and about the edition, since the reader last looked. Reads alone. */
export function changesSinceLook(ctx: StaffContext): Changes {
  const { scope, db, actor } = ctx;
  const look = db.orm
    .select({ at: staffLook.at })
    .from(staffLook)
    .where(and(eq(staffLook.userId, actor.id), eq(staffLook.editionId, scope.editionId)))
    .get();
  const until = ctx.clock.now();
  const since = look?.at ?? until - FIRST_LOOK;
  const changes = [...eventsBetween(ctx, since, until), ...actsBetween(ctx, since, until)].toSorted(
    (a, b) => b.at - a.at,
  );
  const { timeZone } = editionFacts(ctx, scope.editionId);
  const groups = grouped(changes, (instant) => dayOf(instant, timeZone));
  return {
    lookedAt: look?.at ?? null,
    until,
    groups: groups.slice(0, MOST_SHOWN),
    isCut: groups.length > MOST_SHOWN || changes.length >= MOST_READ,
  };
}

/** Only colleagues of one's own side have a name here. */
function isColleague({ scope, db }: StaffContext) {
  return exists(
    db.orm
      .select({ one: sql`1` })
      .from(staffPermission)
      .where(and(eq(staffPermission.userId, user.id), inArray(staffPermission.coHostId, [...scope.sideIds]))),
  );
}

function eventsBetween(ctx: StaffContext, since: number, until: number): Array<Change> {
  const rows = ctx.db.orm
    .select({
      at: invitationEvent.at,
      event: invitationEvent.kind,
      channel: invitationEvent.channel,
      doer: user.name,
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
    })
    .from(invitationEvent)
    .innerJoin(invitation, eq(invitation.id, invitationEvent.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(
      user,
      and(eq(user.id, invitationEvent.actorId), eq(invitationEvent.channel, "staff"), isColleague(ctx)),
    )
    .where(
      and(
        ofOwnSide(ctx.scope),
        gt(invitationEvent.at, since),
        lte(invitationEvent.at, until),
        or(isNull(invitationEvent.actorId), ne(invitationEvent.actorId, ctx.actor.id)),
      ),
    )
    .orderBy(desc(invitationEvent.at), desc(invitationEvent.id))
    .limit(MOST_READ)
    .all();
  return rows.map(({ at, event, channel, doer, ...one }) => ({
    at,
    kind: "event",
    event,
    doer: doerOf(channel === "staff" && doer === null ? "outside" : channel, doer),
    person: one,
  }));
}

function actsBetween(ctx: StaffContext, since: number, until: number): Array<Change> {
  const { scope } = ctx;
  const rows = ctx.db.orm
    .select({
      at: auditEvent.at,
      action: auditEvent.action,
      actorKind: auditEvent.actorKind,
      doer: user.name,
    })
    .from(auditEvent)
    .leftJoin(user, and(eq(user.id, auditEvent.actorId), eq(auditEvent.actorKind, "staff"), isColleague(ctx)))
    .where(
      and(
        eq(auditEvent.editionId, scope.editionId),
        or(inArray(auditEvent.coHostId, [...scope.sideIds]), isNull(auditEvent.coHostId)),
        inArray(auditEvent.action, [...TOLD_ACTS]),
        gt(auditEvent.at, since),
        lte(auditEvent.at, until),
        ne(auditEvent.actorId, ctx.actor.id),
      ),
    )
    .orderBy(desc(auditEvent.at), desc(auditEvent.id))
    .limit(MOST_READ)
    .all();
  return rows.flatMap(({ at, action, actorKind, doer }): Array<Change> => {
    if (!isToldAct(action)) return [];
    const by = actorKind === "staff" ? (doer === null ? "outside" : "staff") : "system";
    return [{ at, kind: "act", act: action, doer: doerOf(by, doer) }];
  });
}

function doerOf(by: Doer["by"], name: string | null): Doer {
  return { by, name };
}

/**
 * The reader has seen what changed up to an instant, the one that the page was made at. Never moves back, and not
 * beyond now.
 */
export function sayLooked(ctx: StaffContext, until: number): Promise<null> {
  return ctx.db.write((tx) => {
    const at = Math.min(until, ctx.clock.now());
    tx.insert(staffLook)
      .values({ userId: ctx.actor.id, editionId: ctx.scope.editionId, at })
      .onConflictDoUpdate({
        target: [staffLook.userId, staffLook.editionId],
        set: { at: sql`max(${staffLook.at}, excluded.at)` },
      })
      .run();
    recordAudit(tx, ctx, {
      action: "edition.look",
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId: ctx.scope.sideIds.length === 1 ? (ctx.scope.sideIds[0] ?? null) : null,
    });
    return null;
  });
}
