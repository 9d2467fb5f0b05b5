/**
 * What a change of cells changes besides them: when a card was written, where somebody stood in their delegation, browsers
 * that were known under another mailbox. Remembered, so that an import that is taken back leaves nothing of itself.
 */
import { and, eq, inArray, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { accessCode, delivery, device, invitation, person } from "#db/schema/index.ts";
import type { DeliveryState } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";

type Traces = {
  updatedAt: number;
  postCheckedAt: number | null;
  protocolOrder: number | null;
  devices: ReadonlyArray<{ id: string; was: number | null; is: number | null }>;
  codes: ReadonlyArray<{ id: string; was: number; is: number }>;
  mails: ReadonlyArray<{ id: string; was: Mail; is: Mail }>;
};

type Mail = { state: DeliveryState; finishedAt: number | null };

type Before = Pick<Traces, "updatedAt" | "postCheckedAt" | "protocolOrder"> & {
  devices: Map<string, number | null>;
  codes: Map<string, number>;
  mails: Map<string, Mail>;
};

/**
 * Looks before anything is written; what it gives looks again afterwards, and tells what is to be kept.
 *
 * @param moving those who get another mailbox.
 */
export function remembered(
  tx: Tx,
  invitationIds: ReadonlyArray<string>,
  moving: ReadonlySet<string>,
): (invitationId: string) => string {
  const before = new Map(invitationIds.map((id) => [id, look(tx, id, moving)]));
  return (invitationId) => {
    const was = before.get(invitationId);
    if (was === undefined || was === null) return "";
    const now = look(tx, invitationId, moving);
    const changes = <T>(then: Map<string, T>, is: Map<string, T> | undefined) =>
      [...then].flatMap(([id, value]) => {
        const after = is?.get(id);
        return after === undefined || JSON.stringify(after) === JSON.stringify(value)
          ? []
          : [{ id, was: value, is: after }];
      });
    const { updatedAt, postCheckedAt, protocolOrder } = was;
    const traces: Traces = {
      updatedAt,
      postCheckedAt,
      protocolOrder,
      devices: changes(was.devices, now?.devices),
      codes: changes(was.codes, now?.codes),
      mails: changes(was.mails, now?.mails),
    };
    return JSON.stringify(traces);
  };
}

const timesOf = prepared((orm) =>
  orm
    .select({
      personId: person.id,
      updatedAt: person.updatedAt,
      postCheckedAt: person.postCheckedAt,
      protocolOrder: invitation.protocolOrder,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(eq(invitation.id, sql.placeholder("invitation")))
    .prepare(),
);

function look(orm: Orm, invitationId: string, moving: ReadonlySet<string>): Before | null {
  const found = timesOf(orm).get({ invitation: invitationId });
  if (found === undefined) return null;
  const { personId, ...times } = found;
  if (!moving.has(invitationId)) return { ...times, devices: new Map(), codes: new Map(), mails: new Map() };
  // Another mailbox ends what was open in every edition.
  const theirs = orm
    .select({ id: invitation.id })
    .from(invitation)
    .where(eq(invitation.personId, personId))
    .all()
    .map(({ id }) => id);
  const devices = orm
    .select({ id: device.id, revokedAt: device.revokedAt })
    .from(device)
    .where(inArray(device.invitationId, theirs))
    .all();
  const codes = orm
    .select({ id: accessCode.id, expiresAt: accessCode.expiresAt })
    .from(accessCode)
    .where(inArray(accessCode.invitationId, theirs))
    .all();
  const mails = orm
    .select({ id: delivery.id, state: delivery.state, finishedAt: delivery.finishedAt })
    .from(delivery)
    .where(
      and(
        inArray(delivery.invitationId, theirs),
        inArray(delivery.state, ["queued", "deferred", "cancelled"]),
      ),
    )
    .all();
  return {
    ...times,
    devices: new Map(devices.map(({ id, revokedAt }) => [id, revokedAt])),
    codes: new Map(codes.map(({ id, expiresAt }) => [id, expiresAt])),
    mails: new Map(mails.map(({ id, ...mail }) => [id, mail])),
  };
}

const setTimes = prepared((orm) =>
  orm
    .update(person)
    .set({
      updatedAt: sql`${sql.placeholder("updatedAt")}`,
      postCheckedAt: sql`${sql.placeholder("postCheckedAt")}`,
    })
    .where(eq(person.id, sql.placeholder("id")))
    .prepare(),
);

/** What is put back besides the cells: each only as far as it is still as the import left it. */
export function putBack(
  tx: Tx,
  {
    invitationId,
    traces,
    at,
    stoodAt,
  }: { invitationId: string; traces: string; at: number; stoodAt: number },
): void {
  const { updatedAt, postCheckedAt, protocolOrder }: Traces = JSON.parse(traces);
  const found = timesOf(tx).get({ invitation: invitationId });
  if (found === undefined) return;
  // Somebody has written on the card since: when, is theirs to tell.
  if (stoodAt === at) setTimes(tx).run({ id: found.personId, updatedAt, postCheckedAt });
  if (found.protocolOrder === null && protocolOrder !== null)
    tx.update(invitation).set({ protocolOrder }).where(eq(invitation.id, invitationId)).run();
}

/** Browsers, codes and mails that ended with a mailbox which is somebody's again: likewise. */
export function putMailboxBack(tx: Tx, traces: string): void {
  const { devices, codes, mails }: Traces = JSON.parse(traces);
  for (const { id, was, is } of devices)
    tx.update(device)
      .set({ revokedAt: was })
      .where(and(eq(device.id, id), is === null ? undefined : eq(device.revokedAt, is)))
      .run();
  for (const { id, was, is } of codes)
    tx.update(accessCode)
      .set({ expiresAt: was })
      .where(and(eq(accessCode.id, id), eq(accessCode.expiresAt, is)))
      .run();
  for (const { id, was, is } of mails)
    tx.update(delivery)
      .set(was)
      .where(
        and(
          eq(delivery.id, id),
          eq(delivery.state, is.state),
          is.finishedAt === null ? undefined : eq(delivery.finishedAt, is.finishedAt),
        ),
      )
      .run();
}

const invitationRow = prepared((orm) =>
  orm
    .select()
    .from(invitation)
    .where(eq(invitation.id, sql.placeholder("id")))
    .prepare(),
);
const cardRow = prepared((orm) =>
  orm
    .select()
    .from(person)
    .where(eq(person.id, sql.placeholder("id")))
    .prepare(),
);

/** What an import made, as it made it: another digest tells that something has happened to it since. */
export function digestOfMade(
  orm: Orm,
  { keys }: Pick<StaffContext, "keys">,
  { invitationId, made }: { invitationId: string; made: "person" | "invitation" },
): string {
  const invited = invitationRow(orm).get({ id: invitationId });
  const card = made === "person" && invited !== undefined ? cardRow(orm).get({ id: invited.personId }) : null;
  return keys.digest(JSON.stringify([invited, card]));
}
