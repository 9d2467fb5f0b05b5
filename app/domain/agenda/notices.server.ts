/**
 * Change notices: after a publication each person whose own programme is another gets one mail that says what changed
 * for them since the version that they last had, and nobody else gets any (docs/decisions/change-notices.md).
 *
 * A side's notices go to its own people alone. They wait a few minutes before they go; a version that is published
 * meanwhile replaces those that have not gone, so that one mail says the sum of both.
 */
import { and, asc, eq, inArray, isNotNull, ne, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import {
  agendaNoticeSide,
  agendaSeen,
  agendaVersion,
  coHost,
  delegation,
  delivery,
  edition,
  editionCoHost,
  invitation,
  person,
  visitPlace,
} from "#db/schema/index.ts";
import type { Locale, NoticeMode, Reply } from "#db/vocabulary.ts";
import type { AgendaChangeMail, MailEdition } from "#emails/payload.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { letterColumns } from "../invitation/letter-columns.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { openingOf } from "../mail/opening.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { itemsInTheWay, type OwnChange, ownChange, ownChanges } from "./changes.ts";
import { nextItems } from "./draft.server.ts";
import type { Version } from "./history.ts";
import { newestProgrammeIn, versionsIn } from "./queries.server.ts";
import { type AgendaChange, type Attendee, agendaChanges, type PublishedItem } from "./rules.ts";

/** How long a notice waits for a correction before it goes, in milliseconds. */
export const NOTICE_WAIT = 3 * 60_000;

/** Why somebody whose programme changes gets no mail: somebody has to phone. */
export type NoticeObstacle = "no_address" | "link_revoked";

/** One person whose own programme is another than the one that they last had. */
export type NoticePlan = {
  invitationId: string;
  sideId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  locale: Locale;
  obstacle: NoticeObstacle | null;
  /** The number of the version that they last had. */
  from: number;
  changes: ReadonlyArray<OwnChange>;
};

type Planned = NoticePlan & { row: PersonRow; clashes: AgendaChangeMail["clashes"] };

type Whose = { editionId: string; sideIds: ReadonlyArray<string> };

function peopleOf(orm: Orm, { editionId, sideIds }: Whose) {
  return orm
    .select({
      ...letterColumns,
      sideId: delegation.coHostId,
      reply: invitation.reply,
      repliedAt: invitation.repliedAt,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        isNotNull(invitation.sentAt),
        stands,
        ne(invitation.reply, "declined"),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}
type PersonRow = ReturnType<typeof peopleOf>[number];

/** The newest version that each person had by mail. A notice that has not arrived is replaced or said again; it does not count. */
const mailedVersions = prepared((orm) =>
  orm
    .select({
      invitationId: delivery.invitationId,
      number: sql<number>`max(${delivery.agendaVersion})`,
    })
    .from(delivery)
    .where(
      and(
        eq(delivery.editionId, sql.placeholder("edition")),
        eq(delivery.coHostId, sql.placeholder("side")),
        isNotNull(delivery.agendaVersion),
        sql`(${delivery.state} = 'accepted' or (${delivery.kind} <> 'agenda_change' and ${delivery.state} in ('queued', 'sending', 'deferred')))`,
      ),
    )
    .groupBy(delivery.invitationId)
    .prepare(),
);

const confirmedVersions = prepared((orm) =>
  orm
    .select({ invitationId: agendaSeen.invitationId, number: sql<number>`max(${agendaVersion.number})` })
    .from(agendaSeen)
    .innerJoin(agendaVersion, eq(agendaVersion.id, agendaSeen.versionId))
    .innerJoin(invitation, eq(invitation.id, agendaSeen.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(agendaVersion.editionId, sql.placeholder("edition")),
        eq(delegation.coHostId, sql.placeholder("side")),
      ),
    )
    .groupBy(agendaSeen.invitationId)
    .prepare(),
);

/** The newest version of which each person of these sides has said that they have seen it. */
export function seenVersions(orm: Orm, { editionId, sideIds }: Whose): Map<string, number> {
  const rows = sideIds.flatMap((side) => confirmedVersions(orm).all({ edition: editionId, side }));
  return new Map(rows.map((row) => [row.invitationId, row.number]));
}

function lastHad(orm: Orm, whose: Whose): Map<string, number> {
  const had = seenVersions(orm, whose);
  for (const side of whose.sideIds)
    for (const row of mailedVersions(orm).all({ edition: whose.editionId, side }))
      if (row.invitationId !== null)
        had.set(row.invitationId, Math.max(row.number, had.get(row.invitationId) ?? 0));
  return had;
}

function placesByPerson(
  orm: Orm,
  { editionId, sideIds }: Whose,
): Map<string, Array<Attendee["places"][number]>> {
  const rows = orm
    .select({
      invitationId: visitPlace.invitationId,
      visitId: visitPlace.visitId,
      state: visitPlace.state,
    })
    .from(visitPlace)
    .innerJoin(delegation, eq(delegation.id, visitPlace.delegationId))
    .where(and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
    .all();
  return Map.groupBy(rows, (row) => row.invitationId);
}

/** Where one side stands with its notices. */
type SideStanding = { mode: NoticeMode; settled: number | null };

function standingOf(orm: Orm, editionId: string, sideId: string): SideStanding {
  const row = orm
    .select({ mode: agendaNoticeSide.mode, settled: agendaNoticeSide.settledNumber })
    .from(agendaNoticeSide)
    .where(and(eq(agendaNoticeSide.editionId, editionId), eq(agendaNoticeSide.coHostId, sideId)))
    .get();
  return row ?? { mode: "wait", settled: null };
}

/** What tells which version somebody had. */
type Reading = { known: number | undefined; reply: Reply; repliedAt: number | null; sideId: string };

/**
 * From which version on things are news to somebody; null: nothing is. Who has had none yet (they accepted, and have not
 * registered) had the one that was current when they answered, or the last that their side laid aside. Whoever has
 * neither answered nor had any is told nothing: they will see the newest.
 */
function newsSince(orm: Orm, { editionId, sideIds }: Whose, after: Version): (one: Reading) => Since | null {
  const versions = versionsIn(orm, editionId);
  const first = versions[0]?.number ?? after.number;
  const laidAside = new Map(sideIds.map((side) => [side, standingOf(orm, editionId, side).settled ?? first]));
  const differences = new Map<number, Since>();
  return ({ known, reply, repliedAt, sideId }) => {
    if (known === undefined && (reply === "none" || reply === "substitute_proposed")) return null;
    const answeredWith = versions.findLast((one) => one.publishedAt <= (repliedAt ?? 0))?.number ?? 0;
    const from = known ?? Math.max(answeredWith, laidAside.get(sideId) ?? first);
    if (from >= after.number) return null;
    let since = differences.get(from);
    if (since === undefined) {
      const before = versions.find((one) => one.number === from)?.items ?? [];
      const changes = agendaChanges(before, after.items);
      since = { from, changes, inTheWay: itemsInTheWay(changes, after.items) };
      differences.set(from, since);
    }
    return since;
  };
}

/** Everybody of these sides whose own programme in `after` is another than the one that they last had. */
function plan(orm: Orm, whose: Whose, after: Version): Array<Planned> {
  const had = lastHad(orm, whose);
  const places = placesByPerson(orm, whose);
  const sinceWhen = newsSince(orm, whose, after);
  return peopleOf(orm, whose).flatMap((row) => {
    const since = sinceWhen({ ...row, known: had.get(row.invitationId) });
    if (since === null) return [];
    const { invitationId, delegationId } = row;
    const attendee = { invitationId, delegationId, places: places.get(invitationId) ?? [] };
    const changes = ownChanges(since.changes, attendee, since.inTheWay);
    if (changes.length === 0) return [];
    return [
      {
        invitationId,
        sideId: row.sideId,
        nameLatin: row.nameLatin,
        nameNative: row.nameNative,
        delegationEn: row.delegationEn,
        delegationZh: row.delegationZh,
        locale: row.locale,
        obstacle: row.tokenRevokedAt !== null ? "link_revoked" : row.email === null ? "no_address" : null,
        from: since.from,
        changes,
        clashes: clashesOf(changes, since.inTheWay),
        row,
      } satisfies Planned,
    ];
  });
}

/**
 * How many people of another side are affected. Nothing that tells who they are leaves the database: who has a function
 * is known from the programme, which is both sides', and is recognised there by a number.
 */
function countAffected(
  orm: Orm,
  { editionId, sideId }: { editionId: string; sideId: string },
  after: Version,
): number {
  const sinceWhen = newsSince(orm, { editionId, sideIds: [sideId] }, after);
  const named = new Set<string>();
  for (const { items } of [...versionsIn(orm, editionId), after])
    for (const { functions } of items) for (const entry of functions) named.add(entry.invitationId);
  const ids = [...named];
  const rows = orm.all<{
    delegationId: string;
    reply: Reply;
    repliedAt: number | null;
    named: number | null;
    mailed: number | null;
    seen: number | null;
    places: string;
  }>(sql`
    with named as materialized (select key as n, value as id from json_each(${JSON.stringify(ids)}))
    select i.delegation_id as delegationId, i.reply, i.replied_at as repliedAt, named.n as named,
      (select max(m.agenda_version) from delivery m
        where m.edition_id = ${editionId} and m.co_host_id = ${sideId} and m.invitation_id = i.id
          and m.agenda_version is not null
          and (m.state = 'accepted' or (m.kind <> 'agenda_change' and m.state in ('queued', 'sending', 'deferred')))
      ) as mailed,
      (select max(v.number) from agenda_seen s join agenda_version v on v.id = s.version_id
        where s.invitation_id = i.id) as seen,
      (select json_group_array(json_object('visitId', p.visit_id, 'state', p.state)) from visit_place p
        where p.invitation_id = i.id) as places
    from invitation i
    join delegation d on d.id = i.delegation_id
    left join named on named.id = i.id
    where i.edition_id = ${editionId} and d.co_host_id = ${sideId} and i.sent_at is not null
      and i.withdrawn_at is null and i.replaced_at is null and i.reply <> 'declined'`);
  return rows.filter(({ mailed, seen, named: n, places, ...row }) => {
    const known = mailed === null && seen === null ? undefined : Math.max(mailed ?? 0, seen ?? 0);
    const since = sinceWhen({ ...row, known, sideId });
    if (since === null) return false;
    const held: Attendee["places"] = JSON.parse(places);
    const attendee = {
      invitationId: n === null ? "" : (ids[n] ?? ""),
      delegationId: row.delegationId,
      places: held,
    };
    return since.changes.some((entry) => ownChange(entry, attendee) !== null);
  }).length;
}

type Since = {
  from: number;
  changes: ReadonlyArray<AgendaChange>;
  inTheWay: ReadonlyMap<string, ReadonlyArray<PublishedItem>>;
};

function clashesOf(
  changes: ReadonlyArray<OwnChange>,
  inTheWay: Since["inTheWay"],
): AgendaChangeMail["clashes"] {
  return Object.fromEntries(
    changes
      .filter(({ item }) => item.clashesWith.length > 0)
      .map(({ item }) => [
        item.id,
        (inTheWay.get(item.id) ?? [])
          .filter(({ id }) => item.clashesWith.includes(id))
          .map(({ titleEn, titleZh }) => ({ titleEn, titleZh })),
      ]),
  );
}

function mailTo(
  orm: Orm,
  editionId: string,
  { row, sideId, from, changes, clashes }: Planned,
  after: Pick<Version, "number" | "publishedAt">,
  editions: Map<string, MailEdition>,
): AgendaChangeMail {
  const { delegationId } = row;
  const facts = editions.get(delegationId) ?? mailEdition(orm, { editionId, sideId, delegationId });
  editions.set(delegationId, facts);
  const dated = (item: OwnChange["item"]) => ({ ...item, revisedAt: after.publishedAt });
  return {
    kind: "agenda_change",
    edition: facts,
    opening: openingOf(orm, {
      editionId,
      sideId,
      invitationId: row.invitationId,
      kind: "change_notice",
      facts,
      version: after.number,
    }),
    ...salutations(row),
    version: after.number,
    publishedAt: after.publishedAt,
    from,
    changes: changes.map((entry) => ({
      ...entry,
      item: dated(entry.item),
      before: entry.before === null ? null : dated(entry.before),
    })),
    clashes,
  };
}

const unsentNotices = prepared((orm) =>
  orm
    .select({
      id: delivery.id,
      invitationId: delivery.invitationId,
      sideId: delivery.coHostId,
    })
    .from(delivery)
    .where(
      and(
        eq(delivery.editionId, sql.placeholder("edition")),
        eq(delivery.kind, "agenda_change"),
        isNotNull(delivery.agendaVersion),
        inArray(delivery.state, ["queued", "deferred"]),
      ),
    )
    .prepare(),
);

/** Takes back every notice that has not gone, whoever released it: what it says is no longer all. Tells whose they were. */
function takeBackUnsent(tx: Tx, ctx: DomainContext, editionId: string): Map<string, Set<string>> {
  const bySide = new Map<string, Set<string>>();
  for (const row of unsentNotices(tx).all({ edition: editionId })) {
    tx.update(delivery)
      .set({ state: "cancelled", finishedAt: ctx.clock.now() })
      .where(eq(delivery.id, row.id))
      .run();
    const people = bySide.get(row.sideId) ?? new Set<string>();
    if (row.invitationId !== null) people.add(row.invitationId);
    bySide.set(row.sideId, people);
  }
  return bySide;
}

function queue(
  tx: Tx,
  ctx: DomainContext,
  {
    editionId,
    sideId,
    after,
    planned,
  }: { editionId: string; sideId: string; after: Version; planned: ReadonlyArray<Planned> },
): number {
  const editions = new Map<string, MailEdition>();
  const notBefore = ctx.clock.now() + NOTICE_WAIT;
  let queued = 0;
  for (const one of planned) {
    if (one.obstacle !== null) continue;
    const mail = mailTo(tx, editionId, one, after, editions);
    const id = queueDelivery(tx, ctx, {
      invitationId: one.invitationId,
      messageId: null,
      mail,
      notBefore,
    });
    if (id !== null) queued += 1;
  }
  recordAudit(tx, ctx, {
    action: "agenda.notify",
    subjectKind: "edition",
    subjectId: editionId,
    editionId,
    sideId,
    details: { number: after.number, queued, unreachable: planned.length - queued },
  });
  return queued;
}

/**
 * What follows from a publication, in its transaction. Notices that have not gone are replaced, on every side. Those of
 * the publisher's own sides are queued if they said so; those of others, where that side wants it so. All others wait.
 */
export function noticesOfPublication(
  tx: Tx,
  ctx: StaffContext,
  { after, send }: { after: Version; send: boolean },
): number {
  const { editionId, sideIds } = ctx.scope;
  const replacedBySide = takeBackUnsent(tx, ctx, editionId);
  let queued = 0;
  for (const sideId of sidesOf(tx, editionId)) {
    const replaced = replacedBySide.get(sideId) ?? new Set<string>();
    const all = sideIds.includes(sideId) ? send : standingOf(tx, editionId, sideId).mode === "at_once";
    if (!all && replaced.size === 0) continue;
    const planned = plan(tx, { editionId, sideIds: [sideId] }, after);
    const told = all ? planned : planned.filter(({ invitationId }) => replaced.has(invitationId));
    if (told.length > 0) queued += queue(tx, ctx, { editionId, sideId, after, planned: told });
  }
  return queued;
}

const sidesInOrder = prepared((orm) =>
  orm
    .select({ id: editionCoHost.coHostId })
    .from(editionCoHost)
    .where(eq(editionCoHost.editionId, sql.placeholder("edition")))
    .orderBy(asc(editionCoHost.position))
    .prepare(),
);

function sidesOf(orm: Orm, editionId: string): Array<string> {
  return sidesInOrder(orm)
    .all({ edition: editionId })
    .map(({ id }) => id);
}

/**
 * Queues the notices of one's own side about the newest version.
 *
 * @param input `seen`: the digest of who would be told what, as it was looked at.
 * @returns refusals: `gone` when the side is not one's own or nothing is published; `changed_meanwhile` when the version
 *   or who would be told what is not what was looked at.
 */
export function releaseNotices(
  ctx: StaffContext,
  { sideId, seen }: { sideId: string; seen: string },
): Promise<Result<{ queued: number }, "gone" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const newest = newestProgrammeIn(tx, editionId);
    if (newest === null || !sideIds.includes(sideId)) return refused("gone");
    const whose = { editionId, sideIds: [sideId] };
    const planned = withoutQueued(tx, whose, plan(tx, whose, newest));
    // A form that comes twice: all of them have been queued.
    if (planned.length === 0 && queuedOf(tx, ctx, newest.number) > 0) return ok({ queued: 0 });
    if (digestOf(newest.number, planned) !== seen) return refused("changed_meanwhile");
    const queued = queue(tx, ctx, { editionId, sideId, after: newest, planned });
    return ok({ queued });
  });
}

/** Lays the waiting notices of one's own side aside: nobody of it is told of the newest version by mail. */
export function dismissNotices(
  ctx: StaffContext,
  { sideId, number }: { sideId: string; number: number },
): Promise<Result<null, "gone" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const newest = newestProgrammeIn(tx, editionId);
    if (newest === null || !sideIds.includes(sideId)) return refused("gone");
    if (newest.number !== number) return refused("changed_meanwhile");
    const settled = { settledNumber: number, settledAt: ctx.clock.now() };
    tx.insert(agendaNoticeSide)
      .values({ editionId, coHostId: sideId, ...settled })
      .onConflictDoUpdate({ target: [agendaNoticeSide.editionId, agendaNoticeSide.coHostId], set: settled })
      .run();
    recordAudit(tx, ctx, {
      action: "agenda.dismissNotices",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
      details: { number },
    });
    return ok(null);
  });
}

