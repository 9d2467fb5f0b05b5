/**
 * What changed while somebody did not look: events of invitations, and acts about the edition. Acts that come to the
 * same as an event (an answer, a letter sent) are told once, by the event.
 */
import type { Channel, InvitationEventKind } from "#db/vocabulary.ts";

/** Acts worth telling a colleague; the names are those of the audit trail. */
export const TOLD_ACTS = [
  "agenda.add",
  "agenda.change",
  "agenda.remove",
  "agenda.publish",
  "edition.change",
  "edition.changeApproval",
  "delegations.change",
  "invitation.word",
  "message.release",
  "person.add",
  "person.change",
  "person.import",
  "person.export",
  "contact.merge",
  "contact.undoMerge",
  "contact.carryOver",
  "release.create",
  "release.revoke",
  "staff.add",
  "staff.invite",
  "staff.change",
  "staff.end",
  "visit.limits",
] as const;
export type ToldAct = (typeof TOLD_ACTS)[number];

export function isToldAct(action: string): action is ToldAct {
  return TOLD_ACTS.some((told) => told === action);
}

export type ChangedPerson = { invitationId: string; nameLatin: string; nameNative: string };

/** Who did it: `outside` is staff of whom this side knows no name. */
export type Doer = { by: Channel | "outside"; name: string | null };

/** One thing as it is stored. Newest first when there are several. */
export type Change = { at: number; doer: Doer } & (
  | { kind: "event"; event: InvitationEventKind; person: ChangedPerson }
  | { kind: "act"; act: ToldAct }
);

/** The same thing done by the same on one day: to these people, or so many times. */
export type ChangeGroup = {
  /** The newest. */
  at: number;
  day: string;
  doer: Doer;
  times: number;
  people: ReadonlyArray<ChangedPerson>;
} & ({ kind: "event"; event: InvitationEventKind } | { kind: "act"; act: ToldAct });

/** Puts together what is of one kind, one doer and one day, in the order of the newest of each. */
export function grouped(
  changes: ReadonlyArray<Change>,
  dayOf: (instant: number) => string,
): Array<ChangeGroup> {
  const groups = Map.groupBy(changes, (one) => {
    const what = one.kind === "event" ? one.event : one.act;
    return JSON.stringify([dayOf(one.at), one.kind, what, one.doer.by, one.doer.name]);
  });
  return [...groups.values()].flatMap((group): Array<ChangeGroup> => {
    const [newest] = group;
    if (newest === undefined) return [];
    const people = new Map(
      group.flatMap((one) => (one.kind === "event" ? [[one.person.invitationId, one.person] as const] : [])),
    );
    const told = {
      at: newest.at,
      day: dayOf(newest.at),
      doer: newest.doer,
      times: group.length,
      people: [...people.values()],
    };
    return newest.kind === "event"
      ? [{ ...told, kind: "event", event: newest.event }]
      : [{ ...told, kind: "act", act: newest.act }];
  });
}
