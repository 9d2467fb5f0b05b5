import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delivery, invitation, person } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import { endDevices } from "../access/devices.server.ts";
import type { DomainContext } from "../context.ts";
import { mailboxKey, type PersonFacts } from "./rules.ts";

/* Rows of the contact book, for use inside commands that have checked side and facts. */

/** The card in a row: what others may know besides the side's own marks and notes. */
export function factsOfRow(row: PersonFacts): PersonFacts {
  return {
    familyLatin: row.familyLatin,
    givenLatin: row.givenLatin,
    nameLatin: row.nameLatin,
    familyNative: row.familyNative,
    givenNative: row.givenNative,
    nameNative: row.nameNative,
    sortKey: row.sortKey,
    honorificEn: row.honorificEn,
    honorificZh: row.honorificZh,
    salutationEn: row.salutationEn,
    salutationZh: row.salutationZh,
    institutionEn: row.institutionEn,
    institutionZh: row.institutionZh,
    positionEn: row.positionEn,
    positionZh: row.positionZh,
    email: row.email,
    phone: row.phone,
    locale: row.locale,
  };
}

function columns(facts: PersonFacts) {
  return { ...facts, emailKey: facts.email === null ? null : mailboxKey(facts.email) };
}

/** Adds somebody to a side's contact book; gives their id. */
export function insertPerson(
  tx: Tx,
  ctx: DomainContext,
  { sideId, facts }: { sideId: string; facts: PersonFacts },
): string {
  const id = newId();
  const now = ctx.clock.now();
  tx.insert(person)
    .values({ id, coHostId: sideId, ...columns(facts), createdAt: now, updatedAt: now })
    .run();
  return id;
}

/**
 * Writes all facts of somebody anew. Whoever types another post has checked it. Another mailbox ends what the one before
 * had opened: codes are typed from the registered mailbox, and it was perhaps a stranger's.
 */
export function updatePerson(
  tx: Tx,
  ctx: DomainContext,
  { personId, facts }: { personId: string; facts: PersonFacts },
): void {
  const now = ctx.clock.now();
  const before = tx
    .select({
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      email: person.email,
    })
    .from(person)
    .where(eq(person.id, personId))
    .get();
  const movedOn =
    before !== undefined &&
    (["institutionEn", "institutionZh", "positionEn", "positionZh"] as const).some(
      (field) => before[field] !== facts[field],
    );
  tx.update(person)
    .set({ ...columns(facts), updatedAt: now, ...(movedOn ? { postCheckedAt: now } : {}) })
    .where(eq(person.id, personId))
    .run();
  if (before !== undefined)
    endWhatMailboxOpened(tx, ctx, { personId, before: before.email, after: facts.email });
}

/** For the commands that may write another mailbox on somebody's card. Who had none, or writes theirs in other letters, stays in. */
export function endWhatMailboxOpened(
  tx: Tx,
  ctx: DomainContext,
  { personId, before, after }: { personId: string; before: string | null; after: string | null },
): void {
  if (before === null || (after !== null && mailboxKey(before) === mailboxKey(after))) return;
  const invitations = tx
    .select({ id: invitation.id })
    .from(invitation)
    .where(eq(invitation.personId, personId))
    .all();
  for (const { id } of invitations) endDevices(tx, ctx, { invitationId: id, assistantLinkId: null });
  // Mails that wait bring a link, and are for the person: they go where the person reads now, or nowhere.
  tx.update(delivery)
    .set(after === null ? { state: "cancelled", finishedAt: ctx.clock.now() } : { toAddress: after })
    .where(
      and(
        inArray(
          delivery.invitationId,
          invitations.map(({ id }) => id),
        ),
        eq(delivery.recipientKind, "invitee"),
        inArray(delivery.state, ["queued", "deferred"]),
      ),
    )
    .run();
}

/** Whether the side has marked somebody as not to be invited. For commands that invite: they refuse. */
export function isNotToBeInvited(orm: Orm, personId: string): boolean {
  const found = orm.select({ at: person.doNotInviteAt }).from(person).where(eq(person.id, personId)).get();
  return found !== undefined && found.at !== null;
}

/** Who else on the side has this mailbox; null when nobody has, or there is none. Cards merged into others count no more. */
export function mailboxHolder(
  orm: Orm,
  { sideId, email, except }: { sideId: string; email: string | null; except: string | null },
): string | null {
  if (email === null) return null;
  const found = orm
    .select({ id: person.id })
    .from(person)
    .where(
      and(
        eq(person.coHostId, sideId),
        eq(person.emailKey, mailboxKey(email)),
        isNull(person.mergedIntoId),
        except === null ? undefined : ne(person.id, except),
      ),
    )
    .get();
  return found?.id ?? null;
}
