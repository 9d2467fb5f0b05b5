import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import SQLite from "better-sqlite3";
import { simpleParser } from "mailparser";
import { afterEach, expect, test } from "vitest";
import { LEASE } from "#app/domain/mail/rules.ts";
import { paths } from "#app/paths.ts";
import {
  type Invitee,
  type Meeting,
  queueAgendaMails,
  queueInvitationMails,
  submission,
  writeMeeting,
} from "../support/meeting.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { messageIdOf, startSmtpServer } from "../support/smtp.ts";

const endings: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** The built server with meetings in its database, sending to a real mail server. */
async function serve(plans: ReadonlyArray<{ people: number; seats: ReadonlyArray<Seats> }>, mails = 0) {
  const smtp = await startSmtpServer();
  endings.push(smtp.stop);
  const server = await startTestServer({
    env: { SMTP_URL: smtp.url, LOG_LEVEL: "error" },
    seed: async (ctx) => {
      const now = ctx.clock.now();
      const meetings = plans.map((plan, n) =>
        writeMeeting(ctx.db.orm, ctx.keys, { ...plan, slug: `meeting-${n + 1}`, now }),
      );
      const invitees = meetings.flatMap((meeting) => meeting.invitees);
      await queueAgendaMails(ctx, invitees.slice(0, mails));
      await queueInvitationMails(ctx, invitees.slice(0, Math.min(mails, 5)));
      return meetings;
    },
  });
  endings.push(server.stop);
  return { server, smtp, meetings: server.seeded };
}

type Seats = { capacity: number; quota: number | null };

