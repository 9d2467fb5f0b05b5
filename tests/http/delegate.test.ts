import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paths } from "#app/paths.ts";
import { openDatabase } from "#db/client.server.ts";
import { type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import { startTestServer, type TestServer } from "#tests/support/server.ts";

let server: TestServer<Meeting>;

beforeAll(async () => {
  server = await startTestServer({
    seed: (ctx) =>
      writeMeeting(ctx.db.orm, ctx.keys, {
        slug: "beijing",
        people: 9,
        seats: [{ capacity: 1, quota: null }],
        now: ctx.clock.now(),
      }),
  });
}, 180_000);
afterAll(() => server.stop());

function invitee(n: number) {
  const found = server.seeded.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

/** Somebody with a link in their own browser, in which a code was typed. */
function open(path: string, init: RequestInit = {}) {
  const owner = server.seeded.invitees.find(({ token }) => path.startsWith(`/i/${token}`));
  return fetch(`${server.url}${path}`, {
    redirect: "manual",
    ...init,
    headers: { ...(owner === undefined ? {} : { Cookie: owner.cookie }), ...init.headers },
  });
}

function post(path: string, body: string | Record<string, string>) {
  return open(path, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: server.url },
    body: new URLSearchParams(body).toString(),
  });
}

/** Everything in the database, to see whether it changed. */
function wholeDatabase(): string {
  const db = openDatabase(server.databaseFile);
  try {
    const tables = db.sqlite
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .pluck()
      .all();
    return JSON.stringify(tables.map((name) => [name, db.sqlite.prepare(`select * from "${name}"`).all()]));
  } finally {
    db.close();
  }
}

const PAGES = ["", "/registration", "/registration/review", "/programme", "/code", "/devices"];

describe("a link", () => {
  it("opened by GET and HEAD, twice each, in both languages, changes nothing at all", async () => {
    const before = wholeDatabase();
    for (const method of ["GET", "HEAD", "GET", "HEAD"])
      for (const page of PAGES)
        for (const lang of ["en", "zh-CN"]) {
          const answer = await open(`/i/${invitee(0).token}${page}?lang=${lang}`, { method });
          expect(answer.status).toBeLessThan(400);
          await answer.body?.cancel();
        }
    expect(wholeDatabase()).toBe(before);
  });

  it("that is wrong opens nothing below it either", async () => {
    for (const page of PAGES) expect((await open(`/i/wrong${page}`)).status).toBe(404);
  });

  it("opens pages without any script, without a name in the title, and with nothing from elsewhere", async () => {
    for (const page of ["", "/registration", "/programme"]) {
      const answer = await open(`/i/${invitee(0).token}${page}?lang=zh-CN`);
      const html = await answer.text();
      expect(html).toContain('<html lang="zh-Hans"');
      expect(html).not.toContain("<script");
      expect(/<title>([^<]*)/.exec(html)?.[1]).not.toContain("Delegate");
      expect(html).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
      expect(answer.headers.get("Cache-Control")).toContain("no-store");
    }
  });
});

describe("the reply", () => {
  it("asks once more before it declines, and asks for a choice when there is none", async () => {
    const path = `/i/${invitee(1).token}`;
    const before = wholeDatabase();
    expect((await post(path, {})).status).toBe(422);
    const first = await post(path, { reply: "declined", declineNote: "<b>Another duty</b>" });
    expect(first.status).toBe(422);
    expect(await first.text()).toContain('name="sure"');
    expect(wholeDatabase()).toBe(before);
    const second = await post(path, { reply: "declined", declineNote: "<b>Another duty</b>", sure: "yes" });
    expect([second.status, second.headers.get("Location")]).toEqual([303, path]);
    const html = await (await open(path)).text();
    expect(html).toContain("&lt;b&gt;Another duty&lt;/b&gt;");
    expect((await post(`${path}/registration`, submission(server.seeded, invitee(1), []))).status).toBe(409);
    expect((await open(paths.calendar(invitee(1).calendar))).status).toBe(404);
    expect(await (await open(`${path}/programme`)).text()).not.toContain("Session 1");
  });
});

