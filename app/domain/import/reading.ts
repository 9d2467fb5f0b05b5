/**
 * What the rows of a table say, by what its columns are: of whom, and what; with everything that is wrong with a row at
 * once and everything that is worth a look. Pure; what the contact book knows is added by plan.server.ts.
 */
import { type Category, type Direction, LOCALES, type Locale, type SessionFunction } from "#db/vocabulary.ts";
import { type MessageKey, type MessageValues, parseLocale } from "../../i18n/translate.ts";
import {
  hasHan,
  LONGEST_LINE,
  LONGEST_NAME_PART,
  latinName,
  mailboxProblem,
  nativeName,
  type PersonFacts,
  refusedCharacters,
  sortKeyOf,
  sortKeyUnconfirmed,
  trimmed,
  visible,
} from "../person/rules.ts";
import { categoryOf, functionOf, isOfPassport, roleOf } from "./headings.ts";
import { type ColumnKind, isAnswerKind, isCardKind } from "./kinds.ts";
import type { TypedLeg } from "./onward.ts";
import { type FileTable, headingsOf, type Mapping, NAMES, type TableRow } from "./rules.ts";

/** Something to tell the organizer, in the organizer's language. */
export type Remark = { key: MessageKey; values: MessageValues };

export type ReadRow = {
  /** As the spreadsheet counts. */
  row: number;
  /** What its cells say, by what they are; `""`: the cell is there and empty. */
  said: ReadonlyMap<ColumnKind, string>;
  /** What is wrong with a cell. */
  wrong: ReadonlyMap<ColumnKind, ReadonlyArray<Remark>>;
  /** What is wrong with the row as a whole. */
  problems: ReadonlyArray<Remark>;
  /** The row as a person who is not there yet; what is wrong with it besides, and what is confirmed by taking it. */
  facts: PersonFacts;
  category: Category;
  invitedAs: SessionFunction | null;
  lacks: ReadonlyArray<Remark>;
  notes: ReadonlyArray<Remark>;
  /** Legs of a journey that other rows told, besides the one that touches the city. */
  onward: Partial<Record<Direction, ReadonlyArray<TypedLeg>>>;
};

export type Sheet = {
  /** The language of the headings, and so of the people: they are written to in it first. */
  locale: Locale;
  rows: ReadonlyArray<ReadRow>;
  /** About the file as a whole. */
  problems: ReadonlyArray<Remark>;
  notes: ReadonlyArray<Remark>;
};

type Column = { heading: string; kind: ColumnKind };

const MOST_STRETCHES = 20;

/** `3–5, 9`: a filter may hide hundreds. */
function stretches(rows: ReadonlyArray<number>): string {
  const found: Array<[number, number]> = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === row - 1) last[1] = row;
    else found.push([row, row]);
  }
  const named = found.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return [...named.slice(0, MOST_STRETCHES), ...(named.length > MOST_STRETCHES ? ["…"] : [])].join(", ");
}

/**
 * Reads every row below the headings. A table whose headings tell of nobody has problems and no rows.
 *
 * @param mapping what the columns are; kinds that the reader may not write are not among them.
 */
export function readSheet(table: FileTable, mapping: Mapping): Sheet {
  const headings = headingsOf(table, mapping.headingRow);
  const columns = headings.map((heading, n): Column | null => {
    const kind = mapping.columns[n] ?? null;
    return kind === null || isSealed(heading, kind)
      ? null
      : { heading: visible(heading || `${n + 1}`), kind };
  });
  const has = (wanted: (kind: ColumnKind) => boolean) =>
    columns.some((one) => one !== null && wanted(one.kind));
  const isChinese = columns.some((one) => one !== null && NAMES.has(one.kind) && hasHan(one.heading));
  const locale: Locale = isChinese ? "zh-CN" : "en";
  const notes = headings.flatMap(
    (heading, n): Array<Remark> =>
      columns[n] === null && heading !== ""
        ? [
            {
              key: isOfPassport(heading) ? "import.note.passport" : "import.note.column",
              values: { column: visible(heading) },
            },
          ]
        : [],
  );
  const { name = "", others = [], hidden = [] } = table.sheet ?? {};
  if (others.length > 0)
    notes.push({
      key: "import.note.sheet",
      values: { sheet: visible(name), others: visible(others.join(" · ")), count: others.length },
    });
  const unseen = hidden.filter((row) => row > mapping.headingRow);
  if (unseen.length > 0)
    notes.push({ key: "import.note.hiddenRows", values: { count: unseen.length, rows: stretches(unseen) } });
  if (table.leftOut > 0) notes.push({ key: "import.note.leftOut", values: { count: table.leftOut } });
  const problems: Array<Remark> = [];
  if (!has((kind) => NAMES.has(kind) || kind === "email" || kind === "number" || kind === mapping.by))
    problems.push({ key: "import.file.noNames", values: {} }, { key: "import.file.noEmails", values: {} });
  if (problems.length > 0) return { locale, rows: [], problems, notes };
  const below = table.rows.filter(({ row }) => row > mapping.headingRow);
  const repeated = headings.join("\n");
  const rows = below
    .filter(({ cells }) => cells.map(trimmed).join("\n") !== repeated)
    .map((row) => readRow(row, { columns, locale, isRagged: table.kind === "text" }));
  return { locale, rows, problems, notes };
}