/** Posts a complete registration and gives the answer's status. */
async function register(
  server: TestServer<unknown>,
  meeting: Meeting,
  invitee: Invitee,
  visitIds: ReadonlyArray<string>,
): Promise<number> {
  const response = await fetch(server.url + paths.registration(invitee.token), {
    method: "POST",
    redirect: "manual",
    headers: {
      Origin: server.url,
      Cookie: invitee.cookie,
      "Content-Type": "application/x-www-form-urlencoded",
    },
    body: submission(meeting, invitee, visitIds),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Looks into the server's database file. */
function inspect<T>(server: TestServer<unknown>, look: (database: SQLite.Database) => T): T {
  const database = new SQLite(server.databaseFile, { readonly: true });
  try {
    return look(database);
  } finally {
    database.close();
  }
}

function numbers(database: SQLite.Database, sql: string): Array<number> {
  return database.prepare<[], number>(sql).pluck().all();
}

/** Waits until every delivery has been accepted by the mail server. */
async function untilSent(server: TestServer<unknown>): Promise<void> {
  const limit = Date.now() + 60_000;
  while (
    inspect(server, (db) => numbers(db, "select 1 from delivery where state <> 'accepted' limit 1")).length
  ) {
    if (Date.now() > limit) throw new Error("Mails are left in the outbox");
    await delay(50);
  }
}

const KILLS = 20;
const PEOPLE = 80;

test("twenty kills lose no acknowledged registration, no seat and no mail, and no mail goes twice but the one in hand", {
  timeout: 240_000,
}, async () => {
  const seats = [
    { capacity: 24, quota: 16 },
    { capacity: PEOPLE, quota: null },
  ];
  const plans = Array.from({ length: KILLS }, () => ({ people: PEOPLE, seats }));
  const { server, smtp, meetings } = await serve(plans, PEOPLE);
  const acknowledged = new Set<string>();
  /** For each mail, at how many kills a worker had it. */
  const inHand = new Map<string, number>();

  for (const meeting of meetings) {
    const answered = await registerUntilKilled(server, meeting);
    for (const invitationId of answered) acknowledged.add(invitationId);
    for (const id of deliveriesInHand(server)) inHand.set(id, (inHand.get(id) ?? 0) + 1);
    dropLeases(server);
    await server.restart();
  }
  await untilSent(server);
  expect(await server.terminate()).toBe(0);

  inspect(server, (database) => {
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(database.pragma("foreign_key_check")).toEqual([]);
    const registered = new Set(
      database
        .prepare<[], string>("select invitation_id from registration where state = 'submitted'")
        .pluck()
        .all(),
    );
    expect([...acknowledged].filter((id) => !registered.has(id))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(0);
    // What belongs to a registration is there with it, once.
    for (const belonging of [
      "select count(*) from delivery where kind = 'confirmation'",
      "select count(*) from invitation_event where kind = 'registered'",
      "select count(*) from audit_event where action = 'registration.submit'",
      `select count(*) from registration_section where section = 'visits' and state = 'submitted'`,
    ])
      expect([belonging, ...numbers(database, belonging)]).toEqual([belonging, registered.size]);
    for (const meeting of meetings) expectTrueSeats(database, meeting, seats);

    const deliveries = database
      .prepare<[], { id: string; header: string }>("select id, message_id_header as header from delivery")
      .all();
    const sent = deliveries.map(({ id, header }) => ({ id, times: smtp.attempts.get(header) ?? 0 }));
    expect(sent.filter(({ times }) => times === 0)).toEqual([]);
    expect(sent.filter(({ id, times }) => times > 1 + (inHand.get(id) ?? 0))).toEqual([]);
    // Of all that a worker had claimed, one at a time can have reached the other server.
    expect(sent.reduce((twice, { times }) => twice + times - 1, 0)).toBeLessThanOrEqual(KILLS);
  });
});

/** Sends everybody's registration at a time when the server is killed; returns those who were told that it is stored. */
async function registerUntilKilled(server: TestServer<unknown>, meeting: Meeting): Promise<Array<string>> {
  const answered: Array<string> = [];
  const killAfter = Math.floor(Math.random() * PEOPLE);
  const queue = meeting.invitees.values();
  let kill: Promise<void> | null = null;
  const worker = async () => {
    for (const invitee of queue) {
      const status = await register(server, meeting, invitee, meeting.visitIds).catch(() => null);
      if (status === null) return;
      expect(status).toBe(303);
      answered.push(invitee.invitationId);
      // Some moment within the next few answers.
      if (answered.length >= killAfter) kill ??= delay(Math.random() * 40).then(server.kill);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  await (kill ?? server.kill());
  return answered;
}

function deliveriesInHand(server: TestServer<unknown>): Array<string> {
  return inspect(server, (database) =>
    database.prepare<[], string>("select id from delivery where state = 'sending'").pluck().all(),
  );
}

/** As if the time that the dead worker may hold its mails had passed. */
function dropLeases(server: TestServer<unknown>): void {
  const database = new SQLite(server.databaseFile);
  database.prepare("update delivery set leased_until = leased_until - ? where state = 'sending'").run(LEASE);
  database.close();
}

/** No limit is passed, nobody waits for a seat that is free, and everybody who asked is in one place of the queue. */
function expectTrueSeats(database: SQLite.Database, meeting: Meeting, seats: ReadonlyArray<Seats>): void {
  for (const [n, visitId] of meeting.visitIds.entries()) {
    const limit = seats[n];
    if (limit === undefined) continue;
    const asked = meeting.delegationIds.map((delegationId) => {
      const rows = database
        .prepare<[string, string], { state: string; people: number }>(
          "select state, count(*) as people from visit_place where visit_id = ? and delegation_id = ? group by state",
        )
        .all(visitId, delegationId);
      const of = (state: string) => rows.find((row) => row.state === state)?.people ?? 0;
      return { granted: of("granted"), waiting: of("waiting") };
    });
    const granted = asked.reduce((sum, { granted }) => sum + granted, 0);
    expect(granted).toBeLessThanOrEqual(limit.capacity);
    for (const own of asked) {
      expect(own.granted).toBeLessThanOrEqual(limit.quota ?? limit.capacity);
      if (own.waiting > 0) expect(granted === limit.capacity || own.granted === limit.quota).toBe(true);
    }
    const people = meeting.invitees.map(({ invitationId }) => invitationId);
    const submitted = database
      .prepare<[string], number>(
        "select count(*) from registration where state = 'submitted' and invitation_id in (select value from json_each(?))",
      )
      .pluck()
      .all(JSON.stringify(people));
    expect(asked.reduce((sum, { granted, waiting }) => sum + granted + waiting, 0)).toBe(submitted[0]);
  }
}

test("fifty submits at once for the last seat: one gets it, forty-nine wait in a definite order", {
  timeout: 60_000,
}, async () => {
  const { server, smtp, meetings } = await serve([{ people: 51, seats: [{ capacity: 2, quota: null }] }]);
  const [meeting] = meetings;
  const [early, ...others] = meeting?.invitees ?? [];
  if (meeting === undefined || early === undefined) throw new Error("Nobody was invited");
  expect(await register(server, meeting, early, meeting.visitIds)).toBe(303);

  const statuses = await Promise.all(
    others.map((invitee) => register(server, meeting, invitee, meeting.visitIds)),
  );
  expect(statuses).toEqual(others.map(() => 303));

  inspect(server, (database) => {
    const places = database
      .prepare<[], { id: string; state: string; queueNumber: number }>(
        "select invitation_id as id, state, queue_number as queueNumber from visit_place order by queue_number",
      )
      .all();
    expect(places.map(({ queueNumber }) => queueNumber)).toEqual(places.map((_, index) => index + 1));
    expect(places.map(({ id }) => id).toSorted()).toEqual(
      meeting.invitees.map(({ invitationId }) => invitationId).toSorted(),
    );
    expect(places.map(({ state }) => state)).toEqual([
      "granted",
      "granted",
      ...Array.from({ length: 49 }, () => "waiting"),
    ]);
    expect(numbers(database, "select count(*) from registration where state = 'submitted'")).toEqual([51]);
  });

  // Everybody is told, and no two are told the same position.
  await untilSent(server);
  const positions = inspect(server, (database) =>
    numbers(
      database,
      "select json_extract(payload, '$.visits[0].position') from delivery where json_extract(payload, '$.visits[0].state') = 'waiting'",
    ),
  );
  expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 49 }, (_, index) => index + 1));
  expect(new Set(smtp.accepted.map(({ source }) => messageIdOf(source))).size).toBe(51);
});

test("opening every link of every mail twice, with GET and HEAD, changes nothing in the database", {
  timeout: 60_000,
}, async () => {
  const { server, smtp, meetings } = await serve(
    [
      {
        people: 6,
        seats: [
          { capacity: 1, quota: null },
          { capacity: 6, quota: null },
        ],
      },
    ],
    6,
  );
  const [meeting] = meetings;
  const [first, second, ...others] = meeting?.invitees ?? [];
  if (meeting === undefined || first === undefined || second === undefined)
    throw new Error("Nobody was invited");
  // Registered, waiting and promoted people, and some who have not answered the form at all.
  expect(await register(server, meeting, first, meeting.visitIds)).toBe(303);
  expect(await register(server, meeting, second, meeting.visitIds)).toBe(303);
  expect(await register(server, meeting, first, meeting.visitIds.slice(1))).toBe(303);
  expect(others.length).toBeGreaterThan(0);
  await untilSent(server);

  const links = new Set<string>();
  for (const { source } of smtp.accepted) {
    const mail = await simpleParser(source);
    const html = mail.html || "";
    for (const [, address = ""] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      if (/^https?:/.test(address)) links.add(address.replaceAll("&amp;", "&"));
    for (const [address] of (mail.text ?? "").matchAll(/https?:\/\/[^\s<>)]+/g)) links.add(address);
  }
  const kinds = inspect(server, (database) =>
    database.prepare<[], string>("select distinct kind from delivery order by kind").pluck().all(),
  );
  expect(kinds).toEqual(["confirmation", "invitation", "message", "visit_place"]);
  expect([...links].filter((link) => new URL(link).origin !== server.url)).toEqual([]);
  expect(links.size).toBeGreaterThanOrEqual(6);

  const before = contentOf(server);
  for (const method of ["GET", "HEAD", "GET", "HEAD"])
    for (const link of links) {
      const response = await fetch(link, { method, headers: { "User-Agent": "Link scanner" } });
      await response.arrayBuffer();
      expect([link, response.status]).toEqual([link, 200]);
    }
  expect(contentOf(server)).toEqual(before);
});

/** A digest of the rows of each table. */
function contentOf(server: TestServer<unknown>): Record<string, string> {
  return inspect(server, (database) => {
    const tables = database
      .prepare<[], string>("select name from sqlite_schema where type = 'table' order by name")
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((table) => {
        const hash = createHash("sha256");
        for (const row of database.prepare(`select * from "${table}"`).raw().iterate())
          hash.update(JSON.stringify(row));
        return [table, hash.digest("hex")];
      }),
    );
  });
}
