import { staffScope } from "#app/domain/access/rules.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { type ImportChoice, type Imported, importTable } from "#app/domain/import/commands.server.ts";
import {
  type ImportPlan,
  type ImportRequest,
  kindFinder,
  planImport,
} from "#app/domain/import/plan.server.ts";
import { guessMapping, type Mapping } from "#app/domain/import/rules.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { translate } from "#app/i18n/translate.ts";
import type { Permission } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import { tableOf } from "#tests/support/tables.ts";

/** A meeting of twenty people a minute after it was written, and somebody who brings lists of one side's. */
export function meetingWithLists() {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  const meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 20,
    seats: [],
    now: AUTUMN_2018,
  });
  base.clock.advance(60_000);

  function staff(permission: Permission, side: 0 | 1 = 0): StaffContext {
    const scope = staffScope(
      [{ coHostId: meeting.sideIds[side], editionId: meeting.editionId, permission, endsAt: null }],
      { id: meeting.editionId, coHostIds: meeting.sideIds },
      { now: AUTUMN_2018 },
    );
    if (scope === null) throw new Error("no scope");
    return { ...base, scope };
  }
  const lead = staff("lead");

  async function requested(
    file: string | Uint8Array,
    mapping: Partial<Mapping> = {},
  ): Promise<ImportRequest> {
    const table = await tableOf(file);
    return {
      table,
      mapping: { ...guessMapping(table, { kindOf: kindFinder(lead) }), ...mapping },
      delegationId: meeting.delegationIds[0],
    };
  }

  return {
    base,
    clock: base.clock,
    meeting,
    staff,
    lead,
    requested,
    /** The nth of a side's people. */
    person(n: number, side: 0 | 1 = 0): Invitee {
      const found = meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[side])[n];
      if (found === undefined) throw new Error("no such invitee");
      return found;
    },
    /** Somebody at their own form. */
    holder({ invitationId, editionId }: Invitee) {
      return {
        ...base,
        actor: { kind: "invitee" as const, id: invitationId },
        scope: { editionId, invitationId },
        locale: "en" as const,
        assistant: null,
      };
    },
    async planned(file: string | Uint8Array, by: StaffContext = lead): Promise<ImportPlan> {
      return value(planImport(by, await requested(file)));
    },
    async imported(
      file: string | Uint8Array,
      choice?: ImportChoice,
      mapping: Partial<Mapping> = {},
    ): Promise<Imported> {
      const request = await requested(file, mapping);
      return value(await importTable(lead, choice === undefined ? request : { ...request, choice }));
    },
  };
}

export function value<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(result.refusal);
  return result.value;
}

export function answersOf(meeting: Meeting, who: Invitee, changes: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, text] of new URLSearchParams(submission(meeting, who, []))) form.append(name, text);
  for (const [name, text] of Object.entries(changes)) form.set(name, text);
  return answersFromForm(form);
}

export const csv = (...lines: ReadonlyArray<string>) => `${lines.join("\r\n")}\r\n`;

/** Of each cell of a row: column, before, after, whether it is chosen, and what is said of it. */
export function cellsIn(plan: ImportPlan, row: number) {
  const found = plan.rows.find((one) => one.row === row);
  return (found?.cells ?? []).map(({ column, before, after, isChosen, problems, conflicts }) => [
    column,
    before,
    after,
    isChosen,
    ...[...problems, ...conflicts].map(({ key, values }) => translate("en", key, values)),
  ]);
}
