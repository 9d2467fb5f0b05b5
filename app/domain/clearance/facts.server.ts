import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, edition, invitation, person, siteVisit, visitPlace } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { storedDocuments } from "../travel-document/record.server.ts";
import { passportName, type TravelDocument } from "../travel-document/rules.ts";
import { agreesToIdentity } from "../visit/obstacles.server.ts";
import { asksIdentity, type ClearanceColumn, type FactName, readClearanceColumns } from "./facts.ts";
import type { Facts, Lack } from "./rules.ts";

/** A visit as its list needs it. */
export type ListedVisit = {
  visitId: string;
  editionId: string;
  hostEn: string;
  hostZh: string;
  deadline: number | null;
  columns: ReadonlyArray<ClearanceColumn>;
  locale: Locale;
  /** The side that deals with the host: the one at whose place the meeting is; null: nobody's in particular. */
  hostSideId: string | null;
  timeZone: string;
  travelTo: string;
};

export function listedVisit(orm: Orm, editionId: string, visitId: string): ListedVisit | null {
  const row = orm
    .select({
      hostEn: siteVisit.hostEn,
      hostZh: siteVisit.hostZh,
      deadline: siteVisit.clearanceDeadline,
      columns: siteVisit.clearanceColumns,
      locale: siteVisit.clearanceLocale,
      hostSideId: edition.hostSideId,
      country: edition.country,
      timeZone: edition.timeZone,
      travelTo: edition.travelTo,
    })
    .from(siteVisit)
    .innerJoin(edition, eq(edition.id, siteVisit.editionId))
    .where(and(eq(siteVisit.id, visitId), eq(siteVisit.editionId, editionId)))
    .get();
  if (row === undefined) return null;
  const { country, ...facts } = row;
  return {
    ...facts,
    visitId,
    editionId,
    columns: readClearanceColumns(row.columns),
    locale: row.locale ?? (country === "CN" ? "zh-CN" : "en"),
  };
}

/** Whether this scope deals with the host. Where no side is at home, each may. */
export function dealsWithHost(
  visit: Pick<ListedVisit, "hostSideId">,
  { sideIds }: Pick<StaffContext["scope"], "sideIds">,
): boolean {
  return visit.hostSideId === null || sideIds.includes(visit.hostSideId);
}

/** Somebody with a seat, as their side would release them now. */
export type Listable = {
  invitationId: string;
  sideId: string;
  nameLatin: string;
  nameNative: string;
  facts: Facts;
  /** What is missing of the facts that the host asks for; empty: complete. */
  lacks: ReadonlyArray<Lack>;
  /** Whether they agreed that the host is told what it asks for. */
  agrees: boolean;
  digest: string;
};

/** The people of these sides who have a seat, in the order of lists. Opens seals: for who may, and for no longer than needed. */
export function listable(
  { orm, keys }: { orm: Orm; keys: Keys },
  visit: ListedVisit,
  sideIds: ReadonlyArray<string>,
): Array<Listable> {
  const rows = orm
    .select({
      invitationId: invitation.id,
      sideId: delegation.coHostId,
      category: invitation.category,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      phone: person.phone,
      email: person.email,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
    })
    .from(visitPlace)
    .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(visitPlace.visitId, visit.visitId),
        eq(visitPlace.state, "granted"),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
        inArray(delegation.coHostId, [...sideIds]),
      ),
    )
    .orderBy(
      asc(delegation.position),
      asc(sql`${invitation.protocolOrder} is null`),
      asc(invitation.protocolOrder),
      asc(person.sortKey),
      asc(person.id),
    )
    .all();
  const wanted = [...new Set(visit.columns.map(({ fact }) => fact))];
  const needsIdentity = asksIdentity(visit.columns);
  const documents = needsIdentity
    ? storedDocuments(
        orm,
        keys,
        rows.map((row) => row.invitationId),
      )
    : new Map<string, TravelDocument>();
  return rows.map((row) => {
    const document = documents.get(row.invitationId) ?? null;
    const known: Facts = { ...bookFacts(row), ...passportFacts(document) };
    const facts: Facts = Object.fromEntries(wanted.map((fact) => [fact, known[fact] ?? ""]));
    const lacks = wanted
      .filter((fact) => mustBeThere(fact) && isEmpty(facts[fact]))
      .map((fact) => ({ fact, expectedOn: expectedOf(fact, document) }));
    return {
      invitationId: row.invitationId,
      sideId: row.sideId,
      nameLatin: row.nameLatin,
      nameNative: row.nameNative,
      facts,
      lacks,
      agrees: !needsIdentity || agreesToIdentity(orm, row.invitationId),
      digest: keys.digest(JSON.stringify(facts)),
    };
  });
}

/** Not everybody has a name in another script, and a title may be none. */
function mustBeThere(fact: FactName): boolean {
  return (
    fact !== "count" &&
    fact !== "empty" &&
    fact !== "nameNative" &&
    fact !== "honorific" &&
    fact !== "givenLatin" &&
    fact !== "passportGivenNames"
  );
}

function isEmpty(value: Facts[FactName]): boolean {
  if (value === undefined) return true;
  return typeof value === "string" ? value === "" : value.en === "" && value.zh === "";
}

function expectedOf(fact: FactName, document: TravelDocument | null): string | null {
  return document?.state === "pending" && asksIdentity([{ fact }]) ? document.expectedOn : null;
}

type BookRow = Record<
  | "category"
  | "nameLatin"
  | "nameNative"
  | "familyLatin"
  | "givenLatin"
  | "honorificEn"
  | "honorificZh"
  | "positionEn"
  | "positionZh"
  | "institutionEn"
  | "institutionZh"
  | "delegationEn"
  | "delegationZh",
  string
> & { phone: string | null; email: string | null };

function bookFacts(row: BookRow): Facts {
  return {
    nameLatin: row.nameLatin,
    nameNative: row.nameNative,
    familyLatin: row.familyLatin,
    givenLatin: row.givenLatin,
    honorific: { en: row.honorificEn, zh: row.honorificZh },
    position: { en: row.positionEn, zh: row.positionZh },
    institution: { en: row.institutionEn, zh: row.institutionZh },
    delegation: { en: row.delegationEn, zh: row.delegationZh },
    category: row.category,
    phone: row.phone ?? "",
    email: row.email ?? "",
  };
}

function passportFacts(document: TravelDocument | null): Facts {
  if (document === null || document.state !== "known") return {};
  return {
    passportName: passportName(document),
    passportFamilyName: document.familyName,
    passportGivenNames: document.givenNames,
    gender: document.gender,
    birthDate: document.birthDate,
    birthPlace: document.birthPlace,
    nationality: {
      en: document.nationalityEn || document.nationality,
      zh: document.nationalityZh || document.nationality,
    },
    passportNumber: document.number,
    passportType: document.type,
    passportExpiresOn: document.expiresOn,
  };
}
