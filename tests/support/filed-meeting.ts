import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { staffScope } from "#app/domain/access/rules.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { openDatabase } from "#db/client.server.ts";
import { AUTUMN_2018, testContext } from "./context.ts";
import { type Meeting, writeMeeting } from "./meeting.ts";

/** A meeting in a file, for what a database in memory cannot tell: bytes on disk, and files beside it. */
export type FiledMeeting = {
  folder: string;
  file: string;
  base: ReturnType<typeof testContext>;
  meeting: Meeting;
  /** Who leads the one side, and who leads the other. */
  staff: StaffContext;
  others: StaffContext;
  remove(): void;
};

export function fileMeeting(plan: { people: number; capacity: number }): FiledMeeting {
  const folder = mkdtempSync(join(tmpdir(), "secretariat-meeting-"));
  const file = join(folder, "secretariat.db");
  openDatabase(testContext().db.sqlite.serialize()).sqlite.prepare("vacuum into ?").run(file);
  const base = testContext({ db: openDatabase(file) });
  const meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: plan.people,
    seats: [{ capacity: plan.capacity, quota: null }],
    now: AUTUMN_2018,
  });
  const leadOf = (side: 0 | 1): StaffContext => {
    const scope = staffScope(
      [{ coHostId: meeting.sideIds[side], editionId: meeting.editionId, permission: "lead", endsAt: null }],
      { id: meeting.editionId, coHostIds: meeting.sideIds },
      { act: "lead", now: AUTUMN_2018 },
    );
    if (scope === null) throw new Error("no scope");
    return { ...base, actor: { kind: "staff", id: `lead ${side}` }, scope };
  };
  return {
    folder,
    file,
    base,
    meeting,
    staff: leadOf(0),
    others: leadOf(1),
    remove() {
      base.db.close();
      rmSync(folder, { recursive: true });
    },
  };
}
