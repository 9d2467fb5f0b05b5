/**
 * People of the book into an edition (DOMAIN §1.11): names, post and language go with their card; the address only where
 * they agreed to be contacted for the next edition. What an edition asked for (passport, diet, flights, room, emergency
 * contact, consents) belongs to that edition's invitation and stays there.
 */
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { consent, delegation, edition, invitation, person } from "#db/schema/index.ts";
import type { Category } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { headsOf } from "../delegation/queries.server.ts";
import { createInvitation } from "../invitation/create.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { TWICE_WITHIN } from "../twice.server.ts";
import { bookEditions, inBook, lastEnds } from "./book.server.ts";
import { type CarriedContact, type CarryProblem, carriedContact, postIsDue } from "./rules.ts";

export type CarryTarget = { id: string; sideId: string; key: string; nameEn: string; nameZh: string };

/** Somebody who may be carried over, with what would become of them. */
export type Carried = {
  personId: string;
  sideId: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  postDue: boolean;
  /** The newest other edition that they were invited to. */
  last: { cityEn: string; cityZh: string; startsOn: string; category: Category } | null;
  /** As last time, where this edition has such a delegation; else the side's first. Null: the side has none here. */
  delegationId: string | null;
  /** As last time; whoever led a delegation that has a head by now comes as a delegate. */
  category: Category;
  problem: CarryProblem | null;
  contact: CarriedContact;
};

/** This edition's delegations of the sides whose books are open. */
export function carryTargets(orm: Orm, { scope }: Pick<StaffContext, "scope">): Array<CarryTarget> {
  const sideIds = scope.bookSideIds.filter((id) => scope.sideIds.includes(id));
  return orm
    .select({
      id: delegation.id,
      sideId: delegation.coHostId,
      key: delegation.key,
      nameEn: delegation.nameEn,
      nameZh: delegation.nameZh,
    })
    .from(delegation)
    .where(and(eq(delegation.editionId, scope.editionId), inArray(delegation.coHostId, sideIds)))
    .orderBy(asc(delegation.position))
    .all();
}

/** As many as one edition has. */
const PAGE = 40;

/**
 * Those who were invited to an edition, a page at a time, or exactly these people: in the order of names, those of the
 * book alone.
 *
 * @param who.after the card that ended the page before.
 */
export function carryOverList(
  ctx: Pick<StaffContext, "db" | "scope" | "clock">,
  who: { editionId: string; after?: string | null } | { personIds: ReadonlyArray<string> },
): { people: ReadonlyArray<Carried>; targets: ReadonlyArray<CarryTarget>; next: string | null } {
  const { orm } = ctx.db;
  const targets = carryTargets(orm, ctx);
  if ("personIds" in who)
    return { people: carried(orm, ctx, [...new Set(who.personIds)]), targets, next: null };
  const ids = orm
    .select({ personId: person.id })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        inBook(ctx.scope),
        eq(invitation.editionId, who.editionId),
        inArray(delegation.coHostId, [...ctx.scope.bookSideIds]),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .map(({ personId }) => personId);
  const first = who.after == null ? 0 : ids.indexOf(who.after) + 1;
  const page = ids.slice(first, first + PAGE);
  return {
    people: carried(orm, ctx, page),
    targets,
    next: first + PAGE < ids.length ? (page.at(-1) ?? null) : null,
  };
}

function carried(
  orm: Orm,
  ctx: Pick<StaffContext, "scope" | "clock">,
  ids: ReadonlyArray<string>,
): Array<Carried> {
  const { scope } = ctx;
  const now = ctx.clock.now();
  const targets = carryTargets(orm, ctx);
  const editions = bookEditions(orm, scope);
  const ends = lastEnds(editions, now);
  const isOver = new Map(editions.map(({ id, endsAt }) => [id, endsAt <= now]));
  const rows = orm
    .select({
      personId: person.id,
      sideId: person.coHostId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      email: person.email,
      phone: person.phone,
      doNotInviteAt: person.doNotInviteAt,
      postCheckedAt: person.postCheckedAt,
      createdAt: person.createdAt,
    })
    .from(person)
    .where(and(inBook(scope), inArray(person.id, [...ids])))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  const invitations = orm
    .select({
      id: invitation.id,
      personId: invitation.personId,
      editionId: invitation.editionId,
      category: invitation.category,
      withdrawnAt: invitation.withdrawnAt,
      key: delegation.key,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      startsOn: edition.startsOn,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        inArray(delegation.coHostId, [...scope.bookSideIds]),
        inArray(
          invitation.personId,
          rows.map((row) => row.personId),
        ),
      ),
    )
    .orderBy(asc(edition.startsOn))
    .all();
  const histories = Map.groupBy(invitations, (one) => one.personId);
  const pastOf = (personId: string) => histories.get(personId)?.findLast((one) => isOver.get(one.editionId));
  const agreed = agreedToNext(
    orm,
    rows.flatMap((row) => pastOf(row.personId)?.id ?? []),
  );
  const led = new Set(
    targets.filter(({ id }) => headsOf(orm, { delegationId: id }).length > 0).map(({ id }) => id),
  );
  return rows.map(({ email, phone, doNotInviteAt, postCheckedAt, createdAt, ...row }): Carried => {
    const history = histories.get(row.personId) ?? [];
    const elsewhere = history.filter((one) => one.editionId !== scope.editionId);
    const last = elsewhere.findLast((one) => one.withdrawnAt === null) ?? elsewhere.at(-1);
    const past = pastOf(row.personId);
    const own = targets.filter((target) => target.sideId === row.sideId);
    const delegationId = (own.find((target) => target.key === last?.key) ?? own[0])?.id ?? null;
    return {
      ...row,
      postDue: postIsDue({ postCheckedAt, createdAt }, ends.get(row.sideId) ?? null),
      last:
        last === undefined
          ? null
          : { cityEn: last.cityEn, cityZh: last.cityZh, startsOn: last.startsOn, category: last.category },
      delegationId,
      category:
        last === undefined || (last.category === "head" && delegationId !== null && led.has(delegationId))
          ? "delegate"
          : last.category,
      problem: history.some((one) => one.editionId === scope.editionId)
        ? "invited"
        : doNotInviteAt !== null
          ? "doNotInvite"
          : null,
      contact: carriedContact(
        { email, phone },
        past === undefined ? null : { agreed: agreed.has(past.id) },
        elsewhere.some((one) => one.withdrawnAt === null && isOver.get(one.editionId) === false),
      ),
    };
  });
}

