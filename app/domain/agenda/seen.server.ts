/**
 * Who has seen which version of the programme: they said so by a form of their own, or told staff. Opening a page says
 * nothing, since mail scanners do that too (DOMAIN §6.2). Whoever has seen a version has seen all before it.
 */
import { and, asc, desc, eq, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { prepared, type Tx } from "#db/client.server.ts";
import {
  agendaSeen,
  agendaVersion,
  delegation,
  delivery,
  invitation,
  person,
  personAssistant,
} from "#db/schema/index.ts";
import type { Channel, DeliveryState } from "#db/vocabulary.ts";
import { channelOf } from "../access/rules.ts";
import type { DomainContext, InvitationContext, StaffContext } from "../context.ts";
import { markSeen } from "../invitation/events.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { mayRead } from "../person/classes.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { seenVersions } from "./notices.server.ts";
import { newestProgrammeIn } from "./queries.server.ts";

const readerById = prepared((orm) =>
  orm
    .select({ sideId: delegation.coHostId, reply: invitation.reply })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.id, sql.placeholder("invitation")),
        eq(invitation.editionId, sql.placeholder("edition")),
        stands,
      ),
    )
    .prepare(),
);

const versionByNumber = prepared((orm) =>
  orm
    .select({ id: agendaVersion.id })
    .from(agendaVersion)
    .where(
      and(
        eq(agendaVersion.editionId, sql.placeholder("edition")),
        eq(agendaVersion.number, sql.placeholder("number")),
      ),
    )
    .prepare(),
);

/**
 * Keeps that the holder of the link has seen a version. The same again writes nothing. Refused (`gone`) when there is no
 * such version, or the programme is not theirs to see.
 */
export function confirmSeen(
  ctx: InvitationContext,
  { number }: { number: number },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const { editionId, invitationId } = ctx.scope;
    const reader = readerById(tx).get({ edition: editionId, invitation: invitationId });
    const version = versionByNumber(tx).get({ edition: editionId, number });
    if (reader === undefined || reader.reply === "declined" || version === undefined) return refused("gone");
    const channel = channelOf(ctx);
    const actorId = ctx.assistant?.assistantId ?? null;
    if (keep(tx, ctx, { versionId: version.id, invitationId, channel, actorId })) {
      markSeen(tx, ctx, { invitationId, channel });
      audit(tx, ctx, { invitationId, editionId, sideId: reader.sideId, number, channel });
    }
    return ok(null);
  });
}

/** Keeps that staff told one of their own people of the newest version, by phone or at the desk. */
export function recordTold(
  ctx: StaffContext,
  { invitationId, number }: { invitationId: string; number: number },
): Promise<Result<null, "gone" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const reader = readerById(tx).get({ edition: editionId, invitation: invitationId });
    if (reader === undefined || !sideIds.includes(reader.sideId)) return refused("gone");
    const newest = newestProgrammeIn(tx, editionId);
    if (newest === null) return refused("gone");
    // Whoever was on the phone told what their screen showed.
    if (newest.number !== number) return refused("changed_meanwhile");
    const entry = { versionId: newest.id, invitationId, channel: "staff" as const, actorId: ctx.actor.id };
    if (keep(tx, ctx, entry))
      audit(tx, ctx, { invitationId, editionId, sideId: reader.sideId, number, channel: "staff" });
    return ok(null);
  });
}

function keep(
  tx: Tx,
  ctx: DomainContext,
  entry: { versionId: string; invitationId: string; channel: Channel; actorId: string | null },
): boolean {
  return (
    tx
      .insert(agendaSeen)
      .values({ ...entry, seenAt: ctx.clock.now() })
      .onConflictDoNothing()
      .run().changes > 0
  );
}

function audit(
  tx: Tx,
  ctx: DomainContext,
  {
    invitationId,
    editionId,
    sideId,
    number,
    channel,
  }: { invitationId: string; editionId: string; sideId: string; number: number; channel: Channel },
): void {
  recordAudit(tx, ctx, {
    action: "agenda.seen",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId,
    sideId,
    details: { number, channel },
  });
}

/** The newest version that the holder has said they have seen; null: none yet. */
export function seenByHolder(
  { db }: Pick<DomainContext, "db">,
  { invitationId }: { invitationId: string },
): { number: number; at: number } | null {
  return seenOf(db.orm).get({ invitation: invitationId }) ?? null;
}

const seenOf = prepared((orm) =>
  orm
    .select({ number: agendaVersion.number, at: agendaSeen.seenAt })
    .from(agendaSeen)
    .innerJoin(agendaVersion, eq(agendaVersion.id, agendaSeen.versionId))
    .where(eq(agendaSeen.invitationId, sql.placeholder("invitation")))
    .orderBy(desc(agendaVersion.number))
    .limit(1)
    .prepare(),
);

