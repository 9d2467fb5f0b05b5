import { and, eq, inArray } from "drizzle-orm";
import { cleanFile } from "#db/clean.server.ts";
import type { Tx } from "#db/client.server.ts";
import { consent, dataRequest, delegation, edition, invitation } from "#db/schema/index.ts";
import type { DataRequestKind } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { forgetInLists } from "../clearance/record.server.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { endAllGivenOut } from "../invitation/given-out.server.ts";
import { forgetInRoomingLists } from "../lodging/rooming.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { PLACES } from "../privacy/retention-places.server.ts";
import { CONSENT_TEXT_VERSION } from "../registration/answers.ts";
import { findRegistrant, type Registrant, standingConsents } from "../registration/record.server.ts";
import { reopenRegistration } from "../registration/reopen.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { clearVault } from "../upload/record.server.ts";
import { askForPlaces } from "../visit/seats.server.ts";
import { dueAfter } from "./rules.ts";

/** Deleting somebody's data is for whoever answers for the side. */
export const DATA_ACT = "lead";

/**
 * Asks that one's data be corrected or deleted. Asked again while the first waits, it is the same request with the newer
 * words, and is due when the first one was.
 */
export function askAboutData(
  ctx: InvitationContext,
  { kind, words }: { kind: DataRequestKind; words: string },
): Promise<Result<{ dueAt: number }, "gone">> {
  return ctx.db.write((tx) => {
    const registrant = findRegistrant(tx, ctx.scope);
    if (registrant === null) return refused("gone");
    const { invitationId, editionId, sideId, timeZone } = registrant;
    const open = and(
      eq(dataRequest.invitationId, invitationId),
      eq(dataRequest.kind, kind),
      eq(dataRequest.state, "open"),
    );
    const waiting = tx
      .select({ id: dataRequest.id, words: dataRequest.words, dueAt: dataRequest.dueAt })
      .from(dataRequest)
      .where(open)
      .get();
    if (waiting !== undefined && waiting.words === words) return ok({ dueAt: waiting.dueAt });
    const askedAt = ctx.clock.now();
    const dueAt = waiting?.dueAt ?? dueAfter(askedAt, timeZone);
    if (waiting === undefined)
      tx.insert(dataRequest)
        .values({ id: newId(), invitationId, kind, state: "open", words, askedAt, dueAt })
        .run();
    else tx.update(dataRequest).set({ words }).where(eq(dataRequest.id, waiting.id)).run();
    noteEvent(tx, ctx, { invitationId, kind: "data_asked", channel: "self" });
    recordAudit(tx, ctx, {
      action: "data.ask",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId,
      details: { kind },
    });
    return ok({ dueAt });
  });
}

/**
 * Answers a request with a word, which the person is mailed. `delete` removes what is there first, all of it or nothing,
 * and cleans the file behind it.
 *
 * The same answer again changes nothing. Refused when it is not there, or was answered otherwise (`gone`).
 */
