import { beforeEach, expect, test } from "vitest";
import { mailboxTransport } from "#app/domain/mail/mailbox.server.ts";
import { queueDelivery } from "#app/domain/mail/outbox.server.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { hashToken } from "#app/platform/crypto.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import { assistantLink, mailboxMail, personAssistant } from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { type Invitee, type Meeting, queueInvitationMails, writeMeeting } from "../support/meeting.ts";

let ctx: ReturnType<typeof testContext>;
let meeting: Meeting;
let invitee: Invitee;

beforeEach(() => {
  ctx = testContext();
  meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "beijing",
    people: 2,
    seats: [],
    now: ctx.clock.now(),
  });
  [invitee] = meeting.invitees as [Invitee];
});

function assistant(id: string, given: { getsCopies: boolean; endedAt?: number; hasLink?: boolean }) {
  const { orm } = ctx.db;
  orm
    .insert(personAssistant)
    .values({
      id,
      personId: invitee.personId,
      name: `Assistant ${id}`,
      email: `${id}@example.org`,
      locale: "en",
      mayAct: false,
      getsCopies: given.getsCopies,
      createdAt: 0,
      endedAt: given.endedAt ?? null,
    })
    .run();
  if (given.hasLink === true)
    orm
      .insert(assistantLink)
      .values({
        id: `link-${id}`,
        assistantId: id,
        invitationId: invitee.invitationId,
        sections: "[]",
        tokenHash: hashToken(ctx.keys.linkToken(`link-${id}`, 1)),
        tokenGeneration: 1,
        tokenExpiresAt: ctx.clock.now() + 1_000_000,
        grantedBy: "staff",
        createdAt: 0,
      })
      .run();
}

async function delivered() {
  const worker = createMailWorker({
    ...ctx,
    mailFrom: { name: "Secretariat", address: "dialogue@example.org" },
    transport: mailboxTransport(ctx.db),
    log: createLog("silent"),
  });
  await worker.drain();
  await worker.stop();
  return ctx.db.orm.select().from(mailboxMail).all();
}

test("who reads along gets a copy that says so, with a link of their own or none, and never the delegate's", async () => {
  assistant("chambers", { getsCopies: true, hasLink: true });
  assistant("office", { getsCopies: true });
  assistant("former", { getsCopies: true, endedAt: 1 });
  assistant("acting", { getsCopies: false, hasLink: true });
  await queueInvitationMails(ctx, [invitee]);

  const mails = new Map((await delivered()).map((mail) => [mail.toAddress, mail]));
  expect([...mails.keys()].sort()).toEqual(
    [invitee.email, "chambers@example.org", "office@example.org"].sort(),
  );
  const own = `/i/${ctx.keys.linkToken("link-chambers", 1)}`;
  const delegates = `/i/${invitee.token}`;
  const [original, chambers, office] = [invitee.email, "chambers@example.org", "office@example.org"].map(
    (address) => `${mails.get(address)?.text}${mails.get(address)?.html}`,
  );
  expect(original).toContain(delegates);
  expect(original).not.toContain("A copy for you");
  expect(chambers).toContain("A copy for you");
  expect(chambers).toContain("本邮件抄送给您");
  expect(chambers).toContain(own);
  expect(chambers).not.toContain(delegates);
  expect(office).toContain("A copy for you");
  expect(office).not.toContain("/i/");
});

test("a code goes to nobody but the person whom it lets in", async () => {
  assistant("chambers", { getsCopies: true, hasLink: true });
  await ctx.db.write((tx) => {
    const edition = {
      titleEn: "T",
      titleZh: "题",
      cityEn: "Beijing",
      cityZh: "北京",
      timeZone: "Asia/Shanghai",
      homeTimeZone: "America/New_York",
      startsOn: "2018-12-03",
      endsOn: "2018-12-05",
      replyBy: null,
      phones: "",
      sender: { nameEn: "A", nameZh: "甲" },
      senders: [],
    };
    queueDelivery(tx, ctx, {
      invitationId: invitee.invitationId,
      messageId: null,
      mail: {
        kind: "access_code",
        edition,
        salutationEn: "Dear X:",
        salutationZh: "X：",
        codeId: "c",
        expiresAt: ctx.clock.now() + 600_000,
      },
      urgent: true,
    });
  });
  expect((await delivered()).map((mail) => mail.toAddress)).toEqual([invitee.email]);
});
