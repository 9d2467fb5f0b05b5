/** Rooms in a file: a hotel, a kind of room, nights and who pays are one entry. What each row's would book, and booking it. */
import { and, eq, inArray } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, edition, invitation } from "#db/schema/index.ts";
import type { Payer } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import {
  freeNights,
  type ListedStayTrace,
  type RoomTypeName,
  roomTypesOf,
  type Stay,
  type Stays,
  staysOf,
  writeListedStay,
} from "../lodging/listed.server.ts";
import { morningAfter, nightsBetween } from "../lodging/rules.ts";
import { visible } from "../person/rules.ts";
import type { Whom } from "./answers.server.ts";
import type { Cell, Compared } from "./cells.ts";
import { finderOf, simplified, yesOrNo } from "./closed-lists.ts";
import type { RoomKind } from "./kinds.ts";
import { type Around, momentOf } from "./moments.ts";
import type { ReadRow, Remark } from "./reading.ts";
import { stayOf, stayText } from "./stay.ts";

const payerOf = finderOf<Payer>({
  host_side: "host|the host|hosts|organizer|organiser|东道方|东道主|主办方|会议承担|会务组|主办单位|接待方",
  own_side: "own|our side|sending side|派出方|本方|我方|派出单位",
  institution: "institution|institute|university|employer|company|所在单位|单位|单位承担|公司",
  self: "self|own expense|guest|the guest|private|personal|本人|自理|自费|个人",
});

/** What rooms of one kind are called, whatever a hotel calls them. */
const SORTS: ReadonlyArray<ReadonlyArray<string>> = [
  ["single", "king", "queen", "单人", "单间", "大床"],
  ["twin", "double", "双床", "双人", "标间", "标准间"],
  ["suite", "套房", "套间"],
];

const smokes = finderOf<"yes" | "no">({
  yes: "smoking|smoker|吸烟|吸烟房",
  no: "non smoking|nonsmoking|no smoking|smoke free|禁烟|无烟|无烟房|不吸烟|禁烟房",
});

const HANDS = ["hotel", "type", "checkIn", "checkOut", "lastNight", "nights"] as const;

/** What a row's room would be. Rooms are allotted in the order of the file, as long as there are some. */
export function staysInRows(
  orm: Orm,
  ctx: StaffContext,
  kinds: ReadonlyArray<RoomKind>,
): (row: ReadRow, whom: Whom) => Compared {
  if (kinds.length === 0) return () => ({ cells: [], same: 0 });
  const around = orm
    .select({ from: edition.travelFrom, to: edition.travelTo })
    .from(edition)
    .where(eq(edition.id, ctx.scope.editionId))
    .get();
  if (around === undefined) throw new Error("No such edition");
  const types = roomTypesOf(orm, ctx);
  const free = freeNights(orm, ctx);
  const stays = staysOf(orm, ctx);
  const gone = goneOf(orm, ctx);
  const allotted = new Map<string, string>();
  return (row, { invitationId }) => {
    const said: Said = (part) => row.said.get(`room:${part}`) ?? "";
    const asks = [said("smoking"), said("early")].filter((text) => text !== "" && yesOrNo(text) !== "no");
    const isBooking = HANDS.some((part) => said(part) !== "");
    if (!isBooking && asks.length === 0) return { cells: [], same: 0 };
    const now = invitationId === null ? undefined : stays.get(invitationId);
    const usual = now?.stay ?? { payer: "host_side" as const, smoking: false, early: false };
    const wish = wishOf(said, { types, around, usual });
    const wrong = kinds.flatMap((kind) => row.wrong.get(kind) ?? []);
    const before = now === undefined ? "" : stayText(now.stay);
    const cell = (after: string, problems: ReadonlyArray<Remark>): Compared => ({
      cells: [{ column: "room:stay", before, after, erases: false, problems, conflicts: [] } satisfies Cell],
      same: 0,
    });
    const typed = visible([...HANDS.map(said), ...asks].filter((text) => text !== "").join(" · "));
    if (!isBooking && now !== undefined) return cell(typed, [{ key: "import.problem.hasRoom", values: {} }]);
    if (!wish.ok || wrong.length > 0) return cell(typed, wish.ok ? wrong : [...wrong, ...wish.problems]);
    if (now !== undefined && isSame(now, wish.stay)) return { cells: [], same: 1 };
    const after = stayText(wish.stay);
    if (invitationId !== null && gone.has(invitationId))
      return cell(after, [{ key: "import.problem.notComing", values: {} }]);
    if (now !== undefined) return cell(after, [{ key: "import.problem.hasRoom", values: {} }]);
    // A second row that says the same of somebody takes no second room.
    const whose = invitationId ?? `row ${row.row}`;
    if (allotted.get(whose) === after) return cell(after, []);
    const nights = nightsBetween(wish.stay.checkIn, wish.stay.checkOut);
    const keyOf = (night: string) => `${wish.stay.typeId} ${night}`;
    const full = nights.filter((night) => (free.get(keyOf(night)) ?? 0) < 1);
    if (full.length > 0)
      return cell(after, [{ key: "import.problem.full", values: { nights: full.join(", ") } }]);
    for (const night of nights) free.set(keyOf(night), (free.get(keyOf(night)) ?? 0) - 1);
    allotted.set(whose, after);
    return cell(after, []);
  };
}

/** Those of the side's people who do not come. */
function goneOf(orm: Orm, { scope }: StaffContext): ReadonlySet<string> {
  const rows = orm
    .select({
      id: invitation.id,
      reply: invitation.reply,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(eq(invitation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds])))
    .all();
  return new Set(
    rows
      .filter(
        ({ reply, withdrawnAt, replacedAt }) =>
          reply === "declined" || withdrawnAt !== null || replacedAt !== null,
      )
      .map(({ id }) => id),
  );
}

