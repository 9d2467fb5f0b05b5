/**
 * An import, before anything is written: each row of a table becomes a person to be, with everything that is wrong
 * with it at once and everything that is worth a look. Pure; what the contact book knows is added by
 * import.server.ts.
 */
import { type Category, LOCALES, type Locale, type SessionFunction } from "#db/vocabulary.ts";
import { type MessageKey, type MessageValues, parseLocale } from "../../i18n/translate.ts";
import type { Table } from "./csv.server.ts";
import { type ColumnKind, columnKind, roleOf } from "./import-headings.ts";
import {
  hasHan,
  LONGEST_LINE,
  LONGEST_NAME_PART,
  latinName,
  mailboxKey,
  mailboxProblem,
  nativeName,
  type PersonFacts,
  refusedCharacters,
  sortKeyOf,
  sortKeyUnconfirmed,
  trimmed,
  visible,
} from "./rules.ts";

/** Something to tell the organizer, in the organizer's language. */
export type Remark = { key: MessageKey; values: MessageValues };

export type ImportRow = {
  /** As the spreadsheet counts. */
  row: number;
  facts: PersonFacts;
  category: Category;
  invitedAs: SessionFunction | null;
  /** While there is one, the row is not offered. */
  problems: ReadonlyArray<Remark>;
  /** What the organizer confirms by confirming. */
  notes: ReadonlyArray<Remark>;
};

export type ImportSheet = {
  /** The language of the headings, and so of the people: they are written to in it first. */
  locale: Locale;
  rows: ReadonlyArray<ImportRow>;
  /** About the file as a whole. */
  problems: ReadonlyArray<Remark>;
  notes: ReadonlyArray<Remark>;
};

type Column = { heading: string; kind: ColumnKind };

/** Reads every row of a table. A table whose headings name neither people nor addresses has problems and no rows. */
export function readSheet(table: Table): ImportSheet {
  const kinds = table.headings.map(columnKind);
  const columns: Array<Column | null> = table.headings.map((heading, index) => {
    const kind = kinds[index] ?? null;
    return kind === null || kinds.indexOf(kind) !== index
      ? null
      : { heading: visible(trimmed(heading)), kind };
  });
  const locale: Locale = columns.some(
    (column) => column !== null && NAMES.has(column.kind) && hasHan(column.heading),
  )
    ? "zh-CN"
    : "en";
  const notes = table.headings.flatMap(
    (heading, index): Array<Remark> =>
      columns[index] === null && trimmed(heading) !== ""
        ? [{ key: "import.note.column", values: { column: visible(trimmed(heading)) } }]
        : [],
  );
  const problems: Array<Remark> = [];
  if (!columns.some((column) => column !== null && NAMES.has(column.kind)))
    problems.push({ key: "import.file.noNames", values: {} });
  if (!kinds.includes("email")) problems.push({ key: "import.file.noEmails", values: {} });
  if (problems.length > 0) return { locale, rows: [], problems, notes };
  return {
    locale,
    rows: withDuplicates(table.rows.map((row) => readRow(row, columns, locale))),
    problems,
    notes,
  };
}

const NAMES: ReadonlySet<ColumnKind> = new Set<ColumnKind>([
  "family",
  "given",
  "name",
  "familyLatin",
  "givenLatin",
  "nameLatin",
  "familyNative",
  "givenNative",
  "nameNative",
]);

