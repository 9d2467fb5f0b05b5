import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "#app/paths.ts";
import type { Db } from "#db/client.server.ts";
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
  server = await startTestServer({ env: { SECOND_STEP: "optional" }, seed: writeTwoEditions });
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
  // Two clicks: the second finds that it is done.
  expect((await planner.post(paths.publishAgenda(home.slug), form)).status).toBe(409);

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
