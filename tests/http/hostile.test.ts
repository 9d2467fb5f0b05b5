import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { eq } from "drizzle-orm";
import ICAL from "ical.js";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addStaff } from "#app/domain/access/commands.server.ts";
import { publishAgenda } from "#app/domain/agenda/commands.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { paths } from "#app/paths.ts";
import { openDatabase } from "#db/client.server.ts";
import { agendaItem, invitation, person } from "#db/schema/index.ts";
import { type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import {
  ROOT,
  rawRequest,
  startTestServer,
  type TestServer,
  type Visitor,
  visitor,
} from "#tests/support/server.ts";

/*
 * People whose names want to be markup, formulas, placeholders, links or headers, on every page, in every mail and in
 * every file that shows a name. Each carries a mark of its own, so that it is known to have been there.
 */

const HOSTILE: ReadonlyArray<string> = [
  '=HYPERLINK("http://evil.tld","mark0")',
  "</script><img src=x onerror=alert(1)>mark1",
  "{{link}} {phones} {name} $\u007bprocess.env} mark2",
  "https://evil.tld/mark3",
  '" onmouseover="alert(1)" mark4',
  "＝1+1 mark5",
  '"Evil" <victim@evil.tld>, mark6',
  "mark7 \u202egnp.exe\u2028\u2029 <b>bold</b>",
  "javascript:alert(1)//mark8",
  "<!--mark9--><svg onload=alert(1)>",
];
const NATIVE = "<script>alert(1)</script>示例";
const POST = "@SUM(1+1)|cmd'!A1 <iframe src=https://evil.tld>";
const TITLE = "=Title <b>&amp; \u202e; BEGIN:VEVENT, \\n mark-title";

type World = { meeting: Meeting; people: Meeting["invitees"] };
const EMAIL = "lead@staff.example";
const PASSWORD = "four unrelated words here";

let server: TestServer<World>;
let desk: Visitor;

/** Everybody as a file, by the way that staff take it. */
async function listAsFile(slug: string): Promise<string> {
  const made = await desk.post(paths.newExport(slug, "own"), {
    ...{ format: "csv", language: "en", order: "pinyin" },
    columns: [
      "nameLatin",
      "nameNative",
      "institutionEn",
      "institutionZh",
      "positionEn",
      "positionZh",
      "email",
    ],
  });
  const [page = ""] = made.path.split("?");
  return (await desk.post(`${page}/file`, {})).text;
}

beforeAll(async () => {
  server = await startTestServer({
    env: { SECOND_STEP: "optional" },
    seed: async (ctx) => {
      const { orm } = ctx.db;
      const meeting = writeMeeting(orm, ctx.keys, {
        slug: "beijing",
        people: 2 * HOSTILE.length,
        seats: [{ capacity: 10, quota: null }],
        now: ctx.clock.now(),
      });
      const people = meeting.invitees.filter((one) => one.sideId === meeting.sideIds[0]);
      for (const [n, { personId }] of people.entries())
        orm
          .update(person)
          .set({
            familyLatin: HOSTILE[n] ?? "",
            nameLatin: HOSTILE[n] ?? "",
            nameNative: NATIVE,
            institutionEn: POST,
            institutionZh: POST,
            positionEn: POST,
            salutationEn: `Dear ${HOSTILE[n]}`,
          })
          .where(eq(person.id, personId))
          .run();
      // One who has not been sent the invitation yet.
      orm
        .update(invitation)
        .set({ sentAt: null, reply: "none" })
        .where(eq(invitation.id, people[9]?.invitationId ?? ""))
        .run();
      orm
        .update(agendaItem)
        .set({ titleEn: TITLE, titleZh: TITLE, placeEn: TITLE, internalNote: HOSTILE[1] })
        .where(eq(agendaItem.id, meeting.itemIds[3] ?? ""))
        .run();
      const [coHostId] = meeting.sideIds;
      await addStaff(ctx, {
        name: HOSTILE[1] ?? "",
        email: EMAIL,
        password: PASSWORD,
        access: [{ coHostId, editionId: null, permission: "lead" }],
      });
      const staff: StaffContext = {
        ...ctx,
        scope: {
          editionId: meeting.editionId,
          sideIds: [coHostId],
          permissions: ["lead"],
          bookSideIds: [coHostId],
        },
      };
      await publishAgenda(staff);
      return { meeting, people };
    },
  });
  desk = visitor(server.url);
  await desk.post(paths.signIn(), { email: EMAIL, password: PASSWORD });
  for (const { cookie } of server.seeded.people) {
    const [name = "", value = ""] = cookie.split("=");
    desk.cookies.set(name, value);
  }
}, 120_000);
afterAll(() => server.stop());

const slug = "beijing";
function someone(n: number) {
  const found = server.seeded.people[n];
  if (found === undefined) throw new Error("no such person");
  return found;
}

/** What a page must not do with a name, whatever page it is. */
function expectHarmless(html: string, where: string) {
  const markup = html.match(
    /<img[^>]*onerror|<svg[^>]*onload|<script>alert|<iframe src=https|<b>bold|<!--mark|" onmouseover="|href="(?:javascript:|https?:\/\/evil)/gi,
  );
  expect(markup, where).toBeNull();
  for (const [whole, attributes = "", script = ""] of html.matchAll(
    /<script\b([^>]*)>([\s\S]*?)<\/script>/gi,
  )) {
    expect(attributes, where).toMatch(/nonce="[^"]+"/);
    // What a page carries for its scripts is data inside a script: nothing in it may end the script or its string.
    expect(script, `${where}: ${whole.slice(0, 80)}`).not.toMatch(/<\/|<!--|<script|[\u2028\u2029]/i);
  }
}

async function harmlessPage(path: string, fields?: Parameters<Visitor["post"]>[1]): Promise<string> {
  const page = fields === undefined ? await desk.get(path) : await desk.post(path, fields);
  expect(page.status, path).toBeLessThan(500);
  expectHarmless(page.text, path);
  return page.text;
}

/** The parts of a text that say that these people were there. */
function marks(text: string): Array<string> {
  return [...new Set(text.match(/mark\d/g) ?? [])].sort();
}
const ALL = HOSTILE.map((_, n) => `mark${n}`);

describe("names that want to be something else", () => {
  test("do nothing on the lists and forms of the secretariat", async () => {
    expect(marks(await harmlessPage(paths.people(slug)))).toEqual(ALL);
    const { meeting } = server.seeded;
    const session = paths.agendaItem(slug, meeting.itemIds[3] ?? "");
    expect(marks(await harmlessPage(session)).length).toBeGreaterThan(8);
    expect(await harmlessPage(paths.agenda(slug))).toContain("mark-title");
    expect(marks(await harmlessPage(paths.visit(slug, meeting.visitIds[0] ?? ""))).length).toBeGreaterThan(8);
    expect(await harmlessPage(paths.account())).toContain("mark1");
    for (const path of [
      paths.edition(slug),
      paths.editions(),
      paths.delegations(slug),
      paths.visits(slug),
      paths.mail(slug),
      paths.publishAgenda(slug),
    ])
      await harmlessPage(path);
  });

  test("do nothing on a person's page, and in the letter to them", async () => {
    for (const [n, { invitationId }] of server.seeded.people.entries()) {
      expect(marks(await harmlessPage(paths.person(slug, invitationId)))).toContain(`mark${n}`);
      const letter = await harmlessPage(`${paths.invitationText(slug)}?person=${invitationId}`);
      expect(marks(letter)).toContain(`mark${n}`);
    }
  });

  test("do nothing when they come back in a form, a search or a list of recipients", async () => {
    const path = paths.person(slug, someone(0).invitationId);
    for (const name of HOSTILE) {
      const mark = marks(name)[0] ?? "";
      const card = { intent: "card", nameLatin: name, locale: "en", category: "none" };
      expect(await harmlessPage(path, card)).toContain(mark);
      expect(await harmlessPage(paths.people(slug), { search: name })).toContain(mark);
      const text = { side: "x", subjectEn: name, bodyEn: `{unknown} ${name}`, subjectZh: "", bodyZh: "" };
      expect(await harmlessPage(paths.invitationText(slug), text)).toContain(mark);
      expect(
        await harmlessPage(paths.newMail(slug), { sideId: "x", subjectEn: name, bodyEn: name }),
      ).toContain(mark);
    }
    const chosen = server.seeded.people.map((one) => one.invitationId);
    expect(marks(await harmlessPage(paths.sendInvitations(slug), { invitation: chosen }))).toEqual(ALL);
  });

  test("do nothing on the pages of their owners, who may write whatever they like", async () => {
    const [first, second] = [someone(1), someone(4)];
    const declined = await desk.post(paths.invitation(first.token), {
      reply: "declined",
      sure: "yes",
      declineNote: `${HOSTILE[1]}\n${HOSTILE[4]}`,
    });
    expect(declined.status).toBe(200);
    expectHarmless(declined.text, "reply");
    expect(marks(declined.text)).toContain("mark1");
    const form = Object.fromEntries(
      new URLSearchParams(submission(server.seeded.meeting, { ...second, nameLatin: HOSTILE[4] ?? "" }, [])),
    );
    const typed = { ...form, dietText: `${HOSTILE[9]} ${HOSTILE[3]}`, institutionEn: POST };
    const sent = await desk.post(paths.registration(second.token), typed);
    expect(sent.statuses[0]).toBe(303);
    for (const path of [
      paths.registration(second.token),
      paths.registrationReview(second.token),
      paths.programme(second.token),
    ])
      await harmlessPage(path);
    expect(await harmlessPage(paths.registrationReview(second.token))).toContain("mark9");
    const page = await harmlessPage(paths.person(slug, second.invitationId));
    expect(marks(page)).toEqual(expect.arrayContaining(["mark3", "mark4", "mark9"]));
    expect(marks(await harmlessPage(paths.person(slug, first.invitationId)))).toContain("mark1");
  });

  test("do nothing in the data that scripts of the pages ask for", async () => {
    const answer = await fetch(`${server.url}${paths.people(slug)}.data`, {
      headers: { Cookie: [...desk.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    expect(marks(await answer.text())).toEqual(ALL);
    expect(answer.headers.get("Content-Type")).not.toContain("html");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  test("are text in every cell of the list that is taken away", async () => {
    const csv = await listAsFile(slug);
    expect(marks(csv)).toEqual(ALL);
    const cells = [...csv.matchAll(/"((?:[^"]|"")*)"/g)].map(([, text = ""]) => text);
    expect(cells.length).toBeGreaterThan(70);
    expect(cells.filter((text) => /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]/u.test(text))).toEqual([]);
    expect(cells).toContain(`'${HOSTILE[0]?.replaceAll('"', '""')}`);
  });

  test("are text in the calendar file", async () => {
    const file = (await desk.get(paths.calendar(someone(4).calendar))).text;
    const calendar = new ICAL.Component(ICAL.parse(file));
    const events = calendar.getAllSubcomponents("vevent");
    const descriptions = events.map((event) => String(event.getFirstPropertyValue("description")));
    expect(descriptions.some((text) => text.includes(TITLE))).toBe(true);
    expect(file.match(/^BEGIN:VEVENT/gm)).toHaveLength(events.length);
    expect(file).not.toMatch(/^ATTENDEE/m);
    expect(marks(file)).toEqual([]);
  });
});

describe("mails to such people", () => {
  beforeAll(async () => {
    const made = await desk.post(paths.newMail(slug), {
      sideId: server.seeded.meeting.sideIds[0],
      subjectEn: "Programme for {name}",
      subjectZh: "日程：{name}",
      bodyEn: "Dear {name} of {institution}, <b>this</b> is yours.",
      bodyZh: "{name}，您好。",
    });
    expect(made.status).toBe(200);
    const messageId = /\/mail\/([^/?]+)/.exec(made.path)?.[1] ?? "";
    for (const [n, { invitationId }] of server.seeded.people.entries()) {
      if (n === 9) continue;
      expect(marks(await harmlessPage(`${paths.message(slug, messageId)}?as=${invitationId}`))).toContain(
        `mark${n}`,
      );
      const preview = await desk.get(paths.messagePreview(slug, messageId, invitationId));
      expectHarmlessMail(preview.text, `mark${n}`);
    }
    const again = await desk.post(paths.sendInvitations(slug), {
      step: "send",
      invitation: someone(9).invitationId,
    });
    expect(again.path).toContain("sent=1");
    // A name that makes the subject too long stands in the way; without it there the message goes out.
    await desk.post(paths.message(slug, messageId), {
      intent: "change",
      sideId: server.seeded.meeting.sideIds[0],
      subjectEn: "Programme",
      subjectZh: "日程",
      bodyEn: "Dear {name} of {institution}, <b>this</b> is yours.",
      bodyZh: "{name}，您好。",
    });
    const count = String(HOSTILE.length);
    const released = await desk.post(paths.message(slug, messageId), { intent: "release", count });
    expect(released.statuses[0]).toBe(303);
    // It is held for a minute, in which it could be stopped.
    await desk.post(paths.message(slug, messageId), { intent: "let-go" });
    await mailsAreOut();
  });

  function expectHarmlessMail(html: string, mark: string) {
    expectHarmless(html, mark);
    expect(marks(html)).toContain(mark);
    expect(html).not.toMatch(/<script|<b>this/i);
    for (const [, target = ""] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(target, mark).toMatch(new RegExp(`^(?:${server.url}/|mailto:|tel:|#|data:image/)`));
  }

  test("are harmless as HTML, go to one address each, and fill nothing in twice", async () => {
    const sources = stored();
    expect(sources.length).toBeGreaterThanOrEqual(HOSTILE.length);
    for (const { id, html, source, address } of sources) {
      const page = await desk.get(paths.mailboxMail(id));
      expectHarmless(page.text, "mailbox");
      const mail = await simpleParser(source);
      const to = [mail.to ?? []].flat().flatMap((each) => each.value);
      expect(to.map((each) => each.address)).toEqual([address]);
      expect(mail.cc ?? mail.bcc).toBeUndefined();
      const mark = marks(html)[0] ?? "none";
      expectHarmlessMail(html, mark);
      if (mark === "mark2") expect(mail.text).toContain("{{link}} {phones} {name} $\u007bprocess.env} mark2");
    }
    expect(marks(sources.map(({ html }) => html).join())).toEqual(ALL);
    expect(marks(await harmlessPage(paths.mailbox()))).toEqual(ALL);
  });

  function stored() {
    const db = openDatabase(server.databaseFile);
    try {
      return db.sqlite
        .prepare<[], { id: string; html: string; source: string; address: string }>(
          "select id, html, source, to_address as address from mailbox_mail",
        )
        .all();
    } finally {
      db.close();
    }
  }

  async function mailsAreOut(): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      const db = openDatabase(server.databaseFile);
      const waiting = db.sqlite
        .prepare("select count(*) from delivery where state in ('queued', 'sending')")
        .pluck()
        .get();
      db.close();
      if (waiting === 0) return;
      await delay(25);
    }
    throw new Error("The mails do not go out");
  }
});

describe("a hostile file", () => {
  const file = readFileSync(`${ROOT}/tests/fixtures/invitees-hostile.csv`);

  async function brought(delegation: string): Promise<string> {
    const form = new FormData();
    form.append("file", new Blob([file]), "<img src=x onerror=alert(1)>.csv");
    form.append("delegation", delegation);
    const response = await fetch(server.url + paths.importPeople(slug), {
      method: "POST",
      body: form,
      redirect: "manual",
      headers: {
        Origin: server.url,
        Cookie: [...desk.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
    });
    expect(response.status).toBe(303);
    return response.headers.get("Location") ?? "";
  }

  const everyRow = Array.from({ length: 40 }, (_, n) => String(n));
  const shownIn = (text: string) => /name="shown" value="([0-9a-f]+)"/.exec(text)?.[1] ?? "";

  test("is harmless in its preview, and after it was imported, and is taken back", async () => {
    const [delegation] = server.seeded.meeting.delegationIds;
    const before = countPeople();
    const path = await brought(delegation);
    const preview = await desk.get(path);
    expect(preview.status).toBe(200);
    expectHarmless(preview.text, "preview");
    expect(preview.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    // Shown without what would turn the line around, in the page and in its data.
    expect(preview.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]evil/);
    expectHarmless((await desk.get(path.replace(/\/rows$/, ""))).text, "columns");
    const commit = { step: "commit", shown: shownIn(preview.text), row: everyRow };
    const imported = await desk.post(path, commit);
    expect(imported.path).toMatch(/\/imports\/[\w-]{20}\?done$/);
    expectHarmless(imported.text, "imported");
    for (const name of ["McDonald", "=HYPERLINK"])
      expect(imported.text.replaceAll("&#x27;", "'")).toContain(name);
    const csv = await listAsFile(slug);
    expect(csv).toContain("e.e. cummings society");
    const cells = [...csv.matchAll(/"((?:[^"]|"")*)"/g)].map(([, text = ""]) => text);
    expect(cells.filter((text) => /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]/u.test(text))).toEqual([]);
    expect(countPeople()).toBe(before + 8);
    const undone = await desk.post(imported.path.replace("?done", ""), {});
    expect(undone.path).toMatch(/\/import\?undone$/);
    expect(countPeople()).toBe(before);
  });

  test("cannot be made to import what its preview refused, nor into what is not there", async () => {
    const [delegation, theirs] = server.seeded.meeting.delegationIds;
    const before = countPeople();
    await expect(brought(theirs)).rejects.toThrow();
    const path = await brought(delegation);
    const shown = shownIn((await desk.get(path)).text);
    const tamperings: ReadonlyArray<Readonly<Record<string, string | ReadonlyArray<string>>>> = [
      { step: "commit", shown, row: ["6", "4", "-1", "NaN", "1e3", "<b>"] },
      { step: "commit", shown: `${shown}0`, row: "2" },
      { step: "commit", row: "2" },
      { step: "commit", shown, row: [], cell: ["2.email", "2.nonsense"] },
    ];
    for (const tampered of tamperings) {
      const answer = await desk.post(path, tampered);
      expect([409, 422]).toContain(answer.status);
      expectHarmless(answer.text, "tampered");
    }
    const columns = path.replace(/\/rows$/, "");
    const mappings: ReadonlyArray<Readonly<Record<string, string | ReadonlyArray<string>>>> = [
      { headingRow: "1", column: ["__proto__", "email"], by: "email", blanks: "keep" },
      { headingRow: "1e9", column: ["email", "email"], by: "email", blanks: "keep" },
      { headingRow: "-1", column: "email", by: "constructor", blanks: "drop tables" },
      { headingRow: "1", column: "email", by: "own", question: "' or 1=1 --", blanks: "keep" },
    ];
    for (const mapping of mappings) expectHarmless((await desk.post(columns, mapping)).text, "mapping");
    expect(countPeople()).toBe(before);
  });

  function countPeople(): number {
    const db = openDatabase(server.databaseFile);
    const people = db.sqlite.prepare("select count(*) from person").pluck().get();
    db.close();
    return Number(people);
  }
});

test("a form of a hundred thousand fields, or of a list without end, holds nobody up", async () => {
  const begin = performance.now();
  const fields = Array.from({ length: 100_000 }, (_, n) => [`f${n}`, ""] as const);
  const many = Object.fromEntries([
    ...fields,
    ["email", EMAIL],
    ["password", PASSWORD],
    ["reply", "accepted"],
  ]);
  const stranger = visitor(server.url);
  expect((await stranger.post(paths.signIn(), many)).status).toBe(422);
  expect((await stranger.post(paths.invitation(someone(3).token), many)).status).toBe(422);
  const list = { sideId: "x", "delegationIds[99999999]": "x" };
  expect((await desk.post(paths.newMail(slug), list)).status).toBe(422);
  expect(performance.now() - begin).toBeLessThan(5_000);
  // More than the database takes in one question.
  const ids = Array.from({ length: 40_000 }, (_, n) => n.toString(36));
  for (const path of [paths.sendInvitations(slug), paths.approvals(slug)])
    expect((await desk.post(path, { invitation: ids, intent: "approve" })).status, path).toBe(400);
  expect((await desk.post(paths.carryOver(slug), { person: ids })).status).toBe(400);
});

test("the mailbox is for this machine alone: not for a name that leads here, nor behind an unknown proxy", async () => {
  const ask = (headers: Record<string, string>) => rawRequest(server.port, paths.mailbox(), { headers });
  const here = `localhost:${server.port}`;
  expect((await ask({ Host: here })).body).toContain("mark0");
  expect((await ask({ Host: `[::1]:${server.port}` })).status).toBe(200);
  const elsewhere: ReadonlyArray<Record<string, string>> = [
    { Host: `evil.example:${server.port}` },
    { Host: "localhost.evil.example" },
    { Host: here, "X-Forwarded-For": "127.0.0.1" },
    { Host: here, "X-Real-IP": "203.0.113.9" },
    { Host: here, Forwarded: "for=203.0.113.9" },
    { Host: here, Via: "1.1 proxy" },
  ];
  for (const headers of elsewhere) expect((await ask(headers)).status, JSON.stringify(headers)).toBe(404);
});

test("names and addresses stand in no line of the log", () => {
  const { stdout, stderr } = server.output();
  expect(stdout).toContain('"path"');
  expect(stdout + stderr).not.toMatch(/mark\d|evil|McDonald|delegate-\d+@|lead@staff/);
});
