import { useEffect, useRef } from "react";
import { UNATTENDED } from "../platform/http/unattended.ts";
import type { RosterTop } from "./roster-facets.tsx";
import type { Displaced } from "./roster-places.ts";
import type { RosterLine } from "./roster-types.ts";
import { type Connection, isSignedOut } from "./use-roster-edits.ts";

/** A cell that somebody else changed, as far as it is known by whom and when. */
export type CellChange = { invitationId: string; column: string; by: string; own: boolean; at: string };

export type RosterNews = {
  /** Of which columns the cells of the lines are: of the view as it is now, which a colleague may have changed. */
  shown: ReadonlyArray<string>;
  lines: ReadonlyArray<RosterLine>;
  top: RosterTop;
  changes: ReadonlyArray<CellChange>;
  steps: { undo: string | null; redo: string | null };
};

/** People who were on a page and are no longer, as they are now; `line` null: they are nobody's here. */
export type AwayRows = ReadonlyArray<{
  invitationId: string;
  line: RosterLine | null;
  now: Exclude<Displaced, "moved">;
}>;

const EVERY = 5_000;

/** Asks every few seconds, while somebody looks, whether anything has changed on this page. Nothing new costs nothing. */
export function useRosterLive({
  address,
  written,
  shown,
  onNews,
  onConnection,
}: {
  address: string;
  /** How many of our own changes have been answered: news that were asked for before one of them may not know it. */
  written: () => number;
  /** Whose rows stand on the page. */
  shown: () => ReadonlyArray<string>;
  onNews: (news: RosterNews, away: AwayRows) => void;
  onConnection: (how: Connection) => void;
}) {
  const heard = useRef({ written, shown, onNews, onConnection });
  heard.current = { written, shown, onNews, onConnection };
  useEffect(() => {
    let tag = "";
    let over = false;
    let asking = false;
    const look = async () => {
      if (asking || document.visibilityState !== "visible") return;
      asking = true;
      const known = heard.current.written();
      let stale = false;
      try {
        const answer = await fetch(address, {
          headers: {
            ...{ Accept: "application/json", [UNATTENDED]: "1" },
            ...(tag === "" ? {} : { "If-None-Match": tag }),
          },
          cache: "no-store",
        });
        if (over) return;
        if (answer.status >= 500) throw new Error("no answer");
        const isNowhere = answer.status === 404;
        heard.current.onConnection(isSignedOut(answer) ? "gone" : isNowhere ? "noView" : "fine");
        if (answer.status === 304) tag = answer.headers.get("ETag") ?? tag;
        const news = await json<RosterNews>(answer);
        if (news !== null) {
          const now = new Set(news.lines.map(({ invitationId }) => invitationId));
          const missing = heard.current.shown().filter((id) => !now.has(id));
          const away = missing.length === 0 ? [] : await whereabouts(address, missing);
          if (away === null) return;
          stale = heard.current.written() !== known;
          if (!stale) tag = answer.headers.get("ETag") ?? "";
          if (!over && !stale) heard.current.onNews(news, away);
        }
      } catch {
        if (!over) heard.current.onConnection("offline");
      } finally {
        asking = false;
      }
      if (stale && !over) void look();
    };
    const timer = setInterval(() => void look(), EVERY);
    const seen = () => void look();
    addEventListener("visibilitychange", seen);
    addEventListener("online", seen);
    return () => {
      over = true;
      clearInterval(timer);
      removeEventListener("visibilitychange", seen);
      removeEventListener("online", seen);
    };
  }, [address]);
}

async function whereabouts(address: string, ids: ReadonlyArray<string>): Promise<AwayRows | null> {
  const rows = `${address.includes("?") ? "&" : "?"}rows=${ids.join(",")}`;
  return json<AwayRows>(
    await fetch(address + rows, {
      headers: { Accept: "application/json", [UNATTENDED]: "1" },
      cache: "no-store",
    }),
  );
}

/** Null: it was answered with something else, such as the page where one signs in. */
async function json<T>(answer: Response): Promise<T | null> {
  const isJson = answer.status === 200 && (answer.headers.get("Content-Type") ?? "").includes("json");
  return isJson && !answer.redirected ? ((await answer.json()) as T) : null;
}
