import { asOf, both, type NeedSheet } from "../../documents/need-sheet.ts";
import { deskRange } from "../../i18n/dates.ts";
import type { HeadsetPage } from "./headsets.server.ts";
import type { InterpretationPlan, PostView } from "./queries.server.ts";
import { isToDo } from "./rules.ts";

/* The plan and the list of headsets on paper, in both languages. */

function postWords({ key, name, booth }: PostView): string {
  const who = key === null ? both("interp.ofOthers") : name;
  return booth === "" ? who : `${who} · ${both("interp.booth", { booth })}`;
}

export function interpretationSheet(plan: InterpretationPlan, { now }: { now: number }): NeedSheet {
  return {
    title: both("sheet.interpretation"),
    above: [asOf(now, plan.timeZone)],
    parts: [
      {
        heading: both("interp.plan"),
        columns: [
          { heading: both("needs.column.item"), weight: 6 },
          { heading: both("interp.column.mode"), weight: 4 },
          { heading: both("interp.column.interpreters"), weight: 5 },
          { heading: both("interp.column.open"), weight: 3 },
        ],
        rows: plan.items.map((item) => [
          [
            deskRange(item.startsAt, item.endsAt, plan.timeZone, "zh-CN"),
            [item.titleZh, item.titleEn].filter((text) => text !== "").join(" "),
            [item.placeZh, item.placeEn].filter((text) => text !== "").join(" "),
          ]
            .filter((text) => text !== "")
            .join("\n"),
          [
            item.mode === null ? both("interp.notSaid") : both(`interpretation.${item.mode}`),
            ...item.pairs.map((pair) => both(`languagePair.${pair}`)),
          ].join("\n"),
          item.posts.map(postWords).join("\n"),
          String(item.gaps.filter(isToDo).length || ""),
        ]),
        none: both("interp.noItems"),
      },
    ],
  };
}

/** The list at the desk where headsets are handed out: a line for each of one's own people, to be ticked by hand, too. */
export function headsetSheet(page: HeadsetPage, { now }: { now: number }): NeedSheet {
  return {
    title: both("sheet.headsets"),
    above: [page.day, asOf(now, page.timeZone)],
    parts: [
      {
        heading: both("headset.counts"),
        columns: [
          { heading: both("needs.column.item"), weight: 6 },
          { heading: both("headset.column.channels"), weight: 4 },
          { heading: both("headset.column.ready"), weight: 2, kind: "number" },
        ],
        rows: page.sessions.map((session) => [
          `${deskRange(session.startsAt, session.endsAt, page.timeZone, "zh-CN")}\n${session.titleZh} ${session.titleEn}`.trim(),
          session.channels
            .map(([tongue, people]) => `${both(`register.language.${tongue}`)}: ${people}`)
            .join("\n"),
          session.ready,
        ]),
        none: both("headset.noSessions"),
      },
      {
        heading: both("headset.people"),
        columns: [
          { heading: both("needs.column.who"), weight: 5 },
          { heading: both("headset.column.number"), weight: 2 },
          { heading: both("headset.column.out"), weight: 3 },
          { heading: both("headset.column.back"), weight: 3 },
        ],
        rows: page.people.map((one) => [
          [one.nameNative, one.nameLatin].filter((text) => text !== "").join(" "),
          one.number,
          one.handedAt === null ? "□" : "☑",
          one.returnedAt === null ? "□" : "☑",
        ]),
        none: both("headset.nobody"),
      },
    ],
  };
}