export async function answerDataRequest(
  ctx: StaffContext,
  { requestId, decision, word }: { requestId: string; decision: "done" | "refused" | "delete"; word: string },
): Promise<Result<{ removed: number; cleaned: boolean }, "gone">> {
  const answered = await ctx.db.write((tx): Result<{ removed: number }, "gone"> => {
    const request = ofThisSide(tx, ctx, requestId);
    if (request === undefined) return refused("gone");
    // A form may come twice.
    const isSame = request.state === (decision === "refused" ? "refused" : "done") && request.word === word;
    if (request.decidedBy === ctx.actor.id && isSame && decision !== "delete") return ok({ removed: 0 });
    if (request.state !== "open") return refused("gone");
    if (decision === "delete" && request.kind !== "deletion") return refused("gone");
    const scope = { editionId: ctx.scope.editionId, invitationId: request.invitationId };
    const registrant = findRegistrant(tx, scope);
    if (registrant === null) return refused("gone");
    const removed = decision === "delete" ? eraseIn(tx, ctx, registrant) : 0;
    // What was asked may itself tell what was to go.
    tx.update(dataRequest)
      .set({
        state: decision === "refused" ? "refused" : "done",
        decidedAt: ctx.clock.now(),
        decidedBy: ctx.actor.id,
        word: decision === "delete" ? "" : word,
        ...(decision === "delete" ? { words: "" } : {}),
      })
      .where(eq(dataRequest.id, requestId))
      .run();
    noteEvent(tx, ctx, { invitationId: request.invitationId, kind: "data_answered", channel: "staff" });
    recordAudit(tx, ctx, {
      action: decision === "delete" ? "data.delete" : "data.answer",
      subjectKind: "invitation",
      subjectId: request.invitationId,
      editionId: ctx.scope.editionId,
      sideId: registrant.sideId,
      details: { kind: request.kind, count: removed },
    });
    queueDelivery(tx, ctx, {
      invitationId: request.invitationId,
      messageId: null,
      mail: {
        kind: "data_answer",
        edition: mailEdition(tx, registrant),
        ...salutations(registrant),
        request: request.kind,
        outcome: decision,
        word,
      },
    });
    if (decision === "delete") forgetCard(tx, ctx, registrant);
    return ok({ removed });
  });
  if (!answered.ok) return answered;
  await clearVault(ctx);
  const { removed } = answered.value;
  return ok({ removed, cleaned: removed === 0 ? true : cleanFile(ctx.db.sqlite) });
}

/** What is kept whatever is asked: the law wants the records, and the card is last, since the answer goes to it. */
const LATER: ReadonlyArray<string> = ["records", "cards"];

function eraseIn(tx: Tx, ctx: StaffContext, registrant: Registrant): number {
  const whose = { editionId: registrant.editionId, sideId: registrant.sideId };
  const now = ctx.clock.now();
  askForPlaces(tx, ctx, { ...registrant, visitIds: [] });
  reopenRegistration(tx, ctx, registrant.invitationId);
  endAllGivenOut(tx, ctx, registrant.invitationId);
  // They name many people at once, so the places below cannot tell that they name this one.
  let removed =
    forgetInLists(tx, ctx.keys, registrant.invitationId) + forgetInRoomingLists(tx, registrant.invitationId);
  for (const place of PLACES.filter(({ kind, place }) => !LATER.includes(kind) && !LATER.includes(place))) {
    const held = place.find(tx, whose).filter(({ invitationId }) => invitationId === registrant.invitationId);
    if (held.length === 0) continue;
    place.empty(
      tx,
      whose,
      held.map(({ row }) => row),
      now,
    );
    removed += held.reduce((sum, { items }) => sum + items, 0);
  }
  return removed;
}

/** How to reach somebody goes last. Agreeing to be asked again is taken back with the wish to be deleted. */
function forgetCard(tx: Tx, ctx: StaffContext, { invitationId, editionId, sideId }: Registrant): void {
  if (standingConsents(tx, invitationId).has("next_edition"))
    tx.insert(consent)
      .values({
        id: newId(),
        invitationId,
        kind: "next_edition",
        given: false,
        textVersion: CONSENT_TEXT_VERSION,
        locale: "en",
        channel: "staff",
        at: ctx.clock.now(),
      })
      .run();
  const cards = PLACES.find(({ place }) => place === "cards");
  const whose = { editionId, sideId };
  const held = cards?.find(tx, whose).filter((row) => row.invitationId === invitationId) ?? [];
  if (held.length > 0)
    cards?.empty(
      tx,
      whose,
      held.map(({ row }) => row),
      ctx.clock.now(),
    );
}

function ofThisSide(tx: Tx, { scope }: StaffContext, requestId: string) {
  return tx
    .select({
      invitationId: dataRequest.invitationId,
      state: dataRequest.state,
      kind: dataRequest.kind,
      word: dataRequest.word,
      decidedBy: dataRequest.decidedBy,
    })
    .from(dataRequest)
    .innerJoin(invitation, eq(invitation.id, dataRequest.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        eq(dataRequest.id, requestId),
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .get();
}
