import { createHash } from "node:crypto";
import { and, eq, inArray, isNotNull, isNull, ne } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { agendaItem, delegation, edition, headset, invitation, person } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffScope } from "../access/rules.ts";
import { isCountedOn, isSure, ofDelegation } from "../agenda/expected.server.ts";
import type { StaffContext } from "../context.ts";
import { findOwn, over } from "../invitation/own.server.ts";
import { sheetBytes } from "../meal/sheets.server.ts";
import { auditSide, auditSides } from "../privacy/audit-sides.server.ts";
import { WORKING_LANGUAGES } from "../registration/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { travellers } from "../travel/board.server.ts";
import type { HandOutForm } from "./form.ts";
import { countedTongues } from "./queries.server.ts";
import { headsetsReady, languageNeed, type Tongue } from "./rules.ts";
import { headsetSheet } from "./sheet.ts";

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;
type Sides = Pick<StaffScope, "editionId" | "sideIds">;

export type HeadsetSession = {
  itemId: string;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  /** Listeners of all sides by the language that they listen in. */
  channels: Array<readonly [Tongue, number]>;
  unknown: number;
  ready: number;
};

export type HeadsetPerson = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  number: string;
  handedAt: number | null;
  returnedAt: number | null;
};

export type HeadsetPage = {
  timeZone: string;
  /** Days with simultaneous interpretation. */
  days: Array<string>;
  day: string;
  sessions: Array<HeadsetSession>;
  /** One's own side's who are expected at one of them, in the side's own order, and whoever else has a headset. */
  people: Array<HeadsetPerson>;
  out: number;
};

/**
 * Headsets on a day: how many are needed by session and channel, and who of one's own side has one.
 *
 * @param wanted a day; where it has no such session, the next one that has, else the last.
 */
export function headsetPage(ctx: Reader, wanted: string | null): HeadsetPage {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const zone = orm
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (zone === undefined) throw new Error("A scope names an edition that does not exist");
  const { timeZone } = zone;
  const all = orm
    .select({
      itemId: agendaItem.id,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
    })
    .from(agendaItem)
    .where(and(eq(agendaItem.editionId, editionId), eq(agendaItem.interpretation, "simultaneous")))
    .orderBy(agendaItem.startsAt, agendaItem.endsAt, agendaItem.id)
    .all();
  const days = [...new Set(all.map(({ startsAt }) => dayOf(startsAt, timeZone)))];
  const asked = wanted ?? dayOf(ctx.clock.now(), timeZone);
  const day = days.find((each) => each >= asked) ?? days.at(-1) ?? asked;
  const tongues = countedTongues(orm, editionId);
  const sessions = all
    .filter(({ startsAt }) => dayOf(startsAt, timeZone) === day)
    .map((item): HeadsetSession => {
      const { channels, unknown } = languageNeed(tongues.get(item.itemId) ?? []);
      return {
        ...item,
        channels: WORKING_LANGUAGES.flatMap((tongue) => {
          const people = channels[tongue] ?? 0;
          return people === 0 ? [] : [[tongue, people] as const];
        }),
        unknown,
        ready: headsetsReady(channels),
      };
    });
  const people = peopleAt(orm, ctx.scope, {
    day,
    itemIds: sessions.map(({ itemId }) => itemId),
  });
  return {
    timeZone,
    days,
    day,
    sessions,
    people,
    out: people.filter(({ handedAt, returnedAt }) => handedAt !== null && returnedAt === null).length,
  };
}

function peopleAt(
  orm: Orm,
  scope: Sides,
  { day, itemIds }: { day: string; itemIds: ReadonlyArray<string> },
): Array<HeadsetPerson> {
  const expected = new Set(
    orm
      .selectDistinct({ invitationId: invitation.id })
      .from(agendaItem)
      .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
      .innerJoin(delegation, ofDelegation)
      .where(
        and(
          eq(agendaItem.editionId, scope.editionId),
          inArray(agendaItem.id, [...itemIds]),
          inArray(delegation.coHostId, [...scope.sideIds]),
          isCountedOn(),
          isSure,
        ),
      )
      .all()
      .map(({ invitationId }) => invitationId),
  );
  const own = travellers(orm, scope);
  const given = new Map(
    orm
      .select({
        invitationId: headset.invitationId,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
        delegationEn: delegation.nameEn,
        delegationZh: delegation.nameZh,
        number: headset.number,
        handedAt: headset.handedAt,
        returnedAt: headset.returnedAt,
      })
      .from(headset)
      .innerJoin(invitation, eq(invitation.id, headset.invitationId))
      .innerJoin(delegation, ofDelegation)
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(headset.day, day),
          eq(invitation.editionId, scope.editionId),
          inArray(delegation.coHostId, [...scope.sideIds]),
        ),
      )
      .all()
      .map((row) => [row.invitationId, row] as const),
  );
  // Who does not come any more may have one still.
  const gone = [...given.values()].filter(
    ({ invitationId, returnedAt }) =>
      returnedAt === null && !own.some((one) => one.invitationId === invitationId),
  );
  return [...own, ...gone]
    .filter(({ invitationId }) => expected.has(invitationId) || given.has(invitationId))
    .map(({ invitationId, nameLatin, nameNative, delegationEn, delegationZh }) => {
      const row = given.get(invitationId);
      return {
        invitationId,
        nameLatin,
        nameNative,
        delegationEn,
        delegationZh,
        number: row?.number ?? "",
        handedAt: row?.handedAt ?? null,
        returnedAt: row?.returnedAt ?? null,
      };
    });
}

