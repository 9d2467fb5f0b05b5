import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { findEditionForStaff } from "#app/domain/access/queries.server.ts";
import { publishAgenda } from "#app/domain/agenda/commands.server.ts";
import { setNoticeMode } from "#app/domain/agenda/notices.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { draftMessage } from "#app/domain/mail/commands.server.ts";
import { messageForm } from "#app/domain/mail/form.ts";
import { notReached } from "#app/domain/mail/history.server.ts";
import { messagePage } from "#app/domain/mail/queries.server.ts";
import { releaseMessage } from "#app/domain/mail/release.server.ts";
import { WORDINGS } from "#app/domain/mail/wording.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import { smtpRoute, smtpTransport } from "#app/platform/mailer.server.ts";
import * as schema from "#db/schema/index.ts";
import { seedDemonstration } from "#db/seed/beijing-2018.ts";
import { testContext } from "../support/context.ts";
import { messageIdOf, startSmtpServer } from "../support/smtp.ts";

/** `npm run rehearsal` lets the evening pass sixty times as fast as it would; the tests let it pass at once. */
const FACTOR = Number(process.env.REHEARSAL ?? 0);
const MINUTE = 60_000;

const at = (time: string) => Date.parse(`2018-12-04T${time}:00+08:00`);

test("the evening before the visits: agenda at 18:00, a change at 21:40, and whom to phone at 22:05", {
  timeout: 15 * MINUTE,
}, async () => {
  const ctx = testContext();
  await seedDemonstration(ctx);
  ctx.clock.set(at("17:55"));
  const staff = (email: string): StaffContext => {
    const login = ctx.db.orm.select().from(schema.user).where(eq(schema.user.email, email)).get();
    const found = findEditionForStaff(ctx, { userId: login?.id ?? "", slug: "beijing-2018" });
    if (found === null) throw new Error("no access");
    return { ...ctx, actor: { kind: "staff", id: login?.id ?? "" }, scope: found.scope };
  };
  const grace = staff("grace.mockup@us-delegation.example");
  const lin = staff("caogao.lin@cn-delegation.example");
  const sideOf = ({ scope }: StaffContext) => scope.sideIds[0] ?? "";

  // The Chinese mailboxes take one mail in twenty seconds and say "later" for two minutes; two mailboxes are gone.
  const gone = ["eleanor.van.der.demo@us-delegation.example", "ruth.template@us-delegation.example"];
  const server = await startSmtpServer(({ to: [to = ""] }) => {
    if (gone.includes(to)) return { code: 550, text: "5.1.1 User unknown" };
    if (to.endsWith("@cn-delegation.example") && ctx.clock.now() < at("18:03"))
      return { code: 451, text: "DT:SPM please try again" };
    return null;
  });
  const worker = createMailWorker({
    ...ctx,
    mailFrom: { name: "Secretariat 秘书处", address: "secretariat@dialogue.example" },
    bounceAddress: "bounces@dialogue.example",
    transport: smtpTransport({ routes: [smtpRoute(server.url)], dkim: null }),
    paces: new Map([["cn-delegation.example", 20_000]]),
    log: createLog("silent"),
  });

  async function until(time: string): Promise<void> {
    while (ctx.clock.now() < at(time)) {
      await worker.drain();
      if (FACTOR > 0) await new Promise((resolve) => setTimeout(resolve, 5_000 / FACTOR));
      ctx.clock.set(Math.min(at(time), ctx.clock.now() + 5_000));
    }
    await worker.drain();
  }

  await setNoticeMode(lin, { sideId: sideOf(lin), mode: "at_once" });
  await until("18:00");
  const released: Array<string> = [];
  for (const lead of [grace, lin]) {
    const draft = messageForm.parse({
      sideId: sideOf(lead),
      kind: "agenda",
      replies: ["accepted"],
      ...WORDINGS.agenda,
    });
    const made = await draftMessage(lead, draft);
    if (!made.ok) throw new Error(made.refusal);
    const { messageId } = made.value;
    const page = messagePage(lead, messageId);
    if (page?.state !== "draft") throw new Error("no draft");
    expect(page.checks).toEqual([]);
    const done = await releaseMessage(lead, { messageId, count: page.reachable });
    if (!done.ok) throw new Error(done.refusal);
    released.push(messageId);
  }
  await until("21:40");
  ctx.db.orm
    .update(schema.agendaItem)
    .set({
      startsAt: Date.parse("2018-12-05T15:30:00+08:00"),
      endsAt: Date.parse("2018-12-05T17:00:00+08:00"),
    })
    .where(
      and(
        eq(schema.agendaItem.editionId, grace.scope.editionId),
        eq(schema.agendaItem.titleEn, "Courtesy call, Supreme People's Court"),
      ),
    )
    .run();
  const published = await publishAgenda(grace, { notify: true });
  expect(published).toMatchObject({ ok: true });
  await until("22:05");

  const rows = ctx.db.orm.select().from(schema.delivery).all();
  const evening = rows.filter(({ createdAt }) => createdAt >= at("17:55"));
  const table = [
    ["agenda, 18:00", evening.filter(({ messageId }) => released.includes(messageId ?? ""))] as const,
    ["change, 21:40", evening.filter(({ kind }) => kind === "agenda_change")] as const,
  ].map(([what, mails]) => ({
    what,
    mails: mails.length,
    accepted: mails.filter(({ state }) => state === "accepted").length,
    failed: mails.filter(({ state }) => state === "failed").length,
    waiting: mails.filter(({ state }) => state === "queued" || state === "deferred").length,
    last: new Date(Math.max(0, ...mails.map(({ finishedAt }) => finishedAt ?? 0)) + 8 * 60 * MINUTE)
      .toISOString()
      .slice(11, 19),
  }));
  const toPhone = [...notReached(grace), ...notReached(lin)].filter(({ kind }) => kind !== "invitation");
  if (FACTOR > 0) {
    console.table(table);
    console.table(
      toPhone.map(({ nameLatin, nameNative, phone, kind, reason }) => ({
        name: nameLatin || nameNative,
        phone,
        kind,
        reason,
      })),
    );
  }
  for (const line of table) {
    expect(line.mails).toBeGreaterThan(0);
    expect(line.waiting).toBe(0);
    expect(line.accepted + line.failed).toBe(line.mails);
  }
  expect(table[0]?.failed).toBe(gone.length);
  const ids = server.accepted.map(({ source }) => messageIdOf(source));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(toPhone.map(({ nameLatin }) => nameLatin)).size).toBe(gone.length);
  await worker.stop();
  await server.stop();
});
