/**
 * The audit trail as one side's lead reads it: what concerns the side's own people, whoever did it, and what was done to
 * the edition as a whole. Who acts for another side is not named.
 */
import { and, desc, eq, getTableColumns, gte, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import {
  auditEvent,
  delegation,
  delivery,
  invitation,
  person,
  registration,
  setUpLink,
  staffPermission,
  user,
} from "#db/schema/index.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { instantOf } from "../../i18n/dates.ts";
import { isMessageKey } from "../../platform/form.ts";
import { readSetUpGrant } from "../access/set-up.server.ts";
import type { StaffContext } from "../context.ts";
import type { AuditAction } from "./audit.server.ts";

/** What is done to the edition as both sides see it. Of these the trail says what was done, and no numbers of people. */
const SHARED: ReadonlyArray<AuditAction> = [
  "agenda.add",
  "agenda.change",
  "agenda.copy",
  "agenda.move",
  "agenda.publish",
  "agenda.redo",
  "agenda.remove",
  "agenda.undo",
  "clash.accept",
  "clash.reopen",
  "cue.add",
  "cue.change",
  "cue.remove",
  "edition.change",
  "edition.changeApproval",
  "venue.add",
  "venue.change",
  "venue.remove",
  "venue.ways",
  "visit.limits",
];
/** What may be told of them: nothing that counts people. */
const SHARED_DETAILS: ReadonlyArray<string> = ["number", "kind", "clash"];

/** What makes somebody a colleague of a side, now or earlier: from then on their acts have a name there. */
const COLLEAGUES: ReadonlyArray<AuditAction> = [
  "staff.add",
  "staff.grant",
  "staff.change",
  "staff.end",
  "set_up_link.use",
];

export type TrailPerson = {
  invitationId: string;
  number: string;
  nameLatin: string;
  nameNative: string;
};

export type TrailActor =
  | { kind: "colleague"; name: string }
  | { kind: "other" | "otherInvitee" | "focalPoint" | "system" | "operator" }
  | { kind: "invitee"; number: string }
  | { kind: "assistant"; number: string | null };

/** A fact of an event: a number, an instant, or words of the catalogue. */
export type TrailDetail = { label: MessageKey } & (
  | { count: number }
  | { at: number }
  | { words: ReadonlyArray<MessageKey> }
);

export type TrailEvent = {
  id: string;
  at: number;
  actor: TrailActor;
  /** Words of the action. */
  what: MessageKey;
  /** Whom it is about, where that is one of the side's own people or a colleague. */
  whom: { kind: "person"; person: TrailPerson } | { kind: "colleague"; name: string } | null;
  details: ReadonlyArray<TrailDetail>;
};

export type TrailFilter = {
  action: string | null;
  /** From this instant on, and before that one. */
  span: { from: number; to: number } | null;
  /** Id of the last event of the page before. */
  before: string | null;
};

/** All of a day as somebody typed it, by the clock of the meeting's city; null for what is no day. */
export function trailSpan(day: string, timeZone: string): TrailFilter["span"] {
  if (!isDay(day)) return null;
  const from = instantOf(day, "00:00", timeZone);
  const to = instantOf(Temporal.PlainDate.from(day).add({ days: 1 }).toString(), "00:00", timeZone);
  return { from, to };
}

function isDay(text: string): boolean {
  return z.iso.date().safeParse(text).success;
}

/** How many events a page shows. */
const PAGE = 100;

/**
 * What the reader may see of the trail at all: of the edition, and of no edition. Asked one after the other, because
 * SQLite reads either in its order and stops where the page is full, but would read all of both at once.
 */
function readable({ scope }: StaffContext): ReadonlyArray<SQL | undefined> {
  return [
    and(
      eq(auditEvent.editionId, scope.editionId),
      or(
        inArray(auditEvent.coHostId, [...scope.sideIds]),
        and(isNull(auditEvent.coHostId), inArray(auditEvent.action, [...SHARED])),
      ),
    ),
    and(isNull(auditEvent.editionId), inArray(auditEvent.coHostId, [...scope.bookSideIds])),
  ];
}

/** Events of one instant follow in the order in which they were written. */
const written = sql<number>`${auditEvent}.rowid`;

/** A page of the trail, the newest first; the id to go on from, or null at the end; and what there is to filter by. */
export function trailPage(
  ctx: StaffContext,
  { action, span, before }: TrailFilter,
): {
  events: ReadonlyArray<TrailEvent>;
  next: string | null;
  actions: ReadonlyArray<{ action: string; words: MessageKey }>;
} {
  const { orm } = ctx.db;
  const mine = readable(ctx);
  const start =
    before === null
      ? undefined
      : orm
          .select({ at: auditEvent.at, written })
          .from(auditEvent)
          .where(and(or(...mine), eq(auditEvent.id, before)))
          .get();
  const asked = and(
    action === null ? undefined : eq(auditEvent.action, action),
    span === null ? undefined : and(gte(auditEvent.at, span.from), lt(auditEvent.at, span.to)),
    start === undefined
      ? undefined
      : or(lt(auditEvent.at, start.at), and(eq(auditEvent.at, start.at), lt(written, start.written))),
  );
  const found = mine
    .flatMap((part) =>
      orm
        .select({ ...getTableColumns(auditEvent), written })
        .from(auditEvent)
        .where(and(part, asked))
        .orderBy(desc(auditEvent.at), desc(written))
        .limit(PAGE + 1)
        .all(),
    )
    .toSorted((a, b) => b.at - a.at || b.written - a.written)
    .slice(0, PAGE + 1);
  const rows = found.slice(0, PAGE).map((row) => ({ ...row, facts: factsOf(row.details) }));
  const known = lookUp(ctx, rows);
  const events = rows.map((row): TrailEvent => {
    const about = personOf(row, known);
    const colleague = known.colleagues.get(row.subjectId) ?? known.asked.get(row.subjectId);
    return {
      id: row.id,
      at: row.at,
      actor: actorOf(row, known, about),
      what: wordsOf(row.action),
      whom:
        about !== undefined
          ? { kind: "person", person: about }
          : colleague === undefined
            ? null
            : { kind: "colleague", name: colleague },
      details: detailsOf(row.facts, row.coHostId === null ? SHARED_DETAILS : null),
    };
  });
  const done = mine.flatMap((part) =>
    orm.selectDistinct({ action: auditEvent.action }).from(auditEvent).where(part).all(),
  );
  const actions = unique(done.map((row) => row.action))
    .sort()
    .map((name) => ({ action: name, words: wordsOf(name) }));
  return { events, next: found.length > PAGE ? (events.at(-1)?.id ?? null) : null, actions };
}

type Facts = Readonly<Record<string, unknown>>;
type Row = typeof auditEvent.$inferSelect & { facts: Facts };

function factsOf(details: string): Facts {
  const parsed: unknown = JSON.parse(details);
  return parsed === null || typeof parsed !== "object" ? {} : { ...parsed };
}

function wordsOf(action: string): MessageKey {
  const key = `auditAction.${action}`;
  return isMessageKey(key) ? key : "audit.unknown";
}

/** What the ids of a page stand for, as far as it is the reader's own. */
type Known = {
  people: ReadonlyMap<string, TrailPerson>;
  /** Names of logins that work, or once worked, for the side. */
  colleagues: ReadonlyMap<string, string>;
  /** Names of those who were asked to, by the link that they were sent. */
  asked: ReadonlyMap<string, string>;
  /** The invitation that a person, a registration or a delivery belongs to. */
  invitations: ReadonlyMap<string, string>;
};

function lookUp(ctx: StaffContext, rows: ReadonlyArray<Row>): Known {
  const { db, scope } = ctx;
  const subjects = (kind: string) =>
    unique(rows.filter((row) => row.subjectKind === kind).map((row) => row.subjectId));
  const own = and(
    eq(invitation.editionId, scope.editionId),
    inArray(delegation.coHostId, [...scope.sideIds]),
  );
  const invitations = new Map<string, string>();
  for (const row of db.orm
    .select({ subject: registration.id, id: registration.invitationId })
    .from(registration)
    .innerJoin(invitation, eq(invitation.id, registration.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(own, inArray(registration.id, subjects("registration"))))
    .all())
    invitations.set(row.subject, row.id);
  for (const row of db.orm
    .select({ subject: delivery.id, id: delivery.invitationId })
    .from(delivery)
    .where(and(inArray(delivery.id, subjects("delivery")), inArray(delivery.coHostId, [...scope.sideIds])))
    .all())
    if (row.id !== null) invitations.set(row.subject, row.id);
  for (const row of db.orm
    .select({ subject: invitation.personId, id: invitation.id })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(own, inArray(invitation.personId, subjects("person"))))
    .all())
    invitations.set(row.subject, row.id);
  const ids = unique([
    ...subjects("invitation"),
    ...invitations.values(),
    ...rows.filter((row) => row.actorKind === "invitee").map((row) => row.actorId),
    ...rows.flatMap(({ facts }) => [facts.invitation, facts.invitationId]).filter(isText),
  ]);
  const people = db.orm
    .select({
      invitationId: invitation.id,
      number: invitation.number,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(and(own, inArray(invitation.id, ids)))
    .all();
  return {
    people: new Map(people.map((each) => [each.invitationId, each])),
    colleagues: colleaguesAmong(
      ctx,
      unique([
        ...subjects("user"),
        ...rows.filter((row) => row.actorKind === "staff").map((row) => row.actorId),
      ]),
    ),
    asked: new Map(
      db.orm
        .select({ id: setUpLink.id, grant: setUpLink.grant })
        .from(setUpLink)
        .where(
          and(
            inArray(setUpLink.id, subjects("set_up_link")),
            inArray(sql<string>`json_extract(${setUpLink.grant}, '$.access.coHostId')`, [...scope.sideIds]),
          ),
        )
        .all()
        .flatMap(({ id, grant }) => {
          const { name } = readSetUpGrant(grant);
          return name === undefined ? [] : [[id, name] as const];
        }),
    ),
    invitations,
  };
}

/** Names of those among the logins who work for the reader's sides or once did. The others' are not even fetched. */
function colleaguesAmong({ db, scope }: StaffContext, userIds: ReadonlyArray<string>): Map<string, string> {
  const now = db.orm
    .selectDistinct({ id: staffPermission.userId })
    .from(staffPermission)
    .where(
      and(
        inArray(staffPermission.coHostId, [...scope.sideIds]),
        inArray(staffPermission.userId, [...userIds]),
      ),
    )
    .all();
  const once = db.orm
    .selectDistinct({ id: auditEvent.subjectId })
    .from(auditEvent)
    .where(
      and(
        // The plus keeps SQLite to the few events of these logins: a side has thousands.
        inArray(sql`+${auditEvent.coHostId}`, [...scope.sideIds]),
        inArray(auditEvent.action, [...COLLEAGUES]),
        inArray(auditEvent.subjectId, [...userIds]),
      ),
    )
    .all();
  const ids = unique([...now, ...once].map((row) => row.id));
  const names = db.orm.select({ id: user.id, name: user.name }).from(user).where(inArray(user.id, ids)).all();
  return new Map(names.map((row) => [row.id, row.name]));
}

function personOf({ subjectKind, subjectId, facts }: Row, known: Known): TrailPerson | undefined {
  const named = [facts.invitation, facts.invitationId].find(isText);
  const id = subjectKind === "invitation" ? subjectId : (known.invitations.get(subjectId) ?? named);
  return id === undefined ? undefined : known.people.get(id);
}

function actorOf({ actorKind, actorId }: Row, known: Known, about: TrailPerson | undefined): TrailActor {
  switch (actorKind) {
    case "staff": {
      const name = known.colleagues.get(actorId);
      return name === undefined ? { kind: "other" } : { kind: "colleague", name };
    }
    case "invitee": {
      const own = known.people.get(actorId);
      return own === undefined ? { kind: "otherInvitee" } : { kind: "invitee", number: own.number };
    }
    case "assistant":
      return { kind: "assistant", number: about?.number ?? null };
    case "focal_point":
      return { kind: "focalPoint" };
    case "system":
    case "operator":
      return { kind: actorKind };
  }
}

/** Where the words of a fact's values are; a fact that is not here and no number is left out: ids say nothing. */
const WORDS: Readonly<Record<string, string>> = {
  permission: "permission",
  permissions: "permission",
  added: "permission",
  removed: "permission",
  reply: "reply",
  sections: "section",
  kind: "agendaKind",
  clash: "clash.kind",
  function: "function",
  state: "place",
  columns: "releases.column",
  retention: "retention.kind",
  direction: "journey",
  check: "check",
  headcount: "manifest.there",
  roomingColumns: "rooming.column",
  exportPurpose: "export.purpose",
  exportColumns: "rosterColumn",
  sharing: "sharing",
};
const INSTANTS: ReadonlyArray<string> = ["until", "expiresAt"];

function detailsOf(facts: Facts, only: ReadonlyArray<string> | null): Array<TrailDetail> {
  return Object.entries(facts).flatMap(([name, value]): Array<TrailDetail> => {
    const label = `auditDetail.${name}`;
    if (!isMessageKey(label) || (only !== null && !only.includes(name))) return [];
    if (INSTANTS.includes(name)) {
      const at = typeof value === "number" ? value : Date.parse(String(value));
      return Number.isNaN(at) ? [] : [{ label, at }];
    }
    if (typeof value === "number") return value === 0 ? [] : [{ label, count: value }];
    const prefix = WORDS[name];
    const values: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value];
    const words = values.map((each) => `${prefix}.${String(each)}`).filter(isMessageKey);
    return words.length === 0 ? [] : [{ label, words }];
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function unique(ids: ReadonlyArray<string>): Array<string> {
  return [...new Set(ids)];
}
