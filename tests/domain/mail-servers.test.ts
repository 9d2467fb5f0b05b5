import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import { CONNECTIONS, smtpRoute, smtpTransport, type Transport } from "#app/platform/mailer.server.ts";
import { delivery, mailPace } from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { findExim, startExim } from "../support/exim.ts";
import { queueAgendaMails, writeMeeting } from "../support/meeting.ts";
import { messageIdOf, startSmtpServer } from "../support/smtp.ts";

const endings: Array<() => Promise<unknown> | unknown> = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function queued(addresses: ReadonlyArray<string>) {
  const ctx = testContext();
  const meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "b",
    people: addresses.length,
    seats: [],
    now: ctx.clock.now(),
  });
  await queueAgendaMails(ctx, meeting.invitees);
  const ids = ctx.db.orm.select({ id: delivery.id }).from(delivery).all();
  const set = ctx.db.sqlite.prepare("update delivery set to_address = ? where id = ?");
  for (const [n, address] of addresses.entries()) set.run(address, ids[n]?.id);
  return ctx;
}

function worker(ctx: ReturnType<typeof testContext>, transport: Transport) {
  const made = createMailWorker({
    ...ctx,
    mailFrom: { name: "Secretariat 秘书处", address: "secretariat@dialogue.example" },
    bounceAddress: "bounces@dialogue.example",
    transport,
    log: createLog("silent"),
  });
  endings.push(() => made.stop());
  return made;
}

const byAddress = (ctx: ReturnType<typeof testContext>) =>
  Object.fromEntries(
    ctx.db.orm
      .select({ to: delivery.toAddress, state: delivery.state })
      .from(delivery)
      .all()
      .map(({ to, state }) => [to, state]),
  );

/** Lets time pass until nothing waits any more. */
async function untilSettled(
  ctx: ReturnType<typeof testContext>,
  mails: { drain(): Promise<void> },
): Promise<void> {
  for (let rounds = 0; rounds < 200; rounds++) {
    await mails.drain();
    const next = ctx.db.sqlite
      .prepare<[], number | null>("select min(due_at) from delivery where state in ('queued', 'deferred')")
      .pluck()
      .get();
    if (next === null || next === undefined) return;
    ctx.clock.set(Math.max(next, ctx.clock.now() + 1));
  }
  throw new Error("Mails go on waiting");
}

/** `npm run rehearsal` has servers take the time that real ones take; the tests do not. */
const REHEARSAL = process.env.REHEARSAL !== undefined;