function readRow(
  { row, cells }: Table["rows"][number],
  columns: ReadonlyArray<Column | null>,
  locale: Locale,
): ImportRow {
  const problems: Array<Remark> = [];
  const notes: Array<Remark> = [];
  const text = new Map<ColumnKind, string>();
  const missing = new Set<ColumnKind>();

  const surplus = cells.slice(columns.length).some((cell) => trimmed(cell) !== "");
  if (cells.length < columns.length || surplus)
    problems.push({
      key: surplus ? "import.problem.manyColumns" : "import.problem.fewColumns",
      values: { expected: columns.length, found: cells.length },
    });

  columns.forEach((column, index) => {
    if (column === null) return;
    const cell = cells[index];
    if (cell === undefined) missing.add(column.kind);
    const value = trimmed(cell ?? "");
    text.set(column.kind, value);
    problems.push(...lineProblems(column, value));
  });
  const of = (kind: ColumnKind) => text.get(kind) ?? "";

  const names = namesOf(of);
  if (names.nameLatin === "" && names.nameNative === "")
    problems.push({ key: "import.problem.noName", values: {} });
  const email = of("email");
  const mailbox = email === "" ? null : mailboxProblem(email);
  if (email === "" && !missing.has("email")) problems.push({ key: "import.problem.noEmail", values: {} });
  if (mailbox === "fullWidth")
    problems.push({ key: "import.problem.emailFullWidth", values: { email: visible(email) } });
  if (mailbox === "lineBreak")
    problems.push({ key: "import.problem.emailLineBreak", values: { email: visible(email) } });
  if (mailbox === "bad") problems.push({ key: "import.problem.emailBad", values: { email: visible(email) } });

  const role = of("role") === "" ? { category: "delegate" as const, invitedAs: null } : roleOf(of("role"));
  if (role === null) problems.push({ key: "import.problem.role", values: { role: visible(of("role")) } });
  else if (of("role") === "" && !missing.has("role")) notes.push({ key: "import.note.noRole", values: {} });

  const language = of("locale") === "" ? locale : languageOf(of("locale"));
  if (language === null)
    problems.push({ key: "import.problem.language", values: { language: visible(of("locale")) } });

  const sortKey = sortKeyOf(names);
  if (names.dotted) notes.push({ key: "import.note.dotted", values: { name: visible(names.nameNative) } });
  if (sortKey !== "" && sortKeyUnconfirmed(sortKey)) notes.push({ key: "import.note.sortKey", values: {} });

  const { dotted: _dotted, ...forms } = names;
  return {
    row,
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
    category: role?.category ?? "delegate",
    invitedAs: role?.invitedAs ?? null,
    problems,
    notes,
  };
}

/** What no line of text may hold. A line break in the address has a reason of its own. */
function lineProblems({ heading, kind }: Column, value: string): Array<Remark> {
  const problems: Array<Remark> = [];
  for (const { kind: what, code } of refusedCharacters(value)) {
    if (kind === "email" && what === "control") continue;
    const values = { column: heading, code };
    if (what === "control") problems.push({ key: "import.problem.control", values });
    if (what === "direction") problems.push({ key: "import.problem.direction", values });
    if (what === "invisible") problems.push({ key: "import.problem.invisible", values });
  }
  const limit = NAMES.has(kind) && kind !== "name" ? LONGEST_NAME_PART : LONGEST_LINE;
  const length = Array.from(value).length;
  if (kind !== "email" && length > limit)
    problems.push({ key: "import.problem.tooLong", values: { column: heading, length, limit } });
  return problems;
}

/** The forms of a name: typed parts, each where its script belongs, and the whole in the order that is usual for it. */
function namesOf(of: (kind: ColumnKind) => string) {
  const split = (kind: "family" | "given" | "name") => {
    const value = of(kind);
    return hasHan(value) ? { latin: "", native: value } : { latin: value, native: "" };
  };
  const family = split("family");
  const given = split("given");
  const whole = split("name");
  const familyLatin = of("familyLatin") || family.latin;
  const givenLatin = of("givenLatin") || given.latin;
  const familyNative = of("familyNative") || family.native;
  const givenNative = of("givenNative") || given.native;
  // A name with Chinese characters beside its letters is read family name first in both scripts.
  const order = familyNative !== "" || givenNative !== "" ? "familyFirst" : "givenFirst";
  const native = nativeName({ family: familyNative, given: givenNative });
  const typedNative = of("nameNative") || whole.native;
  return {
    familyLatin,
    givenLatin,
    nameLatin: of("nameLatin") || whole.latin || latinName({ family: familyLatin, given: givenLatin }, order),
    familyNative,
    givenNative,
    nameNative: typedNative || native.name,
    dotted: typedNative === "" && native.dotted,
  };
}

function languageOf(text: string): Locale | null {
  const simple = text.trim().toLowerCase();
  if (["english", "英文", "英语"].includes(simple)) return LOCALES[0];
  if (["chinese", "中文", "汉语"].includes(simple)) return LOCALES[1];
  return parseLocale(simple);
}

/** One mailbox twice in a file: the first row keeps it. */
function withDuplicates(rows: ReadonlyArray<ImportRow>): Array<ImportRow> {
  const first = new Map<string, number>();
  return rows.map((row) => {
    if (row.facts.email === null || mailboxProblem(row.facts.email) !== null) return row;
    const key = mailboxKey(row.facts.email);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, row.row);
      return row;
    }
    return {
      ...row,
      problems: [...row.problems, { key: "import.problem.twiceInFile", values: { row: earlier } }],
    };
  });
}
