import { setTimeout as delay } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nameAssistantFor } from "#app/domain/access/assistants.server.ts";
import type { DomainContext, InvitationContext, StaffContext } from "#app/domain/context.ts";
import { reissueLink, revokeLink } from "#app/domain/invitation/commands.server.ts";
import { answerInvitation } from "#app/domain/invitation/reply.server.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { paths } from "#app/paths.ts";
import { hashToken } from "#app/platform/crypto.server.ts";
import { openDatabase } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import {
  type Invitee,
  type Meeting,
  queueAgendaMails,
  queueInvitationMails,
  submission,
  writeMeeting,
} from "#tests/support/meeting.ts";
import { startTestServer, type TestServer, type Visitor, visitor } from "#tests/support/server.ts";

/*
 * What a link opens in whose browser. The first invitee's answers carry marks: a page that shows one of them to somebody
 * who has no more than the link gives itself away.
 */

const MARKS = {
  email: "marked.mailbox@us.example",
  secondEmail: "marked.second@us.example",
  mobile: "+1 212 555 0187",
  institutionEn: "MARK-Institution",
  institutionZh: "标记单位",
  assistantName: "MARK-Assistant",
  emergencyName: "MARK-Relative",
  emergencyPhone: "+1 212 555 0188",
  diets: "halal",
  dietText: "MARK-diet",
  allergies: "MARK-allergy",
  accessText: "MARK-access",
  arrivalNumber: "MK7701",
  arrivalFrom: "MARK-origin",
  arrivalOn: "",
  departureNumber: "MK7702",
  departureTo: "MARK-destination",
};
const REASON = "MARK-reason for not knowing yet";
/** As a page might set them: with and without the marks of markup, in words of either language. */
const WORDS = [
  ...Object.values(MARKS).filter((mark) => mark.length > 5),
  REASON,
  "Halal",
  "清真",
  "marked.",
  "555 018",
];

type World = {
  meeting: Meeting;
  /** Tokens of assistants' links. */
  assistant: string;
  deadAssistant: string;
  expiredAssistant: string;
  revoked: Invitee;
  reissued: Invitee;
};

let server: TestServer<World>;

beforeAll(async () => {
  server = await startTestServer({ env: { TRUSTED_PROXIES: "1" }, seed: world });
  await mailsAreOut();
}, 120_000);
afterAll(() => server.stop());

async function world(ctx: DomainContext): Promise<World> {
  const { orm } = ctx.db;
  const now = ctx.clock.now();
  const meeting = writeMeeting(orm, ctx.keys, {
    slug: "beijing",
    people: 12,
    seats: [{ capacity: 5, quota: null }],
    now,
  });
  orm.update(schema.editionCoHost).set({ replyTo: "side@dialogue.example" }).run();
  const [marked, second, third, , fourth] = meeting.invitees;
  const reissued = meeting.invitees[10];
  if (!marked || !second || !third || !fourth || !reissued) throw new Error("There are too few people");
  const holder: InvitationContext = {
    ...ctx,
    actor: { kind: "invitee", id: marked.invitationId },
    scope: { editionId: meeting.editionId, invitationId: marked.invitationId },
    locale: "en",
    assistant: null,
  };
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, marked, meeting.visitIds)))
    form.append(name, value);
  for (const [name, value] of Object.entries(MARKS)) if (value !== "") form.set(name, value);
  const sent = await submitRegistration(holder, { answers: answersFromForm(form) });
  if (!sent.ok) throw new Error(JSON.stringify(sent));
  await answerInvitation(holder, { reply: "tentative", note: REASON, askAgainOn: meeting.travelFrom });
  // Answers that were given before the one that stands stay stored, too.
  await answerInvitation(holder, { reply: "accepted", note: "", askAgainOn: null });
  await answerInvitation(holder, { reply: "tentative", note: REASON, askAgainOn: meeting.travelFrom });
  const desk: StaffContext = {
    ...ctx,
    actor: { kind: "staff", id: "desk" },
    scope: {
      editionId: meeting.editionId,
      sideIds: [marked.sideId],
      permissions: ["lead"],
      bookSideIds: [],
    },
  };
  const letIn = async (invitee: Invitee, email: string) => {
    const named = await nameAssistantFor(desk, {
      invitationId: invitee.invitationId,
      name: "Chambers",
      email,
      locale: "en",
      sections: ["languages"],
      mayReply: false,
    });
    if (!named.ok) throw new Error(named.refusal);
    return ctx.keys.linkToken(named.value.linkId, 1);
  };
  const assistant = await letIn(marked, "chambers@court.example");
  const deadAssistant = await letIn(third, "late@court.example");
  await revokeLink(desk, third.invitationId);
  const expiredAssistant = await letIn(reissued, "slow@court.example");
  orm
    .update(schema.assistantLink)
    .set({ tokenExpiresAt: now - 1 })
    .where(eq(schema.assistantLink.tokenHash, hashToken(expiredAssistant)))
    .run();
  const again = await reissueLink(desk, reissued.invitationId);
  if (!again.ok) throw new Error(again.refusal);
  await queueInvitationMails(ctx, [second, fourth]);
  await queueAgendaMails(ctx, [second]);
  return { meeting, assistant, deadAssistant, expiredAssistant, revoked: third, reissued };
}

