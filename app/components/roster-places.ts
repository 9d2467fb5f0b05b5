/* What became of the rows of a page that somebody has before them, when colleagues add, move or remove people. */

/** Why a row would not stand where it stands: in another place, on another page, out of this list, or nobody's here. */
export type Displaced = "moved" | "elsewhere" | "left" | "gone";

type Row = { invitationId: string; delegationId: string };

/**
 * Compares a page as it is shown with the same one as it is now: as few rows as possible are called moved.
 *
 * @param options.grouped whether another delegation is another place.
 */
export function placesOf(
  shown: ReadonlyArray<Row>,
  now: ReadonlyArray<Row>,
  { grouped }: { grouped: boolean },
): { moved: ReadonlyArray<string>; added: number; missing: ReadonlyArray<string> } {
  const places = new Map(now.map(({ invitationId }, place) => [invitationId, place]));
  const groups = new Map(now.map(({ invitationId, delegationId }) => [invitationId, delegationId]));
  const isInGroup = (row: Row) => !grouped || groups.get(row.invitationId) === row.delegationId;
  const common = shown.filter(({ invitationId }) => places.has(invitationId));
  const still = new Set(
    rising(
      common
        .filter(isInGroup)
        .map(({ invitationId }) => ({ id: invitationId, place: places.get(invitationId) ?? 0 })),
    ),
  );
  return {
    moved: common.map(({ invitationId }) => invitationId).filter((id) => !still.has(id)),
    added: now.length - common.length,
    missing: shown.map(({ invitationId }) => invitationId).filter((id) => !places.has(id)),
  };
}

/** The most of them whose places rise from one to the next. */
function rising(rows: ReadonlyArray<{ id: string; place: number }>): Array<string> {
  const longest: Array<{ length: number; before: number }> = [];
  let end = -1;
  for (const [n, { place }] of rows.entries()) {
    let best = { length: 1, before: -1 };
    for (const [m, earlier] of longest.entries())
      if ((rows[m]?.place ?? 0) < place && earlier.length >= best.length)
        best = { length: earlier.length + 1, before: m };
    longest.push(best);
    if (best.length > (longest[end]?.length ?? 0)) end = n;
  }
  const ids: Array<string> = [];
  for (let at = end; at >= 0; at = longest[at]?.before ?? -1) ids.unshift(rows[at]?.id ?? "");
  return ids;
}
