import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { inLocale } from "../../components/text.tsx";
import type { Board } from "../../domain/agenda/board.server.ts";
import type { MoveRefusal, Placing } from "../../domain/agenda/placing.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { UNATTENDED } from "../../platform/http/unattended.ts";

/*
 * The draft as it is seen here: what the server said last, with one's own moves already made. Wishes go one after the
 * other, and each answer brings the draft behind it; so an answer that somebody asked for before a wish is known to be older.
 * What got no answer goes again; one that is refused is drawn back, and what was wished for the same item after it is
 * dropped with it.
 */

export type AgendaItem = Board["facts"]["items"][number];

export type MoveAnswer = {
  refusal: MoveRefusal | null;
  itemId: string;
  updatedAt?: number;
  board: Board;
};

/**
 * What is on its way to the server. Moves are drawn at once; a copy is there when it has an id. `tried`: where it was sent to
 * without an answer, so it may stand there by our own doing.
 */
type Wish =
  | { intent: "move"; itemId: string; seenAt: number; to: Placing; tried: ReadonlyArray<Placing> }
  | { intent: "copy"; itemId: string; seenAt: number; to: Placing }
  | { intent: "remove"; itemId: string }
  | { intent: "undo" | "redo" }
  | { intent: "skip"; way: "undo" | "redo" };

/** How it stands with the server; `gone`: it no longer knows us. */
type Connection = "fine" | "offline" | "gone";

/** How often (milliseconds) the grid asks what colleagues did, and when it tries again what got no answer. */
const LOOK_AGAIN = 20_000;
const TRY_AGAIN = 3_000;

