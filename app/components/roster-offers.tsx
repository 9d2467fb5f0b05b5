import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { useT } from "../i18n/react.tsx";

/*
 * What is written already in a column is offered while somebody types, so that one thing is written in one way. It is
 * asked for once a column is written in, all at once: what people type goes into no address, and without a connection it
 * goes on.
 */

/** The likeliest first. */
export type OffersFor = (written: Iterable<string>, typed: string) => ReadonlyArray<string>;

/** The spellings of a column, the commonest first: none as long as they have not been asked for and come. */
export function useSpellings(endpoint: string) {
  const [known, setKnown] = useState<ReadonlyMap<string, ReadonlyArray<string>>>(new Map());
  const asked = useRef(new Set<string>());
  const ask = useCallback(
    async (column: string) => {
      if (asked.current.has(column)) return;
      asked.current.add(column);
      try {
        const spellings = await askFor(`${endpoint}?spellings=${column}`);
        setKnown((before) => new Map(before).set(column, spellings));
      } catch {
        // Without a connection there is what stands on this page; the next cell asks again.
        asked.current.delete(column);
      }
    },
    [endpoint],
  );
  return { known, ask };
}

async function askFor(address: string): Promise<ReadonlyArray<string>> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error("no answer");
  return (await answer.json()) as ReadonlyArray<string>;
}

export const OFFERS = "cell-offers";
export function offerId(n: number): string {
  return `${OFFERS}-${n}`;
}

/** What can be taken instead of going on typing: below the cell, or above it when there is more room. */
export function Offers({
  values,
  picked,
  lang,
  onTake,
}: {
  values: ReadonlyArray<string>;
  /** Which one the arrows have come to; -1: none. */
  picked: number;
  lang: string | undefined;
  onTake: (value: string) => void;
}) {
  const t = useT();
  const list = useRef<HTMLDivElement>(null);
  // The frame of the table would cut it off: it lies over the page, and goes with its cell.
  useLayoutEffect(() => {
    const place = () => {
      const cell = list.current?.parentElement?.getBoundingClientRect();
      if (list.current === null || cell === undefined) return;
      const { offsetHeight: height, offsetWidth: width } = list.current;
      const isAbove = cell.bottom + height > innerHeight && cell.top > height;
      list.current.style.setProperty("top", `${isAbove ? cell.top - height : cell.bottom}px`);
      list.current.style.setProperty("left", `${Math.max(0, Math.min(cell.left, innerWidth - width))}px`);
    };
    place();
    addEventListener("scroll", place, { capture: true, passive: true });
    addEventListener("resize", place);
    return () => {
      removeEventListener("scroll", place, { capture: true });
      removeEventListener("resize", place);
    };
  });
  return (
    <div ref={list} id={OFFERS} className="cell-offers" role="listbox" aria-label={t("grid.offers")}>
      {values.map((value, n) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the option that is meant.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes its keys.
        <div
          key={value}
          id={offerId(n)}
          role="option"
          aria-selected={n === picked}
          lang={lang}
          onPointerDown={(event) => {
            event.preventDefault();
            event.stopPropagation();
          }}
          onClick={() => onTake(value)}
        >
          <bdi>{value}</bdi>
        </div>
      ))}
    </div>
  );
}
