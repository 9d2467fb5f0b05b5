import { and, eq, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { delegation, invitation, person, visitPlace } from "#db/schema/index.ts";
import { newestProgrammeIn, programmeIn } from "../agenda/queries.server.ts";
import type { DomainContext } from "../context.ts";
import { openingOf } from "../mail/opening.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";

const recipient = prepared((orm) =>
  orm
    .select({
      editionId: invitation.editionId,
      delegationId: invitation.delegationId,
      sideId: delegation.coHostId,
      state: visitPlace.state,
      cause: visitPlace.cause,
      offerEndsAt: visitPlace.offerEndsAt,
      position: sql<number>`(select count(*) from visit_place p where p.visit_id = ${visitPlace.visitId} and p.state = 'waiting' and p.queue_number <= ${visitPlace.queueNumber})`,
      familyLatin: person.familyLatin,
      nameLatin: person.nameLatin,
      familyNative: person.familyNative,
      nameNative: person.nameNative,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      salutationEn: person.salutationEn,
      salutationZh: person.salutationZh,
    })
    .from(visitPlace)
    .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(visitPlace.visitId, sql.placeholder("visit")),
        eq(visitPlace.invitationId, sql.placeholder("invitation")),
      ),
    )
    .prepare(),
);

/**
 * Queues a mail that tells somebody how their wish for a visit stands now, and what else of theirs is at that time.
 * Of a visit that has not been published nobody is told yet.
 *
 * @returns whether a mail was queued: not without a published visit, nor without an address.
 */
export function tellAboutPlace(
  tx: Tx,
  ctx: DomainContext,
  { visitId, invitationId }: { visitId: string; invitationId: string },
): boolean {
  const to = recipient(tx).get({ visit: visitId, invitation: invitationId });
  if (to === undefined) return false;
  const item = newestProgrammeIn(tx, to.editionId)?.items.find(
    (candidate) => candidate.visit?.id === visitId,
  );
  if (item === undefined) return false;
  const { editionId, delegationId, sideId } = to;
  const own = programmeIn(tx, { editionId, invitationId, delegationId }).items;
  const clashing = own.find((candidate) => candidate.id === item.id)?.clashesWith ?? [];
  const facts = mailEdition(tx, { editionId, sideId, delegationId });
  const kind = "waiting_list";
  const delivery = queueDelivery(tx, ctx, {
    invitationId,
    messageId: null,
    mail: {
      kind: "visit_place",
      edition: facts,
      opening:
        to.state === "offered"
          ? openingOf(tx, { editionId, sideId, invitationId, kind, facts, version: null })
          : null,
      ...salutations(to),
      visit: {
        titleEn: item.titleEn,
        titleZh: item.titleZh,
        state: to.state,
        startsAt: item.startsAt,
        endsAt: item.endsAt,
        position: to.state === "waiting" ? to.position : null,
      },
      cause: to.cause,
      offerEndsAt: to.state === "offered" ? to.offerEndsAt : null,
      clashes: own
        .filter((candidate) => clashing.includes(candidate.id))
        .map(({ titleEn, titleZh }) => ({ titleEn, titleZh })),
    },
  });
  return delivery !== null;
}
