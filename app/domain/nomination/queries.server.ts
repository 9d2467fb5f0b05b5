import { and, asc, desc, eq, inArray, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, focalPoint, invitation, nomination, person } from "#db/schema/index.ts";
import type { Locale, NominationState } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { mailboxKey } from "../person/rules.ts";
import { type LinkState, linkState, type ProposedName } from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "scope" | "clock">;

/** A focal point in the list of a side's. Instants are epoch milliseconds. */
export type FocalPointInList = {
  id: string;
  institutionEn: string;
  institutionZh: string;
  name: string;
  delegationEn: string;
  delegationZh: string;
  places: number;
  closesAt: number | null;
  link: LinkState;
  received: number;
  /** Names about which nobody has decided. */
  open: number;
};

/** The institutions that this side has asked, those with names to decide on first. */
export function focalPoints(ctx: Reader): Array<FocalPointInList> {
  const now = ctx.clock.now();
  return ctx.db.orm
    .select({
      id: focalPoint.id,
      institutionEn: focalPoint.institutionEn,
      institutionZh: focalPoint.institutionZh,
      name: focalPoint.name,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      places: focalPoint.places,
      closesAt: focalPoint.closesAt,
      revokedAt: focalPoint.revokedAt,
      tokenExpiresAt: focalPoint.tokenExpiresAt,
      received: sql<number>`count(${nomination.id})`,
      open: sql<number>`coalesce(sum(${nomination.state} = 'proposed'), 0)`.as("open"),
    })
    .from(focalPoint)
    .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
    .leftJoin(nomination, eq(nomination.focalPointId, focalPoint.id))
    .where(ofOwnSide(ctx))
    .groupBy(focalPoint.id)
    .orderBy(desc(sql`"open" > 0`), asc(focalPoint.createdAt), asc(focalPoint.id))
    .all()
    .map(({ revokedAt, tokenExpiresAt, ...row }) => ({
      ...row,
      link: linkState({ revokedAt, tokenExpiresAt }, now),
    }));
}

/** Somebody in the side's contact book who may be the one that was proposed, and why one thinks so. */
export type Candidate = {
  personId: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  same: "mailbox" | "name";
  invited: boolean;
};

export type Proposal = ProposedName & {
  id: string;
  state: NominationState;
  note: string;
  createdAt: number;
  decidedAt: number | null;
  invitationId: string | null;
  candidates: ReadonlyArray<Candidate>;
};

export type FocalPointPage = {
  id: string;
  institutionEn: string;
  institutionZh: string;
  name: string;
  email: string;
  locale: Locale;
  delegationEn: string;
  delegationZh: string;
  places: number;
  closesAt: number | null;
  sentAt: number | null;
  link: LinkState;
  linkExpiresAt: number;
  proposals: ReadonlyArray<Proposal>;
};

/** An institution that was asked, with the names that came, or null when there is none by this id on this side. */
export function focalPointPage(ctx: Reader, focalPointId: string): FocalPointPage | null {
  const { orm } = ctx.db;
  const found = orm
    .select({
      id: focalPoint.id,
      institutionEn: focalPoint.institutionEn,
      institutionZh: focalPoint.institutionZh,
      name: focalPoint.name,
      email: focalPoint.email,
      locale: focalPoint.locale,
      sideId: delegation.coHostId,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      places: focalPoint.places,
      closesAt: focalPoint.closesAt,
      sentAt: focalPoint.sentAt,
      revokedAt: focalPoint.revokedAt,
      tokenExpiresAt: focalPoint.tokenExpiresAt,
    })
    .from(focalPoint)
    .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
    .where(and(eq(focalPoint.id, focalPointId), ofOwnSide(ctx)))
    .get();
  if (found === undefined) return null;
  const { sideId, revokedAt, tokenExpiresAt, ...facts } = found;
  return {
    ...facts,
    link: linkState({ revokedAt, tokenExpiresAt }, ctx.clock.now()),
    linkExpiresAt: tokenExpiresAt,
    proposals: orm
      .select({
        id: nomination.id,
        familyLatin: nomination.familyLatin,
        givenLatin: nomination.givenLatin,
        nameNative: nomination.nameNative,
        honorific: nomination.honorific,
        position: nomination.position,
        email: nomination.email,
        phone: nomination.phone,
        state: nomination.state,
        note: nomination.note,
        createdAt: nomination.createdAt,
        decidedAt: nomination.decidedAt,
        invitationId: nomination.invitationId,
      })
      .from(nomination)
      .where(eq(nomination.focalPointId, focalPointId))
      .orderBy(asc(nomination.createdAt), asc(sql`rowid`))
      .all()
      .map((row) => ({
        ...row,
        candidates: row.state === "taken" ? [] : candidatesFor(orm, ctx, { sideId, proposal: row }),
      })),
  };
}

function ofOwnSide({ scope }: Pick<StaffContext, "scope">): SQL | undefined {
  return and(eq(delegation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds]));
}

const MOST_CANDIDATES = 5;

/**
 * The people of the side whom this reader may know: all of the contact book when it is open to them, and otherwise
 * those of this edition.
 */
function known(ctx: Pick<StaffContext, "scope">, sideId: string): SQL | undefined {
  const { scope } = ctx;
  return and(
    eq(person.coHostId, sideId),
    inArray(person.coHostId, [...scope.sideIds]),
    isNull(person.mergedIntoId),
    scope.bookSideIds.includes(sideId) ? undefined : isInvited(scope.editionId),
  );
}

function isInvited(editionId: string): SQL {
  return sql`exists (select 1 from ${invitation} i where i.person_id = ${person.id} and i.edition_id = ${editionId})`;
}

function candidatesFor(
  orm: Orm,
  ctx: Pick<StaffContext, "scope">,
  { sideId, proposal }: { sideId: string; proposal: { email: string | null; nameNative: string } },
): Array<Candidate> {
  const sameMailbox = proposal.email === null ? undefined : eq(person.emailKey, mailboxKey(proposal.email));
  const sameName =
    proposal.nameNative === ""
      ? undefined
      : and(eq(person.nameNative, proposal.nameNative), ne(person.nameNative, ""));
  if (sameMailbox === undefined && sameName === undefined) return [];
  return orm
    .select({
      personId: person.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      emailKey: person.emailKey,
      invited: sql<number>`${isInvited(ctx.scope.editionId)}`,
    })
    .from(person)
    .where(and(known(ctx, sideId), or(sameMailbox, sameName)))
    .orderBy(asc(person.sortKey), asc(person.id))
    .limit(MOST_CANDIDATES)
    .all()
    .map(({ emailKey, invited, ...row }) => ({
      ...row,
      same: proposal.email !== null && emailKey === mailboxKey(proposal.email) ? "mailbox" : "name",
      invited: invited === 1,
    }));
}

/** Whether this reader may say that somebody proposed is that person. */
export function mayChoose(
  orm: Orm,
  ctx: Pick<StaffContext, "scope">,
  { sideId, personId }: { sideId: string; personId: string },
): boolean {
  return (
    orm
      .select({ id: person.id })
      .from(person)
      .where(and(known(ctx, sideId), eq(person.id, personId)))
      .get() !== undefined
  );
}
