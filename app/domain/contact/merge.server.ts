/** Two cards become one, after somebody saw what becomes of each fact; and two again, as long as nothing stands against it. */
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { invitation, person, personAssistant, personMerge, personName } from "#db/schema/index.ts";
import type { NameForm } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { cancelWaitingInvitations, endWhatMailboxOpened, mailboxHolder } from "../person/record.server.ts";
import { mailboxKey } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type BookReader, findCard } from "./book.server.ts";
import { type Assistant, type ContactCard, contactCard, type PastEdition } from "./queries.server.ts";
import {
  type Choices,
  differences,
  MERGED_FIELDS,
  type MergeCard,
  type MergedField,
  mergedCard,
  type Which,
} from "./rules.ts";

export type MergePreview = {
  kept: ContactCard;
  other: ContactCard;
  /** The facts in which the cards differ, and which one is proposed to stay. */
  fields: ReadonlyArray<{ field: MergedField; kept: string; other: string; proposed: Which }>;
  /** What comes to the card that stays. */
  moves: {
    editions: ReadonlyArray<PastEdition>;
    assistants: ReadonlyArray<Assistant>;
    names: ReadonlyArray<{ form: NameForm; name: string }>;
  };
  /** Editions to which both are invited: while there is one, the cards cannot be merged. */
  sameEditions: ReadonlyArray<PastEdition>;
};

/** What a merge would do. Writes nothing; null when one of the cards is not in the same book of this scope. */
export function mergePreview(
  ctx: BookReader,
  { keptId, otherId }: { keptId: string; otherId: string },
): MergePreview | null {
  const kept = contactCard(ctx, keptId);
  const other = contactCard(ctx, otherId);
  if (kept === null || other === null || keptId === otherId || kept.sideId !== other.sideId) return null;
  const own = new Set(kept.editions.map((each) => each.editionId));
  return {
    kept,
    other,
    fields: differences(kept.facts, other.facts),
    moves: {
      editions: other.editions,
      assistants: [...other.assistants, ...other.formerAssistants],
      names: other.names,
    },
    sameEditions: other.editions.filter((each) => own.has(each.editionId)),
  };
}

/** The columns of a card that a merge may change. */
const COLUMNS = [
  ...MERGED_FIELDS,
  "emailKey",
  "doNotInviteAt",
  "doNotInviteReason",
  "note",
  "postCheckedAt",
  "updatedAt",
] as const;
type Row = typeof person.$inferSelect;
type Column = (typeof COLUMNS)[number];

/** What `person_merge.before` holds: how the kept card was and became, where it changed, and what came to it. */
type Story = {
  before: Partial<Pick<Row, Column>>;
  after: Partial<Pick<Row, Column>>;
  invitations: ReadonlyArray<string>;
  names: ReadonlyArray<string>;
  assistants: ReadonlyArray<string>;
  /** Names that the kept card got as further forms because the other spelling stayed. */
  addedNames: ReadonlyArray<string>;
};

/**
 * Merges one card into another: of each fact the chosen value stays, a name that does not stay is kept as a further form,
 * and invitations, assistants and name forms come to the card that stays. The other is shown nowhere any more.
 *
 * Refused when one of them is not in the same book of this scope (`gone`), and when both are invited to the same edition
 * (`sameEdition`): two invitations cannot be one.
 */
