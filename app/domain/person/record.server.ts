import { createHash } from "node:crypto";
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { delivery, invitation, person } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import { endDevices } from "../access/devices.server.ts";
import type { DomainContext } from "../context.ts";
import { mailboxKey, PERSON_FACTS, type PersonFacts } from "./rules.ts";

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

const FACTS = [...PERSON_FACTS, "emailKey"] as const satisfies ReadonlyArray<
  keyof ReturnType<typeof columns>
>;

function placeholders() {
  const entries = FACTS.map((field) => [field, sql`${sql.placeholder(field)}`] as const);
  return Object.fromEntries(entries) as Record<(typeof FACTS)[number], SQL>;
}

const insertCard = prepared((orm) =>
  orm
    .insert(person)
    .values({
      id: sql.placeholder("id"),
      coHostId: sql.placeholder("side"),
      ...placeholders(),
      createdAt: sql.placeholder("at"),
      updatedAt: sql.placeholder("at"),
    })
    .prepare(),
);

const updateCard = prepared((orm) =>
  orm
    .update(person)
    .set({
      ...placeholders(),
      updatedAt: sql`${sql.placeholder("at")}`,
      postCheckedAt: sql`coalesce(${sql.placeholder("checked")}, ${person.postCheckedAt})`,
    })
    .where(eq(person.id, sql.placeholder("id")))
    .prepare(),
);

const postOf = prepared((orm) =>
  orm
    .select({
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      email: person.email,
    })
    .from(person)
    .where(eq(person.id, sql.placeholder("id")))
    .prepare(),
);

const holderOf = prepared((orm) =>
  orm
    .select({ id: person.id })
    .from(person)
    .where(
      and(
        eq(person.coHostId, sql.placeholder("side")),
        eq(person.emailKey, sql.placeholder("mailbox")),
        isNull(person.mergedIntoId),
        sql`${person.id} is not ${sql.placeholder("except")}`,
      ),
    )
    .prepare(),
);

/** Adds somebody to a side's contact book; gives their id. */
export function insertPerson(
  tx: Tx,
  ctx: DomainContext,
  { sideId, facts, id = newId() }: { sideId: string; facts: PersonFacts; id?: string },
): string {
  const now = ctx.clock.now();
  insertCard(tx).run({ id, side: sideId, ...columns(facts), at: now });
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
  const before = postOf(tx).get({ id: personId });
  const movedOn =
    before !== undefined &&
    (["institutionEn", "institutionZh", "positionEn", "positionZh"] as const).some(
      (field) => before[field] !== facts[field],
    );
  updateCard(tx).run({ id: personId, ...columns(facts), at: now, checked: movedOn ? now : null });
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

/** Takes back the invitations that wait to be sent to somebody whom the side does not invite. */
export function cancelWaitingInvitations(tx: Tx, ctx: DomainContext, personId: string): void {
  const invitations = tx
    .select({ id: invitation.id })
    .from(invitation)
    .where(eq(invitation.personId, personId))
    .all();
  tx.update(delivery)
    .set({ state: "cancelled", finishedAt: ctx.clock.now() })
    .where(
      and(
        inArray(
          delivery.invitationId,
          invitations.map(({ id }) => id),
        ),
        eq(delivery.kind, "invitation"),
        inArray(delivery.state, ["queued", "deferred"]),
      ),
    )
    .run();
}

/** Known by this, a card, and what else a form shows beside it, is still what somebody saw. */
export function cardMark(card: PersonFacts, beside: ReadonlyArray<string | null> = []): string {
  const facts = PERSON_FACTS.map((field) => card[field]);
  return createHash("sha256")
    .update(JSON.stringify([facts, beside]))
    .digest("base64url");
}

/**
 * By what a new card is known, when the form that brings it has said so. The same form again, in the same words, is about
 * the card that it has written (`twin`); in other words it is about somebody else.
 *
 * @param attempt a random text that the form came with.
 */
export function cardOfForm(
  orm: Orm,
  { sideId, facts, attempt }: { sideId: string; facts: PersonFacts; attempt?: string | undefined },
): { id: string; twin: boolean } {
  if (attempt === undefined || attempt === "") return { id: newId(), twin: false };
  const id = createHash("sha256").update(`${sideId}/${attempt}`).digest("base64url").slice(0, 20);
  const written = orm.select().from(person).where(eq(person.id, id)).get();
  if (written === undefined) return { id, twin: false };
  const isSame = written.mergedIntoId === null && cardMark(written) === cardMark(facts);
  return isSame ? { id, twin: true } : { id: newId(), twin: false };
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
  const found = holderOf(orm).get({ side: sideId, mailbox: mailboxKey(email), except });
  return found?.id ?? null;
}