function inDatabase<T>(look: (db: ReturnType<typeof openDatabase>) => T): T {
  const db = openDatabase(server.databaseFile);
  try {
    return look(db);
  } finally {
    db.close();
  }
}

async function mailsAreOut(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const waiting = inDatabase(({ sqlite }) =>
      sqlite.prepare("select count(*) from delivery where state in ('queued', 'sending')").pluck().get(),
    );
    if (waiting === 0) return;
    await delay(25);
  }
  throw new Error("The mails do not go out");
}

function everything(): string {
  return inDatabase(({ sqlite }) =>
    JSON.stringify(
      sqlite
        .prepare("select name from sqlite_master where type = 'table' order by name")
        .pluck()
        .all()
        .map((name) => [name, sqlite.prepare(`select * from "${name}"`).all()]),
    ),
  );
}

function invitee(n: number): Invitee {
  const found = server.seeded.meeting.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

let clients = 0;
function browser(cookies: ReadonlyArray<string> = []): Visitor {
  clients += 1;
  const made = visitor(server.url, { headers: { "X-Forwarded-For": `203.0.113.${clients}` } });
  for (const cookie of cookies) {
    const [name = "", value = ""] = cookie.split("=");
    made.cookies.set(name, value);
  }
  return made;
}

/** The newest code that went to an address, as its reader finds it. */
async function mailedCode(address: string): Promise<string> {
  await mailsAreOut();
  const text = inDatabase(({ orm }) =>
    orm
      .select({ text: schema.mailboxMail.text, kind: schema.delivery.kind })
      .from(schema.mailboxMail)
      .innerJoin(schema.delivery, eq(schema.delivery.id, schema.mailboxMail.deliveryId))
      .where(eq(schema.mailboxMail.toAddress, address))
      .all()
      .findLast(({ kind }) => kind === "access_code"),
  )?.text;
  return /^\d{6}$/m.exec(text ?? "")?.[0] ?? "";
}

async function typeCode(reader: Visitor, token: string, address: string, to: string) {
  const code = `${paths.code(token)}?${new URLSearchParams({ to })}`;
  const asked = await reader.post(code, { intent: "send" });
  const attempt = /name="attempt" value="([^"]+)"/.exec(asked.text)?.[1] ?? "";
  return reader.post(code, { code: await mailedCode(address), attempt });
}

/** Every page that can be come to from one by its links, as text; forms are pressed by nobody. */
async function crawl(reader: Visitor, start: ReadonlyArray<string>): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  const waiting = [...start];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (pages.has(path) || pages.size > 200) continue;
    const page = await reader.get(path);
    expect(page.status, path).toBeLessThan(500);
    pages.set(path, page.text);
    for (const [, href = ""] of page.text.matchAll(/(?:href|src|action)="([^"#]+)/g)) {
      const url = new URL(href.replaceAll("&amp;", "&"), server.url + page.path);
      if (url.origin === server.url && !url.pathname.startsWith("/assets/"))
        waiting.push(url.pathname + url.search);
    }
  }
  return pages;
}

/** All that could be asked for below a link, whether a page leads there or not. */
function below(token: string): Array<string> {
  const pages = [
    paths.invitation(token),
    paths.registration(token),
    paths.registrationReview(token),
    paths.programme(token),
    paths.code(token),
    paths.devices(token),
    paths.assistant(token),
    paths.notMe(token),
    `${paths.invitation(token)}/letters`,
    `${paths.invitation(token)}/programme.ics`,
  ];
  return [...pages, ...pages.map((page) => `${page}.data`), ...pages.map((page) => `${page}?lang=zh-CN`)];
}

const TRIES: ReadonlyArray<Readonly<Record<string, string>>> = [
  {},
  { intent: "send" },
  { intent: "save" },
  { code: "000000" },
  { reply: "" },
];

const foundIn = (text: string) => WORDS.filter((word) => text.includes(word));

