import {
  and,
  asc,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  ne,
  notExists,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  consent,
  delegation,
  edition,
  invitation,
  invitationEvent,
  person,
  registration,
  registrationSection,
  siteVisit,
  travelDocument,
  visitPlace,
} from "#db/schema/index.ts";
import type { RegistrationState, SectionState } from "#db/vocabulary.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type PageOf, pageOf } from "../page-of.ts";
import type { Words } from "../registration/definition.ts";
import { publishedForm } from "../registration/own.server.ts";
import { type AskedSection, registrationForStaff } from "../registration/queries.server.ts";
import type { BoardFilter } from "./form.ts";
import { type Blocked, blockedBy } from "./rules.ts";

/** Documents for visits: whether what a host asks for is there. Of a passport nothing but that it is there. */
export type VisitPapers = {
  visitId: string;
  titleEn: string;
  titleZh: string;
  /** By when the host wants its list. */
  deadline: number | null;
  lacks: ReadonlyArray<"passport" | "consent">;
};

/** How far somebody is, section by section. Instants are epoch milliseconds. */
export type BoardRow = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  hasMailbox: boolean;
  state: RegistrationState | null;
  cells: ReadonlyArray<{ section: string; state: SectionState; missing: ReadonlyArray<string> }>;
  /** What is asked of this person: the words for what is missing. */
  asked: ReadonlyArray<AskedSection>;
  blocks: ReadonlyArray<Blocked>;
  papers: ReadonlyArray<VisitPapers>;
  /** When they were last told what is missing. */
  chasedAt: number | null;
};

export type Board = {
  registerBy: number | null;
  /** The sections of the form, in its order; a day where the form sets one. */
  sections: ReadonlyArray<{ key: string; title: Words; deadline: string | null }>;
  page: PageOf<BoardRow>;
};

const PAGE = 40;

/** One page of the board: this side's people who may come, in the order of delegations and names. */
export function completenessBoard(
  ctx: StaffContext,
  filter: BoardFilter,
  { after = null, whole = false }: { after?: string | null; whole?: boolean } = {},
): Board {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const found = idsOf(orm, ctx, filter);
  const page = pageOf(found, {
    after,
    size: whole ? MOST_ON_PAPER : PAGE,
    idOf: ({ invitationId }) => invitationId,
  });
  const ids = page.shown.map(({ invitationId }) => invitationId);
  const papers = papersOf(orm, ctx, ids);
  const chased = chasedAt(orm, ids);
  const meeting = orm
    .select({ registerBy: edition.registerBy })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  return {
    registerBy: meeting?.registerBy ?? null,
    sections: publishedForm(orm, editionId).definition.sections.map(({ key, title, deadline }) => ({
      key,
      title,
      deadline,
    })),
    page: {
      ...page,
      shown: page.shown.map(({ email, ...row }): BoardRow => {
        const progress = registrationForStaff(ctx, row.invitationId);
        const cells = (progress?.sections ?? []).map(({ section, state, missing }) => ({
          section,
          state,
          missing,
        }));
        const lacking = cells.filter(isLackingIn(progress?.state ?? null)).map(({ section }) => section);
        return {
          ...row,
          hasMailbox: email !== null,
          state: progress?.state ?? null,
          cells,
          asked: progress?.asked ?? [],
          blocks: blockedBy(lacking),
          papers: papers.get(row.invitationId) ?? [],
          chasedAt: chased.get(row.invitationId) ?? null,
        };
      }),
    },
  };
}

/** Paper has no next page to click on. */
const MOST_ON_PAPER = 500;

/**
 * Whether something of a section is still to come: it lacks something, or nobody has handed it in. A section that the form
 * got after somebody handed theirs in, and that asks nothing of them that they must answer, keeps nobody waiting.
 */
