import { and, asc, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  delegation,
  edition,
  editionCoHost,
  invitation,
  person,
  printedCard,
  registration,
  registrationSection,
} from "#db/schema/index.ts";
import type { CardKind, Category, Locale } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import {
  type CardDigests,
  type CardFact,
  type CardLack,
  type CardObstacle,
  type CardOrder,
  cardObstacle,
  changedOnCard,
  FACTS_ON,
} from "./rules.ts";

/** Who prints: those who see to papers, to places, and to the desk at the door. */
export const CARD_ACT = ["documents", "logistics", "duty_desk"] as const;

/** Tells which characters cannot be printed (documents/pdf.server.ts `glyphCheck`). */
type GlyphCheck = (text: string) => ReadonlyArray<string>;

/** How it stands with somebody's card. */
export type CardStanding =
  | { state: "new" }
  | { state: "changed"; changed: ReadonlyArray<CardFact>; printedAt: number }
  | { state: "printed"; printedAt: number };

export type CardPerson = {
  invitationId: string;
  sideId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  honorificEn: string;
  honorificZh: string;
  /** Empty for whoever takes part in a personal capacity. */
  institutionEn: string;
  institutionZh: string;
  isPersonal: boolean;
  category: Category;
  delegationEn: string;
  delegationZh: string;
  /** The edition's title as their side calls it. */
  titleEn: string;
  titleZh: string;
  accepted: boolean;
  obstacle: CardObstacle | null;
  standing: CardStanding;
  lacks: ReadonlyArray<CardLack>;
  /** Characters of theirs that cannot be printed. */
  unprintable: ReadonlyArray<string>;
};

type Reader = Pick<StaffContext, "scope" | "keys">;

/** People of one's own side with what would be printed of them: those named, or all who have accepted and those who have a card. */
export function cardPeople(
  orm: Orm,
  ctx: Reader,
  {
    kind,
    order,
    glyphs,
    invitationIds = null,
  }: {
    kind: CardKind;
    order: CardOrder;
    glyphs: GlyphCheck;
    invitationIds?: ReadonlyArray<string> | null;
  },
): Array<CardPerson> {
  const titles = titlesOf(orm, ctx);
  const personal = inPersonalCapacity(orm, ctx);
  return rowsOf(orm, ctx, { kind, order, invitationIds }).map(
    ({ printed, withdrawnAt, replacedAt, reply, hostAnswer, ...row }): CardPerson => {
      const isPersonal = personal.has(row.invitationId);
      const facts = {
        ...row,
        ...(titles.get(row.sideId) ?? { titleEn: "", titleZh: "" }),
        ...(isPersonal ? { institutionEn: "", institutionZh: "" } : {}),
        isPersonal,
      };
      const unprintable = glyphs(textOn(kind, facts));
      return {
        ...facts,
        accepted: reply === "accepted",
        obstacle: cardObstacle({ withdrawnAt, replacedAt, reply, hostAnswer }),
        standing: printed === null ? { state: "new" } : standingOf(printed, cardDigests(ctx, kind, facts)),
        lacks: lacksOf(kind, facts, unprintable),
        unprintable,
      };
    },
  );
}

type Facts = Pick<
  CardPerson,
  | "invitationId"
  | "nameLatin"
  | "nameNative"
  | "honorificEn"
  | "honorificZh"
  | "institutionEn"
  | "institutionZh"
  | "isPersonal"
  | "category"
>;

function textOn(kind: CardKind, facts: Facts): string {
  const { nameLatin, nameNative, honorificEn, honorificZh, institutionEn, institutionZh } = facts;
  const all = [nameLatin, nameNative, honorificEn, honorificZh];
  return [...all, ...(kind === "badge" ? [institutionEn, institutionZh] : [])].join("\n");
}

/** By what it can be told later that something on a card is another by now. */
export function cardDigests({ keys }: Pick<Reader, "keys">, kind: CardKind, facts: Facts): CardDigests {
  const values: Readonly<Record<CardFact, ReadonlyArray<string>>> = {
    name: [facts.nameLatin, facts.nameNative],
    honorific: [facts.honorificEn, facts.honorificZh],
    institution: [facts.institutionEn, facts.institutionZh],
    category: [facts.category],
  };
  // The place is part of it: the same name in two rows must not show.
  return Object.fromEntries(
    FACTS_ON[kind].map((fact) => [
      fact,
      keys.digest(`card/${facts.invitationId}/${fact}/${values[fact].join("\n")}`).slice(0, 24),
    ]),
  );
}

function standingOf(printed: { digests: string; at: number }, digests: CardDigests): CardStanding {
  const changed = changedOnCard(printed.digests, digests);
  return changed.length === 0
    ? { state: "printed", printedAt: printed.at }
    : { state: "changed", changed, printedAt: printed.at };
}

