import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "#app/paths.ts";
import type { Db } from "#db/client.server.ts";
import { startTestServer, type TestServer, type Visitor } from "#tests/support/server.ts";
import { openStored, type Stored } from "#tests/support/stored.ts";
import {
  PASSWORD,
  type Side,
  signedIn,
  type TwoEditions,
  writeTwoEditions,
} from "#tests/support/two-editions.ts";

/* A release from the form to the other side's screen, as browsers send it. Who may at all: scope.test.ts. */

let server: TestServer<TwoEditions>;
let stored: Stored;
let lead: Visitor;
let awayLead: Visitor;
let home: Side;
let away: Side;

beforeAll(async () => {
  server = await startTestServer({ env: { SECOND_STEP: "optional" }, seed: writeTwoEditions });
  ({ home, away } = server.seeded);
  stored = openStored(server.databaseFile);
  lead = await signedIn(server, "lead");
  awayLead = await signedIn(server, "awayLead");
}, 60_000);
afterAll(async () => {
  stored.close();
  await server.stop();
});

const sql = <T>(work: (sqlite: Db["sqlite"]) => T): T => stored.work(({ sqlite }) => work(sqlite));
const count = (table: string) =>
  sql((sqlite) => sqlite.prepare(`select count(*) from ${table}`).pluck().get());

const chosen = () => ({
  invitations: home.people.slice(0, 2).map((person) => person.invitationId),
  columns: ["nameLatin", "institutionEn"],
  to: away.sideId,
  recipient: "",
  purpose: "Pick-up at the airport",
  until: home.meeting.travelTo,
});

/** What the preview sends along when it is confirmed. */
function seen(text: string) {
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? "";
  return { step: "release", releaseId: hidden("releaseId"), hash: hidden("hash") };
}

test("is put together, looked at, given, used by the other side and ended", async () => {
  const form = paths.newRelease(home.slug);
  const before = count("release");
  const nothing = await lead.post(form, {
    ...chosen(),
    columns: [],
    purpose: "Kept as typed",
    until: "2001-01-01",
  });
  expect(nothing.status).toBe(422);
  expect(nothing.text).toContain("Please choose at least one column.");
  expect(nothing.text).toContain("Kept as typed");

  const preview = await lead.post(form, chosen());
  expect(preview.status).toBe(200);
  expect(preview.text).toContain("Quillfeather Person 0");
  expect(preview.text).toContain("Institute of Quillfeather");
  const typed = { ...chosen(), ...seen(preview.text), count: "2", password: PASSWORD };

  const guess = "not the password at all";
  const refused = await lead.post(form, { ...typed, password: guess });
  expect(refused.status).toBe(422);
  expect(refused.text).not.toContain(guess);
  const miscounted = await lead.post(form, { ...typed, count: "3" });
  expect(miscounted.status).toBe(422);
  expect(miscounted.text).toContain("That is not how many people are in the table above.");

  sql((sqlite) =>
    sqlite
      .prepare("update person set institution_en = 'Corrected Quillfeather' where id = ?")
      .run(home.people[0].personId),
  );
  const changed = await lead.post(form, typed);
  expect(changed.status).toBe(409);
  expect(changed.text).toContain("nothing was released");
  expect(changed.text).toContain("Corrected Quillfeather");
  expect(count("release")).toBe(before);

  const given = await lead.post(form, { ...typed, ...seen(changed.text) });
  expect(given.statuses).toEqual([303, 200]);
  const path = given.path.replace(/\?.*/, "");

  const list = await awayLead.get(paths.releases(away.slug));
  expect(list.text).toContain("Pick-up at the airport");
  const page = await awayLead.get(path);
  expect(page.text).toContain("Corrected Quillfeather");
  expect(page.text).toContain("Opened by awayLead");
  expect(page.text).not.toContain("Quillfeather Person 2");
  const audits = count("audit_event");
  await awayLead.get(`${path}/list.csv`);
  expect(count("audit_event")).toBe(audits);

  const file = await awayLead.post(`${path}/list.csv`, {});
  expect(file.status).toBe(200);
  expect(file.headers.get("Content-Disposition")).toBe('attachment; filename="release.csv"');
  expect(file.headers.get("Cache-Control")).toContain("no-store");
  expect(file.text).toContain('"Quillfeather Person 0","Corrected Quillfeather"\r\n');
  const noted = sql((sqlite) =>
    sqlite.prepare("select co_host_id as side, details from audit_event where action = 'release.take'").get(),
  ) as { side: string; details: string };
  expect(noted.side).toBe(home.sideId);
  // `fetch` takes the mark of the encoding away; it is in the file.
  const sha256 = createHash("sha256").update(`\ufeff${file.text}`).digest("hex");
  expect(JSON.parse(noted.details)).toMatchObject({ sha256, rows: 2, takenFor: away.sideId });
  expect((await lead.get(path)).text).toContain("awayLead");

  const asked = await lead.post(path, { intent: "revoke" });
  expect(asked.text).toContain("Revoke this release?");
  expect((await awayLead.get(path)).status).toBe(200);
  expect((await lead.post(path, { intent: "revoke", sure: "yes" })).statuses).toEqual([303, 200]);
  const gone = await awayLead.get(path);
  const never = await awayLead.get(paths.release(away.slug, "x".repeat(20)));
  expect([gone.status, never.status]).toEqual([404, 404]);
  expect((await awayLead.post(`${path}/list.csv`, {})).status).toBe(404);
  expect(gone.text.length).toBe(never.text.length);
  const record = await lead.get(path);
  expect(record.text).toContain("Quillfeather Person 0");
  expect(record.text).not.toContain("Corrected Quillfeather");
});
