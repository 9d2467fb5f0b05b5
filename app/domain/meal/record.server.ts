import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  agendaItem,
  delegation,
  invitation,
  mealAbsence,
  mealSeat,
  mealTable,
  registration,
  registrationSection,
} from "#db/schema/index.ts";
import { DIETS, type Diet } from "#db/vocabulary.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { StaffScope } from "../access/rules.ts";
import { isCountedOn, isSure, ofDelegation } from "../agenda/expected.server.ts";
import { answersFromSections } from "../registration/answers.ts";
import { ALLERGY_SEVERITIES } from "../registration/rules.ts";
import { type Counts, type Needs, NO_COUNTS, type Severity } from "./rules.ts";

/* Who eats at a meal and what they told of it, as stored. Counting others' people fetches numbers and no rows of theirs. */

export type Sides = Pick<StaffScope, "editionId" | "sideIds">;

/** Whoever eats at a meal: counted on, coming, and not noted as absent. */
function eats(): SQL | undefined {
  return and(isCountedOn(), isSure, isNull(mealAbsence.invitationId));
}

const absence = and(eq(mealAbsence.itemId, agendaItem.id), eq(mealAbsence.invitationId, invitation.id));

/** Somebody's answers about needs, once they were sent. */
export function needsOf(answers: string): Needs {
  const { needs } = answersFromSections([{ answers }]);
  return {
    diets: DIETS.filter((diet) => needs.diets.includes(diet)),
    dietText: needs.dietText,
    allergies: needs.allergies,
    severity: ALLERGY_SEVERITIES.find((severity) => severity === needs.allergySeverity) ?? "",
  };
}

/** Stands for what somebody told, so that what was made of it can be known to be behind. */
export function toldMark({ diets, dietText, allergies, severity }: Needs): string {
  return hashToken(JSON.stringify([diets, dietText, allergies, severity])).slice(0, 16);
}

/** What one's own side's people told about food, by invitation; who is not in it has not sent a registration. */
export function ownNeeds(orm: Orm, { editionId, sideIds }: Sides): Map<string, Needs> {
  return new Map(
    orm
      .select({ invitationId: invitation.id, answers: registrationSection.answers })
      .from(registrationSection)
      .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
      .innerJoin(invitation, eq(invitation.id, registration.invitationId))
      .innerJoin(delegation, ofDelegation)
      .where(
        and(
          eq(invitation.editionId, editionId),
          inArray(delegation.coHostId, [...sideIds]),
          eq(registration.state, "submitted"),
          eq(registrationSection.section, "needs"),
        ),
      )
      .all()
      .map(({ invitationId, answers }) => [invitationId, needsOf(answers)] as const),
  );
}

/** Whose counts: of one side's people at one table (null: at none) of one meal. */
export type Counted = { itemId: string; sideId: string; tableId: string | null; counts: Counts };

/**
 * What the needs of everybody who eats come to, by meal, side and table. For whoever may know the numbers of these sides:
 * a host's logistics know all, others their own.
 */
export function countedNeeds(
  orm: Orm,
  { editionId, sideIds }: Sides,
  itemIds: ReadonlyArray<string>,
): Array<Counted> {
  const here = and(
    eq(agendaItem.editionId, editionId),
    inArray(agendaItem.id, [...itemIds]),
    inArray(delegation.coHostId, [...sideIds]),
  );
  const needs = sql`coalesce(${registrationSection.answers}, '{}')`;
  const diets = sql`json_each(case when json_type(${needs}, '$.diets') = 'array' then json_extract(${needs}, '$.diets') else '[]' end)`;
  const text = (field: "allergies" | "allergySeverity" | "dietText") =>
    sql<string>`coalesce(json_extract(${needs}, ${`$.${field}`}), '')`;
  const group = { itemId: agendaItem.id, sideId: delegation.coHostId, tableId: mealSeat.tableId };
  const joined = <Selection extends Parameters<Orm["select"]>[0] & object>(selection: Selection) =>
    orm
      .select({ ...group, ...selection })
      .from(agendaItem)
      .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
      .innerJoin(delegation, ofDelegation)
      .leftJoin(mealAbsence, absence)
      .leftJoin(mealSeat, and(eq(mealSeat.itemId, agendaItem.id), eq(mealSeat.invitationId, invitation.id)))
      .leftJoin(
        registration,
        and(eq(registration.invitationId, invitation.id), eq(registration.state, "submitted")),
      )
      .leftJoin(
        registrationSection,
        and(
          eq(registrationSection.registrationId, registration.id),
          eq(registrationSection.section, "needs"),
        ),
      );
  const isPlain = sql`(not exists (select 1 from ${diets} diet where diet.value <> 'none') and ${text("dietText")} = '' and ${text("allergies")} = '')`;
  const heads = joined({
    covers: sql<number>`count(*)`,
    unknown: sql<number>`sum(${registrationSection.answers} is null)`,
    plain: sql<number>`sum(${registrationSection.answers} is not null and ${isPlain})`,
  })
    .where(and(here, eats()))
    .groupBy(group.itemId, group.sideId, group.tableId)
    .all();
  const severity = sql<string>`case when ${text("allergySeverity")} = '' then 'severe' else ${text("allergySeverity")} end`;
  const allergies = joined({ severity, people: sql<number>`count(*)` })
    .where(and(here, eats(), sql`${text("allergies")} <> ''`))
    .groupBy(group.itemId, group.sideId, group.tableId, severity)
    .all();
  const eaten = joined({
    diet: sql<string>`diet.value`,
    people: sql<number>`count(distinct ${invitation.id})`,
  })
    .innerJoin(sql`${diets} diet`, sql`diet.value <> 'none'`)
    .where(and(here, eats()))
    .groupBy(group.itemId, group.sideId, group.tableId, sql`diet.value`)
    .all();
  const place = (row: { itemId: string; sideId: string; tableId: string | null }) =>
    `${row.itemId} ${row.sideId} ${row.tableId ?? ""}`;
  const severe = Map.groupBy(allergies, place);
  const diet = Map.groupBy(eaten, place);
  return heads.map((row) => ({
    itemId: row.itemId,
    sideId: row.sideId,
    tableId: row.tableId,
    counts: {
      ...NO_COUNTS,
      covers: row.covers,
      unknown: row.unknown,
      plain: row.plain,
      diets: Object.fromEntries(
        (diet.get(place(row)) ?? []).flatMap((each) => (isDiet(each.diet) ? [[each.diet, each.people]] : [])),
      ),
      allergies: Object.fromEntries(
        (severe.get(place(row)) ?? []).flatMap((each) =>
          isSeverity(each.severity) ? [[each.severity, each.people]] : [],
        ),
      ),
    },
  }));
}

