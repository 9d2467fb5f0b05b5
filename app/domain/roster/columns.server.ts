import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import {
  agendaItem,
  consent,
  delivery,
  guestNight,
  hotel,
  invitation,
  journey,
  letter,
  person,
  personAssistant,
  registration,
  registrationSection,
  room,
  roomGuest,
  roomType,
  rosterCount,
  siteVisit,
  travelDocument,
  travelLeg,
  trip,
  tripPassenger,
  vehicle,
  visitPlace,
} from "#db/schema/index.ts";
import {
  ATTENDANCES,
  CATEGORIES,
  CONSENTS,
  type DataClass,
  DELIVERY_STATES,
  HOST_ANSWERS,
  LOCALES,
  PLACE_STATES,
  REGISTRATION_STATES,
  REPLIES,
  SECTION_STATES,
  SESSION_FUNCTIONS,
} from "#db/vocabulary.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { INVITATION_STATES } from "../invitation/rules.ts";
import { stateOfInvitation } from "../invitation/state.server.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { delegationsOfScope } from "../person/queries.server.ts";
import { FACT_FIELDS } from "../person/rules.ts";
import { SECTION_OF } from "../registration/answers.ts";
import { asksSomething, type FormDefinition, isFile, isStandard } from "../registration/definition.ts";
import { publishedForm } from "../registration/own.server.ts";
import { partsOf } from "../registration/parts.ts";
import type { CellKind, CellList, RosterColumn } from "./rules.ts";

/**
 * A column with its value in SQL. It stands for null or an empty text where there is nothing.
 *
 * `of` tells what the value is of: the card alone, the invitation and what hangs on it, or both. `counted` is the
 * same value in `roster_count`, for the few columns by which people are counted as they change. `holding` asks
 * a test that nothing does not pass of the values as they lie in a table of their own, rather than one by one. What is
 * `searched` stands in the card's `search_text` as well, made plain.
 */
export type ColumnWithValue = RosterColumn & {
  value: SQL;
  of: "card" | "invitation" | "both";
  counted: SQL | null;
  holding: Holding | null;
  searched: boolean;
};
type Holding = (test: (value: SQL) => SQL) => SQL;

type Reader = Pick<StaffContext, "db" | "scope">;

/** Fields of the standard form that the card itself holds, or that other columns say better. */
const NOT_ANSWERS = new Set(["visitIds", "email", ...FACT_FIELDS]);
/** Answers of which several may be given. */
const LISTS = new Set(["diets", "accessNeeds", "workingLanguages"]);
const DAYS = new Set(["arrivalOn", "departureOn"]);

/**
 * Every column that this reader may see, in the order in which they are offered. What they may not see is not among
 * them. Answers of class C5 are none: they are opened one by one, with a reason.
 */
export function rosterColumns(ctx: Reader): Array<ColumnWithValue> {
  const { scope } = ctx;
  const edits = allows(scope, "invitations");
  return [
    ...cardColumns(edits).map((column) => ({ ...column, of: "card" as const })),
    ...invitationColumns(ctx, edits),
    ...columnsOfForm(ctx),
    ...columnsOfDesk(ctx),
  ].filter(({ dataClass }) => mayRead(dataClass, scope));
}

function column(
  key: string,
  group: RosterColumn["group"],
  value: SQL,
  more: Partial<ColumnWithValue> & { dataClass?: DataClass; kind?: CellKind } = {},
): ColumnWithValue {
  return {
    key,
    group,
    value,
    of: "invitation",
    counted: null,
    holding: null,
    searched: false,
    kind: "text",
    dataClass: "C1",
    words: { by: "text" },
    title: null,
    options: [],
    editable: false,
    ...more,
  };
}

function listed(list: CellList, options: ReadonlyArray<string>) {
  return { kind: "choice", words: { by: "list", list }, options } as const;
}