export function mergeContacts(
  ctx: StaffContext,
  { keptId, otherId, choices }: { keptId: string; otherId: string; choices: Choices },
): Promise<Result<{ mergeId: string }, "gone" | "sameEdition">> {
  return ctx.db.write((tx) => {
    const kept = findCard(tx, ctx.scope, keptId);
    const other = findCard(tx, ctx.scope, otherId);
    const before = kept === null ? undefined : standingMerge(tx, { keptId, otherId });
    if (before !== undefined) return ok({ mergeId: before.id });
    if (kept === null || other === null || keptId === otherId || kept.coHostId !== other.coHostId)
      return refused("gone");
    const invited = invitationsOf(tx, keptId);
    const coming = invitationsOf(tx, otherId);
    if (coming.some((one) => invited.some((own) => own.editionId === one.editionId)))
      return refused("sameEdition");

    const card = mergedCard(kept, other, choices);
    const row: Pick<Row, Column> = {
      ...pick(kept, COLUMNS),
      ...pick(
        card,
        COLUMNS.filter((column): column is Column & keyof MergeCard => column in card),
      ),
      emailKey: card.email === null ? null : mailboxKey(card.email),
      updatedAt: ctx.clock.now(),
    };
    const changed = COLUMNS.filter((column) => row[column] !== kept[column]);
    const names = idsOf(tx, personName, otherId);
    const assistants = idsOf(tx, personAssistant, otherId);
    const story: Story = {
      before: pick(kept, changed),
      after: pick(row, changed),
      invitations: coming.map(({ id }) => id),
      names,
      assistants,
      addedNames: [],
    };

    // Whoever was let in by the mailbox that does not stay is out, on either card's invitations.
    for (const card of [kept, other])
      endWhatMailboxOpened(tx, ctx, { personId: card.id, before: card.email, after: row.email });
    tx.update(person).set(row).where(eq(person.id, keptId)).run();
    tx.update(person).set({ mergedIntoId: keptId }).where(eq(person.id, otherId)).run();
    tx.update(invitation).set({ personId: keptId }).where(eq(invitation.personId, otherId)).run();
    tx.update(personName).set({ personId: keptId }).where(eq(personName.personId, otherId)).run();
    tx.update(personAssistant).set({ personId: keptId }).where(eq(personAssistant.personId, otherId)).run();
    if (row.doNotInviteAt !== null) cancelWaitingInvitations(tx, ctx, keptId);
    const addedNames = otherSpellings(card, [kept, other]).flatMap(({ form, name }) => {
      const known = tx
        .select({ id: personName.id })
        .from(personName)
        .where(and(eq(personName.personId, keptId), eq(personName.form, form), eq(personName.name, name)))
        .get();
      if (known !== undefined) return [];
      const id = newId();
      tx.insert(personName).values({ id, personId: keptId, form, name }).run();
      return [id];
    });
    const mergeId = newId();
    tx.insert(personMerge)
      .values({
        id: mergeId,
        keptId,
        mergedId: otherId,
        at: ctx.clock.now(),
        by: ctx.actor.id,
        before: JSON.stringify({ ...story, addedNames } satisfies Story),
      })
      .run();
    recordAudit(tx, ctx, {
      action: "contact.merge",
      subjectKind: "person",
      subjectId: keptId,
      editionId: null,
      sideId: kept.coHostId,
      details: { merged: otherId, invitations: coming.length, assistants: assistants.length },
    });
    return ok({ mergeId });
  });
}

/** The merge by which the one card went into the other already: a form may come twice. */
function standingMerge(orm: Orm, { keptId, otherId }: { keptId: string; otherId: string }) {
  return orm
    .select({ id: personMerge.id })
    .from(personMerge)
    .where(
      and(eq(personMerge.keptId, keptId), eq(personMerge.mergedId, otherId), isNull(personMerge.undoneAt)),
    )
    .get();
}

/** Whole names that do not stay, as forms by which their owner is found. */
function otherSpellings(
  card: MergeCard,
  cards: ReadonlyArray<MergeCard>,
): Array<{ form: NameForm; name: string }> {
  const spellings = (field: "nameLatin" | "nameNative", form: NameForm) =>
    [...new Set(cards.map((each) => each[field]))]
      .filter((name) => name !== "" && name !== card[field])
      .map((name) => ({ form, name }));
  return [...spellings("nameLatin", "latin_variant"), ...spellings("nameNative", "native_variant")];
}

function invitationsOf(orm: Orm, personId: string): Array<{ id: string; editionId: string }> {
  return orm
    .select({ id: invitation.id, editionId: invitation.editionId })
    .from(invitation)
    .where(eq(invitation.personId, personId))
    .all();
}

function idsOf(orm: Orm, table: typeof personName | typeof personAssistant, personId: string): Array<string> {
  return orm
    .select({ id: table.id })
    .from(table)
    .where(eq(table.personId, personId))
    .all()
    .map(({ id }) => id);
}

function pick<T extends object, K extends keyof T>(from: T, keys: ReadonlyArray<K>): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

