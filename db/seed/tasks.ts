import type { StaffContext } from "#app/domain/context.ts";
import { addTask, finishTask, noteTask, setDigest } from "#app/domain/task/commands.server.ts";
import { tasksOf } from "#app/domain/task/queries.server.ts";
import { instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

/** What each side's lead typed, and what its people look after: by name, as the demonstration's staff are called. */
const NOTED = {
  us: {
    own: {
      title: "Gifts for the two courts, with cards in both languages",
      dueOn: "2018-11-26",
      owner: "Dana Example",
    },
    owners: [
      ["hotel", "Dana Example", "Confirmed with the hotel's sales office; 24 rooms for four nights."],
      ["interpreters", "Grace Mockup", ""],
    ],
  },
  cn: {
    own: { title: "接待车队停车许可", dueOn: "2018-11-23", owner: "周示例" },
    owners: [["filing", "周示例", "材料清单已发双方，待补经费证明。"]],
  },
} as const;

/** Tasks of the demonstration: some taken on, some done, one of each side's own, and one lead who gets them by mail. */
export async function seedTasks({
  clock,
  us,
  cn,
}: {
  clock: { set(instant: number): void };
  /** The leads of the two sides. */
  us: StaffContext;
  cn: StaffContext;
}): Promise<void> {
  clock.set(instantOf("2018-10-27", "11:10", ZONE));
  for (const [lead, { own, owners }] of [
    [us, NOTED.us],
    [cn, NOTED.cn],
  ] as const) {
    const [side] = tasksOf(lead);
    if (side === undefined) throw new Error("A lead of the demonstration leads no side");
    const { sideId } = side;
    const idOf = (name: string) => side.colleagues.find((each) => each.name === name)?.userId;
    const { owner, ...typed } = own;
    const outcomes: Array<{ ok: boolean }> = [
      await addTask(lead, { sideId, ...typed, ownerId: idOf(owner) }),
    ];
    for (const [task, name, note] of owners)
      outcomes.push(await noteTask(lead, { sideId, task, revision: 0, ownerId: idOf(name), note }));
    for (const task of ["letters", "hotel"])
      outcomes.push(await finishTask(lead, { sideId, task, done: true }));
    if (outcomes.some((outcome) => !outcome.ok))
      throw new Error("A command refused the demonstration's tasks");
  }
  const [side] = us.scope.sideIds;
  if (side !== undefined) await setDigest(us, { sideId: side, hour: 8 });
}