function cardColumns(editable: boolean): Array<ColumnWithValue> {
  const english = { words: { by: "text", lang: "en" }, editable } as const;
  const chinese = { words: { by: "text", lang: "zh" }, editable } as const;
  return [
    column("familyLatin", "name", sql`${person.familyLatin}`, { editable }),
    column("givenLatin", "name", sql`${person.givenLatin}`, { editable }),
    column("nameLatin", "name", sql`${person.nameLatin}`, { editable, searched: true }),
    column("familyNative", "name", sql`${person.familyNative}`, { editable }),
    column("givenNative", "name", sql`${person.givenNative}`, { editable }),
    column("nameNative", "name", sql`${person.nameNative}`, { editable, searched: true }),
    column("sortKey", "name", sql`${person.sortKey}`, { editable }),
    column("honorificEn", "name", sql`${person.honorificEn}`, english),
    column("honorificZh", "name", sql`${person.honorificZh}`, chinese),
    column("salutationEn", "name", sql`${person.salutationEn}`, english),
    column("salutationZh", "name", sql`${person.salutationZh}`, chinese),
    column("institutionEn", "post", sql`${person.institutionEn}`, { ...english, searched: true }),
    column("institutionZh", "post", sql`${person.institutionZh}`, { ...chinese, searched: true }),
    column("positionEn", "post", sql`${person.positionEn}`, english),
    column("positionZh", "post", sql`${person.positionZh}`, chinese),
    column("postCheckedAt", "post", sql`${person.postCheckedAt}`, { kind: "instant" }),
    column("email", "contact", sql`${person.email}`, { dataClass: "C2", editable }),
    column("phone", "contact", sql`${person.phone}`, { dataClass: "C2", editable }),
    column("locale", "contact", sql`${person.locale}`, {
      dataClass: "C2",
      editable,
      ...listed("locale", LOCALES),
    }),
    column(
      "assistants",
      "contact",
      sql`(select group_concat(a.name, ', ') from ${personAssistant} a where a.person_id = ${person.id} and a.ended_at is null)`,
      { dataClass: "C2" },
    ),
    column("note", "contact", sql`${person.note}`, { dataClass: "C6", editable }),
  ];
}

function invitationColumns(ctx: Reader, editable: boolean): Array<ColumnWithValue> {
  const delegations = delegationsOfScope(ctx).map(({ id }) => id);
  return [
    column("delegation", "invitation", sql`${invitation.delegationId}`, {
      kind: "choice",
      words: { by: "delegation" },
      options: delegations,
      editable,
      counted: sql`${rosterCount.delegationId}`,
    }),
    column("category", "invitation", sql`${invitation.category}`, {
      ...listed("category", CATEGORIES),
      editable,
      counted: sql`${rosterCount.category}`,
    }),
    column("invitedAs", "invitation", sql`${invitation.invitedAs}`, {
      ...listed("function", SESSION_FUNCTIONS),
      editable,
    }),
    column("number", "invitation", sql`${invitation.number}`),
    column("invitationState", "invitation", sql`${stateOfInvitation}`, {
      ...listed("invitationState", INVITATION_STATES),
      // Whoever has no address cannot be sent one.
      of: "both",
    }),
    column("reply", "invitation", sql`${invitation.reply}`, {
      ...listed("reply", REPLIES),
      counted: sql`${rosterCount.reply}`,
    }),
    column("sentAt", "invitation", sql`${invitation.sentAt}`, { kind: "instant" }),
    column("seenAt", "invitation", sql`${invitation.seenAt}`, { kind: "instant" }),
    column("repliedAt", "invitation", sql`${invitation.repliedAt}`, { kind: "instant" }),
    column("approvedAt", "invitation", sql`${invitation.approvedAt}`, { kind: "instant" }),
    column("hostAnswer", "invitation", sql`${invitation.hostAnswer}`, listed("hostAnswer", HOST_ANSWERS)),
    column("confirmedAt", "invitation", sql`${invitation.confirmedAt}`, { kind: "instant" }),
    column("attendance", "invitation", sql`${invitation.attendance}`, listed("attendance", ATTENDANCES)),
    column("protocolOrder", "invitation", sql`${invitation.protocolOrder}`, { kind: "number" }),
    column("registration", "registration", sql`${registration.state}`, {
      ...listed("registration", REGISTRATION_STATES),
      counted: sql`${rosterCount.registration}`,
    }),
    column("submittedAt", "registration", sql`${registration.submittedAt}`, { kind: "instant" }),
    column("answeredAt", "registration", sql`${registration.updatedAt}`, { kind: "instant" }),
  ];
}

