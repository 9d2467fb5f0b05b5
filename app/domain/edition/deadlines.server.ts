/** What is due, to whom and when, with how far one's own side is: set by somebody, or reckoned from the edition's days. */
import { and, asc, count, countDistinct, eq, inArray, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import {
  agendaItem,
  delegation,
  hotel,
  invitation,
  letter,
  registration,
  roomingList,
  siteVisit,
  visitPlace,
} from "#db/schema/index.ts";
import type { LetterKind } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { type LeadTime, leadTimes, usualListDay } from "./milestones.ts";
import { type EditionFacts, editionFacts, ofOwnSide } from "./queries.server.ts";

/** Whose people the numbers count. */
type Whose = Pick<StaffContext, "db"> & { scope: Pick<StaffContext["scope"], "editionId" | "sideIds"> };

/** A day on which something is due, epoch milliseconds. `usual`: nobody set it, it is reckoned from the edition's days. */
export type Deadline = { at: number; usual: boolean } & (
  | { kind: "reply"; silent: number }
  | { kind: "register"; missing: number }
  | { kind: "clearance"; visitId: string; hostEn: string; hostZh: string; taken: number; capacity: number }
  /** `versions`: how many of its list have gone to it from these sides. */
  | { kind: "rooming"; hotelId: string; hostEn: string; hostZh: string; versions: number }
  | { kind: "letters" | "visas"; issued: number; coming: number }
  | { kind: Exclude<LeadTime, "letters" | "visas"> }
);

/** Every deadline of an edition, the earliest first. Numbers of people are those of the scope's sides. */
export function deadlinesOf(ctx: Whose & Pick<DomainContext, "db">): Array<Deadline> {
  const facts = editionFacts(ctx, ctx.scope.editionId);
  const { silent, coming, missing } = progress(ctx);
  const found: Array<Deadline> = [];
  if (facts.replyBy !== null) found.push({ kind: "reply", at: facts.replyBy, usual: false, silent });
  if (facts.registerBy !== null)
    found.push({ kind: "register", at: facts.registerBy, usual: false, missing });
  found.push(...listDeadlines(ctx, facts), ...roomingDeadlines(ctx));
  for (const { kind, at } of leadTimes(facts))
    found.push(
      kind === "letters" || kind === "visas"
        ? { kind, at, usual: true, issued: withLetter(ctx, kind === "visas" ? "visa_letter" : null), coming }
        : { kind, at, usual: true },
    );
  return found.toSorted((a, b) => a.at - b.at);
}

/** How many were asked and are silent, will come, and will come but have not registered. */
function progress({ scope, db }: Whose): { silent: number; coming: number; missing: number } {
  const people = (when: ReturnType<typeof and>) => sql<number>`coalesce(sum(${when}), 0)`;
  const accepted = eq(invitation.reply, "accepted");
  const row = db.orm
    .select({
      silent: people(and(isNotNull(invitation.sentAt), eq(invitation.reply, "none"))),
      coming: people(accepted),
      missing: people(and(accepted, or(isNull(registration.state), ne(registration.state, "submitted")))),
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(and(ofOwnSide(scope), stands))
    .get();
  return row ?? { silent: 0, coming: 0, missing: 0 };
}

/** The list of names for each visit's host: on the day that was agreed, or the usual one. */
function listDeadlines({ scope, db }: Whose, { timeZone }: EditionFacts): Array<Deadline> {
  return db.orm
    .select({
      visitId: siteVisit.id,
      hostEn: siteVisit.hostEn,
      hostZh: siteVisit.hostZh,
      capacity: siteVisit.capacity,
      dueAt: siteVisit.clearanceDeadline,
      startsAt: agendaItem.startsAt,
      taken: count(visitPlace.id),
    })
    .from(siteVisit)
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .leftJoin(visitPlace, and(eq(visitPlace.visitId, siteVisit.id), eq(visitPlace.state, "granted")))
    .where(eq(siteVisit.editionId, scope.editionId))
    .groupBy(siteVisit.id)
    .orderBy(asc(agendaItem.startsAt), asc(agendaItem.id))
    .all()
    .map(({ dueAt, startsAt, ...list }) => ({
      kind: "clearance" as const,
      at: dueAt ?? usualListDay(dayOf(startsAt, timeZone), timeZone),
      usual: dueAt === null,
      ...list,
    }));
}

/** Who sleeps where, for each hotel that has said by when it wants to know. */
function roomingDeadlines({ scope, db }: Whose): Array<Deadline> {
  return db.orm
    .select({
      hotelId: hotel.id,
      hostEn: hotel.nameEn,
      hostZh: hotel.nameZh,
      at: hotel.listDeadline,
      versions: count(roomingList.id),
    })
    .from(hotel)
    .leftJoin(
      roomingList,
      and(eq(roomingList.hotelId, hotel.id), inArray(roomingList.coHostId, [...scope.sideIds])),
    )
    .where(eq(hotel.editionId, scope.editionId))
    .groupBy(hotel.id)
    .orderBy(asc(hotel.nameEn), asc(hotel.id))
    .all()
    .flatMap(({ at, ...list }) =>
      at === null ? [] : [{ kind: "rooming" as const, at, usual: false, ...list }],
    );
}

/** How many of those who will come have been given a letter of this kind, or (null) any. */
function withLetter({ scope, db }: Whose, kind: LetterKind | null): number {
  const row = db.orm
    .select({ people: countDistinct(letter.invitationId) })
    .from(letter)
    .innerJoin(invitation, eq(invitation.id, letter.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        ofOwnSide(scope),
        kind === null ? undefined : eq(letter.kind, kind),
        isNull(invitation.withdrawnAt),
      ),
    )
    .get();
  return row?.people ?? 0;
}