function isSame({ stay, mixed }: Stays, wish: Stay): boolean {
  return !mixed && stayText(stay) === stayText(wish);
}

type Said = (part: (typeof HANDS)[number] | "payer" | "smoking" | "early") => string;
type Wish = { ok: true; stay: Stay } | { ok: false; problems: ReadonlyArray<Remark> };

function wishOf(
  said: Said,
  {
    types,
    around,
    usual,
  }: {
    types: ReadonlyArray<RoomTypeName>;
    around: Around;
    usual: Pick<Stay, "payer" | "smoking" | "early">;
  },
): Wish {
  const problems: Array<Remark> = [];
  const problem = (key: Remark["key"], word = "") => problems.push({ key, values: { word: visible(word) } });

  const inHotel = types.filter((type) => isCalled(said("hotel"), [type.hotelEn, type.hotelZh]));
  const hotels = new Set(inHotel.map(({ hotelEn, hotelZh }) => `${hotelEn}\n${hotelZh}`));
  if (hotels.size === 0) problem("import.problem.noHotel", said("hotel"));
  else if (hotels.size > 1 && said("type") === "") problem("import.problem.whichHotel", said("hotel"));
  const ofType = inHotel.filter((type) => isCalled(said("type"), [type.nameEn, type.nameZh]));
  const found = ofType.length > 0 ? ofType : inHotel.filter((type) => isSort(said("type"), type));
  const exact = found.filter(({ nameEn, nameZh }) =>
    [nameEn, nameZh].some((name) => simplified(name) === simplified(said("type"))),
  );
  const [type, ...more] = exact.length === 1 ? exact : found;
  if (hotels.size > 0 && type === undefined) problem("import.problem.noRoomType", said("type"));
  else if (hotels.size === 1 && more.length > 0) problem("import.problem.whichRoomType", said("type"));
  else if (hotels.size > 1 && said("type") !== "" && more.length > 0)
    problem("import.problem.whichHotel", said("hotel"));

  const who = said("payer") === "" ? usual.payer : payerOf(said("payer"));
  if (who === null) problem("import.problem.word", said("payer"));
  const wants = (part: "smoking" | "early") => {
    if (said(part) === "") return usual[part];
    const word = (part === "smoking" ? smokes(said(part)) : null) ?? yesOrNo(said(part));
    if (word === null) problem("import.problem.word", said(part));
    return word === "yes";
  };
  const [smoking, early] = [wants("smoking"), wants("early")];
  const days = daysOf(said, around, problem);
  if (type === undefined || who === null || days === null || problems.length > 0)
    return { ok: false, problems };
  return { ok: true, stay: { typeId: type.id, ...days, payer: who, smoking, early } };
}

function isCalled(word: string, names: ReadonlyArray<string>): boolean {
  const wanted = simplified(word);
  if (wanted === "") return true;
  return names
    .map(simplified)
    .some((name) => name !== "" && (name.includes(wanted) || wanted.includes(name)));
}

function isSort(word: string, { nameEn, nameZh }: RoomTypeName): boolean {
  const wanted = simplified(word);
  return SORTS.some(
    (names) =>
      names.some((name) => wanted.includes(name)) &&
      names.some((name) => simplified(nameEn + nameZh).includes(name)),
  );
}

function daysOf(
  said: Said,
  around: Around,
  problem: (key: Remark["key"], word?: string) => void,
): { checkIn: string; checkOut: string } | null {
  const day = (part: "checkIn" | "checkOut" | "lastNight") => {
    const read = momentOf(said(part), around);
    if (said(part) === "" || (read.ok && read.on !== "")) return read.ok ? read.on : "";
    problem(
      read.ok || read.problem !== "order" ? "import.problem.moment" : "import.problem.dayOrder",
      said(part),
    );
    return null;
  };
  const checkIn = day("checkIn");
  const checkOut = day("checkOut");
  const lastNight = day("lastNight");
  if (checkIn === null || checkOut === null || lastNight === null) return null;
  const count = /^\d{1,2}/.exec(said("nights").normalize("NFKC"))?.[0];
  if (said("nights") !== "" && count === undefined) {
    problem("import.problem.word", said("nights"));
    return null;
  }
  const ends = [
    checkOut,
    lastNight === "" ? "" : morningAfter(lastNight),
    count === undefined || checkIn === "" ? "" : daysAfter(checkIn, Number(count)),
  ].filter((end) => end !== "");
  const [end = ""] = ends;
  if (checkIn === "" || end === "") problem("import.problem.noNights");
  else if (new Set(ends).size > 1) problem("import.problem.twoMoments");
  else if (nightsBetween(checkIn, end).length === 0) problem("own.error.noNight");
  else return { checkIn, checkOut: end };
  return null;
}

function daysAfter(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Books one person's room. @returns what gives it back; null: it cannot be booked. */
export function writeStay(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, text }: { invitationId: string; text: string },
): ListedStayTrace | null {
  const stay = stayOf(text);
  return stay === null ? null : writeListedStay(tx, ctx, { invitationId, stay });
}

/** What rooms people have now, as the text of a cell. */
export function staysNow(orm: Orm, ctx: Pick<StaffContext, "scope">): ReadonlyMap<string, string> {
  return new Map([...staysOf(orm, ctx)].map(([invitationId, { stay }]) => [invitationId, stayText(stay)]));
}
