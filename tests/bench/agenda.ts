import { clashPage } from "#app/domain/agenda/clash-facts.server.ts";
import {
  type ClashFacts,
  type ClashItem,
  type ClashPerson,
  findClashes,
} from "#app/domain/agenda/clashes.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import { testContext, testKeys } from "../support/context.ts";
import { type Meeting, writeMeeting } from "../support/meeting.ts";
import { compete, type Heat } from "./compete.ts";
import type { Row, Verdict } from "./report.ts";

/*
 * What finding all clashes costs when a programme grows: from 20 items and 40 people to 200 and 400. First as the grid
 * does it at each step of a drag, of facts that are at hand, then as the list of clashes does it, from the database. Ten
 * times the items may take ten times as long, and no more: work that compares each item with each, or asks each person
 * about each item, would take a hundred times.
 */

const SMALL = { items: 20, people: 40 };
const LARGE = { items: 200, people: 400 };
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** What a wait of a person is: at each step of a drag. Milliseconds. */
const FRAME = 16;

type Size = typeof SMALL;

/** A programme of four days: plenaries in the morning, and beside each other in the afternoon working groups and visits. */
function programme(
  { items, people }: Size,
  meeting: Pick<Meeting, "startsOn" | "delegationIds" | "sideIds"> & { ids: ReadonlyArray<string> },
): ClashFacts {
  const opens = Date.parse(`${meeting.startsOn}T00:00:00+08:00`);
  const venues = [
    { id: "hotel", withinId: null },
    ...Array.from({ length: items }, (_, n) => ({ id: `room ${n}`, withinId: n % 5 === 0 ? null : "hotel" })),
  ];
  const plenaries = Math.min(8, items);
  const list = Array.from({ length: items }, (_, n): ClashItem => {
    const plenary = n < plenaries;
    // Twelve slots after lunch; whoever speaks in one speaks in no other item of that slot.
    const slot = n % 12;
    const hour = plenary ? 9 + Math.floor(n / 4) * 1.5 : 13 + Math.floor(slot / 4) * 1.5;
    const start = opens + (n % 4) * DAY + hour * 60 * MINUTE;
    return {
      id: `item ${n}`,
      kind: !plenary && n % 5 === 0 ? "site_visit" : "session",
      startsAt: start,
      endsAt: start + 60 * MINUTE,
      audience: plenary ? "all" : n % 5 === 0 ? "visit" : "listed",
      delegationIds: [],
      venueId: plenary ? "hotel" : `room ${n}`,
      fromVenueId: "hotel",
      interpretation: "simultaneous",
      languagePair: "en_zh",
      visit: !plenary && n % 5 === 0 ? { id: `visit ${n}`, meetAt: start - 30 * MINUTE } : null,
      functions: Array.from({ length: 4 }, (_, f) => ({
        invitationId: meeting.ids[(Math.floor(n / 12) * 4 + f + slot * 37) % people] ?? "",
        function: f === 0 ? "interpreter" : "presenter",
      })),
      interpreters: 1,
    };
  });
  const visits = list.flatMap(({ visit }) => (visit === null ? [] : [visit.id]));
  return {
    items: list,
    people: meeting.ids.map(
      (invitationId, n): ClashPerson => ({
        invitationId,
        delegationId: meeting.delegationIds[n % 2 === 0 ? 0 : 1],
        sideId: meeting.sideIds[n % 2 === 0 ? 0 : 1],
        visitIds: [visits[n % visits.length] ?? ""],
        arrivesAt: opens - DAY,
        leavesAt: opens + 5 * DAY,
      }),
    ),
    delegationIds: [...meeting.delegationIds],
    venues,
    ways: venues.slice(1).map(({ id }) => ({ oneId: "hotel", otherId: id, minutes: 25 })),
    days: [0, 1, 2, 3].map((n) => new Date(opens + n * DAY + DAY / 2).toISOString().slice(0, 10)),
    timeZone: "Asia/Shanghai",
  };
}