function isDiet(text: string): text is Diet {
  return DIETS.some((diet) => diet === text);
}

function isSeverity(text: string): text is Severity {
  return ALLERGY_SEVERITIES.some((severity) => severity === text);
}

export type TableRow = typeof mealTable.$inferSelect;

/** The tables of meals, the head table first. */
export function tablesOf(orm: Orm, itemIds: ReadonlyArray<string>): Array<TableRow> {
  return orm
    .select()
    .from(mealTable)
    .where(inArray(mealTable.itemId, [...itemIds]))
    .orderBy(sql`${mealTable.head} desc`, mealTable.position, mealTable.id)
    .all();
}

/** The places taken at the tables of a meal by those who eat there, of whichever side. Says of nobody who it is. */
export function takenPlaces(
  orm: Orm,
  itemId: string,
): Array<{ tableId: string; sideId: string; place: number | null }> {
  return orm
    .select({ tableId: mealSeat.tableId, sideId: delegation.coHostId, place: mealSeat.place })
    .from(mealSeat)
    .innerJoin(agendaItem, eq(agendaItem.id, mealSeat.itemId))
    .innerJoin(invitation, eq(invitation.id, mealSeat.invitationId))
    .innerJoin(delegation, ofDelegation)
    .leftJoin(mealAbsence, absence)
    .where(and(eq(mealSeat.itemId, itemId), eats()))
    .all();
}

/** A meal of this edition. */
export function mealIn(orm: Orm, { editionId }: Pick<Sides, "editionId">, itemId: string) {
  return orm
    .select({
      id: agendaItem.id,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      placeEn: agendaItem.placeEn,
      placeZh: agendaItem.placeZh,
    })
    .from(agendaItem)
    .where(and(eq(agendaItem.id, itemId), eq(agendaItem.editionId, editionId), eq(agendaItem.kind, "meal")))
    .get();
}

/** Those of one's own side whom the programme counts on at meals, with where they sit and whether they stay away. */
export function ownGuests(
  orm: Orm,
  { editionId, sideIds }: Sides,
  itemIds: ReadonlyArray<string>,
): Array<{
  itemId: string;
  invitationId: string;
  absent: boolean;
  tableId: string | null;
  place: number | null;
}> {
  return orm
    .select({
      itemId: agendaItem.id,
      invitationId: invitation.id,
      absent: sql<number>`${mealAbsence.invitationId} is not null`,
      tableId: mealSeat.tableId,
      place: mealSeat.place,
    })
    .from(agendaItem)
    .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
    .innerJoin(delegation, ofDelegation)
    .leftJoin(mealAbsence, absence)
    .leftJoin(mealSeat, and(eq(mealSeat.itemId, agendaItem.id), eq(mealSeat.invitationId, invitation.id)))
    .where(
      and(
        eq(agendaItem.editionId, editionId),
        inArray(agendaItem.id, [...itemIds]),
        inArray(delegation.coHostId, [...sideIds]),
        isCountedOn(),
        isSure,
      ),
    )
    .all()
    .map(({ absent, ...row }) => ({ ...row, absent: absent === 1 }));
}

/** Where somebody sits, for whoever comes instead of them. */
export function seatsAtTables(tx: Tx, invitationId: string) {
  return tx
    .select({ itemId: mealSeat.itemId, tableId: mealSeat.tableId, place: mealSeat.place })
    .from(mealSeat)
    .where(eq(mealSeat.invitationId, invitationId))
    .all();
}

/** Gives somebody's places at tables of meals to come to whoever comes instead. */
export function takeSeats(tx: Tx, seats: ReturnType<typeof seatsAtTables>, invitationId: string): void {
  for (const { itemId, tableId, place } of seats)
    tx.insert(mealSeat).values({ itemId, invitationId, tableId, place }).onConflictDoNothing().run();
}

/** Takes somebody who does not come from their places at tables of meals that are not over. */
export function leaveTables(tx: Tx, { invitationId, at }: { invitationId: string; at: number }): number {
  const ahead = tx.select({ id: agendaItem.id }).from(agendaItem).where(sql`${agendaItem.endsAt} > ${at}`);
  return tx
    .delete(mealSeat)
    .where(and(eq(mealSeat.invitationId, invitationId), inArray(mealSeat.itemId, ahead)))
    .run().changes;
}
