/** Who does what in the demonstration, to the minute: lines of both sides, and one of each side's own. */

import { acceptClash, clashPage } from "#app/domain/agenda/clash-facts.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { addCue } from "#app/domain/cue/commands.server.ts";
import { cueForm } from "#app/domain/cue/form.ts";
import { runOfShow } from "#app/domain/cue/queries.server.ts";

type Line = {
  item: string;
  anchor: "start" | "end";
  offset: number;
  what: string;
  who: string;
  place?: string;
  note?: string;
  own?: true;
};

const LINES: ReadonlyArray<Line> = [
  {
    item: "Opening ceremony",
    anchor: "start",
    offset: -60,
    what: "Sound and interpretation checked 音响、同传设备检查",
    who: "Hotel technicians 饭店技术人员",
    note: "Two lapel microphones, eight table microphones.",
  },
  {
    item: "Opening ceremony",
    anchor: "start",
    offset: -20,
    what: "Doors open, headsets handed out 开放入场，发放耳机",
    who: "Reception desk 签到处",
  },
  {
    item: "Opening ceremony",
    anchor: "end",
    offset: 0,
    what: "Everybody to the lobby for the photo 引导全体至大堂合影",
    who: "Two ushers 引导员两名",
    place: "Lobby 大堂",
  },
  {
    item: "Group photo",
    anchor: "end",
    offset: 0,
    what: "Tea 茶歇",
    who: "Hotel 饭店",
    place: "Foyer 前厅",
  },
  {
    item: "Courtesy call",
    anchor: "start",
    offset: -45,
    what: "Headcount at the bus, passports in hand 上车前清点人数，核对护照",
    who: "Bus captains 车辆负责人",
    place: "Lobby 大堂",
    note: "Phones stay on the bus. 手机留在车上。",
  },
  {
    item: "Closing",
    anchor: "start",
    offset: -15,
    what: "赠礼准备就位",
    who: "会务组",
    note: "礼品置于主席台左侧。",
    own: true,
  },
];

export async function seedRunOfShow(lead: StaffContext): Promise<void> {
  const { items } = runOfShow(lead);
  for (const { item, own, ...line } of LINES) {
    const found = items.find(({ titleEn }) => titleEn.startsWith(item));
    if (found === undefined) throw new Error(`The demonstration's programme has no “${item}”`);
    const added = await addCue(
      lead,
      cueForm.parse({ ...line, itemId: found.id, shared: own === true ? null : "on" }),
    );
    if (!added.ok) throw new Error("A line of the demonstration's run of show was refused");
  }
  const lunch = clashPage(lead).clashes.find(({ meal }) => meal?.day === "2018-12-05");
  if (lunch === undefined) throw new Error("The demonstration has lunch on its last day");
  const reason = "Lunch boxes on the bus between the two courts. 两场参观之间在车上提供盒饭。";
  await acceptClash(lead, { key: lunch.key, seen: lunch.seen, reason });
}
