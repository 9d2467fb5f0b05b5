/**
 * What a member of staff did to the draft, step by step, so that it can be undone and done again. A step keeps only what
 * it changed: undoing one's own move leaves a colleague's new title alone, and is refused when a colleague has moved
 * the item since.
 */
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  agendaFunction,
  agendaItem,
  agendaItemDelegation,
  agendaJournal,
  cue,
  siteVisit,
  visitQuota,
} from "#db/schema/index.ts";
import {
  AGENDA_KINDS,
  ATTRIBUTIONS,
  AUDIENCES,
  INTERPRETATIONS,
  LANGUAGE_PAIRS,
  SESSION_FUNCTIONS,
} from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";

/** How many steps back somebody may go. */
const MOST_STEPS = 60;

// Loose: a column that is added later is kept and put back like the others.
const itemRow = z.looseObject({
  id: z.string(),
  editionId: z.string(),
  kind: z.enum(AGENDA_KINDS),
  startsAt: z.number(),
  endsAt: z.number(),
  titleEn: z.string(),
  titleZh: z.string(),
  placeEn: z.string(),
  placeZh: z.string(),
  venueId: z.string().nullable(),
  fromVenueId: z.string().nullable(),
  audience: z.enum(AUDIENCES),
  attribution: z.enum(ATTRIBUTIONS).nullable(),
  interpretation: z.enum(INTERPRETATIONS).nullable(),
  languagePair: z.enum(LANGUAGE_PAIRS).nullable(),
  dressEn: z.string(),
  dressZh: z.string(),
  bringEn: z.string(),
  bringZh: z.string(),
  internalNote: z.string(),
});

const visitRow = z.looseObject({
  id: z.string(),
  editionId: z.string(),
  itemId: z.string(),
  hostEn: z.string(),
  hostZh: z.string(),
  capacity: z.number(),
  clearanceDeadline: z.number().nullable(),
  clearanceColumns: z.string(),
  meetAt: z.number().nullable(),
  meetingPointEn: z.string(),
  meetingPointZh: z.string(),
  dressEn: z.string(),
  dressZh: z.string(),
  bringEn: z.string(),
  bringZh: z.string(),
});

/** An item with all that hangs on it but people. */
const snapshotSchema = z.object({
  item: itemRow,
  delegationIds: z.array(z.string()),
  visit: visitRow.nullable(),
  quotas: z.record(z.string(), z.number()),
});
export type Snapshot = z.output<typeof snapshotSchema>;

const functionRow = z.object({
  invitationId: z.string(),
  function: z.enum(SESSION_FUNCTIONS),
  position: z.number(),
});
const cueRow = z.object({
  id: z.string(),
  anchor: z.enum(["start", "end"]),
  offset: z.number(),
  at: z.number(),
});

const fields = z.record(z.string(), z.unknown());
const stepSchema = z.discriminatedUnion("did", [
  z.object({ did: z.literal("add"), after: snapshotSchema }),
  z.object({
    did: z.literal("remove"),
    before: snapshotSchema,
    functions: z.array(functionRow),
    cues: z.array(cueRow),
  }),
  z.object({ did: z.literal("change"), before: fields, after: fields }),
  z.object({ did: z.literal("assign"), entry: functionRow }),
  z.object({ did: z.literal("unassign"), entry: functionRow }),
]);
export type Step = z.output<typeof stepSchema>;

/** The item as it stands; null when it is not there. */
export function snapshot(orm: Orm, editionId: string, itemId: string): Snapshot | null {
  const row = orm
    .select()
    .from(agendaItem)
    .where(and(eq(agendaItem.id, itemId), eq(agendaItem.editionId, editionId)))
    .get();
  if (row === undefined) return null;
  const { updatedAt: _, ...item } = row;
  const visit = orm.select().from(siteVisit).where(eq(siteVisit.itemId, itemId)).get() ?? null;
  const quotas =
    visit === null
      ? []
      : orm
          .select({ delegationId: visitQuota.delegationId, seats: visitQuota.seats })
          .from(visitQuota)
          .where(eq(visitQuota.visitId, visit.id))
          .orderBy(asc(visitQuota.delegationId))
          .all();
  const delegationIds = orm
    .select({ id: agendaItemDelegation.delegationId })
    .from(agendaItemDelegation)
    .where(eq(agendaItemDelegation.itemId, itemId))
    .orderBy(asc(agendaItemDelegation.delegationId))
    .all();
  return {
    item,
    delegationIds: delegationIds.map(({ id }) => id),
    visit,
    quotas: Object.fromEntries(quotas.map(({ delegationId, seats }) => [delegationId, seats])),
  };
}