describe("a server that misbehaves", () => {
  test.runIf(REHEARSAL)(
    "one that takes thirty seconds to answer, with the patience that mails really have",
    { timeout: 300_000 },
    async () => {
      const addresses = [...Array.from({ length: 3 }, (_, n) => `slow.${n}@x.example`), "code@x.example"];
      const ctx = await queued(addresses);
      ctx.db.sqlite.exec("update delivery set lane = 0 where to_address = 'code@x.example'");
      const began = Date.now();
      const taken: Array<readonly [string, number]> = [];
      const server = await startSmtpServer(async ({ to: [to = ""] }) => {
        if (to !== "code@x.example") await new Promise((resolve) => setTimeout(resolve, 30_000));
        taken.push([to, Math.round((Date.now() - began) / 1_000)]);
        return null;
      });
      endings.push(server.stop);
      await worker(ctx, smtpTransport({ routes: [smtpRoute(server.url)], dkim: null })).drain();
      console.table(taken.map(([to, seconds]) => ({ to, seconds })));
      expect(taken[0]?.[0]).toBe("code@x.example");
      expect(Object.values(byAddress(ctx))).toEqual(addresses.map(() => "accepted"));
      expect([...server.attempts.values()]).toEqual([1, 1, 1, 1]);
    },
  );

  test("every mail ends in its right state, none is lost, none is there twice", async () => {
    const names = ["fine", "busy", "often", "dropped", "unknown", "content"];
    const addresses = names.flatMap((name) => Array.from({ length: 6 }, (_, n) => `${name}.${n}@x.example`));
    const ctx = await queued(addresses);
    const began = ctx.clock.now();
    const server = await startSmtpServer(async ({ to: [to = ""] }, attempt) => {
      const [kind] = to.split(".");
      if (kind === "busy" && ctx.clock.now() < began + 120_000)
        return { code: 451, text: "DT:SPM try later" };
      if (kind === "often" && attempt === 1) return { code: 550, text: "Connection frequency limited" };
      if (kind === "dropped" && attempt === 1) return "drop";
      if (kind === "unknown") return { code: 550, text: "5.1.1 User unknown" };
      if (kind === "content") return { code: 554, text: "DT:SPM" };
      return null;
    });
    endings.push(server.stop);
    const mails = worker(ctx, smtpTransport({ routes: [smtpRoute(server.url)], dkim: null }));
    await untilSettled(ctx, mails);
    const states = byAddress(ctx);
    for (const address of addresses) {
      const refused = /^(?:unknown|content)/.test(address);
      expect([address, states[address]]).toEqual([address, refused ? "failed" : "accepted"]);
    }
    const taken = server.accepted.map(({ source }) => messageIdOf(source));
    expect(taken).toHaveLength(24);
    expect(new Set(taken).size).toBe(24);
  });

  test("one that takes its time to answer is waited for, each mail goes once, and a code for signing in overtakes them all", async () => {
    const addresses = [...Array.from({ length: 12 }, (_, n) => `slow.${n}@x.example`), "code@x.example"];
    const ctx = await queued(addresses);
    ctx.db.sqlite.exec("update delivery set lane = 0 where to_address = 'code@x.example'");
    // The first mail's answer is held back until the code has been taken: behind it the code would wait for ever.
    let codeTaken: () => void = () => undefined;
    const afterCode = new Promise<void>((resolve) => {
      codeTaken = resolve;
    });
    const order: Array<string> = [];
    const server = await startSmtpServer(async ({ to: [to = ""] }) => {
      if (to === "code@x.example") codeTaken();
      else if (order.length === 0 || !order.includes("code@x.example")) await afterCode;
      order.push(to);
      return null;
    });
    endings.push(server.stop);
    await worker(ctx, smtpTransport({ routes: [smtpRoute(server.url)], dkim: null })).drain();
    expect(order).toHaveLength(13);
    expect(order[0]).toBe("code@x.example");
    expect(Object.values(byAddress(ctx))).toEqual(addresses.map(() => "accepted"));
    expect([...server.attempts.values()].every((times) => times === 1)).toBe(true);
  });

  test("one that takes thirty seconds for each mail is offered no mail before it has answered the last", async () => {
    const addresses = Array.from({ length: 12 }, (_, n) => `slow.${n}@x.example`);
    const ctx = await queued(addresses);
    const begun: Array<number> = [];
    let answered = 0;
    const server = await startSmtpServer(
      () => {
        ctx.clock.advance(30_000);
        answered += 1;
        return null;
      },
      { onMail: () => begun.push(answered) },
    );
    endings.push(server.stop);
    await worker(ctx, smtpTransport({ routes: [smtpRoute(server.url)], dkim: null })).drain();
    expect(Object.values(byAddress(ctx))).toEqual(addresses.map(() => "accepted"));
    expect([...server.attempts.values()]).toEqual(addresses.map(() => 1));
    // Those that were on their way when it became slow are let through; all others begin after the one before.
    const early = begun.filter((after, n) => after < n);
    expect(early.length).toBeLessThanOrEqual(2 * CONNECTIONS);
    expect(begun.slice(-2)).toEqual([10, 11]);
  });

  test("one that never answers is given up on; what it may have taken is not tried by another route, but again later", async () => {
    const ctx = await queued(["silent@x.example"]);
    const other = await startSmtpServer();
    endings.push(other.stop);
    let answers = false;
    const server = await startSmtpServer(() => (answers ? null : new Promise(() => undefined)));
    endings.push(server.stop);
    const mails = worker(
      ctx,
      smtpTransport({
        routes: [server.url, other.url].map(smtpRoute),
        dkim: null,
        now: ctx.clock.now,
        patience: { connection: 5_000, greeting: 5_000, answer: 1_000 },
      }),
    );
    await mails.drain();
    expect(byAddress(ctx)).toEqual({ "silent@x.example": "deferred" });
    answers = true;
    await untilSettled(ctx, mails);
    expect(byAddress(ctx)).toEqual({ "silent@x.example": "accepted" });
    // With the same Message-ID, so that a server that did take the first copy can tell.
    expect([[...server.attempts.values()], other.accepted]).toEqual([[2], []]);
  });

  test("one that is silent before it greets holds nothing up where there is another route", async () => {
    const ctx = await queued(["a@x.example", "b@x.example"]);
    const other = await startSmtpServer();
    endings.push(other.stop);
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const held = new Set<Socket>();
    silent.on("connection", (socket) => held.add(socket));
    endings.push(() => {
      for (const socket of held) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const transport = smtpTransport({
      routes: [`smtp://127.0.0.1:${port}`, other.url].map(smtpRoute),
      dkim: null,
      now: ctx.clock.now,
      patience: { connection: 5_000, greeting: 1_500, answer: 5_000 },
    });
    await worker(ctx, transport).drain();
    expect(Object.values(byAddress(ctx))).toEqual(["accepted", "accepted"]);
    expect(other.accepted).toHaveLength(2);
  });

  test("one that takes no safe connection gets nothing where one is required", async () => {
    const ctx = await queued(["a@x.example"]);
    const server = await startSmtpServer();
    endings.push(server.stop);
    const route = smtpRoute(`${server.url}?tls=required`);
    await worker(ctx, smtpTransport({ routes: [route], dkim: null })).drain();
    expect(server.accepted).toEqual([]);
    expect(byAddress(ctx)).toEqual({ "a@x.example": "deferred" });
  });

  test("another route takes over at once when the first cannot be reached, and nothing goes twice", async () => {
    const addresses = Array.from({ length: 20 }, (_, n) => `p${n}@x.example`);
    const ctx = await queued(addresses);
    const server = await startSmtpServer();
    endings.push(server.stop);
    const routes = ["smtp://127.0.0.1:9", server.url].map(smtpRoute);
    await worker(ctx, smtpTransport({ routes, dkim: null, now: ctx.clock.now })).drain();
    expect(Object.values(byAddress(ctx))).toEqual(addresses.map(() => "accepted"));
    expect(server.accepted).toHaveLength(20);
  });

  test("a domain that takes only so many gets them one by one; a code for signing in does not wait", async () => {
    const addresses = [
      ...Array.from({ length: 5 }, (_, n) => `p${n}@qq.com`),
      "code@qq.com",
      "free@x.example",
    ];
    const ctx = await queued(addresses);
    ctx.db.sqlite.exec("update delivery set lane = 0 where to_address = 'code@qq.com'");
    const server = await startSmtpServer();
    endings.push(server.stop);
    const mails = worker(ctx, smtpTransport({ routes: [smtpRoute(server.url)], dkim: null }));
    await mails.drain();
    expect(server.accepted.map(({ to: [to] }) => to).toSorted()).toEqual(["code@qq.com", "free@x.example"]);
    const began = ctx.clock.now();
    await untilSettled(ctx, mails);
    expect(server.accepted).toHaveLength(7);
    expect(ctx.clock.now() - began).toBeGreaterThanOrEqual(5 * 20_000);
    expect(ctx.db.orm.select().from(mailPace).all()).toHaveLength(1);
  });
});

const exim = findExim();

describe("Debian's Exim", () => {
  test.skipIf(exim === null)(
    "takes each mail once, and what it says of the others is understood",
    async () => {
      const server = await startExim(exim ?? "");
      endings.push(server.stop);
      const fine = Array.from({ length: 60 }, (_, n) => `p${n}@dest.example`);
      const ctx = await queued([...fine, "nobody@dest.example", "later@dest.example"]);
      await worker(ctx, smtpTransport({ routes: [smtpRoute(server.url)], dkim: null })).drain();
      const states = byAddress(ctx);
      expect(fine.filter((address) => states[address] !== "accepted")).toEqual([]);
      expect([states["nobody@dest.example"], states["later@dest.example"]]).toEqual(["failed", "deferred"]);
      const spooled = server.spooled();
      expect(spooled.map(({ to }) => to).toSorted()).toEqual(fine.toSorted());
      expect(new Set(spooled.map(({ messageId }) => messageId)).size).toBe(60);
      expect(new Set(spooled.map(({ from }) => from)).size).toBe(60);
    },
  );
});
