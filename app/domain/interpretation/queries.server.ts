import { and, asc, eq, inArray, isNull, notInArray, or, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaFunction,
  agendaItem,
  delegation,
  edition,
  interpreterPost,
  invitation,
  outsideInterpreter,
  registration,
  registrationSection,
} from "#db/schema/index.ts";
import { type AgendaKind, LANGUAGE_PAIRS, type LanguagePair } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import { isCountedOn, isSure, ofDelegation } from "../agenda/expected.server.ts";
import type { StaffContext } from "../context.ts";
import { WORKING_LANGUAGES } from "../registration/rules.ts";
import { travellers } from "../travel/board.server.ts";
import {
  type Gap,
  type Group,
  gapsIn,
  interpretersFor,
  isToDo,
  languageNeed,
  type PlannedItem,
  type Post,
  plannedPairs,
} from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;
type Sides = Pick<StaffScope, "editionId" | "sideIds">;

/** At what nobody speaks to all. */
const SILENT: ReadonlyArray<AgendaKind> = ["free", "logistics", "break", "transfer"];

/** What listeners of all sides tell of their languages, by item, as numbers. Interpreters are nobody's listeners. */
export function countedTongues(orm: Orm, editionId: string): Map<string, Array<Group>> {
  const answers = sql`coalesce(${registrationSection.answers}, '{}')`;
  const tongues = sql<string>`coalesce(json_extract(${answers}, '$.workingLanguages'), '[]')`;
  const needs = sql<string>`coalesce(json_extract(${answers}, '$.needsInterpretation'), '')`;
  const speak = sql<number>`exists (select 1 from agenda_function part where part.item_id = ${agendaItem.id} and part.invitation_id = ${invitation.id} and part.function not in ('interpreter', 'rapporteur'))`;
  const rows = orm
    .select({ itemId: agendaItem.id, tongues, needs, speak, people: sql<number>`count(*)` })
    .from(agendaItem)
    .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
    .leftJoin(
      registration,
      and(eq(registration.invitationId, invitation.id), eq(registration.state, "submitted")),
    )
    .leftJoin(
      registrationSection,
      and(
        eq(registrationSection.registrationId, registration.id),
        eq(registrationSection.section, "languages"),
      ),
    )
    .where(
      and(
        eq(agendaItem.editionId, editionId),
        isCountedOn(),
        isSure,
        sql`${invitation.category} <> 'interpreter'`,
        sql`not exists (select 1 from agenda_function part where part.item_id = ${agendaItem.id} and part.invitation_id = ${invitation.id} and part.function = 'interpreter')`,
      ),
    )
    .groupBy(agendaItem.id, tongues, needs, speak)
    .all();
  return new Map(
    [...Map.groupBy(rows, ({ itemId }) => itemId)].map(([itemId, of]) => [
      itemId,
      of.map((row): Group => {
        const told: unknown = JSON.parse(row.tongues);
        return {
          people: row.people,
          tongues: WORKING_LANGUAGES.filter((each) => Array.isArray(told) && told.includes(each)),
          needs: row.needs === "yes" || row.needs === "no" ? row.needs : "",
          speak: row.speak === 1,
        };
      }),
    ]),
  );
}

export type OutsiderView = {
  outsiderId: string;
  name: string;
  pairs: Array<LanguagePair>;
  /** Whether this reader's side hired them: only then there are the next three. */
  own: boolean;
  phone: string;
  note: string;
  revision: number;
};

/** Those who were hired. Both sides plan with them; how to reach them is for the side that hired them. */
export function outsiders(orm: Orm, { editionId, sideIds }: Sides): Array<OutsiderView> {
  const isOwn = inArray(outsideInterpreter.coHostId, [...sideIds]);
  return orm
    .select({
      outsiderId: outsideInterpreter.id,
      name: outsideInterpreter.name,
      pairs: outsideInterpreter.pairs,
      own: sql<number>`${isOwn}`,
      phone: sql<string>`case when ${isOwn} then ${outsideInterpreter.phone} else '' end`,
      note: sql<string>`case when ${isOwn} then ${outsideInterpreter.note} else '' end`,
      revision: outsideInterpreter.revision,
    })
    .from(outsideInterpreter)
    .where(eq(outsideInterpreter.editionId, editionId))
    .orderBy(asc(outsideInterpreter.name), asc(outsideInterpreter.id))
    .all()
    .map((row) => ({ ...row, own: row.own === 1, pairs: pairsIn(row.pairs) }));
}

function pairsIn(stored: string): Array<LanguagePair> {
  const named: unknown = JSON.parse(stored);
  return LANGUAGE_PAIRS.filter((pair) => Array.isArray(named) && named.includes(pair));
}

