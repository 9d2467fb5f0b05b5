/**
 * What comes of a page that shows a part of the form. Pure, so that it can be held to this:
 *
 * - what a page did not show stays as it stands, whoever wrote it meanwhile;
 * - pages that show different sections can be saved in any order and come to the same answers;
 * - of two pages that show the same section the second one replaces nothing unseen: when what it showed is no longer what
 *   stands, and it wants something else, nobody's answers are taken and both are shown.
 */
import type { RegistrationSection } from "#db/vocabulary.ts";
import { type Answers, answersFromRecord, standardValues } from "./answers.ts";
import { type FormDefinition, isStandard, STANDARD_FORM, sectionOfOwn, topKey } from "./definition.ts";
import type { OwnValue } from "./own-answers.ts";

/** The answers as they stand, with those of these sections as a page sent them. */
export function mergedSections(
  sections: ReadonlyArray<string>,
  { known, given }: { known: Answers; given: Answers },
  definition: FormDefinition = STANDARD_FORM,
): Answers {
  const record: Record<string, unknown> = standardValues(known);
  for (const section of sections.filter(isStandard)) Object.assign(record, given[section]);
  const sectionOf = sectionOfOwn(definition);
  const isTheirs = (name: string) => sections.includes(sectionOf.get(topKey(name)) ?? "");
  for (const [name, value] of Object.entries(known.own)) if (!isTheirs(name)) record[name] = value;
  for (const [name, value] of Object.entries(given.own)) if (isTheirs(name)) record[name] = value;
  return answersFromRecord(record);
}

/**
 * What comes of answers that somebody gave who may fill in these sections alone: theirs there, and everywhere else what
 * was known. The mailbox that codes go to is nobody's to change but the person's own.
 */
export function answersWithin(
  sections: ReadonlyArray<RegistrationSection>,
  { known, given }: { known: Answers; given: Answers },
  definition: FormDefinition = STANDARD_FORM,
): Answers {
  const merged = mergedSections(sections, { known, given }, definition);
  return { ...merged, contact: { ...merged.contact, email: known.contact.email } };
}

/** Only these sections' answers, without the mailbox that codes go to; everything else is blank. */
export function answersOf(
  sections: ReadonlyArray<RegistrationSection>,
  answers: Answers,
  definition: FormDefinition = STANDARD_FORM,
): Answers {
  return answersWithin(sections, { known: answersFromRecord({}), given: answers }, definition);
}

/**
 * Whether a page's section may not be taken, because another was stored since the page was drawn.
 *
 * @param seen the mark of what the page showed; undefined: it does not say, and then whatever is there gives way.
 * @param stands the mark of what stands now.
 * @param wanted the mark of what the page wants to stand.
 */
export function collides({
  seen,
  stands,
  wanted,
}: {
  seen: string | undefined;
  stands: string;
  wanted: string;
}): boolean {
  return seen !== undefined && seen !== stands && wanted !== stands;
}

/** Names of the answers that are others than before, those that came and went too. */
export function changedNames(
  before: Readonly<Record<string, OwnValue>>,
  after: Readonly<Record<string, OwnValue>>,
): Array<string> {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => {
    const [old = "", now = ""] = [before[name], after[name]];
    return !(old.length === 0 && now.length === 0) && JSON.stringify(old) !== JSON.stringify(now);
  });
}
