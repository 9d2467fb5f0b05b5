import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { migrationsFolder } from "#app/platform/project.server.ts";
import { migrate } from "#db/migrate.server.ts";

const folders: Array<string> = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The migrations as they were after the nth. */
function first(n: number): string {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  folders.push(folder);
  const names = readdirSync(migrationsFolder()).filter((name) => name.endsWith(".sql"));
  for (const name of names.sort().slice(0, n)) cpSync(join(migrationsFolder(), name), join(folder, name));
  return folder;
}

test("mails that waited before the update are there after it, whole and with their tries", () => {
  const sqlite = new Database(":memory:");
  migrate(sqlite, first(2));
  sqlite.pragma("foreign_keys = OFF");
  sqlite.exec(
    `insert into delivery (id, edition_id, co_host_id, invitation_id, message_id, kind, locale, to_address, to_name,
       payload, state, tries, due_at, leased_until, message_id_header, created_at, finished_at)
     values ('d1', 'e1', 's1', 'i1', null, 'invitation', 'zh-CN', 'a@example.org', '曾样本', '{"x":1}', 'deferred', 3, 7, null, '<d1@x>', 5, null);
     insert into delivery_try (id, delivery_id, at, outcome, code, response) values ('t1', 'd1', 6, 'deferred', 451, 'later');
     insert into series values ('r1', 'x', 'x');
     insert into co_host values ('s1', 'x', 'x');
     insert into edition values ('e1', 'r1', 'slug', 1, 'x', 'x', 'x', 'x', 'CN', 'Asia/Shanghai', '2018-12-03', '2018-12-05', '2018-12-01', '2018-12-07', 'in_person', 's1', null, null, '', '', '', 1);
     insert into delegation values ('g1', 'e1', 's1', 'us', 'x', 'x', null, 'America/New_York', 1);
     insert into person (id, co_host_id, sort_key, locale, created_at, updated_at) values ('p1', 's1', 'zeng', 'zh-CN', 1, 1);
     insert into invitation (id, edition_id, person_id, delegation_id, category, number, token_hash, token_generation, token_expires_at, reply, created_at)
       values ('i1', 'e1', 'p1', 'g1', 'delegate', '08-001', 'h', 1, 9, 'none', 1)`,
  );
  expect(migrate(sqlite, migrationsFolder()).length).toBeGreaterThan(0);
  expect(sqlite.prepare("select * from delivery").all()).toMatchObject([
    {
      id: "d1",
      edition_id: "e1",
      co_host_id: "s1",
      invitation_id: "i1",
      message_id: null,
      recipient_kind: "invitee",
      link_id: null,
      lane: 1,
      kind: "invitation",
      locale: "zh-CN",
      to_address: "a@example.org",
      to_name: "曾样本",
      payload: '{"x":1}',
      state: "deferred",
      tries: 3,
      due_at: 7,
      leased_until: null,
      message_id_header: "<d1@x>",
      references_header: "",
      created_at: 5,
      finished_at: null,
    },
  ]);
  expect(
    sqlite
      .prepare("select count(*) from delivery_try join delivery on delivery.id = delivery_id")
      .pluck()
      .get(),
  ).toBe(1);
  expect(sqlite.pragma("foreign_key_check")).toEqual([]);
});