export function isLackingIn(
  registration: RegistrationState | null,
): (section: { state: SectionState; missing: ReadonlyArray<string> }) => boolean {
  return ({ state, missing }) =>
    missing.length > 0 || (registration !== "submitted" && state !== "submitted" && state !== "verified");
}

function idsOf(orm: Orm, { scope }: Pick<StaffContext, "scope">, filter: BoardFilter) {
  return orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      email: person.email,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        isExpected(),
        filter.delegation === undefined ? undefined : eq(delegation.id, filter.delegation),
        progressIs(filter),
        filter.section === undefined ? undefined : sectionIsOpen(orm, filter.section),
      ),
    )
    .orderBy(asc(delegation.position), asc(person.sortKey), asc(invitation.id))
    .all();
}

/** Who was written to and did not say no. */
export function isExpected(): SQL | undefined {
  return and(
    isNotNull(invitation.sentAt),
    isNull(invitation.withdrawnAt),
    isNull(invitation.replacedAt),
    ne(invitation.reply, "declined"),
  );
}

function progressIs({ progress }: BoardFilter): SQL | undefined {
  switch (progress) {
    case undefined:
      return undefined;
    case "notBegun":
      return isNull(registration.id);
    case "draft":
      return eq(registration.state, "draft");
    case "submitted":
      return eq(registration.state, "submitted");
    case "incomplete":
      return or(isNull(registration.id), eq(registration.state, "draft"));
  }
}

function sectionIsOpen(orm: Orm, section: string): SQL {
  return notExists(
    orm
      .select({ one: sql`1` })
      .from(registrationSection)
      .where(
        and(
          eq(registrationSection.registrationId, registration.id),
          eq(registrationSection.section, section),
          inArray(registrationSection.state, ["submitted", "verified"]),
        ),
      ),
  );
}

function chasedAt(orm: Orm, ids: ReadonlyArray<string>): Map<string, number> {
  if (ids.length === 0) return new Map();
  return new Map(
    orm
      .select({ id: invitationEvent.invitationId, at: sql<number>`max(${invitationEvent.at})` })
      .from(invitationEvent)
      .where(and(inArray(invitationEvent.invitationId, [...ids]), eq(invitationEvent.kind, "chased")))
      .groupBy(invitationEvent.invitationId)
      .all()
      .map(({ id, at }) => [id, at]),
  );
}

/** What hosts of visits on which these people have a place still wait for. For those who deal with papers. */
function papersOf(
  orm: Orm,
  { scope }: Pick<StaffContext, "scope">,
  ids: ReadonlyArray<string>,
): Map<string, Array<VisitPapers>> {
  const found = new Map<string, Array<VisitPapers>>();
  if (ids.length === 0 || !(allows(scope, "logistics") || allows(scope, "documents"))) return found;
  const agreed = sql<number>`coalesce((
    select c.given from ${consent} c
    where c.invitation_id = ${visitPlace.invitationId} and c.kind = 'identity_documents'
    order by c.at desc, c.rowid desc limit 1), 0)`;
  const rows = orm
    .select({
      invitationId: visitPlace.invitationId,
      visitId: siteVisit.id,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      deadline: siteVisit.clearanceDeadline,
      passport: travelDocument.invitationId,
      agreed,
    })
    .from(visitPlace)
    .innerJoin(siteVisit, eq(siteVisit.id, visitPlace.visitId))
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .leftJoin(travelDocument, eq(travelDocument.invitationId, visitPlace.invitationId))
    .where(and(inArray(visitPlace.invitationId, [...ids]), eq(visitPlace.state, "granted")))
    .orderBy(desc(siteVisit.clearanceDeadline))
    .all();
  for (const { invitationId, passport, agreed: given, ...visit } of rows) {
    const lacks = [
      ...(passport === null ? ["passport" as const] : []),
      ...(given === 1 ? [] : ["consent" as const]),
    ];
    if (lacks.length > 0) found.set(invitationId, [...(found.get(invitationId) ?? []), { ...visit, lacks }]);
  }
  return found;
}
