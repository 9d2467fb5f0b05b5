import { eq } from "drizzle-orm";
import { person, personName, personNotDouble } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type BookReader, findCard, inBook } from "./book.server.ts";
import { type DoubleReason, findDoubles, type Namesake } from "./names.ts";
import { historiesOf, type PastEdition } from "./queries.server.ts";

/** One of two cards that may be one person's. */
export type DoubleCard = {
  personId: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  email: string | null;
  /** The newest ones. */
  editions: ReadonlyArray<PastEdition>;
  earlier: number;
};

export type DoublePair = {
  /** The card that is proposed to stay, the older one, comes first. */
  cards: readonly [DoubleCard, DoubleCard];
  reasons: ReadonlyArray<DoubleReason>;
};

/** How many pairs a page shows; the rest comes up when these are dealt with. */
const SHOWN = 20;

/** How many editions are named of each card; the comparison of two names all. */
const NAMED = 2;

/** The pairs of cards in one's own book that may be one person's, those with the most reasons first. */
export function doublesOfBook(ctx: BookReader): { pairs: ReadonlyArray<DoublePair>; total: number } {
  const { orm } = ctx.db;
  const rows = orm
    .select({
      personId: person.id,
      sideId: person.coHostId,
      nameLatin: person.nameLatin,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      email: person.email,
      emailKey: person.emailKey,
      createdAt: person.createdAt,
    })
    .from(person)
    .where(inBook(ctx.scope))
    .all();
  const forms = new Map<string, Array<{ form: string; name: string }>>();
  for (const { personId, form, name } of orm
    .select({ personId: personName.personId, form: personName.form, name: personName.name })
    .from(personName)
    .innerJoin(person, eq(person.id, personName.personId))
    .where(inBook(ctx.scope))
    .all())
    forms.set(personId, [...(forms.get(personId) ?? []), { form, name }]);
  const namesake = (row: (typeof rows)[number]): Namesake => {
    const more = forms.get(row.personId) ?? [];
    const latin = [row.nameLatin, `${row.familyLatin} ${row.givenLatin}`.trim()].concat(
      more.filter(({ form }) => form === "latin_variant" || form === "former").map(({ name }) => name),
    );
    const native = [row.nameNative].concat(
      more.filter(({ form }) => form === "native_variant").map(({ name }) => name),
    );
    return {
      id: row.personId,
      emailKey: row.emailKey,
      latin: [...new Set(latin)].filter((name) => name !== ""),
      native: [...new Set(native)].filter((name) => name !== ""),
    };
  };
  const dismissed = new Set(
    orm
      .select({ first: personNotDouble.firstId, second: personNotDouble.secondId })
      .from(personNotDouble)
      .innerJoin(person, eq(person.id, personNotDouble.firstId))
      .where(inBook(ctx.scope))
      .all()
      .map(({ first, second }) => `${first} ${second}`),
  );
  // Two sides' books are two books, also for somebody who keeps both.
  const found = [...new Set(rows.map((row) => row.sideId))]
    .flatMap((sideId) => findDoubles(rows.filter((row) => row.sideId === sideId).map(namesake)))
    .filter(({ ids }) => !dismissed.has(ids.join(" ")))
    .sort((a, b) => b.reasons.length - a.reasons.length || a.ids.join().localeCompare(b.ids.join()));
  const shown = found.slice(0, SHOWN);
  const byId = new Map(rows.map((row) => [row.personId, row]));
  const histories = historiesOf(
    orm,
    ctx.scope,
    shown.flatMap(({ ids }) => [...ids]),
  );
  const pairs = shown.flatMap(({ ids, reasons }): Array<DoublePair> => {
    const [first, second] = ids
      .flatMap((id) => byId.get(id) ?? [])
      .sort((a, b) => a.createdAt - b.createdAt || a.personId.localeCompare(b.personId));
    if (first === undefined || second === undefined) return [];
    const card = (row: typeof first): DoubleCard => ({
      personId: row.personId,
      nameLatin: row.nameLatin,
      nameNative: row.nameNative,
      institutionEn: row.institutionEn,
      institutionZh: row.institutionZh,
      email: row.email,
      editions: (histories.get(row.personId) ?? []).slice(0, NAMED),
      earlier: Math.max(0, (histories.get(row.personId) ?? []).length - NAMED),
    });
    return [{ cards: [card(first), card(second)], reasons }];
  });
  return { pairs, total: found.length };
}

/** Remembers that two cards are two people. Refused (`gone`) when one of them is not in the book. */
export function dismissDouble(
  ctx: StaffContext,
  { personId, otherId }: { personId: string; otherId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const card = findCard(tx, ctx.scope, personId);
    const other = findCard(tx, ctx.scope, otherId);
    if (card === null || other === null || card.id === other.id || card.coHostId !== other.coHostId)
      return refused("gone");
    const [firstId, secondId] = card.id < other.id ? [card.id, other.id] : [other.id, card.id];
    tx.insert(personNotDouble)
      .values({ firstId, secondId, at: ctx.clock.now(), by: ctx.actor.id })
      .onConflictDoNothing()
      .run();
    recordAudit(tx, ctx, {
      action: "contact.notDoubles",
      subjectKind: "person",
      subjectId: firstId,
      editionId: null,
      sideId: card.coHostId,
      details: { other: secondId },
    });
    return ok(null);
  });
}
