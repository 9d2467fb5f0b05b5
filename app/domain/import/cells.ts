/**
 * What a row says of somebody who is there already, cell by cell, against what stands there. Pure.
 */
import type { Category, SessionFunction } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { cardForm, formOfFacts } from "../person/form.ts";
import {
  FACT_FIELDS,
  latinName,
  mailboxKey,
  nativeName,
  type PersonFacts,
  visible,
} from "../person/rules.ts";
import { categoryOf, functionOf, roleOf } from "./headings.ts";
import {
  type AnswerKind,
  type ColumnKind,
  isAnswerKind,
  isCardKind,
  isLegKind,
  isWishKind,
  type LegKind,
  type OwnKind,
  type WishKind,
} from "./kinds.ts";
import { languageOf, namesSaid, type ReadRow, type Remark } from "./reading.ts";
import type { Mapping } from "./rules.ts";

/** The cells of the roster that an import may write: those of the card and of the invitation. */
export const CARD_COLUMNS = [
  ...FACT_FIELDS,
  "email",
  "phone",
  "locale",
  "note",
  "delegation",
  "category",
  "invitedAs",
] as const;
export type CardColumn = (typeof CARD_COLUMNS)[number];

/** What stands beside the card: answers, ends of journeys, and the one room with its nights. */
export type BesideColumn = AnswerKind | OwnKind | LegKind | WishKind | "room:stay";
export type CellColumn = CardColumn | BesideColumn;

export function isCellColumn(column: string): column is CellColumn {
  return (
    isCardColumn(column) ||
    isAnswerKind(column) ||
    isLegKind(column) ||
    isWishKind(column) ||
    column === "room:stay"
  );
}

const CARD: ReadonlySet<string> = new Set(CARD_COLUMNS);
export function isCardColumn(column: string): column is CardColumn {
  return CARD.has(column);
}

export type Standing = {
  facts: PersonFacts;
  note: string;
  delegationId: string;
  category: Category;
  invitedAs: SessionFunction | null;
};

export type Cell = {
  column: CellColumn;
  before: string;
  after: string;
  /** The file's cell is empty, and so would this be. */
  erases: boolean;
  /** While there is one, it is not offered. */
  problems: ReadonlyArray<Remark>;
  /** Why somebody has to say that it is to be written: what stands there is another's word. */
  conflicts: ReadonlyArray<Remark>;
};

/** What a row says cell by cell, and of how many cells it says what stands there. */
export type Compared = { cells: Array<Cell>; same: number };

export function textOf(standing: Standing, column: CardColumn): string {
  switch (column) {
    case "note":
      return standing.note;
    case "delegation":
      return standing.delegationId;
    case "category":
      return standing.category;
    case "invitedAs":
      return standing.invitedAs ?? "";
    default:
      return standing.facts[column] ?? "";
  }
}

/** Which column of the file is to blame for a cell. */
type Wish = { after: string; from: ColumnKind };

const PARTS = [
  ["familyLatin", "family"],
  ["givenLatin", "given"],
  ["nameLatin", "name"],
  ["familyNative", "family"],
  ["givenNative", "given"],
  ["nameNative", "name"],
] as const;

const PLAIN = [
  "sortKey",
  "honorificEn",
  "honorificZh",
  "salutationEn",
  "salutationZh",
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
  "email",
  "phone",
  "note",
] as const satisfies ReadonlyArray<CardColumn & ColumnKind>;

/**
 * The cells that would change. Cells that say nothing change nothing, unless they are to erase; then never what everybody
 * has: a language, a category, a delegation.
 *
 * @param delegationOf finds a delegation by its name.
 */