/** One answer out of its section's. Lists are JSON lists. */
function answer(section: string, field: string): SQL {
  return sql`(select ${answerIn(field)} from ${registrationSection} s
    where s.registration_id = ${registration.id} and s.section = ${section})`;
}

function answerIn(field: string): SQL {
  return sql`json_extract(s.answers, ${`$.${JSON.stringify(field)}`})`;
}

function holdingAnswer(section: string, field: string): Holding {
  return (test) => sql`${registration.id} in (select s.registration_id from ${registrationSection} s
    where s.section = ${section} and ${test(answerIn(field))})`;
}

function columnsOfForm(ctx: Reader): Array<ColumnWithValue> {
  const { definition, sealed } = publishedForm(ctx.db.orm, ctx.scope.editionId);
  const states = definition.sections.map(({ key, title }) =>
    column(
      `section:${key}`,
      "registration",
      sql`(select s.state from ${registrationSection} s where s.registration_id = ${registration.id} and s.section = ${key})`,
      { ...listed("sectionState", SECTION_STATES), title: isStandard(key) ? null : title },
    ),
  );
  const standard = [...SECTION_OF].flatMap(([field, section]) =>
    NOT_ANSWERS.has(field) || section === "consents"
      ? []
      : [
          column(`answer:${field}`, "answers", answer(section, field), {
            holding: holdingAnswer(section, field),
            dataClass: classOf(field, definition),
            kind: LISTS.has(field) ? "choices" : DAYS.has(field) ? "day" : "text",
            words: { by: "answer", field },
          }),
        ],
  );
  return [...states, ...standard, ...ownQuestions(definition, sealed), ...CONSENTS.map(standingConsent)];
}

/** Whether a consent stands: of each the newest word counts, not what once was ticked. */
function standingConsent(kind: (typeof CONSENTS)[number]): ColumnWithValue {
  return column(
    `consent:${kind}`,
    "consents",
    sql`(select nullif(c.given, 0) from ${consent} c where c.invitation_id = ${invitation.id} and c.kind = ${kind}
      order by c.at desc, c.rowid desc limit 1)`,
    { kind: "flag" },
  );
}

/** What the edition asks besides; rows of a group and files have a page of their own. */
function ownQuestions(definition: FormDefinition, sealed: ReadonlySet<string>): Array<ColumnWithValue> {
  return definition.sections.flatMap((section) =>
    section.questions.flatMap((question) => {
      if (
        !asksSomething(question.type) ||
        question.type === "group" ||
        isFile(question) ||
        sealed.has(question.key)
      )
        return [];
      if (partsOf(question).length > 0) return [];
      const { type } = question;
      return [
        column(`own:${question.key}`, "own", answer(section.key, question.key), {
          holding: holdingAnswer(section.key, question.key),
          dataClass: question.dataClass,
          kind: type === "choices" ? "choices" : type === "date" ? "day" : "text",
          words: { by: "own", question, part: null },
          title: question.label,
          options: question.options.map(({ key }) => key),
        }),
      ];
    }),
  );
}

