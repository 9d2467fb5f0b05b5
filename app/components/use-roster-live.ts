import { useEffect, useRef } from "react";
import type { RosterLine } from "./roster-types.ts";

/** A cell that somebody else changed, as far as it is known by whom and when. */
export type CellChange = { invitationId: string; column: string; by: string; own: boolean; at: string };

export type RosterNews = {
  lines: ReadonlyArray<RosterLine>;
  changes: ReadonlyArray<CellChange>;
  steps: { undo: string | null; redo: string | null };
};

const EVERY = 5_000;

/** Asks every few seconds, while somebody looks, whether anything has changed on this page. Nothing new costs nothing. */
export function useRosterLive({
  address,
  written,
  onNews,
  onConnection,
}: {
  address: string;
  /** How many of our own changes have been answered: news that were asked for before one of them may not know it. */
  written: () => number;
  onNews: (news: RosterNews) => void;
  onConnection: (fine: boolean) => void;
}) {
  const heard = useRef({ written, onNews, onConnection });
  heard.current = { written, onNews, onConnection };
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
          headers: { Accept: "application/json", ...(tag === "" ? {} : { "If-None-Match": tag }) },
          cache: "no-store",
        });
        if (over) return;
        heard.current.onConnection(true);
        if (answer.status === 200 && (answer.headers.get("Content-Type") ?? "").includes("json")) {
          const news = (await answer.json()) as RosterNews;
          stale = heard.current.written() !== known;
          if (!stale) tag = answer.headers.get("ETag") ?? "";
          if (!over && !stale) heard.current.onNews(news);
        }
      } catch {
        if (!over) heard.current.onConnection(false);
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
