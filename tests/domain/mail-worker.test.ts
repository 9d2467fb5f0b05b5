import { createVerify, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { simpleParser } from "mailparser";
import { afterEach, describe, expect, test } from "vitest";
import { mailboxTransport } from "#app/domain/mail/mailbox.server.ts";
import { LEASE } from "#app/domain/mail/rules.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import { readDkimKey, smtpRoute, smtpTransport, type Transport } from "#app/platform/mailer.server.ts";
import { delivery, deliveryTry, invitation, mailboxMail } from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { queueAgendaMails, writeMeeting } from "../support/meeting.ts";
import { messageIdOf, startSmtpServer, type Verdict } from "../support/smtp.ts";

const folder = mkdtempSync(join(tmpdir(), "secretariat-mail-"));
const cleanUps: Array<() => Promise<unknown> | unknown> = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function queued(people: number) {
  const ctx = testContext();
  const meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "beijing",
    people,
    seats: [{ capacity: 10, quota: null }],
    now: ctx.clock.now(),
  });
  await queueAgendaMails(ctx, meeting.invitees);
  return { ctx, meeting };
}

function worker(ctx: ReturnType<typeof testContext>, transport: Transport) {
  const made = createMailWorker({
    ...ctx,
    mailFrom: { name: "Secretariat 秘书处", address: "secretariat@dialogue.example" },
    transport,
    log: createLog("silent"),
  });
  cleanUps.push(() => made.stop());
  return made;
}

async function smtp(judge?: Parameters<typeof startSmtpServer>[0]) {
  const server = await startSmtpServer(judge);
  cleanUps.push(() => server.stop());
  return { server, transport: smtpTransport({ routes: [smtpRoute(server.url)], dkim: null }) };
}

function states(ctx: ReturnType<typeof testContext>) {
  return ctx.db.orm
    .select({
      state: delivery.state,
      tries: delivery.tries,
      dueAt: delivery.dueAt,
      finishedAt: delivery.finishedAt,
    })
    .from(delivery)
    .all();
}

describe("a mail that is due", () => {
  test("goes to its one recipient, from us, with a stable Message-ID, and is on record as accepted", async () => {
    const { ctx, meeting } = await queued(1);
    const { server, transport } = await smtp();
    await worker(ctx, transport).drain();
    expect(server.accepted).toHaveLength(1);
    const [mail] = server.accepted;
    expect(mail?.from).toBe("secretariat@dialogue.example");
    expect(mail?.to).toEqual([meeting.invitees[0]?.email]);
    const parsed = await simpleParser(mail?.source ?? "");
    const row = ctx.db.orm.select().from(delivery).get();
    expect(parsed.messageId).toBe(row?.messageIdHeader);
    expect(parsed.subject).toBe("Your programme in Beijing");
    expect(parsed.from?.text).toBe('"Secretariat 秘书处" <secretariat@dialogue.example>');
    expect(parsed.headers.get("auto-submitted")).toBe("auto-generated");
    expect(parsed.date?.getTime()).toBe(ctx.clock.now());
    expect(parsed.text).toContain(`https://dialogue.example/i/${meeting.invitees[0]?.token}/programme`);
    expect(states(ctx)).toEqual([
      expect.objectContaining({ state: "accepted", tries: 1, finishedAt: ctx.clock.now() }),
    ]);
    expect(ctx.db.orm.select().from(deliveryTry).get()).toMatchObject({ outcome: "accepted", code: 250 });
    expect(ctx.db.orm.select({ payload: delivery.payload }).from(delivery).get()?.payload).not.toContain(
      meeting.invitees[0]?.token,
    );
  });

  test("waits and is tried again after a 451, later each time, and only when it is due", async () => {
    const { ctx } = await queued(1);
    const { server, transport } = await smtp((_mail, attempt) =>
      attempt <= 2 ? { code: 451, text: "DT:SPM keep the queue" } : null,
    );
    const mails = worker(ctx, transport);
    await mails.drain();
    await mails.drain();
    expect([...server.attempts.values()]).toEqual([1]);
    const [first] = states(ctx);
    expect(first).toMatchObject({ state: "deferred", tries: 1, finishedAt: null });
    const firstWait = (first?.dueAt ?? 0) - ctx.clock.now();
    expect(firstWait).toBeGreaterThanOrEqual(120_000);
    ctx.clock.advance(firstWait);
    await mails.drain();
    const [second] = states(ctx);
    expect(second).toMatchObject({ state: "deferred", tries: 2 });
    const secondWait = (second?.dueAt ?? 0) - ctx.clock.now();
    expect(secondWait).toBeGreaterThan(firstWait);
    ctx.clock.advance(secondWait);
    await mails.drain();
    expect(server.accepted).toHaveLength(1);
    expect(states(ctx)).toEqual([expect.objectContaining({ state: "accepted", tries: 3 })]);
  });

  test.each<[string, Verdict, string]>([
    ["a 550 is final", { code: 550, text: "no such mailbox" }, "failed"],
    ["a 554 for its content is final", { code: 554, text: "DT:SPM" }, "failed"],
    ["a 550 that means 'too often' is not", { code: 550, text: "Domain frequency limited" }, "deferred"],
    ["a connection lost after the data is not", "drop", "deferred"],
  ])("%s", async (_name, verdict, state) => {
    const { ctx } = await queued(1);
    const { server, transport } = await smtp(() => verdict);
    await worker(ctx, transport).drain();
    expect(states(ctx)).toEqual([expect.objectContaining({ state, tries: 1 })]);
    expect([...server.attempts.values()]).toEqual([1]);
  });

  test("is deferred when nobody listens, and given up after a day and a half", async () => {
    const { ctx } = await queued(1);
    const { server, transport } = await smtp();
    await server.stop();
    const mails = worker(ctx, transport);
    const begun = ctx.clock.now();
    for (let tries = 0; tries < 50 && states(ctx)[0]?.state !== "failed"; tries++) {
      await mails.drain();
      ctx.clock.set(Math.max(states(ctx)[0]?.dueAt ?? 0, ctx.clock.now()));
    }
    expect(states(ctx)[0]?.state).toBe("failed");
    const hours = (ctx.clock.now() - begun) / 3_600_000;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(48);
  });

  test("does not go when the invitation was withdrawn or its link revoked since", async () => {
    const { ctx, meeting } = await queued(3);
    const [first, second] = meeting.invitees;
    const now = ctx.clock.now();
    ctx.db.orm
      .update(invitation)
      .set({ withdrawnAt: now })
      .where(eq(invitation.id, first?.invitationId ?? ""))
      .run();
    ctx.db.orm
      .update(invitation)
      .set({ tokenRevokedAt: now })
      .where(eq(invitation.id, second?.invitationId ?? ""))
      .run();
    const { server, transport } = await smtp();
    await worker(ctx, transport).drain();
    expect(server.accepted.map((mail) => mail.to[0])).toEqual([meeting.invitees[2]?.email]);
    expect(
      states(ctx)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["accepted", "cancelled", "cancelled"]);
  });

  test("carries the link as it is when it goes, not as it was when it was queued", async () => {
    const { ctx, meeting } = await queued(1);
    ctx.db.orm.update(invitation).set({ tokenGeneration: 2 }).run();
    const { server, transport } = await smtp();
    await worker(ctx, transport).drain();
    const parsed = await simpleParser(server.accepted[0]?.source ?? "");
    const id = meeting.invitees[0]?.invitationId ?? "";
    expect(parsed.text).toContain(`/i/${ctx.keys.linkToken(id, 2)}/`);
    expect(parsed.text).not.toContain(`/i/${ctx.keys.linkToken(id, 1)}/`);
  });
});

