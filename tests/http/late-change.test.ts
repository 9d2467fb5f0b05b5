import { afterAll, beforeAll, expect, test } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { EVERYBODY, NO_WORDS } from "#app/domain/registration/definition.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { formInBuilder } from "#app/domain/registration-form/queries.server.ts";
import { changeSection } from "#app/domain/registration-form/rules.ts";
import { paths } from "#app/paths.ts";
import type { Db } from "#db/client.server.ts";
import { submission } from "#tests/support/meeting.ts";
import { startTestServer, type TestServer, type Visitor, visitor } from "#tests/support/server.ts";
import { openStored, type Stored } from "#tests/support/stored.ts";
import { type Side, signedIn, type TwoEditions, writeTwoEditions } from "#tests/support/two-editions.ts";

/* A late change as browsers see it. Whom it tells what, and when: tests/domain/late-change.test.ts. */

let server: TestServer<TwoEditions>;
let stored: Stored;
let home: Side;
let away: Side;
let planner: Visitor;

beforeAll(async () => {
  server = await startTestServer({
    env: { SECOND_STEP: "optional" },
    async seed(ctx) {
      const written = await writeTwoEditions(ctx);
      await endTravelSection(ctx, written.home);
      return written;
    },
  });
  ({ home, away } = server.seeded);
  stored = openStored(server.databaseFile);
  planner = await signedIn(server, "planner");
}, 120_000);
afterAll(async () => {
  stored.close();
  await server.stop();
});

