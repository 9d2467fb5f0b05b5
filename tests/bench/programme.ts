import { join } from "node:path";
import { eq } from "drizzle-orm";
import { publishAgenda } from "#app/domain/agenda/commands.server.ts";
import { noticesOfDraft } from "#app/domain/agenda/notices.server.ts";
import { calledOffFor, newestProgramme, programmeOf } from "#app/domain/agenda/queries.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { deriveKeys, newId } from "#app/platform/crypto.server.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import * as schema from "#db/schema/index.ts";
import { type Meeting, writeMeeting } from "../support/meeting.ts";
import { compete, type Heat } from "./compete.ts";
import { ROOT } from "./processes.ts";
import type { Row, Verdict } from "./report.ts";

/*
 * What a programme costs that is ten times as long, for ten times as many people: seeing before a publication who is
 * told what, publishing one change that concerns everybody with a notice to each, and one person's programme with its
 * calendar. Each may cost at most ten times as much; of one person's, that is ten times the items for one.
 */

const SMALL = { name: "20 items, 40 people", items: 20, people: 40 };
const LARGE = { name: "200 items, 400 people", items: 200, people: 400 };
const TIMES = LARGE.items / SMALL.items;
const HOUR = 3_600_000;

type World = { name: string; db: Db; staff: StaffContext; meeting: Meeting; clock: { at: number } };

export async function measureProgramme(
  folder: string,
  { rounds, say }: { rounds: number; say: (text: string) => void },
): Promise<{ rows: Array<Row>; verdicts: Array<Verdict> }> {
  say("Programme …");
  const worlds = [await startWorld(folder, SMALL), await startWorld(folder, LARGE)];
  const rows: Array<Row> = [];
  const verdicts: Array<Verdict> = [];
  for (const { name, work, repeat } of WORKS) {
    const heats: Array<Heat> = worlds.map((world) => ({
      name: `${name}, ${world.name}`,
      unit: "ms",
      async turn(round) {
        let spent = 0;
        for (let n = 0; n < repeat; n += 1) {
          prepare(world, round * repeat + n);
          const begun = performance.now();
          await work(world);
          spent += performance.now() - begun;
        }
        return { value: spent / repeat };
      },
    }));
    const [few, many] = [...(await compete(heats, rounds)).values()];
    if (few === undefined || many === undefined) throw new Error("Nothing was measured");
    rows.push(few, many);
    verdicts.push({
      name: `${name}, ten times as much, by item`,
      value: many.rounds.median / few.rounds.median / TIMES,
      must: 1.2,
      aim: 1,
      more: false,
      unit: "times",
    });
  }
  for (const { db } of worlds) db.close();
  return { rows, verdicts };
}

const WORKS: ReadonlyArray<{ name: string; repeat: number; work: (world: World) => Promise<unknown> }> = [
  { name: "who is told what", repeat: 6, work: async ({ staff }) => noticesOfDraft(staff) },
  {
    name: "publishing with a notice to everybody of a side",
    repeat: 6,
    async work({ staff, meeting }) {
      const published = await publishAgenda(staff, { notify: true });
      const own = meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[0]).length;
      if (!published.ok || published.value.queued !== own) throw new Error("Not everybody was told");
    },
  },
  {
    name: "one person's programme and calendar",
    repeat: 40,
    async work({ staff, meeting }) {
      const [person] = meeting.invitees;
      if (person === undefined) throw new Error("There is nobody");
      if (programmeOf(staff, person).items.length < 10) throw new Error("The programme is empty");
      calledOffFor(staff, person);
    },
  },
];

/** One item for everybody has another title, so that there is something to publish. */
function prepare({ db, meeting, clock }: World, round: number): void {
  clock.at += HOUR;
  const [first = ""] = meeting.itemIds;
  db.orm
    .update(schema.agendaItem)
    .set({ titleEn: `Arrivals, as of round ${clock.at} ${round}` })
    .where(eq(schema.agendaItem.id, first))
    .run();
}

async function startWorld(folder: string, { name, items, people }: typeof SMALL): Promise<World> {
  const db = openDatabase(join(folder, `programme-${items}.db`));
  migrate(db.sqlite, join(ROOT, "db/migrations"));
  const clock = { at: Date.now() };
  const ctx: DomainContext = {
    db,
    clock: { now: () => clock.at },
    keys: deriveKeys(Buffer.alloc(32, 7)),
    baseUrl: "http://dialogue.example",
    actor: { kind: "staff", id: "bench" },
    requestId: null,
  };
  const meeting = writeMeeting(db.orm, ctx.keys, { slug: "bench", people, seats: [], now: clock.at });
  const begins = Date.parse(`${meeting.startsOn}T08:00:00+08:00`);
  for (let n = meeting.itemIds.length; n < items; n += 1)
    db.orm
      .insert(schema.agendaItem)
      .values({
        id: newId(),
        editionId: meeting.editionId,
        // Four at a time; a longer programme has more days, so how much is at the time of one item stays the same.
        kind: n % 3 === 0 ? "meal" : "session",
        startsAt: begins + Math.floor(n / 4) * HOUR,
        endsAt: begins + (Math.floor(n / 4) + 1) * HOUR,
        titleEn: `Item ${n}`,
        titleZh: `第${n}项`,
        audience: n % 2 === 0 ? "all" : "listed",
        updatedAt: clock.at,
      })
      .run();
  const staff: StaffContext = {
    ...ctx,
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[0]],
      permissions: ["agenda"],
      bookSideIds: [],
    },
  };
  clock.at += HOUR;
  await publishAgenda(staff);
  // What people had is the whole programme; what changes from then on is one item of it.
  const newest = newestProgramme(ctx, meeting.editionId);
  if (newest === null) throw new Error("Nothing was published");
  for (const { invitationId } of meeting.invitees)
    db.orm
      .insert(schema.agendaSeen)
      .values({ versionId: newest.id, invitationId, seenAt: clock.at, channel: "self" })
      .run();
  return { name, db, staff, meeting, clock };
}