describe("a link in a browser that is not its owner's", () => {
  test.each([
    ["that knows no code", () => []],
    ["in which a colleague's code was typed", () => [invitee(1).cookie, invitee(2).cookie]],
  ])("%s: no stored address, diet, journey or reason is on any page", async (_what, cookies) => {
    const owner = browser([invitee(0).cookie]);
    const seen = await crawl(owner, [paths.registrationReview(invitee(0).token), ...below(invitee(0).token)]);
    expect(foundIn([...seen.values()].join())).toEqual(WORDS);

    const stranger = browser(cookies());
    const pages = await crawl(stranger, below(invitee(0).token));
    expect(pages.size).toBeGreaterThan(20);
    for (const [path, text] of pages) expect(foundIn(text), path).toEqual([]);
    const letter = pages.get(paths.invitation(invitee(0).token)) ?? "";
    expect(letter).toContain("Dear ");
    expect(letter).toContain("Not yet certain");
    // Nor in the answers to forms that it may send, or tries to.
    for (const path of below(invitee(0).token).slice(0, 10))
      for (const fields of TRIES) {
        if (path === paths.notMe(invitee(0).token)) continue;
        const answer = await stranger.post(path, fields);
        expect(foundIn(answer.text), path).toEqual([]);
      }
  });

  test("replies, and is asked for a code before anything else", async () => {
    const { token } = invitee(4);
    const stranger = browser();
    const replied = await stranger.post(paths.invitation(token), {
      reply: "substitute_proposed",
      colleagueName: "MARK-reason for not knowing yet",
    });
    expect(replied.statuses).toEqual([303, 200]);
    expect(foundIn(replied.text)).toEqual([]);
    const asked = await stranger.get(paths.registration(token));
    expect(asked.path).toBe(`${paths.code(token)}?${new URLSearchParams({ to: paths.registration(token) })}`);
  });

  test("an assistant's browser shows the ticked section, without JavaScript or with the data of pages", async () => {
    const { assistant } = server.seeded;
    const reader = browser();
    const opened = await typeCode(reader, assistant, "chambers@court.example", paths.registration(assistant));
    expect(opened.path).toBe(paths.registration(assistant));
    expect(opened.text).toContain('name="workingLanguages"');
    expect(opened.text).not.toContain('name="allergies"');
    const pages = await crawl(reader, below(assistant));
    for (const [path, text] of pages) expect(foundIn(text), path).toEqual([]);
    // What is theirs on one link opens no other.
    expect((await reader.get(paths.registration(invitee(0).token))).path).toContain("/code?");
  });
});

describe("a code typed in a browser", () => {
  test("is remembered by a cookie of this link, beside those of others, and the form is where it was left", async () => {
    const reader = browser();
    for (const n of [5, 6]) {
      const { token, email } = invitee(n);
      const opened = await typeCode(reader, token, email, paths.programme(token));
      expect([opened.path, opened.status]).toEqual([paths.programme(token), 200]);
    }
    expect(reader.cookies.size).toBe(2);
    for (const n of [5, 6])
      expect((await reader.get(paths.registration(invitee(n).token))).path).toBe(
        paths.registration(invitee(n).token),
      );
    const names = [...reader.cookies.keys()].join();
    expect(names).toMatch(/^device-[0-9a-f]{16},device-[0-9a-f]{16}$/);
    const stored = everything();
    for (const value of reader.cookies.values()) expect(stored).not.toContain(value);
  });

  test("sets a cookie that scripts cannot read, for these pages alone, with an end", async () => {
    const { token, email } = invitee(7);
    const reader = browser();
    await reader.post(paths.code(token), { intent: "send" });
    const response = await fetch(server.url + paths.code(token), {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ code: await mailedCode(email) }),
      headers: { Origin: server.url, "X-Forwarded-For": "203.0.113.250" },
    });
    expect(response.status).toBe(303);
    expect(response.headers.get("Location")).toBe(paths.registration(token));
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^device-[0-9a-f]{16}=[\w-]{22}; Path=\/i; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const days = Number(/Max-Age=(\d+)/.exec(cookie)?.[1]) / 86_400;
    expect(days).toBeGreaterThan(30);
    expect(days).toBeLessThan(60);
  });

  test("leads to pages of its own link and nowhere else", async () => {
    const { token, email } = invitee(8);
    const reader = browser();
    await reader.post(paths.code(token), { intent: "send" });
    // The same form again, as two clicks send it.
    const fields = { code: await mailedCode(email), attempt: "the form's own" };
    for (const to of [
      "//evil.example/",
      "https://evil.example/",
      "/\\evil.example",
      paths.registration(invitee(0).token),
      "/staff",
      paths.invitation(token).slice(0, -1),
    ]) {
      const typed = await reader.post(`${paths.code(token)}?${new URLSearchParams({ to })}`, fields);
      expect(typed.path, to).toBe(paths.registration(token));
    }
  });

  test("that is wrong says the same whatever is wrong with it, and keeps nothing of it on the page", async () => {
    const { token, email } = invitee(9);
    const reader = browser();
    await reader.post(paths.code(token), { intent: "send" });
    const right = await mailedCode(email);
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, "0");
    const answers = [];
    for (const code of [wrong, "1", "", "ABCDEF", "９９９９９９９"])
      answers.push(await browser().post(paths.code(token), { code }));
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
    expect(answers[0]?.text).toContain("This code is not right, or not good any more.");
    expect(answers[0]?.text).not.toContain(wrong);
    const full = right.replaceAll(/\d/g, (digit) =>
      String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0),
    );
    expect((await reader.post(paths.code(token), { code: full })).path).toBe(paths.registration(token));
    const used = await browser().post(paths.code(token), { code: right });
    expect([used.status, used.text.includes("not good any more")]).toEqual([422, true]);
  });
});

