import { createHash } from "node:crypto";
import { and, asc, desc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { consent, edition, hotel, releasePerson, roomingList } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import {
  type RoomingFile,
  type RoomingRow,
  roomingCells,
  roomingCsv,
  roomingFacts,
  roomingSheet,
} from "../../documents/rooming-list.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { insertRelease } from "../privacy/release.server.ts";
import { endOfDay, type ReleaseColumn } from "../privacy/release.ts";
import { ok, type Result, refused } from "../result.ts";
import { journeysOfSide } from "../travel/journey.server.ts";
import { storedDocuments } from "../travel-document/record.server.ts";
import { passportName } from "../travel-document/rules.ts";
import { roomsOf } from "./queries.server.ts";
import {
  type Amendment,
  amendmentsOf,
  isSettled,
  type ListColumn,
  type ListRow,
  readColumns,
  stretchesOf,
} from "./rules.ts";

/** What a version keeps, sealed: headings, lines, and the language in which it was written. */
type Frozen = { columns: ReadonlyArray<ListColumn>; rows: ReadonlyArray<ListRow>; locale: Locale };

function placeOf(listId: string): string {
  return `rooming_list/${listId}`;
}

type Reading = Pick<StaffContext, "scope" | "keys"> & { orm: Orm };

/** Rows of one's own side's people in a hotel, as they stand now. Rooms whose guests have not both agreed are not among them. */
function liveRows(
  { orm, scope, keys }: Reading,
  hotelId: string,
  columns: ReadonlyArray<ListColumn>,
): Array<RoomingRow> {
  const rooms = roomsOf(orm, scope).filter((one) => one.hotelId === hotelId && isSettled(one.guests));
  const journeys = journeysOfSide(orm, scope);
  const guests = rooms.flatMap((one) => one.guests.map((guest) => guest.invitationId));
  const names = columns.some(({ name }) => name === "passportName")
    ? passportNames(orm, keys, guests)
    : new Map<string, string>();
  return rooms.flatMap((one) =>
    one.guests
      .filter((guest) => !guest.gone)
      .flatMap((guest) =>
        stretchesOf(one.nights).map(
          (stretch, n): RoomingRow => ({
            key: `${one.roomId} ${guest.invitationId} ${n}`,
            nameLatin: guest.nameLatin,
            nameNative: guest.nameNative,
            passportName: names.get(guest.invitationId) ?? "",
            typeEn: one.typeEn,
            typeZh: one.typeZh,
            roomNumber: one.number,
            ...stretch,
            sharingWith: one.guests
              .filter((other) => other.invitationId !== guest.invitationId && !other.gone)
              .map((other) => other.nameLatin || other.nameNative)
              .join(", "),
            earlyCheckIn: one.earlyCheckIn,
            smoking: one.smoking,
            arrivesAt: journeys.get(guest.invitationId)?.arrival.at ?? null,
            note: one.note,
          }),
        ),
      ),
  );
}

/** Names as passports have them, of those who agreed that what their passports say goes to hosts. */
function passportNames(
  orm: Orm,
  keys: StaffContext["keys"],
  ids: ReadonlyArray<string>,
): Map<string, string> {
  const words = orm
    .select({ invitationId: consent.invitationId, given: consent.given })
    .from(consent)
    .where(and(inArray(consent.invitationId, [...ids]), eq(consent.kind, "identity_documents")))
    .orderBy(asc(consent.at), asc(sql`rowid`))
    .all();
  const agreed = new Map(words.map(({ invitationId, given }) => [invitationId, given] as const));
  const documents = storedDocuments(
    orm,
    keys,
    ids.filter((id) => agreed.get(id) === true),
  );
  return new Map(
    [...documents].flatMap(([id, document]) =>
      document.state === "known" ? [[id, passportName(document)] as const] : [],
    ),
  );
}

function rowsInWords(
  reading: Reading,
  hotelId: string,
  { columns, locale, timeZone }: { columns: ReadonlyArray<ListColumn>; locale: Locale; timeZone: string },
): Array<ListRow> {
  return liveRows(reading, hotelId, columns).map((row) => ({
    key: row.key,
    cells: roomingCells(columns, row, { locale, timeZone }),
    facts: roomingFacts(columns, row),
  }));
}

export type ListVersion = {
  listId: string;
  number: number;
  frozenAt: number;
  rows: number;
  sha256: string;
  /** Of what it said nothing is kept any more. */
  purged: boolean;
};

export type RoomingPage = {
  versions: Array<ListVersion>;
  columns: Array<ListColumn>;
  /** As it would go out now. */
  rows: Array<ListRow>;
  /** What changed since the newest version; null: there is none, or it was purged. */
  amendments: Array<Amendment> | null;
  /** Rooms that are left out: somebody has not agreed to share. */
  unsettled: number;
};

/** A hotel's list of one's own side's people: what would go out, what went out, what changed since. */
export function roomingPage(ctx: StaffContext, hotelId: string, locale: Locale): RoomingPage | null {
  const { orm } = ctx.db;
  const found = hotelIn(orm, ctx, hotelId);
  if (found === null) return null;
  const versions = versionsOf(orm, ctx, hotelId);
  const newest = versions[0];
  const frozen = newest === undefined ? null : open(ctx, newest);
  const words = { columns: found.columns, locale: frozen?.locale ?? locale, timeZone: found.timeZone };
  const rows = rowsInWords({ orm, scope: ctx.scope, keys: ctx.keys }, hotelId, words);
  return {
    versions: versions.map(({ sealed, ...version }) => ({ ...version, purged: sealed === "" })),
    columns: found.columns,
    rows,
    amendments: frozen === null ? null : amendmentsOf(frozen.rows, rows),
    unsettled: roomsOf(orm, ctx.scope).filter((one) => one.hotelId === hotelId && !isSettled(one.guests))
      .length,
  };
}

function hotelIn(orm: Orm, ctx: Pick<StaffContext, "scope">, hotelId: string) {
  const found = orm
    .select({
      nameEn: hotel.nameEn,
      nameZh: hotel.nameZh,
      listColumns: hotel.listColumns,
      timeZone: edition.timeZone,
      travelTo: edition.travelTo,
      editionEn: edition.titleEn,
      editionZh: edition.titleZh,
    })
    .from(hotel)
    .innerJoin(edition, eq(edition.id, hotel.editionId))
    .where(and(eq(hotel.id, hotelId), eq(hotel.editionId, ctx.scope.editionId)))
    .get();
  return found === undefined ? null : { ...found, columns: readColumns(found.listColumns) };
}

function versionsOf(orm: Orm, ctx: Pick<StaffContext, "scope">, hotelId: string) {
  return orm
    .select({
      listId: roomingList.id,
      number: roomingList.number,
      frozenAt: roomingList.frozenAt,
      rows: roomingList.rows,
      sha256: roomingList.sha256,
      sealed: roomingList.sealed,
    })
    .from(roomingList)
    .where(and(eq(roomingList.hotelId, hotelId), inArray(roomingList.coHostId, [...ctx.scope.sideIds])))
    .orderBy(desc(roomingList.number))
    .all();
}

function open(
  ctx: Pick<StaffContext, "keys">,
  { listId, sealed }: { listId: string; sealed: string },
): Frozen | null {
  return sealed === "" ? null : JSON.parse(ctx.keys.open(sealed, placeOf(listId)));
}

/**
 * Freezes the list as it stands as the next version, and records that its people's data goes to the hotel. `same`: nothing
 * has changed since the version before; `empty`: nobody is on it; `sides`: whoever works for two sides freezes for neither.
 */
export function freezeRoomingList(
  ctx: StaffContext,
  { hotelId, locale }: { hotelId: string; locale: Locale },
): Promise<Result<{ number: number }, "gone" | "empty" | "same" | "sides">> {
  return ctx.db.write((tx) => {
    const found = hotelIn(tx, ctx, hotelId);
    const [sideId, ...more] = ctx.scope.sideIds;
    if (found === null) return refused("gone");
    if (sideId === undefined || more.length > 0) return refused("sides");
    const { columns, timeZone } = found;
    const reading = { orm: tx, scope: ctx.scope, keys: ctx.keys };
    const rows = rowsInWords(reading, hotelId, { columns, locale, timeZone });
    if (rows.length === 0) return refused("empty");
    const newest = versionsOf(tx, ctx, hotelId)[0];
    const before = newest === undefined ? null : open(ctx, newest);
    const text = JSON.stringify({ columns, rows, locale } satisfies Frozen);
    const isSame =
      before !== null &&
      before.locale === locale &&
      JSON.stringify(before.columns) === JSON.stringify(columns) &&
      amendmentsOf(before.rows, rows).length === 0;
    if (isSame) return refused("same");
    const number = (newest?.number ?? 0) + 1;
    const listId = newId();
    const asked = columns.map(({ name }) => name);
    const released: Array<ReleaseColumn> = ["nameLatin", "nameNative"];
    if (asked.includes("arrival")) released.push("arrivalOn", "arrivalTime");
    const releaseId = insertRelease(tx, ctx, {
      fromSideId: sideId,
      toSideId: null,
      recipient: `${found.nameEn} · ${found.nameZh}`,
      purpose: `Rooming list ${number} · 分房表第${number}版`,
      columns: released,
      invitationIds: [...new Set(rows.map(({ key }) => key.split(" ")[1] ?? ""))],
      expiresAt: endOfDay(found.travelTo, timeZone),
    });
    tx.insert(roomingList)
      .values({
        id: listId,
        hotelId,
        coHostId: sideId,
        number,
        sealed: ctx.keys.seal(text, placeOf(listId)),
        sha256: createHash("sha256").update(text).digest("hex"),
        rows: rows.length,
        frozenAt: ctx.clock.now(),
        frozenBy: ctx.actor.id,
        releaseId,
      })
      .run();
    recordAudit(tx, ctx, {
      action: "roomingList.freeze",
      subjectKind: "rooming_list",
      subjectId: listId,
      editionId: ctx.scope.editionId,
      sideId,
      details: { number, rows: rows.length, roomingColumns: asked },
    });
    return ok({ number });
  });
}

/** Empties the versions that name somebody. @returns how many. */
export function forgetInRoomingLists(tx: Tx, invitationId: string): number {
  const releases = tx
    .select({ id: releasePerson.releaseId })
    .from(releasePerson)
    .where(eq(releasePerson.invitationId, invitationId));
  return tx
    .update(roomingList)
    .set({ sealed: "" })
    .where(and(inArray(roomingList.releaseId, releases), ne(roomingList.sealed, "")))
    .run().changes;
}

export const LIST_FILES = [
  "list.xlsx",
  "list.csv",
  "list.pdf",
  "amendment.xlsx",
  "amendment.csv",
  "amendment.pdf",
] as const;
export type ListFile = (typeof LIST_FILES)[number];

/** Whether a version is there for this reader. */
export function listIsThere(ctx: Pick<StaffContext, "db" | "scope">, listId: string): boolean {
  return listIn(ctx.db.orm, ctx, listId) !== undefined;
}

function listIn(orm: Orm, ctx: Pick<StaffContext, "scope">, listId: string) {
  return orm
    .select({ list: roomingList })
    .from(roomingList)
    .innerJoin(hotel, eq(hotel.id, roomingList.hotelId))
    .where(
      and(
        eq(roomingList.id, listId),
        eq(hotel.editionId, ctx.scope.editionId),
        inArray(roomingList.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get()?.list;
}

/** A version as a file, whole or as what it changed of the one before; that it was taken stands in the trail. */
export async function takeRoomingList(
  ctx: StaffContext,
  { listId, file }: { listId: string; file: ListFile },
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer> }, "gone">> {
  const contents = contentsOf(ctx, listId, file.startsWith("amendment"));
  if (contents === null) return refused("gone");
  const bytes = await bytesOf(contents, file);
  return ctx.db.write((tx) => {
    const list = listIn(tx, ctx, listId);
    if (list === undefined || list.sealed === "") return refused("gone");
    recordAudit(tx, ctx, {
      action: "roomingList.take",
      subjectKind: "rooming_list",
      subjectId: listId,
      editionId: ctx.scope.editionId,
      sideId: list.coHostId,
      details: {
        number: list.number,
        rows: (contents.amendments ?? contents.rows).length,
        file,
        sha256: createHash("sha256").update(bytes).digest("hex"),
      },
    });
    return ok({ bytes });
  });
}

function contentsOf(ctx: StaffContext, listId: string, asAmendment: boolean): RoomingFile | null {
  const { orm } = ctx.db;
  const list = listIn(orm, ctx, listId);
  if (list === undefined) return null;
  const found = hotelIn(orm, ctx, list.hotelId);
  const frozen = open(ctx, { listId, sealed: list.sealed });
  if (found === null || frozen === null) return null;
  const before = versionsOf(orm, ctx, list.hotelId).find((version) => version.number === list.number - 1);
  const old = before === undefined ? null : open(ctx, before);
  if (asAmendment && old === null) return null;
  return {
    hotelEn: found.nameEn,
    hotelZh: found.nameZh,
    editionEn: found.editionEn,
    editionZh: found.editionZh,
    number: list.number,
    frozenAt: list.frozenAt,
    timeZone: found.timeZone,
    locale: frozen.locale,
    columns: frozen.columns,
    rows: frozen.rows,
    amendments: asAmendment ? amendmentsOf(old?.rows ?? [], frozen.rows) : null,
  };
}

async function bytesOf(contents: RoomingFile, file: ListFile): Promise<Uint8Array<ArrayBuffer>> {
  if (file.endsWith(".csv")) return new TextEncoder().encode(roomingCsv(contents));
  if (file.endsWith(".xlsx")) {
    const { xlsxBytes } = await import("../../documents/xlsx.server.ts");
    return xlsxBytes(roomingSheet(contents));
  }
  const { roomingPdf } = await import("../../documents/rooming-pdf.server.ts");
  return roomingPdf(contents);
}
