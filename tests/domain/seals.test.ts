import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  changeSealKey,
  type KeyStore,
  type RotationStep,
  SEALED_COLUMNS,
} from "#app/domain/privacy/seals.server.ts";
import { deriveKeys } from "#app/platform/crypto.server.ts";
import { migrationsFolder } from "#app/platform/project.server.ts";
import { readSecretKey, writeSecretKey } from "#app/platform/secret-key.server.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

let folder: string;
let file: string;
let db: Db;
let invitationIds: Array<string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seals-"));
  file = join(folder, "secret.key");
  writeFileSync(file, `${Buffer.alloc(32, 9).toString("base64")}\n`, { mode: 0o600 });
  db = openDatabase(join(folder, "secretariat.db"));
  migrate(db.sqlite, migrationsFolder());
  const keys = deriveKeys(readSecretKey(file));
  const meeting = writeMeeting(db.orm, keys, { slug: "x", people: 3, seats: [], now: Date.UTC(2018, 9, 1) });
  invitationIds = meeting.invitees.map(({ invitationId }) => invitationId);
  const put = db.sqlite.prepare("insert into travel_document values (?, ?, 1, 'test')");
  for (const id of invitationIds) put.run(id, keys.seal(`SECRET of ${id}`, `travel_document/${id}`));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const store: KeyStore = { read: () => readSecretKey(file), write: (secret) => writeSecretKey(file, secret) };

function sealedNow(): Array<{ id: string; sealed: string }> {
  return db.sqlite
    .prepare<[], { id: string; sealed: string }>("select invitation_id as id, sealed from travel_document")
    .all();
}

/** Everything opens with what is in the key file now. */
function opens(): boolean {
  const keys = deriveKeys(readSecretKey(file));
  return sealedNow().every(
    ({ id, sealed }) => keys.open(sealed, `travel_document/${id}`) === `SECRET of ${id}`,
  );
}

describe("a new key for the seals", () => {
  test("opens everything, and the old one nothing; links and digests stay as they were", async () => {
    const before = deriveKeys(readSecretKey(file));
    const old = sealedNow();
    expect(await changeSealKey(db, store)).toEqual({ resealed: 3, number: 2, cleaned: true });
    expect(opens()).toBe(true);
    const after = deriveKeys(readSecretKey(file));
    for (const { id, sealed } of old) {
      const place = `travel_document/${id}`;
      expect(before.open(sealed, place)).toBe(`SECRET of ${id}`);
      expect(() => after.open(sealed, place)).toThrow();
    }
    for (const { id, sealed } of sealedNow())
      expect(() => before.open(sealed, `travel_document/${id}`)).toThrow();
    expect(after.linkToken("x", 1)).toBe(before.linkToken("x", 1));
    expect(after.digest("x")).toBe(before.digest("x"));
    expect(after.sessionSecret).toBe(before.sessionSecret);
    // Neither the first secret nor what lay under the old seal is anywhere.
    expect(readFileSync(file, "utf8")).not.toContain(Buffer.alloc(32, 9).toString("base64"));
    expect(statSync(file).mode & 0o077).toBe(0);
    const bytes = readFileSync(join(folder, "secretariat.db"));
    for (const { sealed } of old) expect(bytes.includes(sealed)).toBe(false);
    expect((await changeSealKey(db, store)).number).toBe(3);
    expect(opens()).toBe(true);
  });

  test.each(["begun", "keyAdded", "resealed", "cleaned"] satisfies Array<RotationStep>)(
    "interrupted when it has %s leaves everything open, and is finished by doing it again",
    async (last) => {
      const interrupted = changeSealKey(db, store, {
        reached: (step) => {
          if (step === last) throw new Error("power cut");
        },
      });
      await expect(interrupted).rejects.toThrow("power cut");
      expect(opens()).toBe(true);
      await changeSealKey(db, store);
      expect(opens()).toBe(true);
      expect([...readSecretKey(file).seals.keys()]).toEqual([2]);
      expect(sealedNow().every(({ sealed }) => sealed.startsWith("2."))).toBe(true);
    },
  );

  test("reaches every column that holds seals", () => {
    const columns = db.sqlite
      .prepare<[], { table: string }>(
        `select m.name as "table" from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'sealed'`,
      )
      .all();
    expect(columns.map(({ table }) => table).sort()).toEqual(SEALED_COLUMNS.map(({ table }) => table).sort());
  });
});

test("a sealed value opens with its key alone, and in its own row alone", () => {
  const keys = deriveKeys(readSecretKey(file));
  const [one = "", other = ""] = invitationIds;
  const sealed = sealedNow().find(({ id }) => id === one)?.sealed ?? "";
  expect(keys.open(sealed, `travel_document/${one}`)).toBe(`SECRET of ${one}`);
  expect(() => keys.open(sealed, `travel_document/${other}`)).toThrow();
  expect(() => keys.open(sealed, `registration/${one}`)).toThrow();
  const elsewhere = deriveKeys(Buffer.alloc(32, 10));
  expect(() => elsewhere.open(sealed, `travel_document/${one}`)).toThrow();
});

test("a key file that lacks something says what", () => {
  writeFileSync(file, "secretariat keys 1\nseal 2 AAAA\n");
  expect(() => readSecretKey(file)).toThrow(/lacks "/);
  writeFileSync(file, "too short");
  expect(() => readSecretKey(file)).toThrow(/32 bytes/);
});
