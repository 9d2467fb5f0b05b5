import { and, asc, countDistinct, desc, eq, inArray, isNull, ne, type SQL } from "drizzle-orm";
import type { Db } from "#db/client.server.ts";
import { delegation, edition, invitation, letter, person } from "#db/schema/index.ts";
import type { LetterKind, Locale, Reply } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import { allows } from "../access/rules.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { type PageOf, pageOf } from "../page-of.ts";
import { type MaskedDocument, maskedDocument } from "../travel-document/rules.ts";
import {
  ALL_LETTERS,
  changedFacts,
  composed,
  type Recipient,
  recipientsOf,
  sidesOf,
} from "./compose.server.ts";
import type { LetterContents } from "./contents.ts";
import type { LetterheadFacts } from "./form.ts";
import { endsLetters, isGood, type LetterObstacle, letterNumber, typedCode } from "./rules.ts";
import { LETTER_PLACEHOLDERS, type LetterFact, type LetterPlaceholder, type PASSPORT_FACTS } from "./text.ts";

/** What is to be done with letters and passports: the permission for either is enough (DOMAIN §4.3). */
export const LETTER_ACT = ["documents", "logistics"] as const;

export function mayIssueLetters(ctx: Pick<StaffContext, "scope">): boolean {
  return allows(ctx.scope, LETTER_ACT);
}

/** How it stands with one kind of letter in one language for one person. */
export type LetterStanding = {
  kind: LetterKind;
  locale: Locale;
  /** The good one, if there is one, and which facts in it are others by now. */
  issued: {
    id: string;
    number: string;
    version: number;
    issuedAt: number;
    changed: Array<LetterFact>;
  } | null;
  /** Facts without which it cannot be issued (again). */
  missing: ReadonlyArray<LetterFact>;
};

export type PersonInLetters = {
  invitationId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  reply: Reply;
  obstacle: LetterObstacle | null;
  passport: MaskedDocument;
  letters: ReadonlyArray<LetterStanding>;
};

function standings(recipient: Recipient): Array<LetterStanding> {
  return ALL_LETTERS.map(({ kind, locale }) => {
    const now = recipient.compose(kind, locale);
    const issued = recipient.issued.find((one) => one.kind === kind && one.locale === locale);
    return {
      kind,
      locale,
      missing: now.missing,
      issued:
        issued === undefined || endsLetters(recipient.obstacle)
          ? null
          : {
              id: issued.id,
              number: issued.number,
              version: issued.version,
              issuedAt: issued.issuedAt,
              changed: changedFacts(issued.factsDigest, now.digests),
            },
    };
  });
}

function personIn(recipient: Recipient): PersonInLetters {
  const { invitationId, familyLatin, givenLatin, nameLatin, nameNative, reply, obstacle } = recipient;
  return {
    invitationId,
    familyLatin,
    givenLatin,
    nameLatin,
    nameNative,
    reply,
    obstacle,
    passport: maskedDocument(recipient.document, recipient.travelTo),
    letters: standings(recipient),
  };
}

/** A page holds about as many people as one edition has. */
const PAGE = 40;

/**
 * Everybody of this side who may get letters, a page at a time, with what each has and lacks: those whose letter is to be
 * issued again come first. Nothing is opened of people who are neither on the page nor have a letter. `having`: how many of those who come have a letter of a kind.
 *
 * @param after the invitation that ended the page before.
 */