/** Decides whether the notices to one's own people go out when the other side publishes, or wait. */
export function setNoticeMode(
  ctx: StaffContext,
  { sideId, mode }: { sideId: string; mode: NoticeMode },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    if (!sideIds.includes(sideId)) return refused("gone");
    tx.insert(agendaNoticeSide)
      .values({ editionId, coHostId: sideId, mode })
      .onConflictDoUpdate({ target: [agendaNoticeSide.editionId, agendaNoticeSide.coHostId], set: { mode } })
      .run();
    recordAudit(tx, ctx, {
      action: "agenda.noticeMode",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
      details: { mode },
    });
    return ok(null);
  });
}

/** How many notices about a version were queued for the people of one's own sides. */
export function queuedOf(orm: Orm, { scope }: Pick<StaffContext, "scope">, number: number): number {
  return orm
    .select({ id: delivery.id })
    .from(delivery)
    .where(
      and(
        eq(delivery.editionId, scope.editionId),
        inArray(delivery.coHostId, [...scope.sideIds]),
        eq(delivery.kind, "agenda_change"),
        eq(delivery.agendaVersion, number),
        eq(delivery.recipientKind, "invitee"),
        ne(delivery.state, "cancelled"),
      ),
    )
    .all().length;
}

/** Whose notice about this version waits already, or is on its way, is told once. */
function withoutQueued(
  orm: Orm,
  { editionId, sideIds }: Whose,
  planned: ReadonlyArray<Planned>,
): Array<Planned> {
  const queued = new Set(
    orm
      .select({ invitationId: delivery.invitationId })
      .from(delivery)
      .where(
        and(
          eq(delivery.editionId, editionId),
          inArray(delivery.coHostId, [...sideIds]),
          eq(delivery.kind, "agenda_change"),
          isNotNull(delivery.agendaVersion),
          inArray(delivery.state, ["queued", "sending", "deferred"]),
        ),
      )
      .all()
      .map(({ invitationId }) => invitationId),
  );
  return planned.filter(({ invitationId }) => !queued.has(invitationId));
}

