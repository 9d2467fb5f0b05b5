/**
 * The wording of the invitation: a subject and a body in each language, with placeholders from a closed list. They are
 * filled in one pass: what a value contains is text, whatever it looks like. The salutation, the facts, the number,
 * the link and the warning not to forward it are printed around the body by the mail itself (emails/invitation.tsx).
 */
import type { Locale } from "#db/vocabulary.ts";

export const PLACEHOLDERS = [
  "name",
  "institution",
  "position",
  "function",
  "event",
  "dates",
  "city",
  "replyBy",
  "number",
  "senders",
  "costs",
  "phones",
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

export type PlaceholderValues = Readonly<Record<Placeholder, string>>;

export type InvitationWording = { subject: string; body: string };

const PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * What stands in braces and is no placeholder of ours, a brace without its other half included.
 *
 * @param known the closed list: the invitation's own unless another kind of text has one.
 */
export function unknownPlaceholders(
  text: string,
  known: ReadonlyArray<string> = PLACEHOLDERS,
): Array<string> {
  const unknown = [...text.matchAll(PLACEHOLDER)]
    .filter(([, name]) => !known.includes(name ?? ""))
    .map(([whole]) => whole);
  const stray = text.replaceAll(PLACEHOLDER, "").match(/[{}]/g) ?? [];
  return [...new Set([...unknown, ...stray])];
}

/** The placeholders that a text uses, in the order of their list. */
export function usedPlaceholders(text: string): Array<Placeholder>;
export function usedPlaceholders<Name extends string>(text: string, known: ReadonlyArray<Name>): Array<Name>;
export function usedPlaceholders(text: string, known: ReadonlyArray<string> = PLACEHOLDERS): Array<string> {
  const names = new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name));
  return known.filter((each) => names.has(each));
}

/** Fills a text in one pass. Unknown placeholders stay as they are: nothing is sent while there are any. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** A value for a subject: one line. */
export function asOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** What an invitation says until a side words its own (DOMAIN §6.5). */
export function defaultWording(locale: Locale, edition: { hasCosts: boolean }): InvitationWording {
  return locale === "en"
    ? {
        subject: "Invitation: {event}",
        body: [
          "On behalf of {senders}, it is my honor to invite you to take part in the {event} as {function}. The dialogue will be held in {city}, {dates}.",
          "The working sessions are held under the Chatham House Rule: participants are free to use the information received, but neither the identity nor the affiliation of the speakers, nor that of any other participant, may be revealed. English and Chinese are the working languages, with interpretation.",
          ...(edition.hasCosts ? ["{costs}"] : []),
          "Kindly reply by {replyBy}, on the page that this letter leads to. Once you have accepted, you will find there what we need to know for your stay; your assistant may fill it in for you.",
        ].join("\n\n"),
      }
    : {
        subject: "邀请函：{event}",
        body: [
          "谨代表{senders}，诚邀阁下以{function}身份出席{event}。会议定于{dates}在{city}举行。",
          "会议讨论适用查塔姆宫规则：与会者可自由使用所获信息，但不得透露发言者及其他任何与会者的身份和所属单位。会议工作语言为中文和英文，并提供口译。",
          ...(edition.hasCosts ? ["{costs}"] : []),
          "敬请于{replyBy}前通过本函所附页面回复为盼。确认出席后，请在同一页面填写会务所需信息；可由秘书代为填写。",
        ].join("\n\n"),
      };
}
