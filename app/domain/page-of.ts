/** A part of a long list, and where the next one begins. */
export type PageOf<T> = {
  shown: ReadonlyArray<T>;
  total: number;
  /** How many come before it. */
  first: number;
  /** The id of the last one shown, to go on from; null at the end. */
  next: string | null;
};

/**
 * The page of a list that follows an entry.
 *
 * @param after id of the entry that ended the page before. One that is no longer there begins anew: an id and no
 *   name, because it stands in an address.
 */
export function pageOf<T>(
  all: ReadonlyArray<T>,
  { after, size, idOf }: { after: string | null; size: number; idOf: (entry: T) => string },
): PageOf<T> {
  const first = after === null ? 0 : all.findIndex((entry) => idOf(entry) === after) + 1;
  const shown = all.slice(first, first + size);
  const last = shown.at(-1);
  const goesOn = first + size < all.length && last !== undefined;
  return { shown, total: all.length, first, next: goesOn ? idOf(last) : null };
}