/** Somebody of one's own side who interprets. */
export type InvitedInterpreter = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
};

/** One's own side's interpreters: by category, and whoever the programme or the plan has interpret something. */
export function invitedInterpreters(orm: Orm, scope: Sides): Array<InvitedInterpreter> {
  const chosen = new Set(
    orm
      .select({ invitationId: invitation.id })
      .from(invitation)
      .innerJoin(delegation, ofDelegation)
      .where(
        and(
          eq(invitation.editionId, scope.editionId),
          inArray(delegation.coHostId, [...scope.sideIds]),
          or(
            eq(invitation.category, "interpreter"),
            sql`exists (select 1 from agenda_function part where part.invitation_id = ${invitation.id} and part.function = 'interpreter')`,
            sql`exists (select 1 from interpreter_post post where post.invitation_id = ${invitation.id})`,
          ),
        ),
      )
      .all()
      .map(({ invitationId }) => invitationId),
  );
  return travellers(orm, scope)
    .filter(({ invitationId }) => chosen.has(invitationId))
    .map(({ invitationId, nameLatin, nameNative }) => ({ invitationId, nameLatin, nameNative }));
}

/** An interpreter at an item as staff see it. */
export type PostView = Post & {
  /** Null: from the programme alone, without a post of its own. */
  postId: string | null;
  name: string;
};

export type PlannedView = Omit<PlannedItem, "posts"> & {
  kind: AgendaKind;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  posts: Array<PostView>;
  wants: number;
  pairs: Array<LanguagePair>;
  gaps: Array<Gap>;
};

export type InterpretationPlan = {
  timeZone: string;
  items: Array<PlannedView>;
  outsiders: Array<OutsiderView>;
  invited: Array<InvitedInterpreter>;
  /** How many gaps there is something to do about. */
  open: number;
};

/** The plan: items at which somebody speaks, what they need, and who interprets. */
export function interpretationPlan(ctx: Reader): InterpretationPlan {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const zone = orm
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (zone === undefined) throw new Error("A scope names an edition that does not exist");
  const hired = outsiders(orm, ctx.scope);
  const invited = invitedInterpreters(orm, ctx.scope);
  const posts = postsOf(orm, ctx.scope, { hired, invited });
  const tongues = countedTongues(orm, editionId);
  const items = orm
    .select({
      itemId: agendaItem.id,
      kind: agendaItem.kind,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      placeEn: agendaItem.placeEn,
      placeZh: agendaItem.placeZh,
      mode: agendaItem.interpretation,
      pair: agendaItem.languagePair,
    })
    .from(agendaItem)
    .where(and(eq(agendaItem.editionId, editionId), notInArray(agendaItem.kind, [...SILENT])))
    .orderBy(asc(agendaItem.startsAt), asc(agendaItem.endsAt), asc(agendaItem.id))
    .all()
    // Meals are interpreted where somebody says so: nobody is told what to say at table.
    .filter(({ kind, mode }) => kind !== "meal" || mode !== null)
    .map((item) => {
      const own = (posts.get(item.itemId) ?? []).map((post) => ({ ...post, pair: post.pair ?? item.pair }));
      const minutes = (item.endsAt - item.startsAt) / 60_000;
      return {
        ...item,
        need: languageNeed(tongues.get(item.itemId) ?? []),
        posts: own,
        wants: interpretersFor({ mode: item.mode, minutes }),
        pairs: plannedPairs({ pair: item.pair, posts: own }),
      };
    });
  const gaps = gapsIn(items);
  const planned = items.map((item) => ({ ...item, gaps: gaps.get(item.itemId) ?? [] }));
  return {
    timeZone: zone.timeZone,
    items: planned,
    outsiders: hired,
    invited,
    open: planned.flatMap((item) => item.gaps).filter(isToDo).length,
  };
}