describe("the registration", () => {
  it("is saved half-way, checked, looked over and sent", async () => {
    const person = invitee(2);
    const path = `/i/${person.token}/registration`;
    const saved = await post(path, { intent: "save", nameLatin: "McDonald", email: "not yet" });
    expect([saved.status, saved.headers.get("Location")]).toEqual([303, path]);
    const page = await (await open(path)).text();
    expect(page).toContain('value="McDonald"');
    expect(page).toContain('value="not yet"');

    const checked = await post(path, { intent: "review", nameLatin: "McDonald", email: "not yet" });
    expect(checked.status).toBe(422);
    expect(await checked.text()).toContain('value="not yet"');
    expect((await open(`${path}/review`)).headers.get("Location")).toBe(path);

    const complete = submission(server.seeded, person, server.seeded.visitIds);
    const review = await post(path, complete.replace("intent=submit", "intent=review"));
    expect([review.status, review.headers.get("Location")]).toEqual([303, `${path}/review`]);
    expect(await (await open(`${path}/review`)).text()).toContain("Riverbend Law School");
    const sent = await post(`${path}/review`, {});
    expect([sent.status, sent.headers.get("Location")]).toEqual([303, `/i/${person.token}/programme?sent`]);

    const before = wholeDatabaseWithoutMail();
    const again = await post(path, complete);
    expect([again.status, again.headers.get("Location")]).toEqual([303, `/i/${person.token}/programme?sent`]);
    expect(wholeDatabaseWithoutMail()).toBe(before);
  });

  it("keeps everything typed when a name has ten thousand characters", async () => {
    const person = invitee(3);
    const answer = await post(`/i/${person.token}/registration`, {
      intent: "save",
      nameLatin: "x".repeat(10_000),
      givenLatin: "</script><img onerror=alert(1)>",
    });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain("x".repeat(10_000));
    expect(html).toContain("&lt;/script&gt;&lt;img onerror=alert(1)&gt;");
  });

  it("one seat and five who want it at once: one has it, four wait in order", async () => {
    const others = [3, 4, 5, 6, 7].map(invitee);
    await Promise.all(
      others.map((person) =>
        post(`/i/${person.token}/registration`, submission(server.seeded, person, server.seeded.visitIds)),
      ),
    ).then((answers) => expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303, 303, 303]));
    const db = openDatabase(server.databaseFile);
    const rows = db.sqlite
      .prepare("select state, queue_number from visit_place order by queue_number")
      .raw()
      .all();
    db.close();
    expect(rows).toEqual([
      ["granted", 1],
      ["waiting", 2],
      ["waiting", 3],
      ["waiting", 4],
      ["waiting", 5],
      ["waiting", 6],
    ]);
  });

  it("answers no method but POST with a change", async () => {
    for (const method of ["PUT", "PATCH", "DELETE"])
      expect(
        (await open(`/i/${invitee(0).token}/registration`, { method, headers: { Origin: server.url } }))
          .status,
      ).toBe(405);
  });
});

/** What a registration may write; the mail worker goes on working beside it. */
function wholeDatabaseWithoutMail(): string {
  const db = openDatabase(server.databaseFile);
  try {
    return JSON.stringify(
      ["registration", "registration_section", "consent", "visit_place", "invitation_event", "person"]
        .map((name) => db.sqlite.prepare(`select * from "${name}"`).all())
        .concat([db.sqlite.prepare("select count(*) from delivery").all()])
        .concat([db.sqlite.prepare("select count(*) from audit_event").all()]),
    );
  } finally {
    db.close();
  }
}

