import { DIETS } from "#db/vocabulary.ts";
import { asOf, both, type NeedPart, type NeedSheet } from "../../documents/need-sheet.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { type MessageKey, translator } from "../../i18n/translate.ts";
import type { MealPage, NamedLine } from "./queries.server.ts";
import { type Counts, isDangerous, type Needs, SEVERITIES, severityOf } from "./rules.ts";

/* What a kitchen gets on paper. Cooks and waiters read either language, so all of it stands in both. */

const en = translator("en");
const zh = translator("zh-CN");

function head(page: MealPage, now: number): Array<string> {
  const place = [page.placeZh, page.placeEn].filter((text) => text !== "").join(" · ");
  return [
    [page.titleZh, page.titleEn].filter((text) => text !== "").join(" "),
    [deskMoment(page.startsAt, page.timeZone, "zh-CN"), deskMoment(page.startsAt, page.timeZone, "en")].join(
      " · ",
    ),
    ...(place === "" ? [] : [place]),
    asOf(now, page.timeZone),
  ];
}

/** The lines of a count: what, how many. */
export function countLines(counts: Counts): Array<readonly [MessageKey, number]> {
  return [
    ...SEVERITIES.map((severity) => [`severity.${severity}`, counts.allergies[severity] ?? 0] as const),
    ...DIETS.flatMap((diet) => (diet === "none" ? [] : [[`diet.${diet}`, counts.diets[diet] ?? 0] as const])),
  ].filter(([, n]) => n > 0);
}

function numbers(page: MealPage): NeedPart {
  const columns = [
    { part: both("meal.total"), counts: page.total },
    ...page.tables.map(({ name, counts }) => ({ part: name, counts })),
    ...(page.tables.length > 0 && page.elsewhere.covers > 0
      ? [{ part: both("meal.atNoTable"), counts: page.elsewhere }]
      : []),
  ];
  return {
    heading: both("meal.counts"),
    columns: [
      { heading: both("meal.column.table"), weight: 3 },
      { heading: both("sheet.total"), weight: 2, kind: "number" },
      { heading: both("meal.column.needs"), weight: 9 },
    ],
    rows: columns.map(({ part, counts }) => [
      part,
      counts.covers,
      [
        ...countLines(counts).map(([key, count]) => `${both(key)}: ${count}`),
        ...(counts.unknown === 0 ? [] : [`${both("meal.column.unknown")}: ${counts.unknown}`]),
      ].join("\n") || both("meals.allPlain"),
    ]),
    none: "",
  };
}

/** The same for a workbook: a line for each need, a column for each table, and numbers to be reckoned with. */
function matrix(page: MealPage): NeedPart {
  const columns = [
    { heading: both("meal.total"), counts: page.total },
    ...page.tables.map(({ name, counts }) => ({ heading: both("meal.seatAt", { table: name }), counts })),
    ...(page.tables.length > 0 && page.elsewhere.covers > 0
      ? [{ heading: both("meal.atNoTable"), counts: page.elsewhere }]
      : []),
  ];
  const row = (heading: string, of: (counts: Counts) => number) => [
    heading,
    ...columns.map(({ counts }) => of(counts)),
  ];
  return {
    heading: both("meal.counts"),
    columns: [
      { heading: both("meal.column.needs"), weight: 4 },
      ...columns.map(({ heading }) => ({ heading, weight: 2, kind: "number" as const })),
    ],
    rows: [
      row(both("sheet.total"), ({ covers }) => covers),
      row(both("meal.column.plain"), ({ plain }) => plain),
      row(both("meal.column.unknown"), ({ unknown }) => unknown),
      ...countLines(page.total).map(([key]) =>
        row(both(key), (counts) => countLines(counts).find(([each]) => each === key)?.[1] ?? 0),
      ),
    ],
    none: "",
  };
}

function seatWords({ table, place }: Pick<NamedLine, "table" | "place">): string {
  if (table === "") return both("meal.noSeat");
  return place === null ? both("meal.seatAt", { table }) : both("meal.seatPlace", { table, place });
}

function foodWords({ diets, dietText }: Needs): string {
  return [
    ...diets.filter((diet) => diet !== "none").map((diet) => both(`diet.${diet}`)),
    ...(dietText === "" ? [] : [dietText]),
  ].join("\n");
}

function allergyWords(line: Pick<NamedLine, "needs" | "words">): string {
  const severity = severityOf(line.needs);
  return [
    ...(severity === null ? [] : [both(`severity.${severity}`), line.needs.allergies]),
    ...(line.words === null ? [] : [line.words.zh, line.words.en]),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

function nameWords({ nameLatin, nameNative }: NamedLine): string {
  return [nameNative, nameLatin].filter((text) => text !== "").join("\n");
}

/** The sheet for a kitchen. `lines` null: numbers alone. */
export function kitchenSheet(
  page: MealPage,
  {
    lines,
    unnamed,
    now,
    reckoned = "list",
  }: {
    lines: ReadonlyArray<NamedLine> | null;
    unnamed: number;
    now: number;
    reckoned?: "list" | "matrix";
  },
): NeedSheet {
  return {
    title: both("sheet.kitchen"),
    above: head(page, now),
    parts: [
      reckoned === "matrix" ? matrix(page) : numbers(page),
      ...(lines === null
        ? []
        : [
            {
              heading: both("meal.names"),
              columns: [
                { heading: both("meal.column.seat"), weight: 3 },
                { heading: both("meal.column.person"), weight: 4 },
                { heading: both("meal.column.food"), weight: 4 },
                { heading: both("meal.column.allergy"), weight: 5 },
              ],
              rows: [
                ...lines.map((line) => [
                  seatWords(line),
                  nameWords(line),
                  foodWords(line.needs),
                  allergyWords(line),
                ]),
                ...(unnamed === 0 ? [] : [["", both("sheet.byOthers", { count: unnamed }), "", ""]]),
              ],
              none: both("meal.noNames"),
            } satisfies NeedPart,
          ]),
    ],
  };
}

/** A card for each severe allergy, to stand at the place or to be shown to whoever serves. */
export function allergyCards(
  page: MealPage,
  { lines, now }: { lines: ReadonlyArray<NamedLine>; now: number },
): NeedSheet {
  return {
    title: both("sheet.cards"),
    above: head(page, now),
    parts: lines
      .filter(({ needs }) => isDangerous(needs))
      .map((line) => ({
        heading: `${seatWords(line)} · ${[line.nameNative, line.nameLatin].filter((text) => text !== "").join(" ")}`,
        columns: [{ heading: zh("sheet.card"), weight: 1 }],
        rows: [
          [en("sheet.card")],
          [allergyWords(line)],
          ...(foodWords(line.needs) === "" ? [] : [[foodWords(line.needs)]]),
        ],
        none: "",
      })),
  };
}
