/**
 * The contact book of a side: a card for each person whom the side knows, over all the years. An edition comes and goes;
 * the card stays, with its name forms, post, mailbox, assistants, and what the side alone may know (C6: its note, and
 * whether and why somebody is not to be invited). What always holds:
 *
 * - a card belongs to one side; the other side's book is not there, not even as a hint;
 * - a post is to be checked again after every edition of the side, by somebody who says that it is still right;
 * - whoever is marked as not to be invited is not drafted, imported, carried over or sent anything;
 * - a card that was merged into another is shown nowhere and found by nothing until the merge is undone;
 * - into a new edition go names, post, language and, with consent, the address: never what was asked for an edition.
 */
import { PERSON_FACTS, type PersonFacts } from "../person/rules.ts";

/** Whether somebody should look if institution and position are still right. Instants are epoch milliseconds. */
export function postIsDue(
  card: { postCheckedAt: number | null; createdAt: number },
  lastEditionEnd: number | null,
): boolean {
  return lastEditionEnd !== null && (card.postCheckedAt ?? card.createdAt) < lastEditionEnd;
}

/** The facts of a card of which one value stays when two cards become one. */
export const MERGED_FIELDS = PERSON_FACTS;
export type MergedField = (typeof MERGED_FIELDS)[number];

export type Which = "kept" | "other";
export type Choices = Readonly<Partial<Record<MergedField, Which>>>;

const POST = [
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
] as const satisfies ReadonlyArray<MergedField>;

/** What a merge decides on, of one card. */
export type MergeCard = PersonFacts & {
  doNotInviteAt: number | null;
  doNotInviteReason: string;
  note: string;
  postCheckedAt: number | null;
};

/** The facts in which two cards differ, with what stays unless somebody chooses otherwise: what is there. */
export function differences(
  kept: PersonFacts,
  other: PersonFacts,
): Array<{ field: MergedField; kept: string; other: string; proposed: Which }> {
  return MERGED_FIELDS.filter((field) => (kept[field] ?? "") !== (other[field] ?? "")).map((field) => ({
    field,
    kept: kept[field] ?? "",
    other: other[field] ?? "",
    proposed: (kept[field] ?? "") === "" ? "other" : "kept",
  }));
}

/**
 * The one card that two become. Of each fact the chosen value stays; nothing of what the side wrote for itself is lost:
 * notes and reasons are joined, and a mark on either card is a mark on both. A post of which one half comes from each
 * card has to be checked.
 */
export function mergedCard(kept: MergeCard, other: MergeCard, choices: Choices): MergeCard {
  const facts: PersonFacts = { ...kept };
  const from = new Map<MergedField, Which>();
  for (const { field, proposed } of differences(kept, other)) {
    const which = choices[field] ?? proposed;
    from.set(field, which);
    if (which === "other") Object.assign(facts, { [field]: other[field] });
  }
  const sources = new Set(POST.flatMap((field) => from.get(field) ?? []));
  return {
    ...facts,
    doNotInviteAt: earlier(kept.doNotInviteAt, other.doNotInviteAt),
    doNotInviteReason: joined(kept.doNotInviteReason, other.doNotInviteReason),
    note: joined(kept.note, other.note),
    postCheckedAt:
      sources.size === 2
        ? null
        : sources.has("kept")
          ? kept.postCheckedAt
          : sources.has("other")
            ? other.postCheckedAt
            : later(kept.postCheckedAt, other.postCheckedAt),
  };
}

function joined(first: string, second: string): string {
  return [...new Set([first, second])].filter((text) => text !== "").join("\n");
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** Why somebody cannot be carried over into an edition. */
export type CarryProblem = "invited" | "doNotInvite";

/**
 * What becomes of somebody's e-mail address and phone in a new edition. `dropped`: they were given for an edition that is
 * over, without the consent to keep them for the next one, so names and post go on and the address does not.
 */
export type CarriedContact = "kept" | "dropped" | "none";

/**
 * @param past whether somebody was at an edition that is over, and whether they agreed there to be contacted again;
 *   null: none is over.
 * @param inUse whether an edition that is not over yet has them invited: their address serves that one.
 */
export function carriedContact(
  card: { email: string | null; phone: string | null },
  past: { agreed: boolean } | null,
  inUse: boolean,
): CarriedContact {
  if (card.email === null && card.phone === null) return "none";
  return past === null || past.agreed || inUse ? "kept" : "dropped";
}
