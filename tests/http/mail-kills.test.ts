import SQLite from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { mailPage } from "#app/domain/mail/queries.server.ts";
import { LEASE } from "#app/domain/mail/rules.ts";
import { openDatabase } from "#db/client.server.ts";
import { queueAgendaMails, writeMeeting } from "../support/meeting.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { messageIdOf, startSmtpServer } from "../support/smtp.ts";

/** `npm run rehearsal` kills thirty times while two thousand mails go; the tests a few times. */
const IS_REHEARSAL = process.env.REHEARSAL !== undefined;
const KILLS = IS_REHEARSAL ? 30 : 3;
const MAILS = IS_REHEARSAL ? 2_000 : 60;

const endings: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

test(`${KILLS} kills while ${MAILS} mails go: everybody has theirs, none twice but the one in hand, and the screen is right throughout`, {
  timeout: IS_REHEARSAL ? 1_200_000 : 120_000,
}, async () => {
  let server: TestServer<Awaited<ReturnType<typeof seeded>>> | null = null;
  let accepted = 0;
  let killAt = Number.POSITIVE_INFINITY;
  let killed: () => void = () => undefined;
  // The server dies in the worst moments: with a mail taken and its answer not yet given, and with the answer just given.
  const smtp = await startSmtpServer(async () => {
    accepted += 1;
    if (accepted !== killAt || server === null) return null;
    const dead = server.kill().then(killed);
    if (killAt % 2 === 0) await dead;
    return null;
  });
  endings.push(smtp.stop);
  server = await startTestServer({ env: { SMTP_URL: smtp.url, LOG_LEVEL: "error" }, seed: seeded });
  endings.push(server.stop);
  const { deliveries, scope } = server.seeded;

  const doubts: Array<{ kill: number; taken: number; onScreen: number; inHand: number; unrecorded: number }> =
    [];
  const inHand = new Map<string, number>();

  /** What the mail page says, beside what the other server has taken. */
  const db = openDatabase(server.databaseFile);
  endings.push(async () => db.close());
  function look() {
    const before = new Set(smtp.accepted.map(({ source }) => messageIdOf(source)));
    // Both of the same moment.
    db.sqlite.exec("begin");
    const { others } = mailPage({ db, scope });
    const rows = db.sqlite
      .prepare<[], { header: string; state: string }>(
        "select message_id_header as header, state from delivery",
      )
      .all();
    db.sqlite.exec("commit");
    const after = new Set(smtp.accepted.map(({ source }) => messageIdOf(source)));
    const counts = others.find(({ kind }) => kind === "message")?.counts;
    const all = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
    expect([all, counts?.failed, counts?.cancelled]).toEqual([MAILS, 0, 0]);
    const onScreen = rows.filter(({ state }) => state === "accepted").map(({ header }) => header);
    expect(onScreen.length).toBe(counts?.accepted);
    // It never says of a mail that it was taken when it was not.
    expect(onScreen.filter((header) => !after.has(header))).toEqual([]);
    const said = new Set(onScreen);
    return {
      taken: before.size,
      onScreen: onScreen.length,
      unrecorded: [...before].filter((header) => !said.has(header)).length,
    };
  }

  for (let kill = 1; kill <= KILLS; kill++) {
    const isDead = new Promise<void>((resolve) => {
      killed = resolve;
    });
    killAt = accepted + Math.max(2, Math.floor((MAILS - accepted) / (KILLS - kill + 2)));
    if (kill > 1) await server.restart();
    let isOver = false;
    isDead.then(() => {
      isOver = true;
    });
    while (!isOver) {
      // Since the last kill one mail may wait for its second try, and one is in hand.
      expect(look().unrecorded).toBeLessThanOrEqual(2);
      await Promise.race([isDead, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    const sending = idsInHand(server.databaseFile);
    for (const id of sending) inHand.set(id, (inHand.get(id) ?? 0) + 1);
    const seen = look();
    doubts.push({ kill, ...seen, inHand: sending.length });
    expect(seen.unrecorded).toBeLessThanOrEqual(1);
    dropLeases(server.databaseFile);
  }
  killAt = Number.POSITIVE_INFINITY;
  await server.restart();
  while (look().onScreen < MAILS) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await server.terminate()).toBe(0);

  const times = deliveries.map(({ id, header }) => ({ id, times: smtp.attempts.get(header) ?? 0 }));
  const doubled = times.filter((one) => one.times > 1);
  if (IS_REHEARSAL) {
    console.table(doubts);
    console.table([
      {
        mails: MAILS,
        kills: KILLS,
        lost: times.filter((one) => one.times === 0).length,
        doubled: doubled.length,
      },
    ]);
  }
  expect(times.filter((one) => one.times === 0)).toEqual([]);
  expect(doubled.filter((one) => one.times > 1 + (inHand.get(one.id) ?? 0))).toEqual([]);
  expect(times.reduce((sum, one) => sum + one.times - 1, 0)).toBeLessThanOrEqual(KILLS);
});

async function seeded(ctx: Parameters<typeof queueAgendaMails>[0]) {
  const meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "evening",
    people: MAILS,
    seats: [],
    now: ctx.clock.now(),
  });
  await queueAgendaMails(ctx, meeting.invitees);
  return {
    deliveries: ctx.db.sqlite
      .prepare<[], { id: string; header: string }>("select id, message_id_header as header from delivery")
      .all(),
    scope: {
      editionId: meeting.editionId,
      sideIds: [...meeting.sideIds],
      permissions: ["mail" as const],
      bookSideIds: [],
    },
  };
}

function idsInHand(file: string): Array<string> {
  const database = new SQLite(file, { readonly: true });
  const ids = database.prepare<[], string>("select id from delivery where state = 'sending'").pluck().all();
  database.close();
  return ids;
}

/** As if the time that the dead worker may hold its mails had passed. */
function dropLeases(file: string): void {
  const database = new SQLite(file);
  database.prepare("update delivery set leased_until = leased_until - ? where state = 'sending'").run(LEASE);
  database.close();
}
