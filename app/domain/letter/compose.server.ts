import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  coHost,
  delegation,
  edition,
  editionCoHost,
  invitation,
  letter,
  letterhead,
  letterTemplate,
  person,
  registration,
  registrationSection,
} from "#db/schema/index.ts";
import { LETTER_KINDS, type LetterKind, LOCALES, type Locale } from "#db/vocabulary.ts";
import { countryName } from "../../i18n/countries.ts";
import { writtenDay } from "../../i18n/dates.ts";
import { translator } from "../../i18n/translate.ts";
import type { StaffContext } from "../context.ts";
import { approvalNeeded } from "../invitation/approval.ts";
import { fillPlaceholders, unknownPlaceholders, usedPlaceholders } from "../invitation/text.ts";
import { salutations } from "../mail/rules.ts";
import { storedDocuments } from "../travel-document/record.server.ts";
import { passportName, type TravelDocument } from "../travel-document/rules.ts";
import type { LetterheadFacts } from "./form.ts";
import { type LetterObstacle, letterObstacle } from "./rules.ts";
import {
  addressee,
  defaultLetter,
  HEAD_FACTS,
  LETTER_FACTS,
  LETTER_PLACEHOLDERS,
  type LetterFact,
  type LetterPlaceholder,
  type LetterWording,
} from "./text.ts";

/* What a letter would say now, for people of this side. A fixed number of statements, whatever the number of people. */

/** A letter as it would read. It can be issued when nothing is missing or unknown. */
export type Composed = {
  title: string;
  body: string;
  head: Readonly<Record<(typeof HEAD_FACTS)[number], string>>;
  inviterOther: string;
  missing: ReadonlyArray<LetterFact>;
  unknown: ReadonlyArray<string>;
  /** A keyed digest of each fact that stands in it. */
  digests: Readonly<Partial<Record<LetterFact, string>>>;
};

type Issued = {
  id: string;
  kind: LetterKind;
  locale: Locale;
  number: string;
  version: number;
  issuedAt: number;
  factsDigest: string;
};

export type Recipient = ReturnType<typeof rowsOf>[number] & {
  obstacle: LetterObstacle | null;
  document: TravelDocument | null;
  /** Those that are not void. */
  issued: ReadonlyArray<Issued>;
  /** What is known of them, in one language. */
  factsIn(locale: Locale): Readonly<Record<LetterPlaceholder, string>>;
  compose(kind: LetterKind, locale: Locale): Composed;
  timeZone: string;
  travelTo: string;
};

export type SideLetters = {
  sideId: string;
  head: LetterheadFacts;
  /** Whether somebody has written it; until then no letter goes out. */
  hasHead: boolean;
  wordingOf(kind: LetterKind, locale: Locale): LetterWording & { version: number };
};

/** The people of this scope with their letters, in the order of names; all of them unless some are named. */
export function recipientsOf(
  orm: Orm,
  ctx: Pick<StaffContext, "scope" | "keys">,
  invitationIds: ReadonlyArray<string> | null = null,
): Array<Recipient> {
  const { editionId, sideIds } = ctx.scope;
  const rows = rowsOf(orm, ctx, invitationIds);
  const ids = rows.map((row) => row.invitationId);
  const common = editionOf(orm, editionId);
  const sides = new Map(sidesOf(orm, { editionId, sideIds }).map((side) => [side.sideId, side]));
  const documents = storedDocuments(orm, ctx.keys, ids);
  const travels = travelDays(orm, ids);
  const issued = issuedTo(orm, ids);
  return rows.map((row) => {
    const side = sides.get(row.sideId);
    if (side === undefined) throw new Error("A person's side is not part of the edition");
    const document = documents.get(row.invitationId) ?? null;
    const known = new Map<Locale, Record<LetterPlaceholder, string>>();
    const factsIn = (locale: Locale) => {
      const facts =
        known.get(locale) ??
        valuesOf(locale, { row, common, side, document, travel: travels.get(row.invitationId) });
      known.set(locale, facts);
      return facts;
    };
    return {
      ...row,
      obstacle: letterObstacle(row, approvalNeeded(common.approval, row.sideId === common.hostSideId)),
      document,
      issued: issued.get(row.invitationId) ?? [],
      timeZone: common.timeZone,
      travelTo: common.travelTo,
      factsIn,
      compose: (kind, locale) =>
        composed(factsIn(locale), {
          text: side.wordingOf(kind, locale),
          side,
          locale,
          digest: digester(ctx, row.invitationId),
        }),
    };
  });
}