/** Who interprets what: one's own by name, those who were hired, and others' as a number. */
function postsOf(
  orm: Orm,
  scope: Sides,
  { hired, invited }: { hired: ReadonlyArray<OutsiderView>; invited: ReadonlyArray<InvitedInterpreter> },
): Map<string, Array<PostView>> {
  const found: Array<PostView & { itemId: string }> = [];
  const names = new Map(
    invited.map((one) => [one.invitationId, `${one.nameLatin} ${one.nameNative}`.trim()] as const),
  );
  const known = new Map(hired.map((one) => [one.outsiderId, one] as const));
  const isOwn = inArray(delegation.coHostId, [...scope.sideIds]);
  const ownPosts = orm
    .select({
      postId: interpreterPost.id,
      itemId: interpreterPost.itemId,
      invitationId: interpreterPost.invitationId,
      outsiderId: interpreterPost.outsiderId,
      pair: interpreterPost.pair,
      booth: interpreterPost.booth,
    })
    .from(interpreterPost)
    .innerJoin(agendaItem, eq(agendaItem.id, interpreterPost.itemId))
    .leftJoin(invitation, eq(invitation.id, interpreterPost.invitationId))
    .leftJoin(delegation, ofDelegation)
    .where(
      and(
        eq(agendaItem.editionId, scope.editionId),
        or(sql`${interpreterPost.outsiderId} is not null`, and(isOwn, isSure)),
      ),
    )
    .all();
  for (const { postId, itemId, invitationId, outsiderId, pair, booth } of ownPosts) {
    const outsider = known.get(outsiderId ?? "");
    found.push({
      postId,
      itemId,
      key: invitationId === null ? `o:${outsiderId}` : `i:${invitationId}`,
      name: outsider?.name ?? names.get(invitationId ?? "") ?? "",
      pair,
      booth,
      fits: outsider === undefined || outsider.pairs.includes(pair),
    });
  }
  const hasPost = sql`exists (select 1 from interpreter_post post where post.item_id = ${agendaFunction.itemId} and post.invitation_id = ${agendaFunction.invitationId})`;
  const inProgramme = and(
    eq(agendaItem.editionId, scope.editionId),
    eq(agendaFunction.function, "interpreter"),
    isSure,
    sql`not ${hasPost}`,
  );
  const own = orm
    .select({ itemId: agendaFunction.itemId, invitationId: agendaFunction.invitationId })
    .from(agendaFunction)
    .innerJoin(agendaItem, eq(agendaItem.id, agendaFunction.itemId))
    .innerJoin(invitation, eq(invitation.id, agendaFunction.invitationId))
    .innerJoin(delegation, ofDelegation)
    .where(and(inProgramme, isOwn))
    .all();
  for (const { itemId, invitationId } of own)
    found.push({
      postId: null,
      itemId,
      key: `i:${invitationId}`,
      name: names.get(invitationId) ?? "",
      pair: null,
      booth: "",
      fits: true,
    });
  const others = (itemId: string, people: number, pair: LanguagePair | null, booth: string) => {
    for (let n = 0; n < people; n++)
      found.push({ postId: null, itemId, key: null, name: "", pair, booth, fits: true });
  };
  const theirs = orm
    .select({ itemId: agendaFunction.itemId, people: sql<number>`count(*)` })
    .from(agendaFunction)
    .innerJoin(agendaItem, eq(agendaItem.id, agendaFunction.itemId))
    .innerJoin(invitation, eq(invitation.id, agendaFunction.invitationId))
    .innerJoin(delegation, ofDelegation)
    .where(and(inProgramme, sql`not ${isOwn}`))
    .groupBy(agendaFunction.itemId)
    .all();
  for (const row of theirs) others(row.itemId, row.people, null, "");
  for (const row of orm
    .select({
      itemId: interpreterPost.itemId,
      pair: interpreterPost.pair,
      booth: interpreterPost.booth,
      people: sql<number>`count(*)`,
    })
    .from(interpreterPost)
    .innerJoin(invitation, eq(invitation.id, interpreterPost.invitationId))
    .innerJoin(delegation, ofDelegation)
    .where(and(eq(invitation.editionId, scope.editionId), isSure, sql`not ${isOwn}`))
    .groupBy(interpreterPost.itemId, interpreterPost.pair, interpreterPost.booth)
    .all())
    others(row.itemId, row.people, row.pair, row.booth);
  return Map.groupBy(found, ({ itemId }) => itemId);
}

/** How many interpret each item by the plan beside those whom the programme names; for the clashes of the agenda. */
export function postsBesideProgramme(orm: Orm, editionId: string): Map<string, number> {
  return new Map(
    orm
      .select({ itemId: interpreterPost.itemId, people: sql<number>`count(*)` })
      .from(interpreterPost)
      .innerJoin(agendaItem, eq(agendaItem.id, interpreterPost.itemId))
      .leftJoin(invitation, eq(invitation.id, interpreterPost.invitationId))
      .where(
        and(
          eq(agendaItem.editionId, editionId),
          or(isNull(interpreterPost.invitationId), isSure),
          sql`not exists (select 1 from agenda_function part where part.item_id = ${interpreterPost.itemId} and part.invitation_id = ${interpreterPost.invitationId} and part.function = 'interpreter')`,
        ),
      )
      .groupBy(interpreterPost.itemId)
      .all()
      .map(({ itemId, people }) => [itemId, people] as const),
  );
}