/**
 * Makes two cards of one again: the kept one gets back what the merge changed on it, the other one its invitations, name
 * forms and assistants. What came to the kept card later stays there.
 *
 * Undone twice is undone once. Refused when there is no such merge on a card of one's own book (`gone`); when another card was
 * merged into the same one later (`laterMerge`): that comes first; when a fact that the merge wrote was changed since
 * (`changed`): whose it is, nobody could tell; and when somebody else has one of the mailboxes by now (`mailboxTaken`).
 */
export function undoMerge(
  ctx: StaffContext,
  { personId, mergeId }: { personId: string; mergeId: string },
): Promise<Result<{ personId: string }, "gone" | "laterMerge" | "changed" | "mailboxTaken">> {
  return ctx.db.write((tx) => {
    const kept = findCard(tx, ctx.scope, personId);
    const asked = tx
      .select({ mergedId: personMerge.mergedId, undoneAt: personMerge.undoneAt })
      .from(personMerge)
      .where(and(eq(personMerge.id, mergeId), eq(personMerge.keptId, personId)))
      .get();
    // A form may come twice.
    if (kept !== null && asked !== undefined && asked.undoneAt !== null)
      return ok({ personId: asked.mergedId });
    const [newest, ...earlier] = tx
      .select()
      .from(personMerge)
      .where(and(eq(personMerge.keptId, personId), isNull(personMerge.undoneAt)))
      .orderBy(desc(personMerge.at), desc(sql`rowid`))
      .all();
    if (kept === null || newest === undefined) return refused("gone");
    if (newest.id !== mergeId)
      return refused(earlier.some(({ id }) => id === mergeId) ? "laterMerge" : "gone");
    const other = tx
      .select()
      .from(person)
      .where(and(eq(person.id, newest.mergedId), eq(person.mergedIntoId, personId)))
      .get();
    if (other === undefined) throw new Error("A merge that stands names a card that is not merged");

    const story: Story = JSON.parse(newest.before);
    const written = COLUMNS.filter((column) => column in story.after);
    if (written.some((column) => column !== "updatedAt" && kept[column] !== story.after[column]))
      return refused("changed");
    const inHand = invitationsOf(tx, personId).map(({ id }) => id);
    if (story.invitations.some((id) => !inHand.includes(id))) return refused("changed");
    const untouched = kept.updatedAt === story.after.updatedAt;
    const back = written.filter((column) => column !== "updatedAt" || untouched);
    const restored = { ...kept, ...pick({ ...kept, ...story.before }, back) };
    const taken = [restored, other].some(({ email }) => {
      const holder = mailboxHolder(tx, { sideId: kept.coHostId, email, except: personId });
      return holder !== null;
    });
    if (taken) return refused("mailboxTaken");

    endWhatMailboxOpened(tx, ctx, { personId, before: kept.email, after: restored.email });
    if (back.length > 0) tx.update(person).set(pick(restored, back)).where(eq(person.id, personId)).run();
    tx.update(person).set({ mergedIntoId: null }).where(eq(person.id, other.id)).run();
    tx.update(invitation)
      .set({ personId: other.id })
      .where(inArray(invitation.id, [...story.invitations]))
      .run();
    endWhatMailboxOpened(tx, ctx, { personId: other.id, before: kept.email, after: other.email });
    for (const [table, ids] of [
      [personName, story.names],
      [personAssistant, story.assistants],
    ] as const)
      tx.update(table)
        .set({ personId: other.id })
        .where(and(inArray(table.id, [...ids]), eq(table.personId, personId)))
        .run();
    tx.delete(personName)
      .where(and(inArray(personName.id, [...story.addedNames]), eq(personName.personId, personId)))
      .run();
    tx.update(personMerge).set({ undoneAt: ctx.clock.now() }).where(eq(personMerge.id, mergeId)).run();
    recordAudit(tx, ctx, {
      action: "contact.undoMerge",
      subjectKind: "person",
      subjectId: personId,
      editionId: null,
      sideId: kept.coHostId,
      details: { merged: other.id, invitations: story.invitations.length },
    });
    return ok({ personId: other.id });
  });
}