describe("a section at a time", () => {
  const text = async (answer: Response) => (await answer.text()).replaceAll("&quot;", '"');
  const hidden = (html: string, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";

  it("goes from step to step, and says what is left in one before it goes on", async () => {
    const person = invitee(8);
    const path = `/i/${person.token}/registration`;
    const first = await post(`${path}/languages`, { intent: "next", workingLanguages: "english" });
    expect(first.status).toBe(422);
    expect(await first.text()).toContain('href="#f-needsInterpretation"');
    const next = await post(`${path}/languages`, {
      intent: "next",
      workingLanguages: "english",
      needsInterpretation: "no",
    });
    expect([next.status, next.headers.get("Location")]).toEqual([303, `${path}/travel`]);
    expect((await open(`${path}/nothing`)).status).toBe(404);
  });

  it("is kept by the page's script, which learns what stands now", async () => {
    const person = invitee(8);
    const path = `/i/${person.token}/registration/needs`;
    const html = await (await open(path)).text();
    expect(html).toMatch(/<script type="module" src="[^"]+" nonce="[^"]+"/);
    const kept = await post(`${path}/keep`, { mark: hidden(html, "mark"), dietText: "No celery" });
    expect(kept.status).toBe(200);
    const { words, mark } = await kept.json();
    expect(words).toMatch(/^Saved at /);
    expect(mark).toBe(hidden(await (await open(path)).text(), "mark"));
    const overtaken = await post(`${path}/keep`, { mark: hidden(html, "mark"), dietText: "No parsley" });
    expect(overtaken.status).toBe(409);
    expect(await (await open(path)).text()).toContain("No celery");
  });

  it("two tabs: the page shows what stands beside what was typed", async () => {
    const person = invitee(8);
    const path = `/i/${person.token}/registration/needs`;
    const mark = hidden(await (await open(path)).text(), "mark");
    await post(path, { intent: "save", mark, dietText: "From the first tab" });
    const second = await post(path, { intent: "save", mark, dietText: "From the second tab" });
    expect(second.status).toBe(409);
    const html = await second.text();
    expect(html).toContain("From the first tab");
    expect(html).toContain("From the second tab");
  });

  it("loses nothing when the browser is no longer known: a code later it is sent with one press", async () => {
    const person = invitee(8);
    const path = `/i/${person.token}/registration/needs`;
    const stranger = (to: string, body: Record<string, string>) =>
      open(to, {
        method: "POST",
        headers: { Cookie: "", Origin: server.url, "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(body).toString(),
      });
    const before = wholeDatabaseWithoutMail();
    const refused = await stranger(path, { intent: "save", dietText: "Typed for a quarter of an hour" });
    expect(refused.status).toBe(403);
    const page = await refused.text();
    expect(page).toContain("Typed for a quarter of an hour");
    expect(page).not.toContain("From the first tab");
    expect(wholeDatabaseWithoutMail()).toBe(before);
    const carried = await stranger(`/i/${person.token}/code`, { intent: "send", kept: hidden(page, "kept") });
    expect(carried.status).toBe(200);
    const kept = hidden(await carried.text(), "kept");
    expect(kept).not.toBe("");
    const wrong = await stranger(`/i/${person.token}/code`, { code: "000000", attempt: "", kept });
    expect(wrong.status).toBe(422);
    expect(hidden(await wrong.text(), "kept")).toBe(kept);
    // What was sealed for one link opens with no other.
    const other = await stranger(`/i/${invitee(0).token}/code`, { intent: "send", kept });
    expect(other.status).toBe(303);
  });

  it("loses nothing when the link leads nowhere, in the language that the page had", async () => {
    const answer = await post(`/i/${"x".repeat(22)}/registration/travel`, {
      pageLocale: "zh-CN",
      arrivalNumber: "CA982",
    });
    expect(answer.status).toBe(404);
    const html = await text(answer);
    expect(html).toContain("抵达航班号或车次: CA982");
    expect(html).toContain("您填写的内容没有丢失");
  });
});
