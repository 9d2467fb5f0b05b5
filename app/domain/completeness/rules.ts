/**
 * What is missing of the registrations of a side, and what cannot go on because of it. A section blocks what is made of
 * it, from lists for hosts to rooms; by when follows from the form's own day for the section, from the day on which
 * registering ends, and for a visit from its host's deadline.
 */
import type { RegistrationSection } from "#db/vocabulary.ts";
import { isStandard } from "../registration/definition.ts";

/** What waits for answers. */
export const BLOCKED = [
  "letters",
  "badges",
  "contact",
  "kitchen",
  "interpretation",
  "transport",
  "visits",
  "releases",
] as const;
export type Blocked = (typeof BLOCKED)[number];

/** What a standard section holds up. Sections of the edition's own hold up what only its organizers know. */
const HOLDS_UP: Readonly<Record<RegistrationSection, ReadonlyArray<Blocked>>> = {
  name: ["letters", "badges"],
  post: ["letters", "badges"],
  contact: ["contact"],
  needs: ["kitchen"],
  languages: ["interpretation"],
  travel: ["transport"],
  visits: ["visits"],
  consents: ["releases"],
};

/** All that these sections hold up, each once, in the order of urgency that desks work in. */
export function blockedBy(sections: ReadonlyArray<string>): Array<Blocked> {
  const held = new Set(sections.flatMap((section) => (isStandard(section) ? HOLDS_UP[section] : [])));
  return BLOCKED.filter((each) => held.has(each));
}

/** How a registration stands, for narrowing the board. */
export const PROGRESSES = ["incomplete", "notBegun", "draft", "submitted"] as const;

/** More recipients than this, and their number is typed before anything goes out. */
export const COUNT_ABOVE = 10;
