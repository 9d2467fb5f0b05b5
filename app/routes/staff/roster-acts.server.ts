import { LETTER_KINDS, LOCALES, type Locale, PAYERS } from "#db/vocabulary.ts";
import { glyphCheck } from "../../documents/pdf.server.ts";
import { allows } from "../../domain/access/rules.ts";
import type { StaffContext } from "../../domain/context.ts";
import { issueLetters } from "../../domain/letter/commands.server.ts";
import { LETTER_ACT } from "../../domain/letter/queries.server.ts";
import { allotRooms } from "../../domain/lodging/allotment.server.ts";
import { hotelsOf } from "../../domain/lodging/queries.server.ts";
import { seatPassenger } from "../../domain/vehicle/commands.server.ts";
import { tripIsThere, tripsWhere } from "../../domain/vehicle/trip.server.ts";
import { givePlace } from "../../domain/visit/commands.server.ts";
import { shortMoment } from "../../i18n/dates.ts";
import { type MessageKey, translator } from "../../i18n/translate.ts";
import type { Desk } from "./roster-page.server.ts";

/** Something that people who are chosen in the list can be given. */
export type RosterGift = { value: string; label: string };
export type RosterGifts = ReadonlyArray<{ group: string; gifts: ReadonlyArray<RosterGift> }>;

/** What this reader may give: places on visits, seats on trips that their side plans, rooms of a block, letters. */
export function rosterGifts({ ctx, locale, columns, words }: Desk): RosterGifts {
  const t = translator(locale);
  const desk = allows(ctx.scope, "logistics");
  const visits = columns.flatMap(({ key, group, title }) =>
    desk && group === "visits" && title !== null
      ? [{ value: key, label: (locale === "en" ? title.en : title.zh) || title.en || title.zh }]
      : [],
  );
  const trips = desk
    ? tripsWhere(ctx.db.orm, ctx.scope, tripIsThere(ctx.db.orm, ctx.scope))
        .filter(({ own, times }) => own && !times.calledOff)
        .map(({ tripId, kind, vehicle, toPlace, times }) => ({
          value: `trip:${tripId}`,
          label: `${t(`tripKind.${kind}`)} · ${vehicle?.name ?? toPlace} · ${shortMoment(times.departsAt, words.timeZone, locale)}`,
        }))
    : [];
  const own = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  const rooms = desk
    ? hotelsOf(ctx.db.orm, ctx.scope).flatMap((hotel) =>
        hotel.types.map(({ typeId, nameEn, nameZh }) => ({
          value: `room:${typeId}`,
          label: `${own(hotel.nameEn, hotel.nameZh)} · ${own(nameEn, nameZh)}`,
        })),
      )
    : [];
  const letters = allows(ctx.scope, LETTER_ACT)
    ? LETTER_KINDS.map((kind) => ({ value: `letter:${kind}`, label: t(`letterKind.${kind}`) }))
    : [];
  return [
    { group: t("visit.title"), gifts: visits },
    { group: t("vehicles.title"), gifts: trips },
    { group: t("rooms.title"), gifts: rooms },
    { group: t("letters.title"), gifts: letters },
  ].filter(({ gifts }) => gifts.length > 0);
}

/** What is needed to give it; null when it is nothing that anybody gives. */
export function actOfGift(gift: string) {
  if (/^(?:visit|trip|room):/.test(gift)) return "logistics" as const;
  return gift.startsWith("letter:") ? LETTER_ACT : null;
}

export type Given = {
  given: number;
  /** Those who cannot have it, and why. */
  stuck: ReadonlyArray<{ invitationId: string; problem: MessageKey }>;
};

/**
 * Gives each of the chosen a place, a seat, a room or a letter, by the rules of each: nobody gets past a limit here. Null
 * when it is not there, or one of them is not.
 *
 * @param payer who pays for rooms; the host's side unless it is named.
 */
export async function giveToChosen(
  ctx: StaffContext,
  gift: string,
  invitationIds: ReadonlyArray<string>,
  payer = "",
): Promise<Given | null> {
  const [what, id = ""] = gift.split(":");
  const stuck: Array<{ invitationId: string; problem: MessageKey }> = [];
  switch (what) {
    case "visit":
      for (const invitationId of invitationIds) {
        const done = await givePlace(ctx, { visitId: id, invitationId });
        if (!done.ok && done.refusal === "not_found") return null;
        if (!done.ok && done.refusal !== "not_found")
          stuck.push({ invitationId, problem: `visit.refusal.${done.refusal}` });
        else if (done.ok && done.value.state === "waiting")
          stuck.push({ invitationId, problem: "roster.gift.waiting" });
      }
      return { given: invitationIds.length - stuck.length, stuck };
    case "trip":
      for (const invitationId of invitationIds) {
        const done = await seatPassenger(ctx, { tripId: id, invitationId });
        if (!done.ok && done.refusal === "gone") return null;
        if (!done.ok && done.refusal !== "gone")
          stuck.push({ invitationId, problem: `vehicles.refusal.${done.refusal}` });
      }
      return { given: invitationIds.length - stuck.length, stuck };
    case "room": {
      const done = await allotRooms(ctx, {
        typeId: id,
        payer: PAYERS.find((known) => known === payer) ?? "host_side",
        invitationIds,
      });
      if (!done.ok) return null;
      for (const { invitationId, refusal } of done.value.stuck)
        stuck.push({ invitationId, problem: `roster.gift.room.${refusal}` });
      return { given: done.value.given, stuck };
    }
    case "letter": {
      const kind = LETTER_KINDS.find((known) => known === id);
      if (kind === undefined) return null;
      const locales: ReadonlyArray<Locale> = LOCALES;
      const done = await issueLetters(ctx, { kind, locales, unprintable: await glyphCheck(), invitationIds });
      if (!done.ok) throw new Error("Letters cannot be refused as a whole");
      const missed = invitationIds.filter((invitationId) => !done.value.people.includes(invitationId));
      return {
        given: done.value.people.length,
        stuck: missed.map((invitationId) => ({ invitationId, problem: "roster.gift.noLetter" })),
      };
    }
    default:
      return null;
  }
}