/** Visits, journeys, rooms, mails, papers. */
function columnsOfDesk({ db, scope }: Reader): Array<ColumnWithValue> {
  const visits = db.orm
    .select({ id: siteVisit.id, en: agendaItem.titleEn, zh: agendaItem.titleZh })
    .from(siteVisit)
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .where(and(eq(siteVisit.editionId, scope.editionId)))
    .orderBy(asc(agendaItem.startsAt), asc(agendaItem.id))
    .all();
  const papers = allows(scope, "documents") || allows(scope, "logistics");
  return [
    ...visits.map(({ id, en, zh }) =>
      column(
        `visit:${id}`,
        "visits",
        sql`(select p.state from ${visitPlace} p where p.visit_id = ${id} and p.invitation_id = ${invitation.id})`,
        { ...listed("place", PLACE_STATES), title: { en, zh } },
      ),
    ),
    column("arrivalDay", "travel", endOfJourney("arrival", "on"), { dataClass: "C3", kind: "day" }),
    column("arrivalTime", "travel", endOfJourney("arrival", "time"), { dataClass: "C3" }),
    column("arrivalNumber", "travel", endOfJourney("arrival", "number"), { dataClass: "C3" }),
    column("departureDay", "travel", endOfJourney("departure", "on"), { dataClass: "C3", kind: "day" }),
    column("departureTime", "travel", endOfJourney("departure", "time"), { dataClass: "C3" }),
    column("departureNumber", "travel", endOfJourney("departure", "number"), { dataClass: "C3" }),
    column(
      "vehicles",
      "travel",
      sql`(select group_concat(name, ', ') from (select distinct v.name from ${tripPassenger} q
        join ${trip} r on r.id = q.trip_id join ${vehicle} v on v.id = r.vehicle_id
        where q.invitation_id = ${invitation.id} and r.called_off_at is null order by v.position))`,
      { dataClass: "C3" },
    ),
    column(
      "hotel",
      "rooms",
      sql`(select group_concat(name, ', ') from (select distinct h.name_en || case when h.name_zh = '' then '' else ' · ' || h.name_zh end as name from ${roomGuest} g
        join ${room} m on m.id = g.room_id join ${roomType} y on y.id = m.type_id join ${hotel} h on h.id = y.hotel_id
        where g.invitation_id = ${invitation.id}))`,
      { dataClass: "C3" },
    ),
    column(
      "firstNight",
      "rooms",
      sql`(select min(n.night) from ${guestNight} n where n.invitation_id = ${invitation.id})`,
      { dataClass: "C3", kind: "day" },
    ),
    column(
      "nights",
      "rooms",
      sql`(select nullif(count(*), 0) from ${guestNight} n where n.invitation_id = ${invitation.id})`,
      { dataClass: "C3", kind: "number" },
    ),
    column(
      "lastMail",
      "mail",
      sql`(select d.state from ${delivery} d where d.invitation_id = ${invitation.id} and d.recipient_kind = 'invitee'
        order by d.created_at desc, d.rowid desc limit 1)`,
      listed("delivery", DELIVERY_STATES),
    ),
    column(
      "lastMailAt",
      "mail",
      sql`(select max(d.created_at) from ${delivery} d where d.invitation_id = ${invitation.id} and d.recipient_kind = 'invitee')`,
      { kind: "instant" },
    ),
    column(
      "letters",
      "documents",
      sql`(select nullif(count(*), 0) from ${letter} l where l.invitation_id = ${invitation.id})`,
      { kind: "number" },
    ),
    ...(papers
      ? [
          column(
            "passport",
            "documents",
            sql`(select 1 from ${travelDocument} t where t.invitation_id = ${invitation.id})`,
            { kind: "flag", dataClass: "C1" },
          ),
        ]
      : []),
  ];
}

/**
 * How somebody comes or goes: what staff know better counts before the traveller's answer. Of an arrival the last leg's
 * end, of a departure the first leg's beginning.
 */
function endOfJourney(direction: "arrival" | "departure", what: "on" | "time" | "number"): SQL {
  const order = sql.raw(direction === "arrival" ? "desc" : "asc");
  const at = direction === "arrival" ? "arrives" : "departs";
  const part = sql.raw(what === "number" ? "l.number" : `l.${at}_${what}`);
  const field = `${direction}${what === "on" ? "On" : what === "time" ? "Time" : "Number"}`;
  return sql`case when exists (select 1 from ${journey} j where j.invitation_id = ${invitation.id} and j.direction = ${direction})
    then (select ${part} from ${travelLeg} l where l.invitation_id = ${invitation.id} and l.direction = ${direction}
      order by l.position ${order} limit 1)
    else ${answer("travel", field)} end`;
}