test("wrong, revoked, reissued, expired and foreign links give one answer, assistants' and calendars' as well", async () => {
  const { deadAssistant, expiredAssistant, revoked, reissued } = server.seeded;
  const expired = invitee(3);
  inDatabase(({ orm }) =>
    orm
      .update(schema.invitation)
      .set({ tokenExpiresAt: 1 })
      .where(eq(schema.invitation.id, expired.invitationId))
      .run(),
  );
  const asked = async (path: string) => {
    clients += 1;
    const response = await fetch(server.url + path, {
      headers: { "X-Forwarded-For": `192.0.2.${clients}`, "Accept-Language": "en" },
    });
    return {
      status: response.status,
      text: await response.text(),
      headers: [...response.headers.keys()].sort().join(),
    };
  };
  const tokens = [
    "x".repeat(22),
    "a",
    invitee(5).invitationId,
    invitee(5).calendar,
    revoked.token,
    reissued.token,
    expired.token,
    deadAssistant,
    expiredAssistant,
  ];
  const [first, ...others] = await Promise.all(tokens.map((token) => asked(paths.invitation(token))));
  expect(first?.status).toBe(404);
  for (const other of others) expect(other).toEqual(first);
  const calendars = [
    "x.y",
    "x",
    revoked.calendar,
    reissued.calendar,
    expired.calendar,
    `${invitee(1).invitationId}.${invitee(0).calendar.split(".")[1]}`,
    invitee(0).token,
  ];
  const [one, ...rest] = await Promise.all(calendars.map((address) => asked(paths.calendar(address))));
  expect(one?.status).toBe(404);
  for (const other of rest) expect(other).toEqual(one);
});

test("a scanner that opens every link of every mail, and every page behind them, changes nothing", async () => {
  const { meeting, assistant } = server.seeded;
  // A code that is on its way must outlive the scanner, too.
  await browser().post(paths.code(assistant), { intent: "send" });
  await mailsAreOut();
  const mails = inDatabase(({ orm }) =>
    orm
      .select({ html: schema.mailboxMail.html, text: schema.mailboxMail.text, kind: schema.delivery.kind })
      .from(schema.mailboxMail)
      .innerJoin(schema.delivery, eq(schema.delivery.id, schema.mailboxMail.deliveryId))
      .all(),
  );
  const kinds = [...new Set(mails.map(({ kind }) => kind))].sort();
  expect(kinds).toEqual([
    "access_code",
    "assistant_link",
    "confirmation",
    "invitation",
    "message",
    "new_device",
  ]);
  const links = new Set(
    mails.flatMap(({ html, text }) => [
      ...[...html.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&")),
      ...(text.match(/https?:\/\/\S+/g) ?? []),
    ]),
  );
  expect([...links].every((link) => link.startsWith(server.url))).toBe(true);
  const start = [...links].map((link) => link.slice(server.url.length));
  expect(start.some((path) => path.includes(assistant))).toBe(true);
  start.push(paths.calendar(meeting.invitees[0]?.calendar ?? ""));
  const before = everything();
  const scanner = browser();
  const pages = await crawl(scanner, start);
  for (const path of pages.keys())
    await fetch(server.url + path, { method: "HEAD", headers: { "X-Forwarded-For": "198.51.100.7" } });
  // It opens the mail where its owner has typed a code before, as well: their own mail program does.
  await crawl(browser(meeting.invitees.map(({ cookie }) => cookie)), start);
  expect(pages.size).toBeGreaterThan(30);
  expect(everything()).toBe(before);
});
