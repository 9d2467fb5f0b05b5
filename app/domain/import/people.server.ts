/** The people whom rows of a table may be about: those of one side at one edition, and whom its book knows by a mailbox. */
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { plainText } from "#db/plain-text.ts";
import { delegation, invitation, person } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { inheritsPlace } from "../invitation/quota.server.ts";
import type { PlaceHolder } from "../invitation/quota.ts";
import { factsOfRow } from "../person/record.server.ts";
import { mailboxKey, type PersonFacts } from "../person/rules.ts";
import { among } from "../privacy/retention-rows.server.ts";
import { rosterColumns } from "../roster/columns.server.ts";
import { rosterRows } from "../roster/queries.server.ts";
import type { Standing } from "./cells.ts";
import { simplified } from "./closed-lists.ts";
import type { ColumnKind } from "./kinds.ts";
import { namesSaid, type ReadRow } from "./reading.ts";
import type { Mapping } from "./rules.ts";

/** Somebody whom the side knows. Without an invitation they are in its book alone. */
export type Known = {
  personId: string;
  name: string;
  facts: PersonFacts;
  note: string;
  doNotInvite: boolean;
  invited: null | (Standing & PlaceHolder & { id: string; number: string });
};

export type Delegations = ReadonlyMap<
  string,
  { sideId: string; key: string; nameEn: string; nameZh: string; quota: number | null; people: number }
>;

export function delegationsHere(orm: Orm, { scope }: Pick<StaffContext, "scope">): Delegations {
  const people = sql<number>`(select count(*) from ${invitation} i where i.delegation_id = ${delegation.id}
    and i.withdrawn_at is null and i.replaced_at is null)`;
  const rows = orm
    .select({
      id: delegation.id,
      sideId: delegation.coHostId,
      key: delegation.key,
      nameEn: delegation.nameEn,
      nameZh: delegation.nameZh,
      quota: delegation.quota,
      people,
    })
    .from(delegation)
    .where(and(eq(delegation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds])))
    .all();
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** Finds a delegation of these by what somebody calls it: a name in either language, or its key. */
export function delegationFinder(delegations: Delegations): (name: string) => string | null {
  const ids = new Map<string, string>();
  for (const [id, { key, nameEn, nameZh }] of delegations)
    for (const name of [key, nameEn, nameZh]) if (name !== "") ids.set(simplified(name), id);
  return (name) => ids.get(simplified(name)) ?? null;
}

/** Whom the rows could be about, and no more: whoever works in one edition does not get the whole book. */
export type Acquaintance = {
  withMailbox(email: string): ReadonlyArray<Known>;
  /** By the column that the mapping names; null: the row says nothing there. */
  meantBy(row: ReadRow): ReadonlyArray<Known> | null;
};

/** @param ctx of one side. */
export function acquaintance(
  orm: Orm,
  ctx: StaffContext,
  { rows, mapping }: { rows: ReadonlyArray<ReadRow>; mapping: Mapping },
): Acquaintance {
  const said = (row: ReadRow, kind: ColumnKind) => row.said.get(kind) ?? "";
  const mailboxes = rows.map((row) => mailboxKey(said(row, "email"))).filter((key) => key !== "");
  const numbers = rows.map((row) => numberKey(said(row, "number"))).filter((key) => key !== "");
  const byMailbox = among(person.emailKey, mailboxes);
  const narrowed =
    mapping.by === "email"
      ? byMailbox
      : mapping.by === "number"
        ? sql`(${byMailbox} or ${among(invitation.number, numbers)})`
        : undefined;
  const invited = invitedPeople(orm, ctx, narrowed);
  const everybody = [...invited, ...bookPeople(orm, ctx, { mailboxes, except: invited })];
  const mailboxHolders = grouped(everybody, ({ facts }) => [mailboxKey(facts.email ?? "")]);
  const found = finder(ctx, invited, mapping);
  return {
    withMailbox: (email) => mailboxHolders.get(mailboxKey(email)) ?? [],
    meantBy: (row) =>
      mapping.by === "email" ? meant(mailboxHolders, [mailboxKey(said(row, "email"))]) : found(row),
  };
}