function digester({ keys }: Pick<StaffContext, "keys">, invitationId: string) {
  // The place is part of it: the same birthday in two rows must not show.
  return (fact: LetterFact, value: string) =>
    keys.digest(`letter/${invitationId}/${fact}/${value}`).slice(0, 24);
}

/** A letter from facts: for a person, or for the fictional one of a preview. */
export function composed(
  facts: Readonly<Record<LetterPlaceholder, string>>,
  {
    text,
    side,
    locale,
    digest,
  }: {
    text: LetterWording;
    side: SideLetters;
    locale: Locale;
    digest: (fact: LetterFact, value: string) => string;
  },
): Composed {
  const whole = text.title + text.body;
  const used = usedPlaceholders(whole, LETTER_PLACEHOLDERS);
  const head = headIn(side.head, locale);
  const all: Readonly<Record<LetterFact, string>> = {
    ...facts,
    signatory: head.signatory,
    signatoryPost: head.signatoryPost,
  };
  const standing = LETTER_FACTS.filter(
    (fact) => used.some((name) => name === fact) || HEAD_FACTS.some((name) => name === fact),
  );
  const needed: ReadonlyArray<LetterFact> = [...used, "inviterName", "signatory"];
  const missing = LETTER_FACTS.filter(
    (fact) =>
      needed.includes(fact) &&
      (all[fact] === "" || (!side.hasHead && (HEAD_FACTS as ReadonlyArray<string>).includes(fact))),
  );
  return {
    title: fillPlaceholders(text.title, facts),
    body: fillPlaceholders(text.body, facts),
    head,
    inviterOther: locale === "en" ? side.head.nameZh : side.head.nameEn,
    missing,
    unknown: unknownPlaceholders(whole, LETTER_PLACEHOLDERS),
    digests: Object.fromEntries(standing.map((fact) => [fact, digest(fact, all[fact])])),
  };
}

/** The facts of a letter that was issued which are others now. */
export function changedFacts(factsDigest: string, now: Composed["digests"]): Array<LetterFact> {
  const then: Readonly<Record<string, unknown>> = JSON.parse(factsDigest);
  // What stood in it and what would stand in it now; a placeholder that the wording dropped is no changed fact.
  return LETTER_FACTS.filter(
    (fact) => then[fact] !== undefined && now[fact] !== undefined && then[fact] !== now[fact],
  );
}

function headIn(head: LetterheadFacts, locale: Locale): Composed["head"] {
  const own = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  return {
    inviterName: own(head.nameEn, head.nameZh),
    inviterAddress: own(head.addressEn, head.addressZh),
    inviterPhone: head.phone,
    inviterEmail: head.email,
    signatory: own(head.signatoryEn, head.signatoryZh),
    signatoryPost: own(head.signatoryPostEn, head.signatoryPostZh),
  };
}