/** Stands for who would be told what: nobody sends what they have not looked at. */
function digestOf(number: number, planned: ReadonlyArray<NoticePlan>): string {
  const facts = planned.map(({ invitationId, from, obstacle, changes }) => [
    invitationId,
    from,
    obstacle,
    changes.map(({ change, item, parts }) => [change, item.id, item.startsAt, item.endsAt, parts]),
  ]);
  return hashToken(JSON.stringify([number, facts])).slice(0, 24);
}

/** One side of an edition, as a page shows it. */
export type NoticesOfSide = {
  sideId: string;
  nameEn: string;
  nameZh: string;
  /** Whether its people may be named to this reader. */
  own: boolean;
  mode: NoticeMode;
  affected: number;
  /** Own side only. */
  people: ReadonlyArray<NoticePlan>;
};

/**
 * @param pending whether `after` is yet to be published: then nothing about it waits to be sent, and how many of others it
 *   concerns is told.
 */
function noticesBySide(
  orm: Orm,
  { editionId, sideIds }: Whose,
  { after, pending }: { after: Version; pending: boolean },
): { sides: Array<NoticesOfSide>; own: Array<Planned> } {
  const all = sidesOf(orm, editionId);
  const names = orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(inArray(coHost.id, all))
    .all();
  const told: Array<Planned> = [];
  const sides = all
    .filter((sideId) => pending || sideIds.includes(sideId))
    .map((sideId): NoticesOfSide => {
      const own = sideIds.includes(sideId);
      const whose = { editionId, sideIds: [sideId] };
      const planned = own ? plan(orm, whose, after) : [];
      const shown = pending ? planned : withoutQueued(orm, whose, planned);
      told.push(...shown);
      const name = names.find(({ id }) => id === sideId);
      return {
        sideId,
        nameEn: name?.nameEn ?? "",
        nameZh: name?.nameZh ?? "",
        own,
        mode: standingOf(orm, editionId, sideId).mode,
        affected: own ? shown.length : countAffected(orm, { editionId, sideId }, after),
        people: shown.map(asView),
      };
    });
  return { sides, own: told };
}

