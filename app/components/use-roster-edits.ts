import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { RosterLine } from "./roster-types.ts";

/*
 * What somebody changes in the grid is drawn at once and sent step by step. What cannot be sent waits, here and in the
 * tab's own memory, and goes when there is a connection again; what a colleague wrote meanwhile is never written over, and
 * what was typed is kept beside it until somebody decides.
 */

export type CellEdit = { invitationId: string; column: string; seen: string; value: string };

export type Pending = CellEdit & {
  /** What belongs together and is taken back together. */
  step: number;
  kind: "edit" | "paste";
  state: "waiting" | "conflict" | "refused";
  /** What is on its way; null: nothing. */
  sending: string | null;
  theirs: string | null;
  problem: string | null;
};

/** What the server says of a step. */
export type CellsAnswer = {
  cells: ReadonlyArray<{
    invitationId: string;
    column: string;
    outcome: "written" | "same" | "conflict" | "refused";
    value: string;
    problem: string | null;
  }>;
  steps: { undo: string | null; redo: string | null };
};

/** How it stands with the server: `gone`: it no longer knows us. */
export type Connection = "fine" | "offline" | "gone";

export function cellKey(invitationId: string, column: string): string {
  return `${invitationId} ${column}`;
}

const AGAIN = 3_000;
/** A step of more cells goes in several parts. */
const AT_ONCE = 2_000;

