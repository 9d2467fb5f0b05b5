/**
 * A task is something that somebody else must have by a day: a consulate, a court, a hotel, the police, translators
 * (DOMAIN §0.9). Most are reckoned from the edition's facts whenever they are read, so they move with them; a side notes
 * on each who looks after it, which day was agreed, and that it is done. Staff type further ones. A task is open, overdue
 * (open, and its day has passed) or done, and what is done can be opened again. Each side has its own.
 */
import type { Permission, TaskKind } from "#db/vocabulary.ts";
import { allows } from "../access/rules.ts";
import type { Deadline } from "../edition/deadlines.server.ts";
import { wholeDays } from "../edition/rules.ts";

/** Whoever does something for an edition may take its tasks on; who only reads its lists may not. */
export const KEEPS_TASKS = [
  "invitations",
  "logistics",
  "mail",
  "agenda",
  "documents",
  "duty_desk",
] as const satisfies ReadonlyArray<Permission>;

/** The kinds of task whose work is done on a page that whoever has these permissions may open. */
export function tasksToOpen(scope: Parameters<typeof allows>[0]): Array<TaskKind> {
  const rooms = allows(scope, "logistics") ? (["hotel", "rooming", "interpreters"] as const) : [];
  const letters = allows(scope, ["documents", "logistics"]) ? (["letters", "visas"] as const) : [];
  return ["reply", "register", "clearance", ...rooms, ...letters];
}

/** The name of the fact that a task is reckoned from: it stays the same when the fact changes. */
export function sourceOf(deadline: Deadline): string {
  if (deadline.kind === "clearance") return `clearance:${deadline.visitId}`;
  return deadline.kind === "rooming" ? `rooming:${deadline.hotelId}` : deadline.kind;
}

/** Whether a side may agree on a day of its own: not where the day is a fact of the edition that is set elsewhere. */
export function mayAgreeOnDay({ usual, kind }: Pick<Deadline, "usual" | "kind">): boolean {
  return usual && kind !== "clearance";
}

export type TaskState = "open" | "overdue" | "done";

export function taskState({ at, doneAt }: { at: number; doneAt: number | null }, now: number): TaskState {
  if (doneAt !== null) return "done";
  return at < now ? "overdue" : "open";
}

/** What to look at first: what is overdue, then what comes next, then what is done, the latest first. */
export function tasksInOrder<T extends { at: number; doneAt: number | null }>(
  tasks: ReadonlyArray<T>,
): Array<T> {
  const open = tasks.filter((one) => one.doneAt === null).toSorted((a, b) => a.at - b.at);
  const done = tasks.filter((one) => one.doneAt !== null);
  return [...open, ...done.toSorted((a, b) => (b.doneAt ?? 0) - (a.doneAt ?? 0))];
}

/** The hours at which tasks may come by mail. */
export const DIGEST_HOURS: ReadonlyArray<number> = [5, 6, 7, 8, 9, 10, 11];

/** Tasks that are due within so many days are told of in the morning. */
const AHEAD = 14;

/** What a morning's mail tells of: what is overdue and what is due soon; one's own further ahead too. */
export function worthTelling(
  { at, doneAt, ownerId }: { at: number; doneAt: number | null; ownerId: string | null },
  { now, readerId }: { now: number; readerId: string },
): boolean {
  if (doneAt !== null) return false;
  return wholeDays(now, at) < (ownerId === readerId ? 2 * AHEAD : AHEAD);
}
