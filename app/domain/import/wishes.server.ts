/** How people want to stay, in a file: where, with whom, and what the desk should know. A wish: it books nothing and asks nobody. */
import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { plainText } from "#db/plain-text.ts";
import { delegation, invitation, lodgingWish, person } from "#db/schema/index.ts";
import type { Lodging } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import type { ListedWish } from "../lodging/listed.server.ts";
import { factsOfRow } from "../person/record.server.ts";
import { mailboxKey, visible } from "../person/rules.ts";
import type { Whom } from "./answers.server.ts";
import type { Cell, Compared } from "./cells.ts";
import { finderOf, yesOrNo } from "./closed-lists.ts";
import type { WishKind } from "./kinds.ts";
import { nameKeys, numberKey } from "./people.server.ts";
import type { ReadRow, Remark } from "./reading.ts";

const lodgingOf = finderOf<Lodging>({
  hotel: "meeting hotel|conference hotel|hotel of the meeting|yes|会议酒店|住会议酒店|安排住宿|需要住宿|是",
  own_hotel:
    "own hotel|other hotel|another hotel|own arrangement|own arrangements|self arranged|self|自行安排|自订酒店|自行安排其他酒店|自理",
  private:
    "privately|private|friends|family|home|with family|with friends|住私人住所|亲友家|家中|自宅|不住酒店",
});

const sharesOf = finderOf<"yes" | "no">({
  yes: "twin|twin room|double|shared|share|sharing|may share|双人间|双人|标间|双床|双床房|合住|可合住|拼房|同意合住",
  no: "single|single room|alone|own room|not share|单间|单人间|单人|单住|不合住|独住",
});

/** What each row wishes. Empty cells say nothing; whoever has wished something else is not contradicted unless somebody says so. */
export function wishesInRows(
  orm: Orm,
  ctx: StaffContext,
  kinds: ReadonlyArray<WishKind>,
): (row: ReadRow, whom: Whom) => Compared {
  if (kinds.length === 0) return () => ({ cells: [], same: 0 });
  const coming = comingPeople(orm, ctx);
  const standing = wishTexts(orm, ctx);
  return (row, { invitationId }) => {
    const said = kinds.flatMap((kind) => {
      const text = row.said.get(kind) ?? "";
      return text === "" ? [] : [{ kind, text }];
    });
    if (said.length === 0) return { cells: [], same: 0 };
    const now = invitationId === null ? undefined : standing.get(invitationId);
    const isComing = invitationId === null || coming.some(({ id }) => id === invitationId);
    const wishes = said.map(({ kind, text }) => {
      const read = readWish(kind, text, { coming, invitationId });
      const wrong = row.wrong.get(kind) ?? [];
      return { kind, value: read.value, problems: [...wrong, ...read.problems] };
    });
    // Whoever wishes anything at all of a room, and does not say so, is to stay in a hotel of the meeting.
    if (now === undefined && !wishes.some(({ kind }) => kind === "wish:lodging"))
      wishes.unshift({ kind: "wish:lodging", value: "hotel", problems: [] });
    const cells: Array<Cell> = [];
    let same = 0;
    for (const { kind, value, problems } of wishes) {
      const before = now?.get(kind) ?? "";
      if (problems.length === 0 && before === value) {
        same += 1;
        continue;
      }
      cells.push({
        column: kind,
        before,
        after: value,
        erases: false,
        problems: isComing ? problems : [{ key: "import.problem.notComing", values: {} }],
        conflicts: before === "" ? [] : [{ key: "import.conflict.wish", values: {} }],
      });
    }
    return { cells, same };
  };
}

type Mate = { id: string; keys: ReadonlySet<string> };

