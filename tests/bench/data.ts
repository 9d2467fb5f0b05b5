import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { DomainContext } from "#app/domain/context.ts";
import { systemClock } from "#app/platform/clock.ts";
import { deriveKeys, hashToken } from "#app/platform/crypto.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { type Invitee, type Meeting, queueAgendaMails, writeMeeting } from "../support/meeting.ts";
import { ROOT } from "./processes.ts";

/** As many as a large meeting has. More people come in more meetings: no queue is longer than it would ever be. */
const PEOPLE_PER_MEETING = 250;

/** Somebody with a link, and the meeting that it leads to. */
export type Subject = { invitee: Invitee; meeting: Meeting };

export type Data = {
  secretKeyFile: string;
  /** A database file: people who have not registered. Each contestant gets a copy. */
  people: string;
  /** The same with agenda mails queued, for each number that was asked for. */
  mails: ReadonlyArray<string>;
  /** Milliseconds of each transaction that queued the mails of one meeting. */
  queued: ReadonlyArray<number>;
  subjects: ReadonlyArray<Subject>;
};

/** Writes the databases that the contestants start from. */
export async function makeData(
  folder: string,
  size: { people: number; mails: ReadonlyArray<number> },
): Promise<Data> {
  const secret = Buffer.alloc(32, 7);
  const secretKeyFile = join(folder, "secret.key");
  writeFileSync(secretKeyFile, `${secret.toString("base64")}\n`, { mode: 0o600 });
  const keys = deriveKeys(secret);
  const people = join(folder, "people.db");

  const db = openDatabase(people);
  migrate(db.sqlite, join(ROOT, "db/migrations"));
  const now = Date.now();
  const meetings = Array.from({ length: Math.ceil(size.people / PEOPLE_PER_MEETING) }, (_, n) =>
    writeMeeting(db.orm, keys, {
      slug: `meeting-${n + 1}`,
      people: PEOPLE_PER_MEETING,
      // One visit that everybody gets on, one that most have to wait for.
      seats: [
        { capacity: PEOPLE_PER_MEETING, quota: null },
        { capacity: 40, quota: 20 },
      ],
      now,
    }),
  );
  db.close();
  const subjects = meetings.flatMap((meeting) => meeting.invitees.map((invitee) => ({ invitee, meeting })));

  const queued: Array<number> = [];
  const mails: Array<string> = [];
  for (const count of size.mails) {
    const file = join(folder, `mails-${count}.db`);
    mails.push(file);
    copyFileSync(people, file);
    const mailing = openDatabase(file);
    const ctx: DomainContext = {
      db: mailing,
      clock: systemClock,
      keys,
      baseUrl: "http://dialogue.example",
      actor: { kind: "system", id: "bench" },
      requestId: null,
    };
    const recipients = subjects.slice(0, count).map(({ invitee }) => invitee);
    // One transaction a meeting, as a message of a meeting's staff is released.
    for (let from = 0; from < recipients.length; from += PEOPLE_PER_MEETING) {
      const batch = recipients.slice(from, from + PEOPLE_PER_MEETING);
      const began = performance.now();
      await queueAgendaMails(ctx, batch);
      if (batch.length === PEOPLE_PER_MEETING) queued.push(performance.now() - began);
    }
    mailing.close();
  }
  return { secretKeyFile, people, mails, queued, subjects };
}

/** A data directory of its own with a copy of a database, as the product keeps it. */
export function dataDirectory(folder: string, name: string, database: string): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  copyFileSync(database, join(directory, "secretariat.db"));
  return directory;
}

/** What differs between one invitee's page, statements and rows and another's, in one order for all. */
export function factsOf({ invitee, meeting }: Subject): Array<string> {
  return [
    invitee.token,
    hashToken(invitee.token),
    invitee.invitationId,
    invitee.personId,
    invitee.email,
    invitee.nameLatin,
    hashToken(invitee.cookie.split("=")[1] ?? ""),
    invitee.delegationId,
    invitee.sideId,
    meeting.editionId,
    ...meeting.delegationIds,
    ...meeting.sideIds,
    ...meeting.visitIds,
    ...meeting.itemIds,
  ];
}
