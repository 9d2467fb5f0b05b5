/**
 * Somebody comes instead of somebody else (换人). What belongs to the seat goes over: delegation, category, the function
 * that the letter names, protocol order, functions in sessions, places on visits with their turn in the queue and at
 * tables, the delegation's place. What belongs to the person stays behind: the card, the registration, consents, letters, links.
 */
import { and, asc, desc, eq, isNull, ne, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { plainText } from "#db/plain-text.ts";
import {
  agendaFunction,
  interpreterPost,
  invitation,
  invitationEvent,
  person,
  visitPlace,
} from "#db/schema/index.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { StaffContext } from "../context.ts";
import { headsOf } from "../delegation/queries.server.ts";
import { seatsAtTables, takeSeats } from "../meal/record.server.ts";
import { cardMark, insertPerson, mailboxHolder } from "../person/record.server.ts";
import type { PersonFacts } from "../person/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { createInvitation } from "./create.server.ts";
import { noteEvent } from "./events.server.ts";
import { endAllGivenOut } from "./given-out.server.ts";
import { auditOwn, findOwn, type OwnInvitation, over } from "./own.server.ts";
import { hasRoom } from "./quota.server.ts";

/** Who comes instead: somebody whom the side's contact book knows, or a new card. */
export type Substitute = { personId: string } | { facts: PersonFacts };

export type SubstitutionRefused =
  | "gone"
  | "withdrawn"
  | "replaced"
  | "unknown"
  | "invited"
  | "doNotInvite"
  | "mailboxTaken"
  | "headTaken"
  | "quotaFull";

/**
 * Puts somebody in the place of an invited person, in one go: the one's invitation ends, with its links, devices,
 * waiting mails and letters; the other's is drafted, to be approved (where the edition asks for it) and sent like any.
 *
 * The same again is told the same. Refused when the invitation is over already or not on this side; when the other is not in a book that this login may
 * open (`unknown`), invited already, not to be invited, or has a mailbox that somebody else has; when the delegation has
 * another head; and when the place of somebody who had declined is taken by now (`quotaFull`).
 *
 * @param note why, in the side's own words; kept with the invitation that ends.
 */
export function substitute(
  ctx: StaffContext,
  { invitationId, by, note }: { invitationId: string; by: Substitute; note: string },
): Promise<Result<{ invitationId: string }, SubstitutionRefused>> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const ended = over(found);
    const known = ended === "replaced" ? comesAlready(tx, { invitationId, by }) : null;
    if (known !== null) return ok({ invitationId: known });
    if (ended !== null) return refused(ended);
    const { delegationId, category, invitedAs, protocolOrder, sideId } = found;
    if (category === "head" && headsOf(tx, { delegationId, except: invitationId }).length > 0)
      return refused("headTaken");
    if (found.reply === "declined" && !hasRoom(tx, { delegationId, category, except: invitationId }))
      return refused("quotaFull");
    const problem = obstacleOf(tx, ctx, { by, sideId });
    if (problem !== null) return refused(problem);

    const personId = "personId" in by ? by.personId : insertPerson(tx, ctx, { sideId, facts: by.facts });
    const tables = seatsAtTables(tx, invitationId);
    const freed = endInvitation(tx, ctx, { invitationId, note });
    const next = createInvitation(tx, ctx, { personId, delegationId, category, invitedAs });
    tx.update(invitation)
      .set({ protocolOrder, replacesId: invitationId })
      .where(eq(invitation.id, next.invitationId))
      .run();
    const moved = moveSeat(tx, { from: invitationId, to: next.invitationId });
    takeSeats(tx, tables, next.invitationId);
    auditOwn(tx, ctx, found, "invitation.substitute", {
      by: next.invitationId,
      newCard: "facts" in by,
      ...freed,
      ...moved,
    });
    return ok({ invitationId: next.invitationId });
  });
}

/** The invitation of whoever comes instead, when it is just this person: a form may come twice. */
function comesAlready(tx: Tx, { invitationId, by }: { invitationId: string; by: Substitute }): string | null {
  const found = tx
    .select({ id: invitation.id, card: person })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(eq(invitation.replacesId, invitationId))
    .get();
  if (found === undefined) return null;
  const isSame =
    "personId" in by ? by.personId === found.card.id : cardMark(by.facts) === cardMark(found.card);
  return isSame ? found.id : null;
}

function obstacleOf(
  tx: Tx,
  ctx: StaffContext,
  { by, sideId }: { by: Substitute; sideId: string },
): "unknown" | "invited" | "doNotInvite" | "mailboxTaken" | null {
  if ("facts" in by)
    return mailboxHolder(tx, { sideId, email: by.facts.email, except: null }) === null
      ? null
      : "mailboxTaken";
  if (!ctx.scope.bookSideIds.includes(sideId)) return "unknown";
  const card = tx
    .select({ doNotInviteAt: person.doNotInviteAt })
    .from(person)
    .where(and(eq(person.id, by.personId), eq(person.coHostId, sideId), isNull(person.mergedIntoId)))
    .get();
  if (card === undefined) return "unknown";
  if (card.doNotInviteAt !== null) return "doNotInvite";
  const invited = tx
    .select({ id: invitation.id })
    .from(invitation)
    .where(and(eq(invitation.personId, by.personId), eq(invitation.editionId, ctx.scope.editionId)))
    .get();
  return invited === undefined ? null : "invited";
}

