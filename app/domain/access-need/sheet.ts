import { asOf, both, type NeedSheet } from "../../documents/need-sheet.ts";
import { deskRange } from "../../i18n/dates.ts";
import type { AccessName, AccessPage } from "./queries.server.ts";

/** The list of work on paper, in both languages. `names` null: for a place, which is told of nobody. */
export function accessSheet(
  page: AccessPage,
  { names, now }: { names: ReadonlyArray<AccessName> | null; now: number },
): NeedSheet {
  const who = (itemId: string, need: string) =>
    (names ?? [])
      .filter((one) => one.itemIds.includes(itemId) && one.needs.some((each) => each === need))
      .map(({ nameNative, nameLatin, text }) =>
        [[nameNative, nameLatin].filter((name) => name !== "").join(" "), need === "other" ? text : ""]
          .filter((part) => part !== "")
          .join(": "),
      )
      .join("\n");
  return {
    title: both("sheet.access"),
    above: [asOf(now, page.timeZone)],
    parts: [
      {
        heading: both("needs.work"),
        columns: [
          { heading: both("needs.column.item"), weight: 6 },
          { heading: both("needs.column.need"), weight: 4 },
          { heading: both("needs.column.people"), weight: 1.5, kind: "number" },
          { heading: both("needs.column.state"), weight: 4 },
          ...(names === null ? [] : [{ heading: both("needs.column.who"), weight: 4 }]),
        ],
        rows: page.items.flatMap((item) =>
          item.lines.map((line) => [
            [
              deskRange(item.startsAt, item.endsAt, page.timeZone, "zh-CN"),
              [item.titleZh, item.titleEn].filter((text) => text !== "").join(" "),
              [item.placeZh, item.placeEn].filter((text) => text !== "").join(" "),
            ]
              .filter((text) => text !== "")
              .join("\n"),
            both(`access.${line.need}`),
            line.own + line.others,
            [both(`needs.state.${line.state}`), line.arranged ?? line.placeNote]
              .filter((text) => text !== "")
              .join("\n"),
            ...(names === null ? [] : [who(item.itemId, line.need)]),
          ]),
        ),
        none: both("needs.none"),
      },
    ],
  };
}
