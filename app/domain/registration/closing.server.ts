import type { Orm } from "#db/client.server.ts";
import { answersFromSections, standardValues } from "./answers.ts";
import { type FormDefinition, isFor } from "./definition.ts";
import { type Registrant, storedSections } from "./record.server.ts";
import { boundSections, type Closed, registrationClosed, sectionClosesAt } from "./rules.ts";

/** What of a form is closed to one person. */
export type Closing = {
  /** Why nothing can be changed now; null: something can. */
  closed: Closed | null;
  /** The sections in which a change is a wish, with the instant since when. */
  bound: ReadonlyMap<string, number>;
};

/**
 * What is closed, section by section: what was handed in is closed altogether when nothing that is asked is still open,
 * and what was not, with the edition's own time.
 */
export function closingOf(
  orm: Orm,
  registrant: Registrant,
  { definition, now }: { definition: FormDefinition; now: number },
): Closing {
  const closed = registrationClosed(registrant, now);
  const isPast = (section: { deadline: string | null }) => {
    const at = sectionClosesAt(section, registrant);
    return at !== null && now > at;
  };
  if (
    (closed !== null && closed !== "closed") ||
    registrant.state !== "submitted" ||
    !definition.sections.some(isPast)
  )
    // An edition whose time is over may still have sections with a later day: those are open to changes only.
    return {
      closed: registrant.state === "submitted" && closed === "closed" ? null : closed,
      bound: new Map(),
    };
  const rows = storedSections(orm, registrant);
  const handedIn = new Set(
    rows.filter(({ state }) => state === "submitted" || state === "verified").map(({ section }) => section),
  );
  const answers = standardValues(answersFromSections(rows));
  const visitIds = Array.isArray(answers.visitIds) ? answers.visitIds : [];
  const asked = new Set(
    definition.sections
      .filter(({ audience }) =>
        isFor(audience, registrant, { visitIds, needsVisa: answers.needsVisa === "yes" }),
      )
      .map(({ key }) => key),
  );
  const bound = boundSections(definition.sections, registrant, {
    now,
    isSubmitted: true,
    isAnswered: (key) => asked.has(key) && handedIn.has(key),
  });
  return { closed: [...asked].every((key) => bound.has(key)) ? "closed" : null, bound };
}
