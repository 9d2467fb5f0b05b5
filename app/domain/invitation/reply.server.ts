import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import {
  delegation,
  edition,
  invitation,
  invitationEvent,
  person,
  registration,
  registrationSection,
} from "#db/schema/index.ts";
import type { Category, Channel, Means, RegistrationState, Reply, SessionFunction } from "#db/vocabulary.ts";
import { channelOf, type InvitationScope } from "../access/rules.ts";
import type { InvitationContext } from "../context.ts";
import { salutations } from "../mail/outbox.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { askForPlaces } from "../visit/seats.server.ts";
import { markSeen, noteEvent } from "./events.server.ts";
import { leaveWhatWasBooked } from "./given-out.server.ts";
import { hasRoom } from "./quota.server.ts";
import { ANSWERS, type Answer, type RepliesClosed, repliesClosed } from "./reply.ts";

const letterOf = prepared((orm) =>
  orm
    .select({
      invitationId: invitation.id,
      editionId: invitation.editionId,
      delegationId: invitation.delegationId,
      category: invitation.category,
      number: invitation.number,
      invitedAs: invitation.invitedAs,
      reply: invitation.reply,
      repliedAt: invitation.repliedAt,
      withdrawnAt: sql<number | null>`coalesce(${invitation.withdrawnAt}, ${invitation.replacedAt})`,
      seenAt: invitation.seenAt,
      confirmedAt: invitation.confirmedAt,
      sideId: delegation.coHostId,
      homeTimeZone: delegation.homeTimeZone,
      replyBy: edition.replyBy,
      ordinal: edition.ordinal,
      registrationId: registration.id,
      registrationState: registration.state,
      familyLatin: person.familyLatin,
      nameLatin: person.nameLatin,
      familyNative: person.familyNative,
      nameNative: person.nameNative,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      salutationEn: person.salutationEn,
      salutationZh: person.salutationZh,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(
      and(
        eq(invitation.id, sql.placeholder("invitation")),
        eq(invitation.editionId, sql.placeholder("edition")),
      ),
    )
    .prepare(),
);

const newestAnswer = prepared((orm) =>
  orm
    .select({
      kind: invitationEvent.kind,
      note: invitationEvent.note,
      askAgainOn: invitationEvent.askAgainOn,
    })
    .from(invitationEvent)
    .where(
      and(
        eq(invitationEvent.invitationId, sql.placeholder("invitation")),
        inArray(invitationEvent.kind, [...ANSWERS]),
      ),
    )
    .orderBy(desc(invitationEvent.at), desc(sql`rowid`))
    .limit(1)
    .prepare(),
);

function findLetter(orm: Orm, scope: InvitationScope) {
  return letterOf(orm).get({ invitation: scope.invitationId, edition: scope.editionId }) ?? null;
}

/** The letter as its holder sees it. Instants are epoch milliseconds. */
export type Letter = {
  number: string;
  salutationEn: string;
  salutationZh: string;
  invitedAs: SessionFunction | null;
  ordinal: number | null;
  homeTimeZone: string;
  reply: Reply;
  repliedAt: number | null;
  note: string;
  askAgainOn: string | null;
  /** When this person first did something here; looking at the letter is not enough. */
  seenAt: number | null;
  /** Why no reply is taken now; null: it is. */
  closed: RepliesClosed | null;
  registration: RegistrationState | null;
};

/** The letter of the link's holder, or null when there is no such invitation. Shows no stored address or answer. */
export function invitationLetter(ctx: InvitationContext): Letter | null {
  const letter = findLetter(ctx.db.orm, ctx.scope);
  if (letter === null) return null;
  const answer =
    letter.reply === "none" ? undefined : newestAnswer(ctx.db.orm).get({ invitation: letter.invitationId });
  return {
    number: letter.number,
    ...salutations(letter),
    invitedAs: letter.invitedAs,
    ordinal: letter.ordinal,
    homeTimeZone: letter.homeTimeZone,
    reply: letter.reply,
    repliedAt: letter.repliedAt,
    note: answer?.note ?? "",
    askAgainOn: answer?.askAgainOn ?? null,
    seenAt: letter.seenAt,
    closed: repliesClosed(letter, ctx.clock.now()),
    registration: letter.registrationState,
  };
}

/**
 * Takes an invitee's reply, or another one instead of it. The same reply again writes nothing. Declining gives up
 * every place on visits, so that the next in line move up, gives back rooms and seats in vehicles and at tables, and sets a
 * submitted registration back to a draft. Whoever
 * no longer says that they come is no longer counted on. Who comes back after declining is never refused: when their
 * place went to somebody else, the side is shown that it has one too many.
 *
 * Refused when the invitation was withdrawn (`withdrawn`) or the reply date has passed (`late`), and to an assistant who
 * may not reply (`gone`).
 *
 * @param askAgainOn the day to ask again, `YYYY-MM-DD`, for `tentative`.
 */
export function answerInvitation(
  ctx: InvitationContext,
  {
    reply,
    note,
    askAgainOn,
    channel = channelOf(ctx),
    means = null,
  }: {
    reply: Answer;
    note: string;
    askAgainOn: string | null;
    channel?: Channel;
    means?: Means | null;
  },
): Promise<Result<{ changed: boolean }, RepliesClosed | "gone">> {
  return ctx.db.write((tx) => {
    const letter = ctx.assistant?.mayReply === false ? null : findLetter(tx, ctx.scope);
    if (letter === null) return refused("gone");
    const before = newestAnswer(tx).get({ invitation: letter.invitationId });
    const same =
      letter.reply === reply &&
      before?.kind === reply &&
      before.note === note &&
      before.askAgainOn === askAgainOn;
    if (same) {
      if (channel !== "staff") markSeen(tx, ctx, { invitationId: letter.invitationId, channel });
      return ok({ changed: false });
    }
    const at = ctx.clock.now();
    const closed = repliesClosed(letter, at);
    // After the date people answer by telling the secretariat, who record it.
    if (closed === "withdrawn" || (closed === "late" && channel !== "staff")) return refused(closed);

    const unconfirmed = reply !== "accepted" && letter.confirmedAt !== null;
    tx.update(invitation)
      .set({ reply, repliedAt: at, ...(unconfirmed ? { confirmedAt: null } : {}) })
      .where(eq(invitation.id, letter.invitationId))
      .run();
    noteEvent(tx, ctx, {
      invitationId: letter.invitationId,
      kind: reply,
      channel,
      note,
      askAgainOn,
      means,
    });
    if (unconfirmed)
      noteEvent(tx, ctx, {
        invitationId: letter.invitationId,
        kind: "confirmation_withdrawn",
        channel: "system",
      });
    const overQuota = letter.reply === "declined" && reply !== "declined" && !hasRoomFor(tx, letter);
    if (overQuota)
      noteEvent(tx, ctx, { invitationId: letter.invitationId, kind: "over_quota", channel: "system" });
    let placesGivenUp = 0;
    const given = reply === "declined" ? leaveWhatWasBooked(tx, ctx, letter.invitationId) : {};
    if (reply === "declined") {
      placesGivenUp = askForPlaces(tx, ctx, { ...letter, visitIds: [] }).length;
      if (letter.registrationId !== null && letter.registrationState === "submitted") {
        tx.update(registration)
          .set({ state: "draft", updatedAt: at })
          .where(eq(registration.id, letter.registrationId))
          .run();
        tx.update(registrationSection)
          .set({ state: "draft", updatedAt: at })
          .where(eq(registrationSection.registrationId, letter.registrationId))
          .run();
      }
    }
    recordAudit(tx, ctx, {
      action: "invitation.reply",
      subjectKind: "invitation",
      subjectId: letter.invitationId,
      editionId: letter.editionId,
      sideId: letter.sideId,
      details: { reply, before: letter.reply, placesGivenUp, overQuota, ...given },
    });
    return ok({ changed: true });
  });
}

function hasRoomFor(
  orm: Orm,
  {
    invitationId,
    delegationId,
    category,
  }: { invitationId: string; delegationId: string; category: Category },
): boolean {
  return hasRoom(orm, { delegationId, category, except: invitationId });
}

/**
 * Keeps that this person has the letter: they said so. Saying it again writes nothing.
 *
 * @returns `gone` when there is no such invitation.
 */
export function acknowledgeInvitation(ctx: InvitationContext): Promise<Result<{ changed: boolean }, "gone">> {
  return ctx.db.write((tx) => {
    const letter = findLetter(tx, ctx.scope);
    if (letter === null) return refused("gone");
    const { invitationId, editionId, sideId } = letter;
    const channel = ctx.actor.kind === "assistant" ? "assistant" : "self";
    if (!markSeen(tx, ctx, { invitationId, channel })) return ok({ changed: false });
    recordAudit(tx, ctx, {
      action: "invitation.acknowledge",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId,
    });
    return ok({ changed: true });
  });
}