/** However it is written, it is the same headset. */
function numberOn(number: string): string {
  return number.normalize("NFKC").toUpperCase().replaceAll(/\s/g, "");
}

/** Who else has the headset with this number out on this day, of all sides; a headset without a number is anyone. */
function heldBy(
  orm: Orm,
  editionId: string,
  { invitationId, day, number }: HandOutForm,
): { invitationId: string } | undefined {
  const sought = numberOn(number);
  if (sought === "") return undefined;
  return orm
    .select({ invitationId: headset.invitationId, number: headset.number })
    .from(headset)
    .innerJoin(invitation, eq(invitation.id, headset.invitationId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        eq(headset.day, day),
        isNull(headset.returnedAt),
        ne(headset.invitationId, invitationId),
      ),
    )
    .all()
    .find((row) => numberOn(row.number) === sought);
}

/** Who has a headset that was refused, for whoever asked for it; null: somebody of another side, whose names do not cross. */
export function headsetHolder(
  ctx: Reader,
  asked: HandOutForm,
): { nameLatin: string; nameNative: string } | null {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const mine = orm
    .select({ number: headset.number })
    .from(headset)
    .where(and(eq(headset.invitationId, asked.invitationId), eq(headset.day, asked.day)))
    .get();
  const held = heldBy(orm, editionId, { ...asked, number: asked.number || (mine?.number ?? "") });
  if (held === undefined) return null;
  return (
    orm
      .select({ nameLatin: person.nameLatin, nameNative: person.nameNative })
      .from(invitation)
      .innerJoin(delegation, ofDelegation)
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(and(eq(invitation.id, held.invitationId), inArray(delegation.coHostId, [...sideIds])))
      .get() ?? null
  );
}

/**
 * Notes that somebody of one's own side was given a headset. Given already: only what stands on it may be another. `taken`:
 * somebody else has the one with this number.
 */
export function handOut(
  ctx: StaffContext,
  { invitationId, day, number }: HandOutForm,
): Promise<Result<null, "gone" | "taken">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null || over(found) !== null) return refused("gone");
    if (heldBy(tx, ctx.scope.editionId, { invitationId, day, number }) !== undefined) return refused("taken");
    tx.insert(headset)
      .values({
        id: newId(),
        invitationId,
        day,
        number,
        handedAt: ctx.clock.now(),
        handedBy: ctx.actor.id,
      })
      .onConflictDoUpdate({ target: [headset.invitationId, headset.day], set: { number } })
      .run();
    auditSides(tx, ctx, [found], {
      action: "headset.handOut",
      subjectKind: "invitation",
      subjectId: invitationId,
    });
    return ok(null);
  });
}

/** Notes that it came back; `undo`: that it did not after all, unless somebody else has it by now. The same again is the same. */
export function takeBack(
  ctx: StaffContext,
  { invitationId, day, undo }: { invitationId: string; day: string; undo: boolean },
): Promise<Result<null, "gone" | "taken">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const here = and(eq(headset.invitationId, invitationId), eq(headset.day, day));
    const known = tx.select({ number: headset.number }).from(headset).where(here).get();
    if (known === undefined) return refused("gone");
    const { number } = known;
    if (undo && heldBy(tx, ctx.scope.editionId, { invitationId, day, number }) !== undefined)
      return refused("taken");
    const { changes } = tx
      .update(headset)
      .set(
        undo
          ? { returnedAt: null, returnedBy: null }
          : { returnedAt: ctx.clock.now(), returnedBy: ctx.actor.id },
      )
      .where(and(here, undo ? isNotNull(headset.returnedAt) : isNull(headset.returnedAt)))
      .run();
    if (changes > 0)
      auditSides(tx, ctx, [found], {
        action: "headset.takeBack",
        subjectKind: "invitation",
        subjectId: invitationId,
      });
    return ok(null);
  });
}

/** It was not handed out after all; twice is so once. Refused when it came back: then it was. */
export function notHandedOut(
  ctx: StaffContext,
  { invitationId, day }: { invitationId: string; day: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const here = and(eq(headset.invitationId, invitationId), eq(headset.day, day));
    const known = tx.select({ returnedAt: headset.returnedAt }).from(headset).where(here).get();
    if (known === undefined) return ok(null);
    if (known.returnedAt !== null) return refused("gone");
    tx.delete(headset).where(here).run();
    auditSides(tx, ctx, [found], {
      action: "headset.notHandedOut",
      subjectKind: "invitation",
      subjectId: invitationId,
    });
    return ok(null);
  });
}

/** The list of a day as a file; that it was taken stands in the trail. */
export async function takeHeadsetSheet(
  ctx: StaffContext,
  { file, locale, day }: { file: string; locale: Locale; day: string | null },
): Promise<Uint8Array<ArrayBuffer>> {
  const now = ctx.clock.now();
  const page = headsetPage(ctx, day);
  const bytes = await sheetBytes(headsetSheet(page, { now }), { file, locale, now });
  await ctx.db.write((tx) => {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    auditSide(tx, ctx, {
      action: "headset.takeSheet",
      details: { file, people: page.people.length, sha256 },
    });
    return null;
  });
  return bytes;
}