function lacksOf(kind: CardKind, facts: Facts, unprintable: ReadonlyArray<string>): Array<CardLack> {
  const lacks: Array<CardLack> = [];
  if (facts.nameLatin === "") lacks.push("latin");
  if (facts.nameNative === "" || facts.nameNative === facts.nameLatin) lacks.push("native");
  if (kind === "badge" && !facts.isPersonal) {
    if (facts.institutionEn === "" && facts.institutionZh === "") lacks.push("institution");
    else if (facts.institutionEn === "") lacks.push("institutionEn");
    else if (facts.institutionZh === "") lacks.push("institutionZh");
  }
  if (unprintable.length > 0) lacks.push("glyphs");
  return lacks;
}

function rowsOf(
  orm: Orm,
  { scope }: Reader,
  {
    kind,
    order,
    invitationIds,
  }: { kind: CardKind; order: CardOrder; invitationIds: ReadonlyArray<string> | null },
) {
  return orm
    .select({
      invitationId: invitation.id,
      sideId: delegation.coHostId,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      category: invitation.category,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      reply: invitation.reply,
      hostAnswer: invitation.hostAnswer,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      printed: { digests: printedCard.digests, at: printedCard.at },
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(printedCard, and(eq(printedCard.invitationId, invitation.id), eq(printedCard.kind, kind)))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        invitationIds === null
          ? sql`(${invitation.reply} = 'accepted' or ${isNotNull(printedCard.invitationId)})`
          : inArray(invitation.id, [...invitationIds]),
      ),
    )
    .orderBy(...orderedBy(order))
    .all();
}

function orderedBy(order: CardOrder): Array<SQL> {
  const byName = [asc(person.sortKey), asc(person.id)];
  switch (order) {
    case "alphabet":
      return byName;
    case "delegation":
      return [asc(delegation.position), asc(delegation.id), ...byName];
    case "protocol":
      return [
        asc(delegation.position),
        asc(delegation.id),
        asc(sql`${invitation.protocolOrder} is null`),
        asc(invitation.protocolOrder),
        asc(invitation.createdAt),
        asc(sql`${invitation}.rowid`),
      ];
  }
}

/** What each side calls the edition. */
function titlesOf(orm: Orm, { scope }: Reader): Map<string, { titleEn: string; titleZh: string }> {
  return new Map(
    orm
      .select({
        sideId: editionCoHost.coHostId,
        titleEn: editionCoHost.titleEn,
        titleZh: editionCoHost.titleZh,
      })
      .from(editionCoHost)
      .where(
        and(
          eq(editionCoHost.editionId, scope.editionId),
          inArray(editionCoHost.coHostId, [...scope.sideIds]),
        ),
      )
      .all()
      .map(({ sideId, ...title }) => [sideId, title]),
  );
}

/** Those whose institution is not shown in public: they were promised so when they ticked it. */
function inPersonalCapacity(orm: Orm, { scope }: Reader): Set<string> {
  return new Set(
    orm
      .select({ invitationId: registration.invitationId })
      .from(registrationSection)
      .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
      .innerJoin(invitation, eq(invitation.id, registration.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(invitation.editionId, scope.editionId),
          inArray(delegation.coHostId, [...scope.sideIds]),
          eq(registrationSection.section, "post"),
          sql`json_extract(${registrationSection.answers}, '$.personalCapacity') = 'on'`,
        ),
      )
      .all()
      .map(({ invitationId }) => invitationId),
  );
}

/** Whose script stands first on the front unless somebody says otherwise: that of the country where it is worn. */
export function frontAtHome({ db, scope }: Pick<StaffContext, "db" | "scope">): Locale {
  const found = db.orm
    .select({ country: edition.country })
    .from(edition)
    .where(eq(edition.id, scope.editionId))
    .get();
  return found?.country === "CN" ? "zh-CN" : "en";
}

export type CardBoard = {
  /** Who comes, in the order of the file. */
  coming: ReadonlyArray<CardPerson>;
  /** Those of them who have no card, or one on which something has changed. */
  due: number;
  /** Whose card has been printed and who does not come any more. */
  back: ReadonlyArray<CardPerson>;
};

/** Who is printed, who is to be printed anew, and whose card is to be taken back. */
export function cardBoard(
  ctx: Pick<StaffContext, "db" | "scope" | "keys">,
  asked: { kind: CardKind; order: CardOrder; glyphs: GlyphCheck },
): CardBoard {
  const people = cardPeople(ctx.db.orm, ctx, asked);
  const coming = people.filter(({ accepted, obstacle }) => accepted && obstacle === null);
  return {
    coming,
    due: coming.filter(isDue).length,
    back: people.filter(({ obstacle, standing }) => obstacle !== null && standing.state !== "new"),
  };
}

export function isDue({ standing }: Pick<CardPerson, "standing">): boolean {
  return standing.state !== "printed";
}
