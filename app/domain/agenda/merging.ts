/**
 * Two people had the same item open, and the other one saved first. Nothing is overwritten unseen: what only one of them
 * changed is taken from that one, what both changed is shown side by side, and the second decides by saving again.
 */

type Values = Readonly<Record<string, string | ReadonlyArray<string>>>;

/** A field that the other one changed, or both did. */
export type Difference = {
  name: string;
  /** As it was when the second opened it. */
  before: ReadonlyArray<string>;
  /** As the first saved it. */
  theirs: ReadonlyArray<string>;
  /** As the second typed it. */
  yours: ReadonlyArray<string>;
  /** Whether the two disagree. */
  both: boolean;
};

function listed(value: string | ReadonlyArray<string> | undefined): Array<string> {
  const all = typeof value === "string" ? [value] : [...(value ?? [])];
  return all.map((text) => text.replaceAll(/\r\n?/g, "\n").trim()).filter((text) => text !== "");
}

function same(a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean {
  return a.length === b.length && a.toSorted().join("\n") === b.toSorted().join("\n");
}

/**
 * @param before the form's values when it was opened
 * @param theirs the values as they are stored now
 * @param yours the values as they were sent
 * @returns the values to show again, and what differs
 */
export function mergeForms(
  before: Values,
  theirs: Values,
  yours: Values,
): { values: Record<string, string | ReadonlyArray<string>>; differences: Array<Difference> } {
  const values: Record<string, string | ReadonlyArray<string>> = { ...yours };
  const differences: Array<Difference> = [];
  for (const name of Object.keys(theirs)) {
    const [was, first, second] = [listed(before[name]), listed(theirs[name]), listed(yours[name])];
    if (same(was, first) || same(first, second)) continue;
    const both = !same(was, second);
    if (!both) values[name] = theirs[name] ?? "";
    differences.push({ name, before: was, theirs: first, yours: second, both });
  }
  return { values, differences };
}

/** Whether what was sent stands there already: the form came twice, or both wrote the same. */
export function standsAlready(theirs: Values, yours: Values): boolean {
  return Object.keys(theirs).every((name) => same(listed(theirs[name]), listed(yours[name])));
}

/** The values that a form carried with it; nothing when they are none of ours. */
export function carriedValues(text: FormDataEntryValue | null): Values {
  if (typeof text !== "string") return {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).flatMap(
        ([name, value]): Array<[string, string | Array<string>]> =>
          typeof value === "string"
            ? [[name, value]]
            : Array.isArray(value)
              ? [[name, value.filter((one) => typeof one === "string")]]
              : [],
      ),
    );
  } catch {
    return {};
  }
}
