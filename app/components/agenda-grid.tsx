import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocale } from "../i18n/react.tsx";
import { htmlLang } from "../i18n/translate.ts";
import { type Bilingual, inLocale } from "./text.tsx";

/*
 * Days as columns on a grid of time, with a lane for each room. Everything stands where attributes say, not styles: the
 * page allows none of those. Cards are links, so without JavaScript the grid is read and clicked; with it they are dragged
 * by their body, stretched by their lower edge, and moved by keys. What a move means is for whoever uses the grid.
 */

export type GridDay = {
  day: string;
  heading: string;
  /** The rooms of the day, side by side. */
  lanes: ReadonlyArray<{ key: string; name: Bilingual }>;
};

/** A card; minutes count from its day's midnight. */
export type GridCard = {
  id: string;
  day: string;
  lane: string;
  from: number;
  to: number;
  title: Bilingual;
  /** The time in words. */
  time: string;
  kind: string;
  clashing: boolean;
  /** Moved here, and not stored yet. */
  pending: boolean;
  /** All of it in words, for who hears it. */
  label: string;
  href: string | null;
};

export type GridSpot = { day: string; lane: string; from: number; to: number };

const LANE = 124;
const GUTTER = 38;
const HEAD = 56;
const STEP = 5;
/** Pixels for a minute. */
const SCALE = 1.1;
/** Less is a click. */
const LEAST_DRAG = 5;

type Props = {
  days: ReadonlyArray<GridDay>;
  cards: ReadonlyArray<GridCard>;
  /** The first and the last hour that are drawn. */
  hours: readonly [first: number, last: number];
  label: string;
  /** What tells how the keys work. */
  describedBy: string;
  /** Null: it can only be read. */
  edit: {
    place(id: string, to: GridSpot, copy: boolean): void;
    key(event: KeyboardEvent, id: string): void;
    /** Somebody drew a span on empty ground. */
    draw(spot: GridSpot): void;
  } | null;
  /** The card that keeps the focus wherever it goes. */
  focus: string | null;
};

type Drag = {
  pointer: number;
  id: string | null;
  what: "move" | "stretch" | "draw";
  x: number;
  y: number;
  begun: GridSpot;
  now: GridSpot;
  moved: boolean;
};

/** Once it is drawn, before anything else comes; on the server nothing is. */
const useDrawn = typeof document === "undefined" ? useEffect : useLayoutEffect;

