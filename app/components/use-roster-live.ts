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
  onNews,
  onConnection,
}: {
  address: string;
  onNews: (news: RosterNews) => void;
  onConnection: (fine: boolean) => void;
}) {
  const heard = useRef({ onNews, onConnection });
  heard.current = { onNews, onConnection };
  useEffect(() => {
    let tag = "";
    let over = false;
    let asking = false;
    const look = async () => {
      if (asking || document.visibilityState !== "visible") return;
      asking = true;
      try {
        const answer = await fetch(address, {
          headers: { Accept: "application/json", ...(tag === "" ? {} : { "If-None-Match": tag }) },
          cache: "no-store",
        });
        if (over) return;
        heard.current.onConnection(true);
        if (answer.status === 200 && (answer.headers.get("Content-Type") ?? "").includes("json")) {
          tag = answer.headers.get("ETag") ?? "";
          const news = (await answer.json()) as RosterNews;
          if (!over) heard.current.onNews(news);
        }
      } catch {
        if (!over) heard.current.onConnection(false);
      } finally {
        asking = false;
      }
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