/** Who does what in an item, in its order. */
export function functionsIn(orm: Orm, itemId: string): Array<z.output<typeof functionRow>> {
  return orm
    .select({
      invitationId: agendaFunction.invitationId,
      function: agendaFunction.function,
      position: agendaFunction.position,
    })
    .from(agendaFunction)
    .where(eq(agendaFunction.itemId, itemId))
    .orderBy(asc(agendaFunction.position), asc(agendaFunction.invitationId), asc(agendaFunction.function))
    .all();
}

/** Each fact of a snapshot by a name of its own. */
function flat({ item, delegationIds, visit, quotas }: Snapshot): Map<string, unknown> {
  // The name of a place of the list is the list's: that it was changed there is no change of the item.
  const own = item.venueId === null ? item : { ...item, placeEn: "", placeZh: "" };
  return new Map<string, unknown>([
    ...Object.entries(own).map(([name, value]) => [`item.${name}`, value] as const),
    ["delegationIds", delegationIds],
    ["visit", visit === null ? null : visit.id],
    ...Object.entries(visit ?? {}).map(([name, value]) => [`visit.${name}`, value] as const),
    ["quotas", quotas],
  ]);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** What differs between two states of an item; null when nothing does. */
export function changeStep(before: Snapshot, after: Snapshot): Extract<Step, { did: "change" }> | null {
  const [was, is] = [flat(before), flat(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => !same(was.get(name), is.get(name)),
  );
  if (names.length === 0) return null;
  const pick = (from: Map<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, from.get(name) ?? null]));
  return { did: "change", before: pick(was), after: pick(is) };
}

/**
 * The item with the facts of one end of a change put in the place of the other end's; null when one of them is no longer
 * what it was there: somebody else has changed the very same thing.
 */