/** Whatever somebody says that such a column is, nothing of it is written. */
function isSealed(heading: string, kind: ColumnKind): boolean {
  return isOfPassport(heading) && kind !== "own" && kind !== "number";
}

/** What a spreadsheet shows for a formula that came to nothing, and for a day in a column too narrow for it. */
const NOTHING_CAME =
  /^(?:#{3,}|#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA))$/;

type Reading = { columns: ReadonlyArray<Column | null>; locale: Locale; isRagged: boolean };

function readRow({ row, cells, cut }: TableRow, { columns, locale, isRagged }: Reading): ReadRow {
  const problems: Array<Remark> = [];
  const said = new Map<ColumnKind, string>();
  const wrong = new Map<ColumnKind, Array<Remark>>();
  const missing = new Set<ColumnKind>();
  const complain = (kind: ColumnKind, ...remarks: ReadonlyArray<Remark>) => {
    if (remarks.length > 0) wrong.set(kind, [...(wrong.get(kind) ?? []), ...remarks]);
  };

  const surplus = cells.slice(columns.length).some((cell) => trimmed(cell) !== "");
  if (isRagged && (cells.length < columns.length || surplus))
    problems.push({
      key: surplus ? "import.problem.manyColumns" : "import.problem.fewColumns",
      values: { expected: columns.length, found: cells.length },
    });

  for (const [index, column] of columns.entries()) {
    if (column === null) continue;
    const cell = cells[index];
    if (cell === undefined && isRagged) missing.add(column.kind);
    const value = trimmed(cell ?? "");
    if (cell !== undefined || !isRagged) said.set(column.kind, value);
    complain(column.kind, ...lineProblems(column, value));
    if (NOTHING_CAME.test(value))
      complain(column.kind, {
        key: "import.problem.formula",
        values: { column: column.heading, word: visible(value) },
      });
    // A name is never a long number; whatever is one has lost its end.
    if (cut.includes(index) && column.kind !== "note")
      complain(column.kind, {
        key: "import.problem.cut",
        values: { column: column.heading, number: visible(value) },
      });
  }
  const of = (kind: ColumnKind) => said.get(kind) ?? "";

  const lacks: Array<Remark> = [];
  const notes: Array<Remark> = [];
  const names = namesOf(of);
  if (names.nameLatin === "" && names.nameNative === "")
    lacks.push({ key: "import.problem.noName", values: {} });
  const email = of("email");
  if (email === "" && !missing.has("email")) lacks.push({ key: "import.problem.noEmail", values: {} });
  if (email !== "") complain("email", ...mailboxProblems(email));

  const role = roleFrom(of);
  for (const [kind, remark] of role.wrong) complain(kind, remark);
  const saysRole = ["role", "category", "invitedAs"].some((kind) => of(kind as ColumnKind) !== "");
  if (!saysRole && !missing.has("role")) notes.push({ key: "import.note.noRole", values: {} });

  const language = of("locale") === "" ? locale : languageOf(of("locale"));
  if (language === null)
    complain("locale", { key: "import.problem.language", values: { language: visible(of("locale")) } });

  const sortKey = of("sortKey") || sortKeyOf(names);
  if (names.dotted) notes.push({ key: "import.note.dotted", values: { name: visible(names.nameNative) } });
  if (sortKey !== "" && sortKeyUnconfirmed(sortKey)) notes.push({ key: "import.note.sortKey", values: {} });

  const { dotted: _dotted, ...forms } = names;
  return {
    row,
    said,
    wrong,
    problems,
    facts: {
      ...forms,
      sortKey,
      honorificEn: of("honorificEn"),
      honorificZh: of("honorificZh"),
      salutationEn: of("salutationEn"),
      salutationZh: of("salutationZh"),
      institutionEn: of("institutionEn"),
      institutionZh: of("institutionZh"),
      positionEn: of("positionEn"),
      positionZh: of("positionZh"),
      email: email === "" ? null : email,
      phone: of("phone") === "" ? null : of("phone"),
      locale: language ?? locale,
    },
    category: role.category,
    invitedAs: role.invitedAs,
    lacks,
    notes,
    onward: {},
  };
}

/** All that keeps a row from being a new person. */
export function problemsOfNew({ problems, wrong, lacks }: ReadRow): Array<Remark> {
  const lines: Array<Remark> = [];
  const meanings: Array<Remark> = [];
  // What is wrong with an answer or a flight keeps that out, and not the person.
  for (const [kind, remarks] of wrong)
    if (isCardKind(kind))
      for (const remark of remarks) (isAboutMeaning(remark) ? meanings : lines).push(remark);
  return [...problems, ...lines, ...lacks, ...meanings];
}

function isAboutMeaning({ key }: Remark): boolean {
  return /^import\.problem\.(?:email|role|language|delegation)/.test(key);
}

/** What no line of text may hold. A line break in the address has a reason of its own. */
function lineProblems({ heading, kind }: Column, value: string): Array<Remark> {
  const problems: Array<Remark> = [];
  const isNote = kind === "note" || isAnswerKind(kind);
  for (const { kind: what, code } of refusedCharacters(isNote ? value.replaceAll(/[\n\r\t]/g, "") : value)) {
    if (kind === "email" && what === "control") continue;
    const values = { column: heading, code };
    if (what === "control") problems.push({ key: "import.problem.control", values });
    if (what === "direction") problems.push({ key: "import.problem.direction", values });
    if (what === "invisible") problems.push({ key: "import.problem.invisible", values });
  }
  const limit = isNote
    ? LONGEST_NOTE
    : kind === "phone"
      ? LONGEST_PHONE
      : NAMES.has(kind) && kind !== "name"
        ? LONGEST_NAME_PART
        : LONGEST_LINE;
  const length = Array.from(value).length;
  if (kind !== "email" && length > limit)
    problems.push({ key: "import.problem.tooLong", values: { column: heading, length, limit } });
  return problems;
}

const LONGEST_NOTE = 5_000;
const LONGEST_PHONE = 40;

function mailboxProblems(email: string): Array<Remark> {
  const values = { email: visible(email) };
  switch (mailboxProblem(email)) {
    case "fullWidth":
      return [{ key: "import.problem.emailFullWidth", values }];
    case "lineBreak":
      return [{ key: "import.problem.emailLineBreak", values }];
    case "bad":
      return [{ key: "import.problem.emailBad", values }];
    case null:
      return [];
  }
}

/** What somebody new is: a column of roles says both, columns of their own say one each. */
function roleFrom(of: (kind: ColumnKind) => string) {
  const wrong: Array<[ColumnKind, Remark]> = [];
  const understood = <T>(kind: ColumnKind, meaning: (word: string) => T | null): T | null => {
    const word = of(kind);
    const meant = word === "" ? null : meaning(word);
    if (word !== "" && meant === null)
      wrong.push([kind, { key: "import.problem.role", values: { role: visible(word) } }]);
    return meant;
  };
  const role = understood("role", roleOf);
  const category = understood("category", categoryOf);
  const invitedAs = understood("invitedAs", functionOf);
  return {
    category: category ?? role?.category ?? ("delegate" satisfies Category),
    invitedAs: invitedAs ?? role?.invitedAs ?? null,
    wrong,
  };
}

/** Names whose script their column leaves open. */
export function namesSaid(of: (kind: ColumnKind) => string) {
  const split = (kind: "family" | "given" | "name") => {
    const value = of(kind);
    return hasHan(value) ? { latin: "", native: value } : { latin: value, native: "" };
  };
  const [family, given, whole] = [split("family"), split("given"), split("name")];
  return {
    familyLatin: of("familyLatin") || family.latin,
    givenLatin: of("givenLatin") || given.latin,
    nameLatin: of("nameLatin") || whole.latin,
    familyNative: of("familyNative") || family.native,
    givenNative: of("givenNative") || given.native,
    nameNative: of("nameNative") || whole.native,
  };
}

/** The forms of a name: typed parts, each where its script belongs, and the whole in the order that is usual for it. */
function namesOf(of: (kind: ColumnKind) => string) {
  const typed = namesSaid(of);
  // A name with Chinese characters beside its letters is read family name first in both scripts.
  const order = typed.familyNative !== "" || typed.givenNative !== "" ? "familyFirst" : "givenFirst";
  const native = nativeName({ family: typed.familyNative, given: typed.givenNative });
  return {
    ...typed,
    nameLatin: typed.nameLatin || latinName({ family: typed.familyLatin, given: typed.givenLatin }, order),
    nameNative: typed.nameNative || native.name,
    dotted: typed.nameNative === "" && native.dotted,
  };
}

export function languageOf(text: string): Locale | null {
  const simple = text.trim().toLowerCase();
  if (["english", "英文", "英语"].includes(simple)) return LOCALES[0];
  if (["chinese", "中文", "汉语"].includes(simple)) return LOCALES[1];
  return parseLocale(simple);
}