function rowsOf(
  orm: Orm,
  { scope }: Pick<StaffContext, "scope">,
  invitationIds: ReadonlyArray<string> | null,
) {
  return orm
    .select({
      invitationId: invitation.id,
      sideId: delegation.coHostId,
      category: invitation.category,
      invitedAs: invitation.invitedAs,
      number: invitation.number,
      reply: invitation.reply,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      approvedAt: invitation.approvedAt,
      hostAnswer: invitation.hostAnswer,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameLatin: person.nameLatin,
      familyNative: person.familyNative,
      nameNative: person.nameNative,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      salutationEn: person.salutationEn,
      salutationZh: person.salutationZh,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        invitationIds === null ? undefined : inArray(invitation.id, [...invitationIds]),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}

/** What the letters of an edition have in common. */
function editionOf(orm: Orm, editionId: string) {
  const facts = orm
    .select({
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      travelFrom: edition.travelFrom,
      travelTo: edition.travelTo,
      costsEn: edition.costsEn,
      costsZh: edition.costsZh,
      approval: edition.approval,
      hostSideId: edition.hostSideId,
      timeZone: edition.timeZone,
    })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (facts === undefined) throw new Error("A scope names an edition that does not exist");
  const hosts = orm
    .select({
      id: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      titleEn: editionCoHost.titleEn,
      titleZh: editionCoHost.titleZh,
    })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, editionId))
    .orderBy(asc(editionCoHost.position))
    .all();
  return { ...facts, hosts };
}

type EditionCommon = ReturnType<typeof editionOf>;