export function useRosterEdits({
  endpoint,
  memory,
  onWritten,
}: {
  endpoint: string;
  /** Under which name what waits is kept in this tab: of one login and one edition. */
  memory: string;
  /** What stands in these cells now. */
  onWritten: (cells: ReadonlyArray<{ invitationId: string; column: string; value: string }>) => void;
}) {
  const pending = useRef(new Map<string, Pending>());
  const busy = useRef(false);
  const step = useRef(1);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [, draw] = useState(0);
  const [connection, setConnection] = useState<Connection>("fine");
  const [steps, setSteps] = useState<CellsAnswer["steps"] | null>(null);
  const written = useRef(onWritten);
  written.current = onWritten;

  const kept = useCallback(() => {
    const all = [...pending.current.values()].map((each) => ({ ...each, sending: null }));
    try {
      if (all.length === 0) sessionStorage.removeItem(memory);
      else sessionStorage.setItem(memory, JSON.stringify(all));
    } catch {
      // A browser that keeps nothing still has it in this page.
    }
    draw((n) => n + 1);
  }, [memory]);

  const ask = useCallback(
    async (body: unknown): Promise<CellsAnswer | null> => {
      try {
        const form = new FormData();
        form.set("wish", JSON.stringify(body));
        const answer = await fetch(endpoint, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: form,
        });
        const known = answer.ok || answer.status === 409;
        if (answer.redirected || !known || !(answer.headers.get("Content-Type") ?? "").includes("json")) {
          setConnection(answer.status >= 500 ? "offline" : "gone");
          return null;
        }
        const told = (await answer.json()) as CellsAnswer;
        setConnection("fine");
        setSteps(told.steps);
        return told;
      } catch {
        setConnection("offline");
        return null;
      }
    },
    [endpoint],
  );

  const settle = useCallback(
    ({ cells }: CellsAnswer) => {
      written.current(cells.filter(({ outcome }) => outcome !== "refused"));
      for (const { invitationId, column, outcome, value, problem } of cells) {
        const key = cellKey(invitationId, column);
        const wish = pending.current.get(key);
        if (wish === undefined || wish.sending === null) continue;
        const changedSince = wish.value !== wish.sending;
        if (outcome === "written" || outcome === "same") {
          if (changedSince) pending.current.set(key, { ...wish, seen: value, sending: null });
          else pending.current.delete(key);
        } else pending.current.set(key, { ...wish, state: outcome, sending: null, theirs: value, problem });
      }
      kept();
    },
    [kept],
  );

  const flush = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    clearTimeout(timer.current);
    for (;;) {
      const waiting = [...pending.current.values()].filter(({ state }) => state === "waiting");
      const first = Math.min(...waiting.map((each) => each.step));
      const wishes = waiting.filter((each) => each.step === first).slice(0, AT_ONCE);
      if (wishes.length === 0) break;
      for (const wish of wishes)
        pending.current.set(cellKey(wish.invitationId, wish.column), { ...wish, sending: wish.value });
      const answer = await ask({
        kind: wishes.some(({ kind }) => kind === "paste") ? "paste" : "edit",
        cells: wishes.map(({ invitationId, column, seen, value }) => ({ invitationId, column, seen, value })),
      });
      if (answer === null) {
        for (const [key, wish] of pending.current) pending.current.set(key, { ...wish, sending: null });
        kept();
        timer.current = setTimeout(() => void flush(), AGAIN);
        break;
      }
      settle(answer);
    }
    busy.current = false;
  }, [ask, kept, settle]);

  /** Changes cells together. A cell that is changed again before it was sent goes once, with its last value. */
  const change = useCallback(
    (cells: ReadonlyArray<CellEdit>, kind: Pending["kind"] = "edit") => {
      step.current += 1;
      for (const cell of cells) {
        const key = cellKey(cell.invitationId, cell.column);
        const known = pending.current.get(key);
        const seen =
          known === undefined
            ? cell.seen
            : known.state === "waiting"
              ? known.seen
              : (known.theirs ?? known.seen);
        if (cell.value === seen && (known === undefined || known.sending === null))
          pending.current.delete(key);
        else
          pending.current.set(key, {
            ...cell,
            seen,
            kind,
            step: step.current,
            state: "waiting",
            sending: known?.sending ?? null,
            theirs: null,
            problem: null,
          });
      }
      kept();
      void flush();
    },
    [flush, kept],
  );

  /** Keeps what was pasted and is no word of its column, to be seen and mended. */
  const refuse = useCallback(
    (cells: ReadonlyArray<CellEdit>, problem: string) => {
      for (const cell of cells)
        pending.current.set(cellKey(cell.invitationId, cell.column), {
          ...cell,
          kind: "paste",
          step: step.current,
          state: "refused",
          sending: null,
          theirs: cell.seen,
          problem,
        });
      kept();
    },
    [kept],
  );

  const drop = useCallback(
    (invitationId: string, column: string) => {
      pending.current.delete(cellKey(invitationId, column));
      kept();
    },
    [kept],
  );

  /** Takes the last step back: what has not been sent here, anything else there. */
  const back = useCallback(
    async (changeId: string | null, way: "undo" | "redo"): Promise<boolean> => {
      const unsent = [...pending.current.values()].filter(
        ({ state, sending }) => state === "waiting" && sending === null,
      );
      if (way === "undo" && unsent.length > 0) {
        const last = Math.max(...unsent.map((each) => each.step));
        for (const each of unsent)
          if (each.step === last) pending.current.delete(cellKey(each.invitationId, each.column));
        kept();
        return true;
      }
      if (changeId === null) return false;
      const answer = await ask({ undo: changeId });
      if (answer === null) return false;
      settle(answer);
      const stuck = answer.cells.filter(({ outcome }) => outcome === "conflict" || outcome === "refused");
      return stuck.length === 0;
    },
    [ask, kept, settle],
  );

  useEffect(() => {
    try {
      const stored: unknown = JSON.parse(sessionStorage.getItem(memory) ?? "[]");
      for (const each of Array.isArray(stored) ? (stored as Array<Pending>) : [])
        pending.current.set(cellKey(each.invitationId, each.column), each);
      step.current = Math.max(1, ...[...pending.current.values()].map((each) => each.step));
    } catch {
      // Nothing that we kept.
    }
    if (pending.current.size > 0) {
      draw((n) => n + 1);
      void flush();
    }
    const online = () => void flush();
    const offline = () => setConnection("offline");
    addEventListener("online", online);
    addEventListener("offline", offline);
    return () => {
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      clearTimeout(timer.current);
    };
  }, [memory, flush]);

  return useMemo(
    () => ({ pending: pending.current, connection, steps, change, refuse, drop, back, flush, setConnection }),
    [connection, steps, change, refuse, drop, back, flush],
  );
}

/** A line with what was written into it. */
export function withCells(
  lines: ReadonlyArray<RosterLine>,
  columns: ReadonlyArray<{ key: string }>,
  cells: ReadonlyArray<{ invitationId: string; column: string; value: string }>,
): ReadonlyArray<RosterLine> {
  const byPerson = Map.groupBy(cells, ({ invitationId }) => invitationId);
  return lines.map((line) => {
    const own = byPerson.get(line.invitationId);
    if (own === undefined) return line;
    const values = [...line.cells];
    for (const { column, value } of own) {
      const at = columns.findIndex(({ key }) => key === column);
      if (at >= 0) values[at] = value;
    }
    return { ...line, cells: values };
  });
}
