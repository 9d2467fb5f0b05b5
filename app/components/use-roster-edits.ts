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
  /** What this cell was to hold by a step before this one, neither of which has been sent. */
  earlier: Pending | null;
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

/** A press of "undo" or "redo" that goes when what came before it has gone; `done`: whether it did all that it should. */
type Press = { step: number; way: "undo" | "redo"; done: (isDone: boolean) => void };

/** How it stands with the server: `gone`: it no longer knows us; `noView`: nor the view that is open. */
export type Connection = "fine" | "offline" | "gone" | "noView";

export function cellKey(invitationId: string, column: string): string {
  return `${invitationId} ${column}`;
}

/** Whether the answer is no answer to what was asked, but that nobody is signed in here. */
export function isSignedOut(answer: Response): boolean {
  return answer.redirected || answer.status === 401 || answer.status === 403;
}

/** Larger ones a browser does not send for a page that is gone. */
const MOST_OF_A_GONE_PAGE = 20_000;
const AGAIN = 3_000;
/** A step of more cells goes in several parts. */
const AT_ONCE = 5_000;

export function useRosterEdits({
  endpoint,
  memory,
  steps: loaded,
  onWritten,
  words,
}: {
  endpoint: string;
  /** Under which name what waits is kept in this tab: of one login and one edition. */
  memory: string;
  /** What could be taken back and done again when the page was made. */
  steps: CellsAnswer["steps"];
  /** What stands in these cells now. */
  onWritten: (cells: ReadonlyArray<{ invitationId: string; column: string; value: string }>) => void;
  words: { notHere: string };
}) {
  const pending = useRef(new Map<string, Pending>());
  const busy = useRef(false);
  /** Whether another list has taken this one's place in the page: what waits is that one's to send. */
  const left = useRef(false);
  const step = useRef(1);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [, draw] = useState(0);
  const [connection, setConnection] = useState<Connection>("fine");
  const presses = useRef<Array<Press>>([]);
  /** Steps that were taken back before they were sent. */
  const unsaid = useRef<Array<ReadonlyArray<Pending>>>([]);
  /** What a press would take back or do again now: at hand before it is drawn. */
  const known = useRef(loaded);
  const [steps, setSteps] = useState(loaded);
  const { notHere } = words;
  const written = useRef(onWritten);
  written.current = onWritten;

  const kept = useCallback(() => {
    if (left.current) return;
    const all = [...pending.current.values()].map((each) => ({ ...each, sending: null }));
    try {
      if (all.length === 0) sessionStorage.removeItem(memory);
      else sessionStorage.setItem(memory, JSON.stringify(all));
    } catch {
      // A browser that keeps nothing still has it in this page.
    }
    draw((n) => n + 1);
  }, [memory]);

  const knowSteps = useCallback((now: CellsAnswer["steps"]) => {
    known.current = now;
    setSteps(now);
  }, []);
  useEffect(() => knowSteps(loaded), [loaded, knowSteps]);

  /** Null: there was no answer, and it waits. `absent`: none of it is there for us, and asking again would not help. */
  const ask = useCallback(
    async (body: unknown): Promise<CellsAnswer | "absent" | null> => {
      try {
        const wish = JSON.stringify(body);
        const form = new FormData();
        form.set("wish", wish);
        const answer = await fetch(endpoint, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: form,
          keepalive: wish.length < MOST_OF_A_GONE_PAGE,
        });
        const isTold = answer.ok || answer.status === 409;
        if (isSignedOut(answer)) {
          setConnection("gone");
          return null;
        }
        if (!isTold && answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
          setConnection("fine");
          return "absent";
        }
        if (!isTold || !(answer.headers.get("Content-Type") ?? "").includes("json")) {
          setConnection("offline");
          return null;
        }
        const told = (await answer.json()) as CellsAnswer;
        setConnection("fine");
        knowSteps(told.steps);
        return told;
      } catch {
        setConnection("offline");
        return null;
      }
    },
    [endpoint, knowSteps],
  );

  const settle = useCallback(
    ({ cells }: Pick<CellsAnswer, "cells">) => {
      written.current(cells.filter(({ outcome }) => outcome !== "refused"));
      for (const { invitationId, column, outcome, value, problem } of cells) {
        const key = cellKey(invitationId, column);
        const wish = pending.current.get(key);
        if (wish === undefined) continue;
        if (wish.sending === null) {
          // Typed after a step was taken back: that was ours, unless somebody else's word stood in its way.
          if (wish.state === "waiting" && (outcome === "written" || outcome === "same"))
            pending.current.set(key, { ...wish, seen: value });
          continue;
        }
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

  /** Takes a step back, or does it again, as the server knows it now. */
  const take = useCallback(
    async (way: Press["way"]): Promise<boolean> => {
      const changeId = known.current[way];
      if (changeId === null) return false;
      const answer = await ask({ undo: changeId, way });
      if (answer === null || answer === "absent") return false;
      if (left.current) return true;
      settle(answer);
      const stuck = answer.cells.filter(({ outcome }) => outcome === "conflict" || outcome === "refused");
      return answer.cells.length > 0 && stuck.length === 0;
    },
    [ask, settle],
  );

  /** Sends what waits, in the order in which it was done, one after the other. */
  const flush = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    clearTimeout(timer.current);
    for (;;) {
      const waiting = [...pending.current.values()].filter(({ state }) => state === "waiting");
      const first = Math.min(...waiting.map((each) => each.step));
      const press = presses.current[0];
      if (press !== undefined && press.step < first) {
        presses.current.shift();
        press.done(await take(press.way));
        if (left.current) return;
        continue;
      }
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
        if (!left.current) timer.current = setTimeout(() => void flush(), AGAIN);
        break;
      }
      if (left.current) return;
      settle(answer === "absent" ? refusedAll(wishes, notHere) : answer);
    }
    busy.current = false;
  }, [ask, kept, settle, take, notHere]);

  /** Changes cells together. A cell that is changed again before it was sent goes once, with its last value. */
  const change = useCallback(
    (cells: ReadonlyArray<CellEdit>, kind: Pending["kind"] = "edit") => {
      step.current += 1;
      unsaid.current = [];
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
            earlier: known?.state === "waiting" && known.sending === null ? known : null,
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
          earlier: null,
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

  /**
   * Takes the last step back or does it again: what has not been sent here, anything else there, after whatever is on its
   * way. Gives whether all of it could be.
   */
  const back = useCallback(
    async (way: Press["way"]): Promise<boolean> => {
      const unsent = [...pending.current.values()].filter(
        ({ state, sending }) => state === "waiting" && sending === null,
      );
      const last = Math.max(...unsent.map((each) => each.step));
      if (way === "undo" && last > (presses.current.at(-1)?.step ?? 0)) {
        const taken = unsent.filter((each) => each.step === last);
        for (const each of taken) {
          const key = cellKey(each.invitationId, each.column);
          if (each.earlier === null) pending.current.delete(key);
          else pending.current.set(key, each.earlier);
        }
        unsaid.current.push(taken);
        kept();
        return true;
      }
      const said = way === "redo" ? unsaid.current.pop() : undefined;
      step.current += 1;
      if (said !== undefined) {
        for (const each of said)
          pending.current.set(cellKey(each.invitationId, each.column), { ...each, step: step.current });
        kept();
        void flush();
        return true;
      }
      unsaid.current = [];
      const at = step.current;
      const isDone = new Promise<boolean>((done) => presses.current.push({ step: at, way, done }));
      void flush();
      return isDone;
    },
    [flush, kept],
  );

  useEffect(() => {
    left.current = false;
    busy.current = false;
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
      left.current = true;
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      clearTimeout(timer.current);
    };
  }, [memory, flush]);

  // What waits is in this tab: it survives that the page is opened anew, and not that the tab is closed.
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      const waiting = [...pending.current.values()].filter(({ state }) => state === "waiting");
      // What is on its way arrives without this page.
      if (waiting.some(({ sending, value }) => sending !== value)) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, []);

  return useMemo(
    () => ({
      pending: pending.current,
      connection,
      steps,
      unsaid,
      knowSteps,
      change,
      refuse,
      drop,
      back,
      flush,
      setConnection,
    }),
    [connection, steps, knowSteps, change, refuse, drop, back, flush],
  );
}

/** What nobody but us knows of stays beside its cell, to be seen. */
function refusedAll(wishes: ReadonlyArray<Pending>, problem: string): Pick<CellsAnswer, "cells"> {
  return {
    cells: wishes.map(({ invitationId, column, seen }) => ({
      invitationId,
      column,
      outcome: "refused",
      value: seen,
      problem,
    })),
  };
}

/** A line as the columns of this page have it, whatever columns it came with: what did not come stays as it was. */
export function inColumns(
  line: RosterLine,
  shown: ReadonlyArray<string>,
  columns: ReadonlyArray<{ key: string }>,
  before: RosterLine | undefined,
): RosterLine {
  const places = columns.map(({ key }) => shown.indexOf(key));
  return {
    ...line,
    cells: places.map((place, n) => (place < 0 ? before?.cells[n] : line.cells[place]) ?? ""),
    words: places.map((place, n) => (place < 0 ? before?.words[n] : line.words[place]) ?? null),
  };
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