export function useAgendaBoard(loaded: Board, endpoint: string) {
  const t = useT();
  const locale = useLocale();
  const [board, setBoard] = useState(loaded);
  const [wishes, setWishes] = useState<ReadonlyArray<Wish>>([]);
  const [said, say] = useState("");
  const [focus, focusOn] = useState<string | null>(null);
  const [connection, setConnection] = useState<Connection>("fine");
  /** Which way back was refused, until another one is asked for. */
  const [stuck, setStuck] = useState<"undo" | "redo" | null>(null);
  // What is known at once; the states are for drawing it.
  const known = useRef(loaded);
  const wished = useRef<ReadonlyArray<Wish>>([]);
  const current = useRef<Wish | null>(null);
  const answered = useRef(0);
  const busy = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const update = useCallback((change: (all: ReadonlyArray<Wish>) => ReadonlyArray<Wish>) => {
    wished.current = change(wished.current);
    setWishes(wished.current);
  }, []);

  /** Takes the draft as the server has it, and tells what colleagues did to it. */
  const adopt = useCallback(
    (next: Board, own: string | null) => {
      const before = known.current.seenAt;
      known.current = next;
      setBoard(next);
      const ids = [...new Set([...Object.keys(before), ...Object.keys(next.seenAt)])];
      const changed = ids.filter((id) => id !== own && before[id] !== next.seenAt[id]);
      if (changed.length === 0) return;
      const title = next.words.items.find(({ id }) => id === changed[0]);
      const item = title === undefined ? "" : inLocale({ en: title.titleEn, zh: title.titleZh }, locale).text;
      say(t("board.said.colleague", { count: changed.length, item }));
    },
    [locale, t],
  );

  /** Null: there was no answer, and whether it was done is not known. */
  const ask = useCallback(
    async (wish: Wish): Promise<MoveAnswer | null> => {
      try {
        const answer = await fetch(endpoint, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: formOf(wish),
        });
        const isTold = answer.ok || answer.status === 409;
        if (answer.redirected || !isTold || !(answer.headers.get("Content-Type") ?? "").includes("json")) {
          setConnection(answer.status >= 500 ? "offline" : "gone");
          return null;
        }
        const told = (await answer.json()) as MoveAnswer;
        setConnection("fine");
        return told;
      } catch {
        setConnection("offline");
        return null;
      }
    },
    [endpoint],
  );

  const settle = useCallback(
    (wish: Wish, answer: MoveAnswer) => {
      answered.current += 1;
      adopt(answer.board, answer.itemId);
      const { refusal } = answer;
      if (wish.intent === "move") {
        const now = answer.board.facts.items.find(({ id }) => id === wish.itemId);
        const seenAt = answer.board.seenAt[wish.itemId];
        const byUs =
          refusal === "changed_meanwhile" && wish.tried.some((to) => now !== undefined && isAt(now, to));
        if (byUs && seenAt !== undefined) {
          // It had arrived, and only the answer was lost: the same again, from there.
          update((all) =>
            all.map((each) =>
              each.intent === "move" && each.itemId === wish.itemId ? { ...each, seenAt, tried: [] } : each,
            ),
          );
          return;
        }
      }
      const gone = wish.intent === "remove" && refusal === "not_found";
      if (refusal !== null && !gone) say(t(`board.refusal.${refusal}`));
      else if (wish.intent === "copy") {
        focusOn(answer.itemId);
        say(t("board.said.copied"));
      } else if (wish.intent !== "move") say(t(`board.done.${wish.intent}`));
      if (wish.intent === "undo" || wish.intent === "redo")
        setStuck(refusal === "changed_meanwhile" ? wish.intent : null);
      else setStuck(null);
      update((all) =>
        all
          .filter((each) => each !== wish)
          .filter((each) => refusal === null || !isOfSame(each, wish))
          // What was wished for what is one's own doing refers to that from now on.
          .map((each) =>
            each.intent === "move" && wish.intent === "move" && each.itemId === wish.itemId
              ? { ...each, seenAt: answer.updatedAt ?? each.seenAt }
              : each,
          ),
      );
    },
    [adopt, t, update],
  );

  const flush = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    clearTimeout(timer.current);
    for (let next = wished.current[0]; next !== undefined; next = wished.current[0]) {
      current.current = next;
      const answer = await ask(next);
      current.current = null;
      if (answer === null) {
        const failed = next;
        if (failed.intent === "move")
          update((all) =>
            all.map((each) => (each === failed ? { ...failed, tried: [...failed.tried, failed.to] } : each)),
          );
        else if (failed.intent !== "remove") {
          // Twice is not the same as once: whoever wished for it sees whether it was done.
          update((all) => all.filter((each) => each !== failed));
          say(t("board.noAnswer"));
        }
        timer.current = setTimeout(() => void flush(), TRY_AGAIN);
        break;
      }
      settle(next, answer);
    }
    busy.current = false;
  }, [ask, settle, t, update]);

  const send = useCallback(
    (wish: Wish) => {
      update((all) => {
        const last = all.at(-1);
        // What has not been sent yet is replaced: ten presses of a key are one move.
        return last !== undefined &&
          last !== current.current &&
          last.intent === "move" &&
          wish.intent === "move" &&
          last.itemId === wish.itemId
          ? [
              ...all.slice(0, -1),
              {
                ...wish,
                seenAt: last.seenAt,
                tried: last.tried,
                to: { ...wish.to, venueId: venueOf(wish.to, last.to) },
              },
            ]
          : [...all, wish];
      });
      void flush();
    },
    [flush, update],
  );

  // A colleague's doing: told, and on the grid.
  useEffect(() => {
    let over = false;
    let looking = false;
    let tag = "";
    const look = async () => {
      if (document.visibilityState !== "visible" || looking) return;
      if (wished.current.length > 0) return void flush();
      looking = true;
      const asked = answered.current;
      try {
        const answer = await fetch(endpoint, {
          headers: {
            ...{ Accept: "application/json", [UNATTENDED]: "1" },
            ...(tag === "" ? {} : { "If-None-Match": tag }),
          },
          cache: "no-store",
        });
        const isTold =
          answer.status === 200 &&
          !answer.redirected &&
          (answer.headers.get("Content-Type") ?? "").includes("json");
        const told = isTold ? ((await answer.json()) as Board) : null;
        // What was asked for before a move is older than its answer.
        if (over || asked !== answered.current || wished.current.length > 0) return;
        setConnection(answer.status >= 500 ? "offline" : isTold || answer.status === 304 ? "fine" : "gone");
        if (told === null) return;
        tag = answer.headers.get("ETag") ?? "";
        adopt(told, null);
      } catch {
        if (!over) setConnection("offline");
      } finally {
        looking = false;
      }
    };
    const ask = () => void look();
    const every = window.setInterval(ask, LOOK_AGAIN);
    const signs = ["focus", "online", "visibilitychange"] as const;
    for (const sign of signs) window.addEventListener(sign, ask);
    return () => {
      over = true;
      window.clearInterval(every);
      clearTimeout(timer.current);
      for (const sign of signs) window.removeEventListener(sign, ask);
    };
  }, [adopt, endpoint, flush]);

  // What is not stored yet is in this page alone.
  const waits = wishes.length > 0;
  useEffect(() => {
    if (!waits) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [waits]);

  // Undo and redo by keys, wherever on the page one is but in a field.
  useEffect(() => {
    if (!board.mayWrite) return;
    const pressed = (event: globalThis.KeyboardEvent) => {
      const field =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, select") !== null;
      if (field || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const letter = event.key.toLowerCase();
      if (letter !== "z" && letter !== "y") return;
      event.preventDefault();
      send({ intent: letter === "y" || event.shiftKey ? "redo" : "undo" });
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [board.mayWrite, send]);

  const items = useMemo(() => drawn(board.facts.items, wishes), [board.facts.items, wishes]);
  const pending = new Set(wishes.flatMap((wish) => (wish.intent === "move" ? [wish.itemId] : [])));
  const now = (id: string) => drawn(known.current.facts.items, wished.current).find((item) => item.id === id);
  const seenAt = (id: string) => known.current.seenAt[id] ?? 0;
  return {
    board,
    items,
    now,
    pending,
    waiting: wishes.length,
    connection,
    stuck,
    said,
    say,
    send,
    seenAt,
    focus,
    focusOn,
  };
}

function formOf(wish: Wish): FormData {
  const form = new FormData();
  form.set("intent", wish.intent);
  if ("itemId" in wish) form.set("itemId", wish.itemId);
  if ("way" in wish) form.set("way", wish.way);
  if ("to" in wish) {
    form.set("seenAt", String(wish.seenAt));
    form.set("startsAt", String(wish.to.startsAt));
    form.set("endsAt", String(wish.to.endsAt));
    if (wish.to.venueId !== undefined) form.set("venue", wish.to.venueId ?? "none");
  }
  return form;
}

function isOfSame(one: Wish, other: Wish): boolean {
  return "itemId" in one && "itemId" in other && one.itemId === other.itemId;
}

function isAt(item: AgendaItem, to: Placing): boolean {
  const place = to.venueId === undefined || item.venueId === to.venueId;
  return item.startsAt === to.startsAt && item.endsAt === to.endsAt && place;
}

function venueOf(to: Placing, before: Placing | undefined): Placing["venueId"] {
  return to.venueId === undefined ? before?.venueId : to.venueId;
}

/** The items as they will be when all that is wished for has been done. */
function drawn(items: ReadonlyArray<AgendaItem>, wishes: ReadonlyArray<Wish>): Array<AgendaItem> {
  const moves = new Map<string, Placing>();
  const removed = new Set<string>();
  for (const wish of wishes)
    if (wish.intent === "move")
      moves.set(wish.itemId, { ...wish.to, venueId: venueOf(wish.to, moves.get(wish.itemId)) });
    else if (wish.intent === "remove") removed.add(wish.itemId);
  return items
    .filter(({ id }) => !removed.has(id))
    .map((item) => {
      const to = moves.get(item.id);
      return to === undefined ? item : moved(item, to);
    });
}

/** The item where it is put; a visit's meeting time goes with it, as on the server. */
function moved(item: AgendaItem, to: Placing): AgendaItem {
  const { visit } = item;
  const shift = to.startsAt - item.startsAt;
  return {
    ...item,
    startsAt: to.startsAt,
    endsAt: to.endsAt,
    venueId: to.venueId === undefined ? item.venueId : to.venueId,
    visit: visit === null || visit.meetAt === null ? visit : { ...visit, meetAt: visit.meetAt + shift },
  };
}