function asView({ row: _row, clashes: _clashes, ...view }: Planned): NoticePlan {
  return view;
}

/** Who would be told what if the draft were published now: by name for one's own side, by count for others. */
export function noticesOfDraft(ctx: StaffContext): { sides: ReadonlyArray<NoticesOfSide>; digest: string } {
  const { orm } = ctx.db;
  const after = draftVersion(orm, ctx);
  const { sides, own } = noticesBySide(orm, ctx.scope, { after, pending: true });
  return { sides, digest: digestOf(after.number, own) };
}

/** The digest of `noticesOfDraft`, inside a transaction. */
export function noticeDigest(orm: Orm, ctx: StaffContext): string {
  const after = draftVersion(orm, ctx);
  const { editionId, sideIds } = ctx.scope;
  const own = sidesOf(orm, editionId)
    .filter((sideId) => sideIds.includes(sideId))
    .flatMap((sideId) => plan(orm, { editionId, sideIds: [sideId] }, after));
  return digestOf(after.number, own);
}

function draftVersion(orm: Orm, ctx: StaffContext): Version {
  const newest = newestProgrammeIn(orm, ctx.scope.editionId);
  return {
    number: (newest?.number ?? 0) + 1,
    publishedAt: ctx.clock.now(),
    items: nextItems(orm, ctx.scope.editionId),
  };
}