/** Those of the invitations whose owner agrees to be contacted for the next edition: the newest word counts. */
function agreedToNext(orm: Orm, invitationIds: ReadonlyArray<string>): Set<string> {
  const standing = new Set<string>();
  for (const { invitationId, given } of orm
    .select({ invitationId: consent.invitationId, given: consent.given })
    .from(consent)
    .where(and(inArray(consent.invitationId, [...invitationIds]), eq(consent.kind, "next_edition")))
    .orderBy(asc(consent.at), asc(sql`rowid`))
    .all()) {
    if (given) standing.add(invitationId);
    else standing.delete(invitationId);
  }
  return standing;
}

/** Whether just this invitation was drafted a moment ago. */
function justDrafted(
  orm: Orm,
  { clock, scope }: Pick<StaffContext, "clock" | "scope">,
  { personId, delegationId, category }: { personId: string; delegationId: string; category: Category },
): boolean {
  const found = orm
    .select({ id: invitation.id })
    .from(invitation)
    .where(
      and(
        eq(invitation.personId, personId),
        eq(invitation.editionId, scope.editionId),
        eq(invitation.delegationId, delegationId),
        eq(invitation.category, category),
        gt(invitation.createdAt, clock.now() - TWICE_WITHIN),
      ),
    )
    .get();
  return found !== undefined;
}

/**
 * Drafts an invitation to this edition for each of these people, or for none of them. The address and phone of those who
 * did not agree to be contacted for the next edition are taken off their card: the edition that they were given for is over.
 *
 * Refused when nobody is chosen (`nobody`), when one of them or their delegation is not on this side (`gone`), when one
 * of them cannot be invited as things stand (`problem`), and when a delegation would have two heads (`headTaken`).
 */
export function carryOver(
  ctx: StaffContext,
  { people }: { people: ReadonlyArray<{ personId: string; delegationId: string; category: Category }> },
): Promise<Result<{ drafted: number; dropped: number }, "nobody" | "gone" | "problem" | "headTaken">> {
  return ctx.db.write((tx) => {
    if (people.length === 0) return refused("nobody");
    const found = new Map(
      carried(
        tx,
        ctx,
        people.map((one) => one.personId),
      ).map((one) => [one.personId, one]),
    );
    if (found.size !== people.length) return refused("gone");
    const targets = carryTargets(tx, ctx);
    const chosen = people.map((wish) => ({
      wish,
      card: found.get(wish.personId),
      target: targets.find((target) => target.id === wish.delegationId),
    }));
    if (chosen.some(({ card, target }) => target === undefined || card?.sideId !== target.sideId))
      return refused("gone");
    if (people.every((wish) => justDrafted(tx, ctx, wish))) return ok({ drafted: people.length, dropped: 0 });
    if (chosen.some(({ card }) => card?.problem !== null)) return refused("problem");
    const led = people.filter(({ category }) => category === "head").map(({ delegationId }) => delegationId);
    const heads = led.flatMap((delegationId) => headsOf(tx, { delegationId }));
    if (heads.length > 0 || new Set(led).size !== led.length) return refused("headTaken");
    for (const { wish } of chosen) createInvitation(tx, ctx, { ...wish, invitedAs: null });
    const dropped = chosen.flatMap(({ card }) => (card?.contact === "dropped" ? [card.personId] : []));
    tx.update(person)
      .set({ email: null, emailKey: null, phone: null, updatedAt: ctx.clock.now() })
      .where(inArray(person.id, dropped))
      .run();
    const sides = new Set(chosen.map(({ target }) => target?.sideId ?? null));
    recordAudit(tx, ctx, {
      action: "contact.carryOver",
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId: sides.size === 1 ? ([...sides][0] ?? null) : null,
      details: { drafted: chosen.length, withoutAddress: dropped.length },
    });
    return ok({ drafted: chosen.length, dropped: dropped.length });
  });
}