export function letterBoard(
  ctx: Pick<StaffContext, "db" | "scope" | "keys">,
  after: string | null = null,
): PageOf<PersonInLetters> & {
  coming: number;
  having: Readonly<Record<LetterKind, number>>;
  hasHead: boolean;
} {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const own = and(eq(invitation.editionId, editionId), inArray(delegation.coHostId, [...sideIds]), stands);
  const everybody = orm
    .select({ id: invitation.id, reply: invitation.reply })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(own)
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  const redo = toIssueAgain(ctx, own);
  const inOrder = [
    ...everybody.filter(({ id }) => redo.has(id)),
    ...everybody.filter(({ id }) => !redo.has(id)),
  ];
  const page = pageOf(inOrder, { after, size: PAGE, idOf: ({ id }) => id });
  const recipients = recipientsOf(
    orm,
    ctx,
    page.shown.map(({ id }) => id),
  );
  const having = orm
    .select({ kind: letter.kind, people: countDistinct(letter.invitationId) })
    .from(letter)
    .innerJoin(invitation, eq(invitation.id, letter.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(own, eq(invitation.reply, "accepted"), isNull(letter.voidedAt)))
    .groupBy(letter.kind)
    .all();
  const of = (kind: LetterKind) => having.find((row) => row.kind === kind)?.people ?? 0;
  return {
    ...page,
    shown: page.shown
      .flatMap(({ id }) => recipients.filter(({ invitationId }) => invitationId === id))
      .map(personIn),
    coming: everybody.filter(({ reply }) => reply === "accepted").length,
    having: { invitation_letter: of("invitation_letter"), visa_letter: of("visa_letter") },
    hasHead: sidesOf(orm, { editionId, sideIds }).every((side) => side.hasHead),
  };
}

/** Those in whose good letter something is otherwise by now. */
function toIssueAgain(
  ctx: Pick<StaffContext, "db" | "scope" | "keys">,
  own: SQL | undefined,
): ReadonlySet<string> {
  const { orm } = ctx.db;
  const holders = orm
    .selectDistinct({ id: invitation.id })
    .from(letter)
    .innerJoin(invitation, eq(invitation.id, letter.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(own, isNull(letter.voidedAt)))
    .all();
  const changed = recipientsOf(
    orm,
    ctx,
    holders.map(({ id }) => id),
  ).filter(
    ({ issued, obstacle, compose }) =>
      !endsLetters(obstacle) &&
      issued.some((one) => changedFacts(one.factsDigest, compose(one.kind, one.locale).digests).length > 0),
  );
  return new Set(changed.map(({ invitationId }) => invitationId));
}

/** How some of this side's people are called, in the order of the list. */
export function namesInLetters(
  ctx: Pick<StaffContext, "db" | "scope" | "keys">,
  invitationIds: ReadonlyArray<string>,
): Array<string> {
  return recipientsOf(ctx.db.orm, ctx, invitationIds).map((one) => one.nameLatin || one.nameNative);
}

/** A letter that was issued, in a person's history. */
export type LetterInHistory = {
  id: string;
  kind: LetterKind;
  locale: Locale;
  number: string;
  version: number;
  issuedAt: number;
  voidedAt: number | null;
};

/** One person of this side with their letters, or null. */
export function personLetters(
  ctx: Pick<StaffContext, "db" | "scope" | "keys">,
  invitationId: string,
): (PersonInLetters & { history: Array<LetterInHistory>; newest: Readonly<Record<string, number>> }) | null {
  const { orm } = ctx.db;
  const [recipient] = recipientsOf(orm, ctx, [invitationId]);
  if (recipient === undefined) return null;
  const history = orm
    .select({
      id: letter.id,
      kind: letter.kind,
      locale: letter.locale,
      number: letter.number,
      version: letter.version,
      issuedAt: letter.issuedAt,
      voidedAt: letter.voidedAt,
    })
    .from(letter)
    .where(eq(letter.invitationId, invitationId))
    .orderBy(desc(letter.issuedAt), desc(letter.version), asc(letter.number))
    .all();
  const newest: Record<string, number> = {};
  for (const { kind, locale, version } of history)
    newest[`${kind} ${locale}`] = Math.max(newest[`${kind} ${locale}`] ?? 0, version);
  return { ...personIn(recipient), history, newest };
}

/** Whether there is such a letter on this side. */
export function hasLetter(ctx: Pick<StaffContext, "db" | "scope">, letterId: string): boolean {
  const { editionId, sideIds } = ctx.scope;
  const found = ctx.db.orm
    .select({ id: letter.id })
    .from(letter)
    .where(
      and(
        eq(letter.id, letterId),
        eq(letter.editionId, editionId),
        inArray(letter.coHostId, [...sideIds]),
        ne(letter.sealed, ""),
      ),
    )
    .get();
  return found !== undefined;
}

/** Letterhead and wordings of the sides of this scope. */
export function sideLetters(ctx: Pick<StaffContext, "db" | "scope">): Array<{
  sideId: string;
  nameEn: string;
  nameZh: string;
  head: LetterheadFacts;
  hasHead: boolean;
  templates: Array<{ kind: LetterKind; locale: Locale; title: string; body: string; version: number }>;
}> {
  const { editionId, sideIds } = ctx.scope;
  return sidesOf(ctx.db.orm, { editionId, sideIds }).map(({ wordingOf, ...side }) => ({
    ...side,
    templates: ALL_LETTERS.map(({ kind, locale }) => ({ kind, locale, ...wordingOf(kind, locale) })),
  }));
}

/** What stands in a preview where a passport would speak: a specimen's, so that a preview is never a letter. */
const SPECIMEN: Readonly<Record<Locale, Readonly<Record<(typeof PASSPORT_FACTS)[number], string>>>> = {
  en: {
    passportName: "SPECIMEN, EXAMPLE",
    gender: "Female",
    birthDate: "January 1, 1900",
    birthPlace: "Utopia",
    nationality: "Utopian",
    passportNumber: "L898902C3",
    passportExpiry: "January 1, 2030",
    applyAt: "Utopia",
    companions: "none",
  },
  "zh-CN": {
    passportName: "SPECIMEN, EXAMPLE",
    gender: "女",
    birthDate: "1900年1月1日",
    birthPlace: "乌托邦",
    nationality: "乌托邦",
    passportNumber: "L898902C3",
    passportExpiry: "2030年1月1日",
    applyAt: "乌托邦",
    companions: "无",
  },
};

/**
 * A side's letter as it would print, for one of its people but with a specimen's passport, or null when there is nobody
 * to show it for. Facts that are missing stand as their placeholders.
 */
export function previewLetter(
  ctx: StaffContext,
  {
    sideId,
    invitationId,
    kind,
    locale,
  }: { sideId: string; invitationId: string; kind: LetterKind; locale: Locale },
): LetterContents | null {
  const { editionId } = ctx.scope;
  if (!ctx.scope.sideIds.includes(sideId)) return null;
  const [side] = sidesOf(ctx.db.orm, { editionId, sideIds: [sideId] });
  const [recipient] = recipientsOf(ctx.db.orm, ctx, [invitationId]);
  if (side === undefined || recipient === undefined || recipient.sideId !== sideId) return null;
  const facts: Record<string, string> = { ...recipient.factsIn(locale), ...SPECIMEN[locale] };
  const values = Object.fromEntries(
    LETTER_PLACEHOLDERS.map((name) => [name, facts[name] || `{${name}}`]),
  ) as Record<LetterPlaceholder, string>;
  const { title, body, head, inviterOther } = composed(values, {
    text: side.wordingOf(kind, locale),
    side,
    locale,
    digest: () => "",
  });
  const now = ctx.clock.now();
  return {
    kind,
    locale,
    inviter: head.inviterName,
    inviterOther,
    address: head.inviterAddress,
    phone: head.inviterPhone,
    email: head.inviterEmail,
    signatory: head.signatory,
    signatoryPost: head.signatoryPost,
    title,
    body,
    number: letterNumber(recipient.number, kind, locale),
    version: 0,
    day: dayOf(now, recipient.timeZone),
    issuedAt: now,
    code: "",
    unprintable: [],
  };
}

/** The invited person's own letters that are good. An assistant sees no visa letters: they repeat what a passport says. */
export function ownLetters(ctx: InvitationContext): Array<{
  id: string;
  kind: LetterKind;
  locale: Locale;
  number: string;
  version: number;
  issuedAt: number;
}> {
  return ctx.db.orm
    .select({
      id: letter.id,
      kind: letter.kind,
      locale: letter.locale,
      number: letter.number,
      version: letter.version,
      issuedAt: letter.issuedAt,
      voidedAt: letter.voidedAt,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      reply: invitation.reply,
    })
    .from(letter)
    .innerJoin(invitation, eq(invitation.id, letter.invitationId))
    .where(
      and(
        eq(letter.invitationId, ctx.scope.invitationId),
        eq(letter.editionId, ctx.scope.editionId),
        isNull(letter.voidedAt),
        ne(letter.sealed, ""),
        ctx.actor.kind === "assistant" ? eq(letter.kind, "invitation_letter") : undefined,
      ),
    )
    .orderBy(asc(letter.kind), asc(letter.locale))
    .all()
    .filter(isGood)
    .map(({ id, kind, locale, number, version, issuedAt }) => ({
      id,
      kind,
      locale,
      number,
      version,
      issuedAt,
    }));
}

/** What a reader of a letter learns from its code: whether it is genuine, and when it was issued. Nothing else. */
export type Confirmation = { state: "genuine"; day: string } | { state: "void" } | { state: "unknown" };

/** Looks a typed code up. What is no code at all is looked up too: no answer takes longer than another. */
export function confirmLetter({ db }: { db: Db }, typed: string): Confirmation {
  const { code } = typedCode(typed);
  const found = db.orm
    .select({
      issuedAt: letter.issuedAt,
      voidedAt: letter.voidedAt,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      reply: invitation.reply,
      timeZone: edition.timeZone,
    })
    .from(letter)
    .innerJoin(invitation, eq(invitation.id, letter.invitationId))
    .innerJoin(edition, eq(edition.id, letter.editionId))
    .where(eq(letter.codeHash, hashToken(code)))
    .get();
  if (found === undefined) return { state: "unknown" };
  if (!isGood(found)) return { state: "void" };
  return { state: "genuine", day: dayOf(found.issuedAt, found.timeZone) };
}