function finder(
  ctx: StaffContext,
  invited: ReadonlyArray<Known>,
  { by, question }: Mapping,
): (row: ReadRow) => ReadonlyArray<Known> | null {
  const said = (row: ReadRow, kind: ColumnKind) => row.said.get(kind) ?? "";
  switch (by) {
    case "email":
      return () => null;
    case "number": {
      const known = grouped(invited, (one) => [numberKey(one.invited?.number ?? "")]);
      return (row) => meant(known, [numberKey(said(row, "number"))]);
    }
    case "phone": {
      const known = grouped(invited, ({ facts }) => [phoneKey(facts.phone ?? "")]);
      return (row) => meant(known, [phoneKey(said(row, "phone"))]);
    }
    case "name": {
      const known = grouped(invited, ({ facts }) => nameKeys(facts));
      return (row) => meant(known, nameKeys(namesSaid((kind) => said(row, kind))));
    }
    case "own": {
      const answers = answersTo(ctx, question ?? "", invited);
      const known = grouped(invited, (one) => [plainText(answers.get(one.invited?.id ?? "") ?? "")]);
      return (row) => meant(known, [plainText(said(row, "own"))]);
    }
  }
}

function answersTo(
  ctx: StaffContext,
  question: string,
  people: ReadonlyArray<Known>,
): ReadonlyMap<string, string> {
  const column = rosterColumns(ctx).find(({ key, group }) => key === `own:${question}` && group === "own");
  if (column === undefined) return new Map();
  const ids = people.flatMap(({ invited }) => (invited === null ? [] : [invited.id]));
  return new Map(
    rosterRows(ctx, [column], ids).map(({ invitationId, cells }) => [invitationId, String(cells[0] ?? "")]),
  );
}

function grouped(
  people: ReadonlyArray<Known>,
  keysOf: (one: Known) => ReadonlyArray<string>,
): ReadonlyMap<string, ReadonlyArray<Known>> {
  const groups = new Map<string, Array<Known>>();
  for (const one of people)
    for (const key of new Set(keysOf(one))) {
      if (key === "") continue;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
  return groups;
}

function meant(
  known: ReadonlyMap<string, ReadonlyArray<Known>>,
  keys: ReadonlyArray<string>,
): ReadonlyArray<Known> | null {
  const given = keys.filter((key) => key !== "");
  return given.length === 0 ? null : [...new Set(given.flatMap((key) => known.get(key) ?? []))];
}

/** Full-width digits and any kind of dash are those of an invitation's number. */
export function numberKey(number: string): string {
  return number
    .normalize("NFKC")
    .replaceAll(/\p{Pd}|[\u2212]/gu, "-")
    .replaceAll(/\s/g, "");
}

function phoneKey(phone: string): string {
  return phone.normalize("NFKC").replaceAll(/\D/g, "");
}

/** The whole names as they stand, and the parts in both orders: some write 王演 as Yan Wang. */
export function nameKeys(
  names: Pick<
    PersonFacts,
    "familyLatin" | "givenLatin" | "nameLatin" | "familyNative" | "givenNative" | "nameNative"
  >,
) {
  const { familyLatin, givenLatin, familyNative, givenNative } = names;
  const both = familyLatin !== "" && givenLatin !== "";
  return [
    names.nameLatin,
    names.nameNative,
    ...(both ? [familyLatin + givenLatin, givenLatin + familyLatin] : []),
    ...(familyNative !== "" && givenNative !== "" ? [familyNative + givenNative] : []),
  ].map((name) => plainText(name).replaceAll("|", ""));
}

function invitedPeople(
  orm: Orm,
  { scope }: StaffContext,
  narrowed: ReturnType<typeof among> | undefined,
): Array<Known> {
  return orm
    .select({
      card: person,
      id: invitation.id,
      number: invitation.number,
      delegationId: invitation.delegationId,
      category: invitation.category,
      invitedAs: invitation.invitedAs,
      reply: invitation.reply,
      approvedAt: invitation.approvedAt,
      sentAt: invitation.sentAt,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      inheritsPlace,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        narrowed,
      ),
    )
    .orderBy(invitation.number)
    .all()
    .map(({ card, ...rest }) => {
      const facts = factsOfRow(card);
      return { ...known(card), invited: { ...rest, facts, note: card.note } };
    });
}

function bookPeople(
  orm: Orm,
  { scope }: StaffContext,
  { mailboxes, except }: { mailboxes: ReadonlyArray<string>; except: ReadonlyArray<Known> },
): Array<Known> {
  const invited = new Set(except.map(({ personId }) => personId));
  return orm
    .select()
    .from(person)
    .where(
      and(
        inArray(person.coHostId, [...scope.sideIds]),
        among(person.emailKey, mailboxes),
        isNull(person.mergedIntoId),
      ),
    )
    .all()
    .filter(({ id }) => !invited.has(id))
    .map((card) => ({ ...known(card), invited: null }));
}

function known(card: typeof person.$inferSelect) {
  return {
    personId: card.id,
    name: card.nameLatin || card.nameNative,
    facts: factsOfRow(card),
    note: card.note,
    doNotInvite: card.doNotInviteAt !== null,
  };
}