export function cardCells(
  row: ReadRow,
  standing: Standing,
  { blanks, delegationOf }: Pick<Mapping, "blanks"> & { delegationOf: (name: string) => string | null },
): Compared {
  const wishes = new Map<CardColumn, Wish>();
  const erased = new Set<CardColumn>();
  const of = (kind: ColumnKind) => row.said.get(kind) ?? "";
  const erase = (column: CardColumn, from: ColumnKind) => {
    if (blanks !== "erase" || row.said.get(from) !== "") return;
    erased.add(column);
    wishes.set(column, { after: "", from });
  };

  const names = namesSaid(of);
  for (const [field, open] of PARTS)
    if (names[field] !== "")
      wishes.set(field, { after: names[field], from: of(field) === "" ? open : field });
    else erase(field, field);
  for (const field of PLAIN)
    if (of(field) !== "") wishes.set(field, { after: of(field), from: field });
    else erase(field, field);
  // One mailbox, however it was typed.
  if (standing.facts.email !== null && mailboxKey(of("email")) === mailboxKey(standing.facts.email))
    wishes.delete("email");

  const language = languageOf(of("locale"));
  if (of("locale") !== "") wishes.set("locale", { after: language ?? standing.facts.locale, from: "locale" });
  wishRole(of, wishes);
  if (of("invitedAs") === "") erase("invitedAs", "invitedAs");
  const delegationId = of("delegation") === "" ? null : delegationOf(of("delegation"));
  if (delegationId !== null) wishes.set("delegation", { after: delegationId, from: "delegation" });
  followWholeNames(standing.facts, wishes);

  const cells: Array<Cell> = [];
  const blamed = new Set<ColumnKind>();
  let same = 0;
  for (const column of CARD_COLUMNS) {
    const wish = wishes.get(column);
    if (wish === undefined) continue;
    const before = textOf(standing, column);
    const problems = blamed.has(wish.from) ? [] : (row.wrong.get(wish.from) ?? []);
    if (before === wish.after && problems.length === 0) {
      same += 1;
      continue;
    }
    if (problems.length > 0) blamed.add(wish.from);
    const after = problems.length > 0 ? visible(wish.after) : wish.after;
    cells.push({ column, before, after, erases: erased.has(column), problems, conflicts: [] });
  }
  // What is wrong is told even where nothing would have been written.
  for (const [kind, problems] of row.wrong) {
    const column = columnOfKind(kind);
    if (column === null || blamed.has(kind)) continue;
    if (cells.some((cell) => cell.column === column && cell.problems.length > 0)) continue;
    cells.push({
      column,
      before: textOf(standing, column),
      after: visible(of(kind)),
      erases: false,
      problems,
      conflicts: [],
    });
  }
  return { cells: checked(cells, standing), same };
}

/** Where a column's complaint is shown; null: it is about finding people. */
function columnOfKind(kind: ColumnKind): CardColumn | null {
  if (!isCardKind(kind)) return null;
  switch (kind) {
    case "family":
      return "familyLatin";
    case "given":
      return "givenLatin";
    case "name":
      return "nameLatin";
    case "role":
      return "category";
    case "number":
    case "own":
      return null;
    default:
      return kind;
  }
}

/** A word for a function leaves the category as it is, and a word for a category the function. */
function wishRole(of: (kind: ColumnKind) => string, wishes: Map<CardColumn, Wish>): void {
  const role = of("role") === "" ? null : roleOf(of("role"));
  if (role?.invitedAs === null) wishes.set("category", { after: role.category, from: "role" });
  else if (role !== null) wishes.set("invitedAs", { after: role.invitedAs ?? "", from: "role" });
  const category = of("category") === "" ? null : categoryOf(of("category"));
  if (category !== null) wishes.set("category", { after: category, from: "category" });
  const invitedAs = of("invitedAs") === "" ? null : functionOf(of("invitedAs"));
  if (invitedAs !== null) wishes.set("invitedAs", { after: invitedAs, from: "invitedAs" });
}

/** A whole name that is just its parts put together goes with them, where the file has none. */
function followWholeNames(facts: PersonFacts, wishes: Map<CardColumn, Wish>): void {
  const now = (field: (typeof PARTS)[number][0]) => wishes.get(field)?.after ?? facts[field];
  const from = (...fields: ReadonlyArray<CardColumn>) =>
    fields.map((field) => wishes.get(field)?.from).find((kind) => kind !== undefined);
  const latin = from("familyLatin", "givenLatin");
  if (!wishes.has("nameLatin") && latin !== undefined)
    for (const order of ["givenFirst", "familyFirst"] as const) {
      if (facts.nameLatin !== latinName({ family: facts.familyLatin, given: facts.givenLatin }, order))
        continue;
      const after = latinName({ family: now("familyLatin"), given: now("givenLatin") }, order);
      wishes.set("nameLatin", { after, from: latin });
      break;
    }
  const native = from("familyNative", "givenNative");
  const put = nativeName({ family: facts.familyNative, given: facts.givenNative }).name;
  if (!wishes.has("nameNative") && native !== undefined && facts.nameNative === put)
    wishes.set("nameNative", {
      after: nativeName({ family: now("familyNative"), given: now("givenNative") }).name,
      from: native,
    });
}

/** What a card's own form would refuse, as far as it has no reason yet. */
function checked(cells: ReadonlyArray<Cell>, standing: Standing): Array<Cell> {
  const sound = cells.filter(({ problems, column }) => problems.length === 0 && column !== "note");
  const typed = Object.fromEntries(sound.map(({ column, after }) => [column, after]));
  const form = cardForm.safeParse({ ...formOfFacts(standing.facts), ...typed });
  if (form.success) return [...cells];
  const bad = new Map(
    form.error.issues.map(({ path, message }) => [String(path[0] ?? ""), message as MessageKey]),
  );
  const isNamed = sound.some(({ column }) => bad.has(column));
  return cells.map((cell) => {
    if (!sound.includes(cell)) return cell;
    const reason = bad.get(cell.column) ?? (!isNamed && cell.erases ? bad.get("nameLatin") : undefined);
    return reason === undefined ? cell : { ...cell, problems: [{ key: reason, values: {} }] };
  });
}