/** The same programme in a database, and somebody who leads both of its sides. */
function desk(size: Size): { ctx: StaffContext; facts: ClashFacts } {
  const base = testContext();
  const meeting = writeMeeting(base.db.orm, testKeys, {
    slug: `agenda-${size.items}`,
    people: size.people,
    seats: [],
    now: base.clock.now(),
  });
  const { orm } = base.db;
  const ids = meeting.invitees.map(({ invitationId }) => invitationId);
  const facts = programme(size, { ...meeting, ids });
  const { editionId } = meeting;
  orm.transaction((tx) => {
    tx.delete(schema.agendaItem).run();
    for (const { id, withinId } of facts.venues)
      tx.insert(schema.venue).values({ id, editionId, nameEn: id, nameZh: "", withinId, updatedAt: 1 }).run();
    for (const { visit, functions, delegationIds: _, interpreters: __, ...item } of facts.items) {
      tx.insert(schema.agendaItem)
        .values({ ...item, editionId, titleEn: item.id, titleZh: item.id, updatedAt: 1 })
        .run();
      for (const [position, entry] of functions.entries())
        tx.insert(schema.agendaFunction)
          .values({ ...entry, itemId: item.id, position })
          .onConflictDoNothing()
          .run();
      if (visit !== null)
        tx.insert(schema.siteVisit)
          .values({ ...visit, editionId, itemId: item.id, hostEn: "Court", hostZh: "法院", capacity: 500 })
          .run();
    }
    for (const [n, { invitationId, delegationId, visitIds }] of facts.people.entries())
      for (const visitId of visitIds)
        tx.insert(schema.visitPlace)
          .values({
            id: newId(),
            visitId,
            invitationId,
            delegationId,
            state: "granted",
            queueNumber: n + 1,
            askedAt: 1,
          })
          .run();
  });
  const scope = { editionId, sideIds: meeting.sideIds, permissions: ["lead" as const], bookSideIds: [] };
  return { ctx: { ...base, actor: { kind: "staff", id: "bench" }, scope }, facts };
}

export async function measureAgenda({
  rounds,
  milliseconds,
  say,
}: {
  rounds: number;
  milliseconds: number;
  say: (text: string) => void;
}): Promise<{ rows: Array<Row>; verdicts: Array<Verdict> }> {
  say("Clashes …");
  const worlds = [SMALL, LARGE].map((size) => ({ size, ...desk(size) }));
  const heat = (name: string, size: Size, work: () => ReadonlyArray<unknown>): Heat => ({
    name: `${name}, ${size.items} items, ${size.people} people, clashes ${work().length}`,
    unit: "answers/s",
    async turn() {
      const began = performance.now();
      let done = 0;
      while (performance.now() - began < milliseconds) {
        work();
        done += 1;
      }
      return { value: (done / (performance.now() - began)) * 1_000 };
    },
  });
  const rows: Array<Row> = [];
  const verdicts: Array<Verdict> = [];
  for (const [name, of] of [
    ["clashes: of facts at hand", ({ facts }) => findClashes(facts)],
    ["clashes: from the database", ({ ctx }) => clashPage(ctx).clashes],
  ] satisfies ReadonlyArray<[string, (world: (typeof worlds)[number]) => ReadonlyArray<unknown>]>) {
    const [few, many] = [
      ...(
        await compete(
          worlds.map((world) => heat(name, world.size, () => of(world))),
          rounds,
        )
      ).values(),
    ];
    if (few === undefined || many === undefined) throw new Error("Nothing was measured");
    rows.push(few, many);
    verdicts.push({
      name: `${name}, ten times the items and the people`,
      value: few.rounds.median / many.rounds.median,
      must: 12,
      aim: 10,
      more: false,
      unit: "times",
    });
    if (name === "clashes: of facts at hand")
      verdicts.push({
        name: `${name}, ${LARGE.items} items: seconds at each step of a drag`,
        value: 1 / many.rounds.median,
        must: (2 * FRAME) / 1_000,
        aim: FRAME / 1_000,
        more: false,
        unit: "s",
      });
  }
  for (const { ctx } of worlds) ctx.db.close();
  return { rows, verdicts };
}