/** Ends an invitation for good: nothing that was given out opens or proves anything any more. */
function endInvitation(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, note }: { invitationId: string; note: string },
) {
  const at = ctx.clock.now();
  tx.update(invitation)
    .set({ replacedAt: at, tokenRevokedAt: sql`coalesce(${invitation.tokenRevokedAt}, ${at})` })
    .where(eq(invitation.id, invitationId))
    .run();
  noteEvent(tx, ctx, { invitationId, kind: "replaced", channel: "staff", note });
  return endAllGivenOut(tx, ctx, invitationId);
}

function moveSeat(tx: Tx, { from, to }: { from: string; to: string }) {
  const functions = tx
    .update(agendaFunction)
    .set({ invitationId: to })
    .where(eq(agendaFunction.invitationId, from))
    .run();
  tx.update(interpreterPost).set({ invitationId: to }).where(eq(interpreterPost.invitationId, from)).run();
  const places = tx
    .update(visitPlace)
    // What was accepted about one person's day says nothing about another's.
    .set({ invitationId: to, clashReason: "" })
    .where(and(eq(visitPlace.invitationId, from), ne(visitPlace.state, "withdrawn")))
    .run();
  return { functions: functions.changes, places: places.changes };
}

/** A card of the contact book that was looked for. */
export type Candidate = {
  personId: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  /** Why they cannot come instead; null: they can. */
  obstacle: "invited" | "doNotInvite" | null;
};

/** What the page shows before anybody is replaced. */
export type SubstitutionPage = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  over: "withdrawn" | "replaced" | null;
  /** What the person wrote when they proposed a colleague; empty when they did not. */
  proposed: string;
  functions: number;
  places: number;
  /** Whether this login may look into the side's contact book. */
  mayLookUp: boolean;
};

/** The invitation that somebody else is to take over, or null when it is not on this side. */
export function substitutionPage(ctx: StaffContext, invitationId: string): SubstitutionPage | null {
  const { orm } = ctx.db;
  const found = findOwn(orm, ctx, invitationId);
  if (found === null) return null;
  const names = orm
    .select({ nameLatin: person.nameLatin, nameNative: person.nameNative })
    .from(person)
    .where(eq(person.id, found.personId))
    .get();
  const proposed =
    found.reply === "substitute_proposed"
      ? orm
          .select({ note: invitationEvent.note })
          .from(invitationEvent)
          .where(
            and(
              eq(invitationEvent.invitationId, invitationId),
              eq(invitationEvent.kind, "substitute_proposed"),
            ),
          )
          .orderBy(desc(invitationEvent.at), desc(sql`rowid`))
          .limit(1)
          .get()
      : undefined;
  return {
    invitationId,
    nameLatin: names?.nameLatin ?? "",
    nameNative: names?.nameNative ?? "",
    over: over(found),
    proposed: proposed?.note ?? "",
    ...seatOf(orm, found),
    mayLookUp: ctx.scope.bookSideIds.includes(found.sideId),
  };
}

function seatOf(orm: Orm, { id }: Pick<OwnInvitation, "id">) {
  const functions = orm
    .select({ itemId: agendaFunction.itemId })
    .from(agendaFunction)
    .where(eq(agendaFunction.invitationId, id))
    .all().length;
  const places = orm
    .select({ id: visitPlace.id })
    .from(visitPlace)
    .where(and(eq(visitPlace.invitationId, id), ne(visitPlace.state, "withdrawn")))
    .all().length;
  return { functions, places };
}

const MOST_CANDIDATES = 20;

const searched = sql`plain(${person.nameLatin} || '|' || ${person.familyLatin} || ${person.givenLatin} || ${person.familyLatin} || '|' || ${person.nameNative} || '|' || ${person.institutionEn} || '|' || ${person.institutionZh})`;

/** Cards of the side's contact book by name or institution; none when this login may not open it. */
export function findSubstitutes(
  ctx: StaffContext,
  { invitationId, search }: { invitationId: string; search: string },
): Array<Candidate> {
  const { orm } = ctx.db;
  const found = findOwn(orm, ctx, invitationId);
  const needle = plainText(search).replaceAll("|", "");
  if (found === null || needle === "" || !ctx.scope.bookSideIds.includes(found.sideId)) return [];
  return orm
    .select({
      personId: person.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      doNotInviteAt: person.doNotInviteAt,
      invitedAs: invitation.id,
    })
    .from(person)
    .leftJoin(
      invitation,
      and(eq(invitation.personId, person.id), eq(invitation.editionId, ctx.scope.editionId)),
    )
    .where(
      and(
        eq(person.coHostId, found.sideId),
        isNull(person.mergedIntoId),
        sql`instr(${searched}, ${needle}) > 0`,
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .limit(MOST_CANDIDATES)
    .all()
    .map(({ doNotInviteAt, invitedAs, ...card }) => ({
      ...card,
      obstacle: invitedAs !== null ? "invited" : doNotInviteAt !== null ? "doNotInvite" : null,
    }));
}

/** The number of the newest published programme when it names this person in one of its items; null when it does not. */
export function namedInProgramme(
  orm: Orm,
  { editionId, invitationId }: { editionId: string; invitationId: string },
): number | null {
  const newest = newestProgrammeIn(orm, editionId);
  const named = newest?.items.some((item) =>
    item.functions.some((entry) => entry.invitationId === invitationId),
  );
  return named === true ? (newest?.number ?? null) : null;
}