function readWish(
  kind: WishKind,
  text: string,
  { coming, invitationId }: { coming: ReadonlyArray<Mate>; invitationId: string | null },
): { value: string; problems: Array<Remark> } {
  const bad = (key: Remark["key"]) => ({
    value: visible(text),
    problems: [{ key, values: { word: visible(text) } }],
  });
  switch (kind) {
    case "wish:lodging": {
      const lodging = lodgingOf(text);
      return lodging === null ? bad("import.problem.word") : { value: lodging, problems: [] };
    }
    case "wish:mayShare": {
      const share = sharesOf(text) ?? yesOrNo(text);
      return share === null ? bad("import.problem.word") : { value: share, problems: [] };
    }
    case "wish:shareWith": {
      const wanted = [mailboxKey(text), numberKey(text), nameKey(text)];
      const found = coming.filter(({ keys }) => wanted.some((key) => key !== "" && keys.has(key)));
      const [only, ...more] = found;
      if (only === undefined) return bad("import.problem.noMate");
      if (more.length > 0) return bad("import.problem.whichMate");
      return only.id === invitationId ? bad("import.problem.ownMate") : { value: only.id, problems: [] };
    }
    case "wish:address":
    case "wish:note":
      return Array.from(text).length > LONGEST ? bad("error.tooLong") : { value: text, problems: [] };
  }
}

/** As the form takes it. */
const LONGEST = 500;

function nameKey(name: string): string {
  return plainText(name).replaceAll("|", "");
}

/** People of this side who are to come. */
function comingPeople(orm: Orm, { scope }: StaffContext): Array<Mate> {
  return orm
    .select({ id: invitation.id, number: invitation.number, card: person })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
        ne(invitation.reply, "declined"),
      ),
    )
    .all()
    .map(({ id, number, card }) => ({
      id,
      keys: new Set([numberKey(number), mailboxKey(card.email ?? ""), ...nameKeys(factsOfRow(card))]),
    }));
}

/** What people of this side wish now, as the texts of cells. */
export function wishTexts(
  orm: Orm,
  { scope }: Pick<StaffContext, "scope">,
): ReadonlyMap<string, ReadonlyMap<WishKind, string>> {
  const mine = orm
    .select({ id: invitation.id })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(eq(invitation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds])));
  const rows = orm.select().from(lodgingWish).where(inArray(lodgingWish.invitationId, mine)).all();
  return new Map(
    rows.map(({ invitationId, lodging, address, mayShare, shareWithId, note }) => [
      invitationId,
      new Map<WishKind, string>([
        ["wish:lodging", lodging],
        ["wish:address", address],
        ["wish:mayShare", mayShare ? "yes" : "no"],
        ["wish:shareWith", shareWithId ?? ""],
        ["wish:note", note],
      ]),
    ]),
  );
}

/** Names of those of this side with whom somebody would share. They are kept nowhere: a cell has their invitation alone. */
export function mateNames(
  { db, scope }: Pick<StaffContext, "db" | "scope">,
  cells: ReadonlyArray<{ column: string; before: string; after: string }>,
): Array<{ id: string; name: string }> {
  const ids = cells.flatMap(({ column, before, after }) =>
    column === "wish:shareWith" ? [before, after].filter((id) => id !== "") : [],
  );
  return db.orm
    .select({ id: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        inArray(invitation.id, ids),
      ),
    )
    .all()
    .map(({ id, nameLatin, nameNative }) => ({ id, name: nameLatin || nameNative }));
}

/** What cells wish, as it is written; null: where somebody stays is no such place. */
export function wishFrom(cells: ReadonlyArray<Pick<Cell, "column" | "after">>): ListedWish | null {
  const wish: ListedWish = {};
  for (const { column, after } of cells)
    switch (column) {
      case "wish:lodging": {
        const lodging = lodgingOf(after);
        if (lodging === null) return null;
        wish.lodging = lodging;
        break;
      }
      case "wish:address":
        wish.address = after;
        break;
      case "wish:mayShare":
        wish.mayShare = after === "yes" ? "on" : null;
        break;
      case "wish:shareWith": {
        wish.shareWithId = after;
        break;
      }
      case "wish:note":
        wish.note = after;
        break;
      default:
    }
  return wish;
}
