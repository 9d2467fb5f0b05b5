import { z } from "zod";
import { PROGRESSES } from "./rules.ts";

const filter = z.object({
  delegation: z.string().min(1).max(40).optional(),
  progress: z.enum(PROGRESSES).optional(),
  section: z.string().min(1).max(40).optional(),
});
export type BoardFilter = z.output<typeof filter>;

/** A filter from an address; what makes no sense in it is passed over. No names: they have no place in addresses. */
export function boardFilter(query: URLSearchParams): BoardFilter {
  const given: BoardFilter = {};
  for (const name of ["delegation", "progress", "section"] as const) {
    const parsed = filter.safeParse({ [name]: query.get(name) ?? undefined });
    if (parsed.success) Object.assign(given, parsed.data);
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function boardQuery(given: BoardFilter, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ ...given, ...more });
  return query.size === 0 ? "" : `?${query}`;
}