export function withFacts(
  now: Snapshot,
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
): Snapshot | null {
  const facts = flat(now);
  if (Object.entries(from).some(([name, value]) => !same(facts.get(name), value))) return null;
  for (const [name, value] of Object.entries(to)) facts.set(name, value);
  const part = (prefix: string) =>
    Object.fromEntries(
      [...facts].flatMap(([name, value]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
      ),
    );
  const parsed = snapshotSchema.safeParse({
    item: part("item."),
    delegationIds: facts.get("delegationIds"),
    visit: facts.get("visit") === null ? null : part("visit."),
    quotas: facts.get("quotas"),
  });
  return parsed.success ? parsed.data : null;
}

/** Writes a step down. What had been undone can no longer be done again: the draft went another way. */
export function recordStep(tx: Tx, ctx: StaffContext, itemId: string, step: Step | null): void {
  if (step === null) return;
  const own = ownSteps(ctx);
  tx.delete(agendaJournal)
    .where(and(own, isNotNull(agendaJournal.undoneAt)))
    .run();
  const last = tx
    .select({ number: sql<number>`coalesce(max(${agendaJournal.number}), 0)` })
    .from(agendaJournal)
    .where(eq(agendaJournal.editionId, ctx.scope.editionId))
    .get();
  tx.insert(agendaJournal)
    .values({
      id: newId(),
      editionId: ctx.scope.editionId,
      actorId: ctx.actor.id,
      number: (last?.number ?? 0) + 1,
      at: ctx.clock.now(),
      itemId,
      step: JSON.stringify(step),
    })
    .run();
  const oldest = tx
    .select({ number: agendaJournal.number })
    .from(agendaJournal)
    .where(own)
    .orderBy(desc(agendaJournal.number))
    .limit(1)
    .offset(MOST_STEPS - 1)
    .get();
  if (oldest !== undefined)
    tx.delete(agendaJournal)
      .where(and(own, lt(agendaJournal.number, oldest.number)))
      .run();
}

function ownSteps(ctx: StaffContext) {
  return and(eq(agendaJournal.editionId, ctx.scope.editionId), eq(agendaJournal.actorId, ctx.actor.id));
}

export type KeptStep = { id: string; itemId: string; at: number; step: Step };

/** One's own step that is undone, or done again, next; null when there is none. */
export function nextStep(orm: Orm, ctx: StaffContext, way: "undo" | "redo"): KeptStep | null {
  const row = orm
    .select({
      id: agendaJournal.id,
      itemId: agendaJournal.itemId,
      at: agendaJournal.at,
      step: agendaJournal.step,
    })
    .from(agendaJournal)
    .where(
      and(ownSteps(ctx), way === "undo" ? isNull(agendaJournal.undoneAt) : isNotNull(agendaJournal.undoneAt)),
    )
    .orderBy(way === "undo" ? desc(agendaJournal.number) : asc(agendaJournal.number))
    .limit(1)
    .get();
  return row === undefined ? null : { ...row, step: stepSchema.parse(JSON.parse(row.step)) };
}

/** One's own step that has been undone, or done again, as it was to be; null when it has not. */
export function alreadyDone(
  orm: Orm,
  ctx: StaffContext,
  { id, way }: { id: string; way: "undo" | "redo" },
): { itemId: string } | null {
  const isSo = way === "undo" ? isNotNull(agendaJournal.undoneAt) : isNull(agendaJournal.undoneAt);
  const row = orm
    .select({ itemId: agendaJournal.itemId })
    .from(agendaJournal)
    .where(and(ownSteps(ctx), eq(agendaJournal.id, id), isSo))
    .get();
  return row ?? null;
}

/** Marks a step as undone, or as done again. */
export function markStep(tx: Tx, { id }: KeptStep, undoneAt: number | null): void {
  tx.update(agendaJournal).set({ undoneAt }).where(eq(agendaJournal.id, id)).run();
}

/** Takes a step off the journal: it stays as it is. */
export function forgetStep(tx: Tx, { id }: KeptStep): void {
  tx.delete(agendaJournal).where(eq(agendaJournal.id, id)).run();
}

/** Who last did something to these items by their own hand, as the journal remembers. */
export function lastHands(orm: Orm, itemIds: ReadonlyArray<string>): Map<string, string> {
  const rows = orm
    .select({ itemId: agendaJournal.itemId, actorId: agendaJournal.actorId })
    .from(agendaJournal)
    .where(inArray(agendaJournal.itemId, [...itemIds]))
    .orderBy(asc(agendaJournal.number))
    .all();
  return new Map(rows.map(({ itemId, actorId }) => [itemId, actorId]));
}

/** Cues that count from an item count from the clock once it is gone. Gives them as they were. */
export function freeCues(tx: Tx, { item }: Snapshot): Array<z.output<typeof cueRow>> {
  const rows = tx
    .select({ id: cue.id, anchor: cue.anchor, offset: cue.offset })
    .from(cue)
    .where(eq(cue.itemId, item.id))
    .all();
  return rows.flatMap(({ id, anchor, offset }) => {
    const from = anchor === "end" ? item.endsAt : item.startsAt;
    const at = from + (offset ?? 0) * 60_000;
    tx.update(cue).set({ anchor: "clock", itemId: null, offset: null, at }).where(eq(cue.id, id)).run();
    return anchor === "clock" ? [] : [{ id, anchor, offset: offset ?? 0, at }];
  });
}

/** Ties cues to an item that is there again, unless somebody has set them otherwise meanwhile. */
export function tieCues(tx: Tx, itemId: string, cues: ReadonlyArray<z.output<typeof cueRow>>): void {
  for (const { id, anchor, offset, at } of cues)
    tx.update(cue)
      .set({ anchor, offset, itemId, at: null })
      .where(and(eq(cue.id, id), eq(cue.anchor, "clock"), eq(cue.at, at)))
      .run();
}