const sql = <T>(work: (sqlite: Db["sqlite"]) => T): T => stored.work(({ sqlite }) => work(sqlite));
const number = (query: string) => Number(sql((sqlite) => sqlite.prepare(query).pluck().get()));
const hidden = (text: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? "";
/** The addresses to which change notices of this edition wait to go. */
const told = () =>
  sql((sqlite) =>
    sqlite
      .prepare("select to_address from delivery where kind = 'agenda_change' and edition_id = ? order by 1")
      .pluck()
      .all(home.meeting.editionId),
  );

/** The last day of the questions on travel is long past. */
async function endTravelSection(ctx: DomainContext, side: Side): Promise<void> {
  const { editionId, sideIds } = side.meeting;
  const scope = staffScope(
    [{ coHostId: side.sideId, editionId, permission: "lead", endsAt: null }],
    { id: editionId, coHostIds: sideIds },
    { act: "lead", now: ctx.clock.now() },
  );
  if (scope === null) throw new Error("no scope");
  const staff: StaffContext = { ...ctx, actor: { kind: "staff", id: "lead" }, scope };
  const past = { title: NO_WORDS, help: NO_WORDS, audience: EVERYBODY, deadline: "2018-01-01", left: [] };
  const changed = await changeForm(staff, {
    seen: formInBuilder(staff).revision,
    edit: changeSection("travel", past),
  });
  if (!changed.ok) throw new Error(changed.refusal);
  expect(await publishForm(staff, { seen: changed.value, loses: 0 })).toMatchObject({ ok: true });
}

test("is shown, published, told to one's own people alone, and seen by who says so", async () => {
  const before = number("select max(number) from agenda_version");
  const code = String(
    sql((sqlite) =>
      sqlite
        .prepare("select code from agenda_version where edition_id = ? order by number desc limit 1")
        .pluck()
        .get(home.meeting.editionId),
    ),
  );
  const stranger = visitor(server.url);
  expect((await stranger.get(paths.version(code))).text).toContain(`Version ${before} is the current one.`);

  const page = await planner.get(paths.publishAgenda(home.slug));
  expect(page.text).toContain("A walk");
  expect(page.text).toContain("散步");
  const [first] = home.people;
  expect(page.text).toContain(first.nameLatin);
  for (const { nameLatin } of away.people) expect(page.text).not.toContain(nameLatin);
  expect(page.text).toContain("For 2 people something is different");
  expect(told()).toEqual([]);
  const form = { seen: hidden(page.text, "seen"), told: hidden(page.text, "told"), notify: "yes" };
  const published = await planner.post(paths.publishAgenda(home.slug), form);
  expect(published.path).toBe(`${paths.agenda(home.slug)}?done=publishedAndTold`);
  expect(told().length).toBeGreaterThan(0);
  const own = home.meeting.invitees
    .filter(({ sideId }) => sideId === home.sideId)
    .map(({ personId }) => personId);
  const addresses = sql((sqlite) =>
    sqlite
      .prepare(`select email from person where id in (${own.map(() => "?").join(",")})`)
      .pluck()
      .all(...own),
  );
  for (const address of told()) expect(addresses).toContain(address);
  // Two clicks: the second finds that it is done, and nobody is told twice.
  const toldOnce = told().length;
  const twice = await planner.post(paths.publishAgenda(home.slug), form);
  expect([twice.path, told().length]).toEqual([published.path, toldOnce]);

  // The other side sees that its people wait to be told, and sends what it looked at.
  const awayLead = await signedIn(server, "awayLead");
  const waiting = await awayLead.get(paths.changeNotices(away.slug));
  expect(waiting.text).toContain(away.people[0].nameLatin);
  const sent = { intent: "send", side: away.sideId, seen: hidden(waiting.text, "seen") };
  expect((await awayLead.post(paths.changeNotices(away.slug), sent)).path).toBe(
    `${paths.changeNotices(away.slug)}?done=sent`,
  );
  expect(told()).toContain(away.people[0].email);

  // Looking says nothing; the button does.
  const seen = paths.programmeSeen(first.token);
  const letter = await stranger.get(seen);
  await fetch(server.url + seen, { method: "HEAD" });
  expect(letter.text).toContain(`I have seen version ${before + 1}`);
  expect(letter.text).not.toContain("A walk");
  expect(number("select count(*) from agenda_seen")).toBe(0);
  const said = await stranger.post(seen, { number: hidden(letter.text, "number") });
  expect(said.text).toContain(`We know that you have seen version ${before + 1}.`);
  expect(number("select count(*) from agenda_seen")).toBe(1);
  const list = await planner.get(paths.agendaSeen(home.slug));
  expect(list.text.indexOf("Have seen it")).toBeLessThan(list.text.lastIndexOf(first.nameLatin));

  const old = await stranger.get(paths.version(code.toLowerCase()));
  expect(old.text).toContain(`Version ${before + 1} replaced it`);
  for (const word of ["Dialogue on the Rule of Law", "A walk", ...home.words])
    expect(old.text).not.toContain(word);
  expect((await stranger.get(paths.version("AAAA-AAAA"))).status).toBe(404);
});

test("a programme on one sheet is a PDF that names nobody", async () => {
  const [, second] = home.people;
  const response = await fetch(server.url + paths.programmeSheet(second.token), {
    headers: { Cookie: second.cookie },
  });
  expect(response.headers.get("Content-Type")).toBe("application/pdf");
  expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="programme.pdf"');
  expect(response.headers.get("Cache-Control")).toContain("no-store");
  expect(Buffer.from(await response.arrayBuffer()).toString("latin1")).toMatch(/^%PDF-/);
});

test("a section that was handed in after its last day says so on the person's page, and no other section does", async () => {
  const [, , late, never] = home.people;
  const typed = new URLSearchParams(submission(home.meeting, late, []));
  const sent = await fetch(server.url + paths.registration(late.token), {
    method: "POST",
    body: typed,
    redirect: "manual",
    headers: { Cookie: late.cookie, Origin: server.url },
  });
  expect(sent.status).toBe(303);
  for (const [locale, word] of [
    ["en", "Handed in after its last day"],
    ["zh-CN", "逾期提交"],
  ] as const) {
    const lead = await signedIn(server, "lead");
    await lead.get(`${paths.signIn()}?lang=${locale}`);
    const page = async (one: typeof late) => (await lead.get(paths.person(home.slug, one.invitationId))).text;
    const parts = (await page(late)).split('<section class="review-section"');
    expect(
      parts.filter((part) => part.includes(word)).map((part) => /aria-labelledby="([^"]*)"/.exec(part)?.[1]),
    ).toEqual(["s-travel"]);
    expect(await page(never)).not.toContain(word);
  }
});