type Reader = Pick<StaffContext, "db" | "scope">;

/** Own people who can open the programme: invited, not taken back, not declined. */
function readersOf(orm: Orm, { scope }: Pick<StaffContext, "scope">) {
  return orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      reply: invitation.reply,
      phone: person.phone,
      personId: person.id,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        isNotNull(invitation.sentAt),
        stands,
        ne(invitation.reply, "declined"),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}

/** The invitations of one's own people who have not said that they have seen a version, or a later one. */
export function unseenOf(ctx: Reader, number: number): Array<string> {
  const { orm } = ctx.db;
  const seen = seenVersions(orm, ctx.scope);
  return readersOf(orm, ctx)
    .map(({ invitationId }) => invitationId)
    .filter((invitationId) => (seen.get(invitationId) ?? 0) < number);
}

/** One of one's own people, with what is known of their having seen the newest version. */
export type SeenLine = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  /** The newest version that they have seen; null: none. */
  seen: number | null;
  /** What became of the notice about the newest version; null: they got none. */
  notice: DeliveryState | null;
  /** Null where this reader may not see it. */
  phones: ReadonlyArray<{ name: string | null; phone: string }> | null;
};

export type SeenPage = {
  number: number;
  publishedAt: number;
  unseen: ReadonlyArray<SeenLine>;
  seen: ReadonlyArray<Omit<SeenLine, "phones"> & { at: number | null; channel: Channel | null }>;
};

/** Who of one's own people has seen the newest version and whom to phone; null before the first is published. */
export function seenPage(ctx: Reader): SeenPage | null {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const newest = newestProgrammeIn(orm, editionId);
  if (newest === null) return null;
  const versions = seenVersions(orm, ctx.scope);
  const notices = new Map(
    orm
      .select({ invitationId: delivery.invitationId, state: delivery.state })
      .from(delivery)
      .where(
        and(
          eq(delivery.editionId, editionId),
          inArray(delivery.coHostId, [...sideIds]),
          eq(delivery.agendaVersion, newest.number),
          eq(delivery.kind, "agenda_change"),
          eq(delivery.recipientKind, "invitee"),
        ),
      )
      .orderBy(asc(delivery.createdAt))
      .all()
      .map(({ invitationId, state }) => [invitationId, state]),
  );
  const confirmed = new Map(
    orm
      .select({
        invitationId: agendaSeen.invitationId,
        at: agendaSeen.seenAt,
        channel: agendaSeen.channel,
      })
      .from(agendaSeen)
      .innerJoin(invitation, eq(invitation.id, agendaSeen.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(and(eq(agendaSeen.versionId, newest.id), inArray(delegation.coHostId, [...sideIds])))
      .all()
      .map((row) => [row.invitationId, row]),
  );
  const people = readersOf(orm, ctx);
  const mayPhone = mayRead("C2", ctx.scope);
  const assistants = mayPhone ? assistantPhones(orm, ctx) : new Map<string, AssistantPhone[]>();
  const lines = people.map(({ phone, personId, reply: _reply, ...one }) => ({
    ...one,
    seen: versions.get(one.invitationId) ?? null,
    notice: notices.get(one.invitationId) ?? null,
    phones: mayPhone
      ? [
          ...(phone === null || phone === "" ? [] : [{ name: null, phone }]),
          ...(assistants.get(personId) ?? []).map(({ name, phone: theirs }) => ({ name, phone: theirs })),
        ]
      : null,
  }));
  const hasSeen = (line: SeenLine) => (line.seen ?? 0) >= newest.number;
  return {
    number: newest.number,
    publishedAt: newest.publishedAt,
    // Those who were written to come first: for them something has changed.
    unseen: lines
      .filter((line) => !hasSeen(line))
      .sort((a, b) => Number(b.notice !== null) - Number(a.notice !== null)),
    seen: lines.filter(hasSeen).map(({ phones: _phones, ...line }) => ({
      ...line,
      at: confirmed.get(line.invitationId)?.at ?? null,
      channel: confirmed.get(line.invitationId)?.channel ?? null,
    })),
  };
}

type AssistantPhone = { personId: string; name: string; phone: string };

function assistantPhones(orm: Orm, { scope }: Pick<StaffContext, "scope">): Map<string, AssistantPhone[]> {
  const rows = orm
    .select({
      personId: personAssistant.personId,
      name: personAssistant.name,
      phone: personAssistant.phone,
    })
    .from(personAssistant)
    .innerJoin(invitation, eq(invitation.personId, personAssistant.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        isNull(personAssistant.endedAt),
      ),
    )
    .all()
    .flatMap(({ phone, ...row }) => (phone === null || phone === "" ? [] : [{ ...row, phone }]));
  return Map.groupBy(rows, (row) => row.personId);
}