export type WaitingNotices = {
  number: number;
  publishedAt: number;
  sides: ReadonlyArray<NoticesOfSide & { digest: string; settled: boolean }>;
};

/** Who of one's own sides has not been told of the newest version yet; null before the first is published. */
export function waitingNotices(ctx: StaffContext): WaitingNotices | null {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const after = newestProgrammeIn(orm, editionId);
  if (after === null) return null;
  const { sides, own } = noticesBySide(orm, ctx.scope, { after, pending: false });
  return {
    number: after.number,
    publishedAt: after.publishedAt,
    sides: sides.map((side) => ({
      ...side,
      digest: digestOf(
        after.number,
        own.filter(({ sideId }) => sideId === side.sideId),
      ),
      settled: standingOf(orm, editionId, side.sideId).settled === after.number,
    })),
  };
}

/** How many of one's own people wait to be told of the newest version and have not been laid aside. */
export function countWaiting(ctx: StaffContext): number {
  return (waitingNotices(ctx)?.sides ?? [])
    .filter(({ settled }) => !settled)
    .reduce((sum, { affected }) => sum + affected, 0);
}

/** The notice that one of one's own people would get; null when there is none for them. */
export function noticeFor(
  ctx: StaffContext,
  { invitationId, ofDraft }: { invitationId: string; ofDraft: boolean },
): { mail: AgendaChangeMail; locale: Locale; nameLatin: string; nameNative: string } | null {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const after = ofDraft ? draftVersion(orm, ctx) : newestProgrammeIn(orm, editionId);
  if (after === null) return null;
  const { own } = noticesBySide(orm, ctx.scope, { after, pending: ofDraft });
  const one = own.find((each) => each.invitationId === invitationId);
  if (one === undefined) return null;
  const { locale, nameLatin, nameNative } = one;
  return { mail: mailTo(orm, editionId, one, after, new Map()), locale, nameLatin, nameNative };
}