export function AgendaGrid({ days, cards, hours, label, describedBy, edit, focus }: Props) {
  const locale = useLocale();
  const body = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const suppressed = useRef(false);
  const columns = columnsOf(days);
  const width = columns.at(-1)?.end ?? GUTTER;
  const height = Math.round((hours[1] - hours[0]) * 60 * SCALE);
  const y = (minute: number) => Math.round((minute - hours[0] * 60) * SCALE);

  // A card that moves in the document loses the focus. It is given back before the next key comes, and taken from nobody who
  // went on to something else.
  const given = useRef<string | null>(null);
  useDrawn(() => {
    const isNew = given.current !== focus;
    given.current = focus;
    if (focus === null || !(isNew || document.activeElement === document.body)) return;
    const card = document.getElementById(`i-${focus}`);
    if (card !== null && document.activeElement !== card) card.focus({ preventScroll: false });
  });

  const spotAt = (event: PointerEvent): { day: string; lane: string; minute: number } | null => {
    const box = body.current?.getBoundingClientRect();
    if (box === undefined) return null;
    const x = event.clientX - box.left;
    const column = columns.find(({ end }) => x < end) ?? columns.at(-1);
    const lane = column?.lanes.find(({ end }) => x < end) ?? column?.lanes.at(-1);
    if (column === undefined || lane === undefined) return null;
    return { day: column.day, lane: lane.key, minute: hours[0] * 60 + (event.clientY - box.top) / SCALE };
  };
  const snapped = (minute: number) => Math.round(minute / STEP) * STEP;

  const begin = (event: PointerEvent, what: Drag["what"], card: GridCard | null) => {
    if (edit === null || event.button !== 0 || !event.isPrimary) return;
    const spot = spotAt(event);
    if (spot === null) return;
    const minute = Math.floor(spot.minute / 15) * 15;
    const begun =
      card === null
        ? { day: spot.day, lane: spot.lane, from: minute, to: minute }
        : { day: card.day, lane: card.lane, from: card.from, to: card.to };
    const id = card?.id ?? null;
    body.current?.setPointerCapture(event.pointerId);
    suppressed.current = false;
    setDrag({
      pointer: event.pointerId,
      id,
      what,
      x: event.clientX,
      y: event.clientY,
      begun,
      now: begun,
      moved: false,
    });
  };
  const move = (event: PointerEvent) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= LEAST_DRAG;
    if (!far && !drag.moved) return;
    const by = snapped((event.clientY - drag.y) / SCALE);
    const { begun } = drag;
    const spot = spotAt(event);
    const now =
      drag.what === "move"
        ? {
            ...begun,
            ...(spot === null ? {} : { day: spot.day, lane: spot.lane }),
            from: begun.from + by,
            to: begun.to + by,
          }
        : drag.what === "stretch"
          ? { ...begun, to: Math.max(begun.from + STEP, begun.to + by) }
          : { ...begun, to: Math.max(begun.from + STEP, begun.from + by) };
    setDrag({ ...drag, now, moved: true });
  };
  const end = (event: PointerEvent, kept: boolean) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    setDrag(null);
    // The click that follows a drag opens nothing.
    suppressed.current = drag.moved;
    if (!kept || !drag.moved || edit === null) return;
    if (drag.what === "draw") {
      if (drag.now.to - drag.now.from >= 15) edit.draw(drag.now);
    } else if (drag.id !== null) edit.place(drag.id, drag.now, event.altKey || event.ctrlKey);
  };

  const shown = cards.map((card) => (drag?.id === card.id && drag.moved ? { ...card, ...drag.now } : card));
  const boxes = boxesOf(shown, columns);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group, not a landmark: the section around it has the name.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <div className="grid-frame" role="group" aria-label={label} aria-describedby={describedBy} tabIndex={0}>
      <svg className="grid-head" width={width} height={HEAD} role="presentation">
        {columns.map((column) => (
          <g key={column.day}>
            <text className="grid-day" x={column.start + GUTTER} y={17}>
              {column.heading}
            </text>
            {column.lanes.map((lane) => {
              const name = inLocale(lane.name, locale);
              return (
                <foreignObject key={lane.key} x={lane.start + 4} y={24} width={LANE - 10} height={30}>
                  <div className="grid-room" lang={htmlLang(name.locale)}>
                    {name.text}
                  </div>
                </foreignObject>
              );
            })}
          </g>
        ))}
      </svg>
      <svg
        ref={body}
        className={drag === null ? "grid-body" : "grid-body dragging"}
        width={width}
        height={height}
        onPointerMove={move}
        onPointerUp={(event) => end(event, true)}
        onPointerCancel={(event) => end(event, false)}
      >
        <title>{label}</title>
        {columns.map((column) => (
          <g key={column.day}>
            {column.lanes.map((lane) => (
              <rect
                key={lane.key}
                className="grid-lane"
                x={lane.start}
                y={0}
                width={LANE}
                height={height}
                onPointerDown={(event) =>
                  event.pointerType === "touch" ? undefined : begin(event, "draw", null)
                }
              />
            ))}
            {Array.from({ length: hours[1] - hours[0] }, (_, n) => hours[0] + n).map((hour) => (
              <g key={hour}>
                <line x1={column.start} x2={column.end - 8} y1={y(hour * 60)} y2={y(hour * 60)} />
                <text x={column.start + 2} y={y(hour * 60) + 12}>
                  {`${String(hour).padStart(2, "0")}:00`}
                </text>
              </g>
            ))}
          </g>
        ))}
        {drag !== null && drag.id === null && drag.moved ? (
          <Ghost spot={drag.now} columns={columns} y={y} />
        ) : null}
        {shown.map((card) => {
          const box = boxes.get(card.id);
          if (box === undefined) return null;
          const top = Math.max(0, y(card.from));
          const bottom = Math.min(height, y(card.to));
          const title = inLocale(card.title, locale);
          const classes = [
            "grid-card",
            card.kind,
            card.clashing ? "clashing" : "",
            bottom - top < 34 ? "short" : "",
            card.pending || drag?.id === card.id ? "pending" : "",
          ];
          const content = (
            <>
              <span className="grid-time">
                {drag?.id === card.id && drag.moved ? clock(card) : card.time}
              </span>{" "}
              <span lang={htmlLang(title.locale)}>{title.text}</span>
              {edit === null ? null : (
                <span
                  className="grid-grip"
                  onPointerDown={(event) => {
                    event.stopPropagation();
                    begin(event, "stretch", card);
                  }}
                />
              )}
            </>
          );
          return (
            <foreignObject
              key={card.id}
              x={box.x}
              y={top}
              width={box.width}
              height={Math.max(16, bottom - top - 1)}
            >
              {card.href === null ? (
                <div className={classes.join(" ")} id={`i-${card.id}`}>
                  {content}
                </div>
              ) : (
                <a
                  className={classes.join(" ")}
                  id={`i-${card.id}`}
                  href={card.href}
                  aria-label={card.label}
                  draggable={false}
                  onPointerDown={(event) => begin(event, "move", card)}
                  onClick={(event) => {
                    if (suppressed.current) event.preventDefault();
                    suppressed.current = false;
                  }}
                  onKeyDown={(event) => edit?.key(event, card.id)}
                >
                  {content}
                </a>
              )}
            </foreignObject>
          );
        })}
      </svg>
    </div>
  );
}

