import { and, desc, eq, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { consent, invitation, siteVisit } from "#db/schema/index.ts";
import { newestProgrammeIn, placesOf } from "../agenda/queries.server.ts";
import { clash } from "../agenda/rules.ts";
import { asksIdentity, readClearanceColumns } from "../clearance/facts.ts";
import { isOpenTo, type PlaceObstacle, readOpenTo } from "./rules.ts";

/** Something that somebody is expected at while the visit is. `visitId`: it is a visit, too, on which they have a seat. */
export type Collision = { itemId: string; titleEn: string; titleZh: string; visitId: string | null };

/** What stands between a person and a seat. */
export type Standing = { obstacles: ReadonlyArray<PlaceObstacle>; collisions: ReadonlyArray<Collision> };

type Wish = { editionId: string; visitId: string; invitationId: string; delegationId: string };

const visitFacts = prepared((orm) =>
  orm
    .select({ openTo: siteVisit.openTo, columns: siteVisit.clearanceColumns })
    .from(siteVisit)
    .where(eq(siteVisit.id, sql.placeholder("visit")))
    .prepare(),
);

const categoryOf = prepared((orm) =>
  orm
    .select({ category: invitation.category })
    .from(invitation)
    .where(eq(invitation.id, sql.placeholder("invitation")))
    .prepare(),
);

const identityWord = prepared((orm) =>
  orm
    .select({ given: consent.given })
    .from(consent)
    .where(
      and(eq(consent.invitationId, sql.placeholder("invitation")), eq(consent.kind, "identity_documents")),
    )
    .orderBy(desc(consent.at), desc(sql`${consent}.rowid`))
    .limit(1)
    .prepare(),
);

/**
 * What stands between a person and a seat as things are: the visit is not for them, they have not agreed that what their
 * passport says goes to its host, or something else that they do is at that time.
 *
 * @param clashReason why a collision was accepted; empty: it was not.
 */
export function standingFor(orm: Orm, wish: Wish, clashReason: string): Standing {
  const obstacles: Array<PlaceObstacle> = [];
  const facts = visitFacts(orm).get({ visit: wish.visitId });
  if (facts === undefined) return { obstacles: ["not_open"], collisions: [] };
  if (!mayAsk(orm, wish, facts.openTo)) obstacles.push("not_open");
  if (asksIdentity(readClearanceColumns(facts.columns)) && !agreesToIdentity(orm, wish.invitationId))
    obstacles.push("consent");
  const collisions = collisionsOf(orm, wish);
  if (collisions.length > 0 && clashReason === "") obstacles.push("clash");
  return { obstacles, collisions };
}

/** Whether this visit is one that such a person may ask for. */
export function mayAsk(
  orm: Orm,
  { invitationId, delegationId }: Pick<Wish, "invitationId" | "delegationId">,
  openTo: string,
): boolean {
  const open = readOpenTo(openTo);
  if (open.categories.length === 0 && open.delegationIds.length === 0) return true;
  const category = categoryOf(orm).get({ invitation: invitationId })?.category;
  return category !== undefined && isOpenTo(open, { category, delegationId });
}

export function agreesToIdentity(orm: Orm, invitationId: string): boolean {
  return identityWord(orm).get({ invitation: invitationId })?.given === true;
}

/**
 * What this person has promised, or was promised, at the time of a visit: functions, and seats on other visits. By the
 * newest published programme: a draft tells nobody where to be.
 */
export function collisionsOf(orm: Orm, { editionId, visitId, invitationId }: Wish): Array<Collision> {
  const items = newestProgrammeIn(orm, editionId)?.items ?? [];
  const here = items.find((item) => item.visit?.id === visitId);
  if (here === undefined) return [];
  const held = placesOf(orm, invitationId)
    .filter(({ state }) => state === "granted" || state === "offered")
    .map((place) => place.visitId);
  return items
    .filter(
      (item) =>
        item !== here &&
        (item.functions.some((entry) => entry.invitationId === invitationId) ||
          (item.visit !== null && held.includes(item.visit.id))) &&
        clash(here, item),
    )
    .map(({ id: itemId, titleEn, titleZh, visit }) => ({
      itemId,
      titleEn,
      titleZh,
      visitId: visit !== null && held.includes(visit.id) ? visit.id : null,
    }));
}