describe("many mails", () => {
  test("go once each, and one that fails stops no other", async () => {
    const { ctx } = await queued(60);
    const { server, transport } = await smtp((mail) =>
      mail.to[0]?.startsWith("delegate-7@") ? { code: 550, text: "no such mailbox" } : null,
    );
    await worker(ctx, transport).drain();
    expect(server.accepted).toHaveLength(59);
    expect(new Set(server.accepted.map((mail) => messageIdOf(mail.source))).size).toBe(59);
    expect(states(ctx).filter(({ state }) => state === "failed")).toHaveLength(1);
  });

  test("one that cannot be written fails alone", async () => {
    const { ctx } = await queued(3);
    const broken = ctx.db.orm.select({ id: delivery.id }).from(delivery).limit(1).get();
    ctx.db.orm
      .update(delivery)
      .set({ payload: '{"kind":"message"}' })
      .where(eq(delivery.id, broken?.id ?? ""))
      .run();
    const { server, transport } = await smtp();
    await worker(ctx, transport).drain();
    expect(server.accepted).toHaveLength(2);
    expect(
      states(ctx)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["accepted", "accepted", "failed"]);
  });

  test("are let go one after the other: before the next one leaves, the last one is on record", async () => {
    const { ctx } = await queued(40);
    let taken = 0;
    let most = 0;
    const { transport } = await smtp(async () => {
      taken++;
      await new Promise((resolve) => setTimeout(resolve, 2));
      const recorded = states(ctx).filter(({ state }) => state === "accepted").length;
      most = Math.max(most, taken - recorded);
      return null;
    });
    await worker(ctx, transport).drain();
    expect(taken).toBe(40);
    expect(most).toBe(1);
  });
});