function Ghost({
  spot,
  columns,
  y,
}: {
  spot: GridSpot;
  columns: ReadonlyArray<Column>;
  y: (minute: number) => number;
}) {
  const lane = columns.find(({ day }) => day === spot.day)?.lanes.find(({ key }) => key === spot.lane);
  if (lane === undefined) return null;
  return (
    <g className="grid-ghost">
      <rect
        x={lane.start + 1}
        y={y(spot.from)}
        width={LANE - 4}
        height={Math.max(4, y(spot.to) - y(spot.from))}
      />
      <text x={lane.start + 6} y={y(spot.from) + 13}>
        {clock(spot)}
      </text>
    </g>
  );
}

function clock({ from, to }: Pick<GridSpot, "from" | "to">): string {
  const one = (minute: number) => {
    const left = ((minute % 1440) + 1440) % 1440;
    return [Math.floor(left / 60), left % 60].map((part) => String(part).padStart(2, "0")).join(":");
  };
  return `${one(from)}–${one(to)}`;
}

type Column = {
  day: string;
  heading: string;
  start: number;
  end: number;
  lanes: ReadonlyArray<{ key: string; name: Bilingual; start: number; end: number }>;
};

/** Where days and lanes lie, in pixels from the left. */
function columnsOf(days: ReadonlyArray<GridDay>): Array<Column> {
  let x = 0;
  return days.map(({ day, heading, lanes }) => {
    const start = x;
    const placed = lanes.map((lane, n) => ({
      ...lane,
      start: start + GUTTER + n * LANE,
      end: start + GUTTER + (n + 1) * LANE,
    }));
    x = start + GUTTER + lanes.length * LANE + 10;
    return { day, heading, start, end: x, lanes: placed };
  });
}

/** Where cards lie in their lanes: what overlaps there shares the width. */
function boxesOf(
  cards: ReadonlyArray<GridCard>,
  columns: ReadonlyArray<Column>,
): Map<string, { x: number; width: number }> {
  const boxes = new Map<string, { x: number; width: number }>();
  for (const column of columns)
    for (const lane of column.lanes) {
      const there = cards
        .filter((card) => card.day === column.day && card.lane === lane.key)
        .sort((a, b) => a.from - b.from || b.to - a.to || (a.id < b.id ? -1 : 1));
      let cluster: Array<{ card: GridCard; track: number }> = [];
      let ends: Array<number> = [];
      const settle = () => {
        const width = (LANE - 4) / Math.max(1, ends.length);
        for (const { card, track } of cluster)
          boxes.set(card.id, { x: Math.round(lane.start + 1 + track * width), width: Math.round(width) - 1 });
        cluster = [];
        ends = [];
      };
      for (const card of there) {
        if (ends.every((end) => end <= card.from)) settle();
        const free = ends.findIndex((end) => end <= card.from);
        const track = free === -1 ? ends.length : free;
        ends[track] = card.to;
        cluster.push({ card, track });
      }
      settle();
    }
  return boxes;
}