/** How the sides write: letterhead and wordings, the proposed ones where nobody has written any. */
export function sidesOf(
  orm: Orm,
  { editionId, sideIds }: { editionId: string; sideIds: ReadonlyArray<string> },
): Array<SideLetters & { nameEn: string; nameZh: string }> {
  const heads = orm
    .select()
    .from(letterhead)
    .where(and(eq(letterhead.editionId, editionId), inArray(letterhead.coHostId, [...sideIds])))
    .all();
  const templates = orm
    .select()
    .from(letterTemplate)
    .where(and(eq(letterTemplate.editionId, editionId), inArray(letterTemplate.coHostId, [...sideIds])))
    .all();
  return orm
    .select({ sideId: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(inArray(coHost.id, [...sideIds]))
    .orderBy(asc(coHost.nameEn))
    .all()
    .map((side) => {
      const row = heads.find((each) => each.coHostId === side.sideId);
      return {
        ...side,
        hasHead: row !== undefined,
        head: row === undefined ? emptyHead(side) : headOfRow(row),
        wordingOf(kind, locale) {
          const saved = templates.find(
            (each) => each.coHostId === side.sideId && each.kind === kind && each.locale === locale,
          );
          if (saved === undefined) return { ...defaultLetter(kind, locale), version: 0 };
          return { title: saved.title, body: saved.body, version: saved.version };
        },
      };
    });
}

function emptyHead({ nameEn, nameZh }: { nameEn: string; nameZh: string }): LetterheadFacts {
  return {
    nameEn,
    nameZh,
    addressEn: "",
    addressZh: "",
    phone: "",
    email: "",
    signatoryEn: "",
    signatoryZh: "",
    signatoryPostEn: "",
    signatoryPostZh: "",
  };
}

function headOfRow(row: typeof letterhead.$inferSelect): LetterheadFacts {
  const { editionId: _edition, coHostId: _side, updatedAt: _updated, ...facts } = row;
  return facts;
}

type TravelDays = { arrivalOn: string; departureOn: string };

/** When people arrive and leave, as far as they have said so. */
function travelDays(orm: Orm, invitationIds: ReadonlyArray<string>): Map<string, TravelDays> {
  const rows = orm
    .select({ invitationId: registration.invitationId, answers: registrationSection.answers })
    .from(registrationSection)
    .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
    .where(
      and(inArray(registration.invitationId, [...invitationIds]), eq(registrationSection.section, "travel")),
    )
    .all();
  return new Map(
    rows.map(({ invitationId, answers }) => {
      const given: Readonly<Record<string, unknown>> = JSON.parse(answers);
      const day = (value: unknown) =>
        typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : "";
      return [invitationId, { arrivalOn: day(given.arrivalOn), departureOn: day(given.departureOn) }];
    }),
  );
}

function issuedTo(orm: Orm, invitationIds: ReadonlyArray<string>): Map<string, Array<Issued>> {
  const rows = orm
    .select({
      invitationId: letter.invitationId,
      id: letter.id,
      kind: letter.kind,
      locale: letter.locale,
      number: letter.number,
      version: letter.version,
      issuedAt: letter.issuedAt,
      factsDigest: letter.factsDigest,
    })
    .from(letter)
    .where(and(inArray(letter.invitationId, [...invitationIds]), isNull(letter.voidedAt)))
    .orderBy(asc(letter.kind), asc(letter.locale))
    .all();
  const found = new Map<string, Array<Issued>>();
  for (const { invitationId, ...row } of rows)
    found.set(invitationId, [...(found.get(invitationId) ?? []), row]);
  return found;
}

type Source = {
  row: ReturnType<typeof rowsOf>[number];
  common: EditionCommon;
  side: SideLetters;
  document: TravelDocument | null;
  travel: TravelDays | undefined;
};

function valuesOf(
  locale: Locale,
  { row, common, side, document, travel }: Source,
): Record<LetterPlaceholder, string> {
  const t = translator(locale);
  // What somebody typed in one language only stands as it is in both: nothing is translated.
  const typed = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  const own = common.hosts.find((host) => host.id === row.sideId);
  const others = common.hosts.filter((host) => host.id !== row.sideId);
  const names = [...(own === undefined ? [] : [own]), ...others].map((host) =>
    typed(host.nameEn, host.nameZh),
  );
  const last = names.at(-1) ?? "";
  const first = names.slice(0, -1).join(locale === "en" ? ", " : "、");
  const salutation = salutations(row);
  const passport = document?.state === "known" ? document : null;
  const day = (value: string | undefined) =>
    value === undefined || value === "" ? "" : writtenDay(value, locale);
  const head = headIn(side.head, locale);
  return {
    addressee: addressee(row, locale),
    salutation: typed(salutation.salutationEn, salutation.salutationZh),
    name: typed(row.nameLatin, row.nameNative),
    institution: typed(row.institutionEn, row.institutionZh),
    position: typed(row.positionEn, row.positionZh),
    function: t(`letter.as.${row.invitedAs ?? row.category}`),
    event: own === undefined ? "" : typed(own.titleEn, own.titleZh),
    dates: t("letter.dates", {
      from: writtenDay(common.startsOn, locale),
      to: writtenDay(common.endsOn, locale),
    }),
    city: typed(common.cityEn, common.cityZh),
    arrival: writtenDay(travel?.arrivalOn || common.travelFrom, locale),
    departure: writtenDay(travel?.departureOn || common.travelTo, locale),
    costs: typed(common.costsEn, common.costsZh),
    senders: first === "" ? last : t("letter.and", { first, second: last }),
    number: row.number,
    passportName: passport === null ? "" : passportName(passport),
    gender: passport === null || passport.gender === "" ? "" : t(`passport.gender.${passport.gender}`),
    birthDate: day(passport?.birthDate),
    birthPlace: passport?.birthPlace ?? "",
    nationality:
      passport === null
        ? ""
        : typed(passport.nationalityEn, passport.nationalityZh) || countryName(passport.nationality, locale),
    passportNumber: passport?.number ?? "",
    passportExpiry: day(passport?.expiresOn),
    applyAt: passport === null ? "" : typed(passport.applyAtEn, passport.applyAtZh),
    companions: passport?.companions || t("letters.noCompanions"),
    inviterName: head.inviterName,
    inviterAddress: head.inviterAddress,
    inviterPhone: head.inviterPhone,
    inviterEmail: head.inviterEmail,
  };
}

/** Every kind in every language. */
export const ALL_LETTERS = LETTER_KINDS.flatMap((kind) => LOCALES.map((locale) => ({ kind, locale })));
