/**
 * What a column of a file may hold: the card of the contact book and the invitation, and besides them answers to the form,
 * journeys and rooms.
 */

/** Of the contact book and the invitation. `family`, `given` and `name` leave open in which script; the content tells. */
export const CARD_KINDS = [
  "family",
  "given",
  "name",
  "familyLatin",
  "givenLatin",
  "nameLatin",
  "familyNative",
  "givenNative",
  "nameNative",
  "honorificEn",
  "honorificZh",
  "salutationEn",
  "salutationZh",
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
  "email",
  "phone",
  "locale",
  "role",
  "category",
  "invitedAs",
  "delegation",
  "sortKey",
  "note",
  "number",
  "own",
] as const;
export type CardKind = (typeof CARD_KINDS)[number];

/**
 * Standard answers that a list may bring. Names, posts and mailboxes are the card's, journeys have columns of their own, and
 * what somebody wishes to visit or agrees to, nobody else says for them.
 */
export const ANSWER_FIELDS = [
  "personalCapacity",
  "secondEmail",
  "assistantName",
  "assistantEmail",
  "emergencyName",
  "emergencyRelation",
  "emergencyPhone",
  "diets",
  "dietText",
  "allergies",
  "allergySeverity",
  "accessNeeds",
  "accessText",
  "workingLanguages",
  "otherLanguages",
  "needsInterpretation",
  "bookedBy",
  "needsVisa",
] as const;
export type AnswerField = (typeof ANSWER_FIELDS)[number];
export type AnswerKind = `answer:${AnswerField}`;
/** An answer to a question of the edition's own, by the question's key; of one in several parts, to a part: `key.part`. */
export type OwnKind = `own:${string}`;

/**
 * Of the leg that touches the city: `far` is where it comes from or goes to, `at` the airport and terminal in the city. `via`:
 * all legs besides.
 */
export const LEG_KINDS = [
  "arrival:by",
  "arrival:number",
  "arrival:far",
  "arrival:on",
  "arrival:time",
  "arrival:zone",
  "arrival:at",
  "arrival:via",
  "departure:by",
  "departure:number",
  "departure:far",
  "departure:on",
  "departure:time",
  "departure:zone",
  "departure:at",
  "departure:via",
] as const;
export type LegKind = (typeof LEG_KINDS)[number];

export const ROOM_KINDS = [
  "room:hotel",
  "room:type",
  "room:checkIn",
  "room:checkOut",
  "room:lastNight",
  "room:nights",
  "room:payer",
  "room:smoking",
  "room:early",
] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

/** How somebody wants to stay, whatever is booked for them. */
export const WISH_KINDS = [
  "wish:lodging",
  "wish:mayShare",
  "wish:shareWith",
  "wish:address",
  "wish:note",
] as const;
export type WishKind = (typeof WISH_KINDS)[number];

export type ColumnKind = CardKind | AnswerKind | OwnKind | LegKind | RoomKind | WishKind;

export const ANSWER_KINDS: ReadonlyArray<AnswerKind> = ANSWER_FIELDS.map(
  (field): AnswerKind => `answer:${field}`,
);

const CARD: ReadonlySet<string> = new Set(CARD_KINDS);
const LEGS: ReadonlySet<string> = new Set(LEG_KINDS);
const ROOMS: ReadonlySet<string> = new Set(ROOM_KINDS);
const WISHES: ReadonlySet<string> = new Set(WISH_KINDS);
const ANSWERS: ReadonlySet<string> = new Set(ANSWER_KINDS);

export function isCardKind(kind: string): kind is CardKind {
  return CARD.has(kind);
}

export function isLegKind(kind: string): kind is LegKind {
  return LEGS.has(kind);
}

export function isRoomKind(kind: string): kind is RoomKind {
  return ROOMS.has(kind);
}

export function isWishKind(kind: string): kind is WishKind {
  return WISHES.has(kind);
}

export function isOwnKind(kind: string): kind is OwnKind {
  return /^own:q[a-z0-9]{8}(?:\.[a-z][A-Za-z]{1,15})?$/.test(kind);
}

export function isAnswerKind(kind: string): kind is AnswerKind | OwnKind {
  return ANSWERS.has(kind) || isOwnKind(kind);
}

export function isColumnKind(kind: string): kind is ColumnKind {
  return isCardKind(kind) || isAnswerKind(kind) || isLegKind(kind) || isRoomKind(kind) || isWishKind(kind);
}

/** The name of an answer in the form. */
export function nameOfAnswer(kind: AnswerKind | OwnKind): string {
  return kind.slice(kind.indexOf(":") + 1);
}