describe("a worker that goes away", () => {
  test("finishes what is in hand at an orderly stop, and puts the rest back", async () => {
    const { ctx } = await queued(30);
    let arrived: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { server, transport } = await smtp(async () => {
      arrived();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return null;
    });
    const mails = worker(ctx, transport);
    mails.start();
    await first;
    await mails.stop();
    const counted = states(ctx);
    expect(counted.filter(({ state }) => state === "accepted")).toHaveLength(server.accepted.length);
    expect(server.accepted.length).toBeGreaterThan(0);
    expect(server.accepted.length).toBeLessThan(30);
    expect(counted.filter(({ state }) => state === "sending")).toHaveLength(0);
  });

  test("leaves its claims to the next one when the lease has run out, not before", async () => {
    const { ctx } = await queued(2);
    ctx.db.orm
      .update(delivery)
      .set({ state: "sending", leasedUntil: ctx.clock.now() + LEASE })
      .run();
    const { server, transport } = await smtp();
    const mails = worker(ctx, transport);
    await mails.drain();
    expect(server.accepted).toHaveLength(0);
    ctx.clock.advance(LEASE);
    await mails.drain();
    expect(server.accepted).toHaveLength(2);
    expect(states(ctx).every(({ state }) => state === "accepted")).toBe(true);
  });
});

describe("DKIM", () => {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

  function keyFile(
    name: string,
    key: { export(options: { type: "pkcs8"; format: "pem" }): string | Buffer },
  ) {
    const file = join(folder, name);
    writeFileSync(file, key.export({ type: "pkcs8", format: "pem" }));
    return file;
  }

  test("signs what crosses the wire, with a signature that verifies", async () => {
    const { ctx } = await queued(1);
    const server = await startSmtpServer();
    cleanUps.push(() => server.stop());
    const transport = smtpTransport({
      routes: [smtpRoute(server.url)],
      dkim: {
        domain: "dialogue.example",
        selector: "mail",
        privateKeyFile: keyFile("good.pem", keys.privateKey),
      },
    });
    await worker(ctx, transport).drain();
    const source = server.accepted[0]?.source ?? "";
    const header = /^DKIM-Signature:(?:.*\r\n)(?:[ \t].*\r\n)*/im.exec(source)?.[0] ?? "";
    const tags = new Map(
      header
        .slice("DKIM-Signature:".length)
        .split(";")
        .map((tag) => tag.trim().split(/=([\s\S]*)/))
        .map(([name, value]) => [name ?? "", (value ?? "").replaceAll(/\s+/g, "")] as const),
    );
    expect(tags.get("a")).toBe("rsa-sha256");
    expect(tags.get("d")).toBe("dialogue.example");
    expect(tags.get("c")).toBe("relaxed/relaxed");
    // RFC 6376, 3.4.2: names in lower case, unfolded, single blanks; the signature's own value empty.
    const headers = (source.split("\r\n\r\n", 1)[0] ?? "").split(/\r\n(?![ \t])/);
    const relaxed = (text: string) => {
      const [, name = "", value = ""] = /^([^:]+):([\s\S]*)$/.exec(text) ?? [];
      return `${name.trim().toLowerCase()}:${value
        .replaceAll(/\r\n/g, "")
        .replaceAll(/[ \t]+/g, " ")
        .trim()}`;
    };
    const signed = (tags.get("h") ?? "")
      .split(":")
      .map((name) => headers.findLast((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`)))
      .filter((line) => line !== undefined)
      .map((line) => `${relaxed(line)}\r\n`)
      .join("");
    const own = relaxed(header.trimEnd()).replace(/b=[A-Za-z0-9+/= ]+$/, "b=");
    const verify = createVerify("RSA-SHA256").update(signed + own);
    expect(verify.verify(keys.publicKey, tags.get("b") ?? "", "base64")).toBe(true);
    expect(signed).toContain("\r\nsubject:");
  });

  test("refuses keys that would sign nothing, with a sentence", () => {
    const settings = (privateKeyFile: string) => ({
      domain: "dialogue.example",
      selector: "mail",
      privateKeyFile,
    });
    const ed = keyFile("ed.pem", generateKeyPairSync("ed25519").privateKey);
    const short = keyFile("short.pem", generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey);
    const noKey = join(folder, "no-key.pem");
    writeFileSync(noKey, "hello");
    expect(() => readDkimKey(settings(ed))).toThrow("must be an RSA key of 2048 bits or more, not ed25519");
    expect(() => readDkimKey(settings(short))).toThrow("not rsa of 1024 bits");
    expect(() => readDkimKey(settings(noKey))).toThrow("is not a private key");
    rmSync(folder, { recursive: true });
  });
});

test("the built-in mailbox keeps a mail once, as it would cross the wire", async () => {
  const { ctx, meeting } = await queued(2);
  const mails = worker(ctx, mailboxTransport(ctx.db));
  await mails.drain();
  ctx.db.orm.update(delivery).set({ state: "queued" }).run();
  await mails.drain();
  const kept = ctx.db.orm.select().from(mailboxMail).all();
  expect(kept.map((mail) => mail.toAddress).sort()).toEqual(
    meeting.invitees.map(({ email }) => email).sort(),
  );
  const parsed = await simpleParser(kept[0]?.source ?? "");
  expect(parsed.subject).toBe(kept[0]?.subject);
  expect(parsed.text?.trim()).toBe(kept[0]?.text.trim());
});
