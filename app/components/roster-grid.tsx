import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useT } from "../i18n/react.tsx";
import {
  type Block,
  blockOf,
  laid,
  moved,
  oneLine,
  readBlock,
  type Spot,
  writeBlock,
} from "./roster-cells.ts";
import { BEFORE, type Editing, GridRow, stateOfRow } from "./roster-grid-row.tsx";
import { type OffersFor, useSpellings } from "./roster-offers.tsx";
import type { Displaced } from "./roster-places.ts";
import { ColumnHeads, HeadRow, headAbove, type RosterHead, TableColumns } from "./roster-table.tsx";
import { cellText, lineName, optionOf, type RosterCol, type RosterLine } from "./roster-types.ts";
import { type CellEdit, cellKey, type Pending } from "./use-roster-edits.ts";

/*
 * The table as a grid: one cell has the focus and arrows move it; what is typed goes into it. The cell that has the focus
 * and can be changed holds a field from the beginning, unseen, so that an input method for Chinese has where to write.
 */

export type GridEdits = {
  pending: ReadonlyMap<string, Pending>;
  change: (cells: ReadonlyArray<CellEdit>, kind?: "edit" | "paste") => void;
  refuse: (cells: ReadonlyArray<CellEdit>, problem: string) => void;
  undo: () => void;
  redo: () => void;
};

type Props = {
  /** Where what is written already is asked for, and which of it may be meant by what is typed. */
  endpoint: string;
  offersFor: OffersFor;
  columns: ReadonlyArray<RosterCol>;
  widths: ReadonlyArray<number | null>;
  frozen: number;
  lines: ReadonlyArray<RosterLine>;
  heads: ReadonlyArray<RosterHead> | null;
  sorted: { key: string; descending: boolean } | null;
  choose: boolean;
  personAddress: (invitationId: string) => string;
  edits: GridEdits;
  /** Cells that a colleague changed, and how that is said. */
  news: ReadonlyMap<string, string>;
  /** Rows that would not stand where they stand in the list as it is now. */
  displaced: ReadonlyMap<string, Displaced>;
  onWidth: (key: string, width: number) => void;
  say: (words: string) => void;
};

export function RosterGrid(props: Props) {
  const {
    endpoint,
    offersFor,
    columns,
    widths,
    frozen,
    lines,
    heads,
    sorted,
    choose,
    personAddress,
    edits,
    news,
    displaced,
    onWidth,
    say,
  } = props;
  const t = useT();
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<Spot>({ row: 0, col: BEFORE - 1 });
  const [anchor, setAnchor] = useState<Spot | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const spellings = useSpellings(endpoint);
  const within = useRef(false);
  const first = choose ? 0 : 1;
  const size = { rows: lines.length, cols: columns.length + BEFORE };
  const spot = {
    row: Math.max(0, Math.min(active.row, size.rows - 1)),
    col: Math.max(first, Math.min(active.col, size.cols - 1)),
  };
  const block = blockOf(spot, anchor ?? spot);

  useFrozen(table, { columns, widths, frozen, lines: lines.length });

  // When the rows are put in another order, the focus and what is being typed go with their people.
  const here = useRef<{ lines: ReadonlyArray<RosterLine>; person: string | undefined }>({
    lines,
    person: undefined,
  });
  useLayoutEffect(() => {
    const before = here.current;
    here.current = { lines, person: lines[spot.row]?.invitationId };
    if (before.lines === lines || before.person === here.current.person) return;
    const row = lines.findIndex(({ invitationId }) => invitationId === before.person);
    setAnchor(null);
    if (row >= 0) {
      here.current.person = before.person;
      setActive({ ...spot, row });
    }
    if (editing === null) return;
    if (row >= 0) setEditing({ ...editing, row });
    else {
      // Whoever is written about is on another page: what was typed goes there.
      keepDraft(before.person);
      setEditing(null);
    }
  });
  /** Writes what stands in an open cell, when its page is about to go. */
  const keepDraft = (person: string | undefined) => {
    const column = editing === null ? undefined : columnAt(editing.col);
    if (editing === null || column === undefined || person === undefined) return;
    const typed = editing.draft.trim();
    const value = column.options.length === 0 ? typed : optionOf(column.options, typed);
    if (value !== null && value !== editing.seen)
      edits.change([{ invitationId: person, column: column.key, seen: editing.seen, value }]);
  };
  const leaving = useRef(keepDraft);
  useLayoutEffect(() => {
    leaving.current = keepDraft;
  });
  useLayoutEffect(() => () => leaving.current(here.current.person), []);
  const isTyped = editing?.isTyped === true;
  useEffect(() => {
    if (!isTyped) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isTyped]);

  // The focus goes with the active cell, but only while it is in the grid.
  useLayoutEffect(() => {
    if (!within.current) return;
    const cell = table.current?.querySelector<HTMLElement>(`[data-spot="${spot.row}:${spot.col}"]`);
    const target = cell?.querySelector<HTMLElement>("[data-catch]") ?? cell;
    if (
      target !== undefined &&
      target !== null &&
      document.activeElement !== target &&
      !target.contains(document.activeElement)
    )
      target.focus({ preventScroll: false });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [spot.row, spot.col]);

  const columnAt = (col: number) => columns[col - BEFORE];
  const valueAt = (row: number, col: number): string => {
    const line = lines[row];
    const column = columnAt(col);
    if (line === undefined || column === undefined) return "";
    return edits.pending.get(cellKey(line.invitationId, column.key))?.value ?? line.cells[col - BEFORE] ?? "";
  };
  const storedAt = (row: number, col: number) => lines[row]?.cells[col - BEFORE] ?? "";
  const editable = (col: number) => columnAt(col)?.editable === true;

  /** What is written in that column, here and elsewhere, and may be meant by what is being typed. */
  const offersOf = ({ col, draft, isTyped }: Editing): ReadonlyArray<string> => {
    const column = columnAt(col);
    if (!isTyped || column?.offers !== true) return NO_OFFERS;
    return offersFor(
      [...(spellings.known.get(column.key) ?? []), ...lines.map((_line, row) => valueAt(row, col))],
      draft,
    );
  };
  const offers = editing === null ? NO_OFFERS : offersOf(editing);

  const go = (to: Spot, extend = false) => {
    within.current = true;
    if (extend) setAnchor(anchor ?? spot);
    else setAnchor(null);
    setActive({ row: to.row, col: Math.max(first, to.col) });
  };
  const begin = (draft: string | null) => {
    if (!editable(spot.col)) return;
    const column = columnAt(spot.col);
    const value = valueAt(spot.row, spot.col);
    const shown = column === undefined ? value : column.options.length > 0 ? cellText(column, value) : value;
    setAnchor(null);
    setEditing({
      ...spot,
      draft: draft ?? shown,
      seen: storedAt(spot.row, spot.col),
      wrong: false,
      whole: draft === null,
      isTyped: false,
      picked: -1,
    });
  };
  const end = (to: Spot | null) => {
    within.current = true;
    flushSync(() => setEditing(null));
    if (to !== null) go(to);
  };
  const commit = (to: Spot | null, offer?: string): boolean => {
    if (editing === null) return true;
    const line = lines[editing.row];
    const column = columnAt(editing.col);
    if (line === undefined || column === undefined) {
      end(to);
      return true;
    }
    const typed = offer ?? editing.draft.trim();
    const value = column.options.length === 0 ? typed : optionOf(column.options, typed);
    if (value === null) {
      setEditing({ ...editing, wrong: true });
      say(t("grid.unknownWord", { typed, column: column.label }));
      return false;
    }
    if (value !== valueAt(editing.row, editing.col))
      edits.change([{ invitationId: line.invitationId, column: column.key, seen: editing.seen, value }]);
    end(to);
    return true;
  };

  /** Writes texts into cells: what is no word of its column stays there to be mended. */
  const write = (
    texts: (row: number, col: number) => string | null,
    over: Block,
    more: ReadonlyArray<string> = [],
  ) => {
    const good: Array<CellEdit> = [];
    const bad: Array<CellEdit> = [];
    let closed = 0;
    for (let row = over.top; row <= over.bottom; row++)
      for (let col = Math.max(BEFORE - 1, over.left); col <= over.right; col++) {
        const text = texts(row, col);
        const line = lines[row];
        const column = columnAt(col);
        if (text === null || line === undefined) continue;
        if (column?.editable !== true) {
          if (text !== (column === undefined ? lineName(line) : valueAt(row, col))) closed += 1;
          continue;
        }
        const typed = column.long ? text.trim() : oneLine(text);
        const value = column.options.length === 0 ? typed : optionOf(column.options, typed);
        const cell = { invitationId: line.invitationId, column: column.key, seen: storedAt(row, col) };
        if (value === null) bad.push({ ...cell, value: typed });
        else if (value !== valueAt(row, col)) good.push({ ...cell, value });
      }
    if (good.length > 0) edits.change(good, "paste");
    if (bad.length > 0) edits.refuse(bad, t("grid.unknownPasted"));
    say([t("grid.wrote", { good: good.length, bad: bad.length, closed }), ...more].join(" "));
  };
  const paste = (text: string) => {
    const { over, lost, text: at } = laid(readBlock(text), block, size);
    write(at, over, [
      ...(lost.rows > 0 ? [t("grid.lost", { count: lost.rows })] : []),
      ...(lost.cols > 0 ? [t("grid.lostColumns", { count: lost.cols })] : []),
    ]);
    setAnchor({ row: over.bottom, col: over.right });
    setActive({ row: over.top, col: Math.max(first, over.left) });
  };
  const copied = () =>
    writeBlock(
      Array.from({ length: block.bottom - block.top + 1 }, (_, n) => block.top + n).map((row) =>
        Array.from({ length: block.right - block.left + 1 }, (_, n) => block.left + n)
          .filter((col) => col > 0)
          .map((col) => {
            const line = lines[row];
            if (line === undefined) return "";
            const column = columnAt(col);
            if (column === undefined) return lineName(line);
            const pending = edits.pending.get(cellKey(line.invitationId, column.key));
            return cellText(
              column,
              valueAt(row, col),
              pending === undefined ? (line.words[col - BEFORE] ?? null) : null,
            );
          }),
      ),
    );

  const keyInEditor = (event: KeyboardEvent) => {
    if (editing === null || isComposing(event)) return;
    const { row, col } = editing;
    switch (event.key) {
      case "Escape":
        event.preventDefault();
        if (editing.picked >= 0) return setEditing({ ...editing, picked: -1 });
        return end(null);
      case "Enter": {
        event.preventDefault();
        if ((event.altKey || event.ctrlKey || event.metaKey) && columnAt(col)?.long === true) {
          const field = event.target as HTMLTextAreaElement;
          field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
          return setEditing({ ...editing, draft: field.value, isTyped: true });
        }
        const to = { row: Math.max(0, Math.min(size.rows - 1, row + (event.shiftKey ? -1 : 1))), col };
        return void commit(to, offers[editing.picked]);
      }
      case "Tab": {
        event.preventDefault();
        // Behind the last cell of a row the next row begins: what is typed on does not write over it.
        const isLast = !event.shiftKey && col === size.cols - 1 && row < size.rows - 1;
        if (isLast) return void commit({ row: row + 1, col: BEFORE }, offers[editing.picked]);
        const to = Math.max(first, Math.min(size.cols - 1, col + (event.shiftKey ? -1 : 1)));
        return void commit({ row, col: to }, offers[editing.picked]);
      }
      case "ArrowUp":
      case "ArrowDown": {
        const column = columnAt(col);
        const by = event.key === "ArrowUp" ? -1 : 1;
        const picked = Math.max(-1, Math.min(offers.length - 1, editing.picked + by));
        if (picked !== editing.picked || editing.picked >= 0) {
          event.preventDefault();
          return setEditing({ ...editing, picked });
        }
        // Whoever types over a cell goes on as from any other; whoever opened it moves within what stands there.
        if (editing.whole || column === undefined || column.long || column.options.length > 0) return;
        event.preventDefault();
        return void commit({ row: Math.max(0, Math.min(size.rows - 1, row + by)), col });
      }
      default:
        return;
    }
  };
  const keyInGrid = (event: KeyboardEvent) => {
    const control = event.ctrlKey || event.metaKey;
    if (event.altKey || isComposing(event)) return;
    const to = moved(spot, { key: event.key, far: control }, size);
    if (to !== null) {
      event.preventDefault();
      return go(to, event.shiftKey);
    }
    if (control) {
      switch (event.key.toLowerCase()) {
        case "z":
          event.preventDefault();
          return event.shiftKey ? edits.redo() : edits.undo();
        case "y":
          event.preventDefault();
          return edits.redo();
        case "d": {
          event.preventDefault();
          // A row alone is filled from the one above it.
          const from = block.top === block.bottom ? block.top - 1 : block.top;
          return write((_row, col) => (from < 0 || col < BEFORE ? null : valueAt(from, col)), {
            ...block,
            top: from + 1,
          });
        }
        case "a":
          event.preventDefault();
          setAnchor({ row: size.rows - 1, col: size.cols - 1 });
          return setActive({ row: 0, col: BEFORE });
        default:
          return;
      }
    }
    switch (event.key) {
      case "Enter":
      case "F2": {
        event.preventDefault();
        if (spot.col >= BEFORE) return begin(null);
        const cell = table.current?.querySelector<HTMLElement>(
          `[data-spot="${spot.row}:${spot.col}"] :is(a, input)`,
        );
        return cell?.click();
      }
      case "Escape":
        return setAnchor(null);
      case "Delete":
      case "Backspace":
        event.preventDefault();
        return write(() => "", block);
      case " ": {
        event.preventDefault();
        const boxes = Array.from({ length: block.bottom - block.top + 1 }, (_, n) =>
          table.current?.querySelector<HTMLInputElement>(`[data-spot="${block.top + n}:0"] input`),
        ).filter((box) => box !== null && box !== undefined);
        const on = !boxes.every((box) => box.checked);
        for (const box of boxes) if (box.checked !== on) box.click();
        return;
      }
      default:
        return;
    }
  };

  const spotOf = (target: EventTarget): Spot | null => {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-spot]") : null;
    const [row, col] = (cell?.dataset.spot ?? "").split(":").map(Number);
    return row === undefined || col === undefined || Number.isNaN(row) ? null : { row, col };
  };
  const press = (event: PointerEvent) => {
    const to = spotOf(event.target);
    if (to === null || event.button !== 0) return;
    if (editing !== null && editing.row === to.row && editing.col === to.col) return;
    if (editing !== null && !commit(null)) return;
    within.current = true;
    // A finger that comes back to its cell wants to write there; a mouse says so with a double click.
    if (event.pointerType !== "mouse" && to.row === spot.row && to.col === spot.col) begin(null);
    else if (event.shiftKey) {
      event.preventDefault();
      go(to, true);
    } else go(to);
  };
  const drag = (event: PointerEvent) => {
    if (event.pointerType !== "mouse" || (event.buttons & 1) === 0 || editing !== null) return;
    const to = spotOf(event.target);
    if (to !== null && (to.row !== spot.row || to.col !== spot.col)) go(to, true);
  };
  const inField = (target: EventTarget) =>
    target instanceof HTMLElement && target.matches("input, textarea") && !target.hasAttribute("data-catch");

  return (
    <table
      ref={table}
      className="roster live"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern of a grid is laid over the table that it is; its cells become the grid's.
      role="grid"
      aria-rowcount={lines.length + 1}
      aria-colcount={columns.length + BEFORE}
      aria-multiselectable="true"
      onKeyDown={(event) => {
        if (spotOf(event.target) === null) return;
        if (editing !== null) keyInEditor(event);
        else keyInGrid(event);
      }}
      onFocus={(event) => {
        const at = spotOf(event.target);
        within.current = at !== null;
        if (at !== null && editing === null && (at.row !== spot.row || at.col !== spot.col)) go(at);
        // A click gives the cell itself the focus, which belongs to its field.
        if (event.target.matches("[data-spot]"))
          event.target.querySelector<HTMLElement>("[data-catch]")?.focus();
      }}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && table.current?.contains(event.relatedTarget)) return;
        // A tab that loses the window keeps its place; somebody who leaves the grid does not come back by themselves.
        if (document.hasFocus()) within.current = false;
        if (editing !== null && document.hasFocus() && event.relatedTarget !== null) commit(null);
      }}
      onPointerDown={press}
      onPointerOver={drag}
      onDoubleClick={(event) => {
        if (spotOf(event.target) !== null && editing === null && !inField(event.target)) begin(null);
      }}
      onCopy={(event) => {
        if (editing !== null || spotOf(event.target) === null) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", copied());
        say(t("grid.copied", { count: (block.bottom - block.top + 1) * (block.right - block.left + 1) }));
      }}
      onCut={(event) => {
        if (editing !== null || spotOf(event.target) === null) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", copied());
        write(() => "", block);
      }}
      onPaste={(event) => {
        if (editing !== null || spotOf(event.target) === null) return;
        event.preventDefault();
        paste(event.clipboardData.getData("text/plain"));
      }}
    >
      <TableColumns widths={widths} choose={choose} />
      <ColumnHeads
        columns={columns}
        choose={choose}
        frozen={frozen}
        sorted={sorted}
        onWidth={onWidth}
        widths={widths}
      />
      <tbody>
        {lines.map((line, row) => {
          const head = headAbove(lines, row, heads);
          const own = row >= block.top && row <= block.bottom;
          return [
            head === undefined ? null : (
              <HeadRow
                key={`head ${head.delegationId}`}
                head={head}
                span={columns.length + 1 + (choose ? 1 : 0)}
              />
            ),
            <GridRow
              key={line.invitationId}
              line={line}
              row={row}
              columns={columns}
              choose={choose}
              frozen={frozen}
              widths={widths}
              address={personAddress(line.invitationId)}
              active={row === spot.row ? spot.col : null}
              left={own ? block.left : null}
              right={own ? block.right : null}
              editing={editing?.row === row ? editing : null}
              offers={editing?.row === row ? offers : NO_OFFERS}
              state={stateOfRow(line, columns, edits.pending, news)}
              displaced={displaced.get(line.invitationId) ?? null}
              onDraft={(draft, isComposing) => {
                const column = columnAt(spot.col);
                if (column?.offers === true && editing?.isTyped !== true) void spellings.ask(column.key);
                const typed = { draft, wrong: false, isTyped: !isComposing, picked: -1 };
                setEditing((now) =>
                  now === null
                    ? { ...spot, ...typed, seen: storedAt(spot.row, spot.col), whole: false }
                    : { ...now, ...typed },
                );
              }}
              onTake={(offer) => void commit(spot, offer)}
            />,
          ];
        })}
      </tbody>
    </table>
  );
}

const NO_OFFERS: ReadonlyArray<string> = [];

/** Safari ends a composition before it tells of the key that ended it, which 229 stands for. */
function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

/** Of the frame at most so much stays where it is: on a telephone the other columns must be reached, too. */
const MOST_FROZEN = 0.7;

/** How far from the left each column that stays in sight stands: measured, and told to the style sheet. */
function useFrozen(
  table: React.RefObject<HTMLTableElement>,
  on: {
    columns: ReadonlyArray<RosterCol>;
    widths: ReadonlyArray<number | null>;
    frozen: number;
    lines: number;
  },
): void {
  const { columns, widths, frozen, lines } = on;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes how wide the columns are is what they hold.
  useLayoutEffect(() => {
    const measure = () => {
      const style = table.current?.style;
      const cells = table.current?.querySelectorAll<HTMLElement>("thead [data-freeze]") ?? [];
      const room = (table.current?.parentElement?.clientWidth ?? 0) * MOST_FROZEN;
      let left = 0;
      let isFull = false;
      for (const [n, cell] of [...cells].entries()) {
        const { width } = cell.getBoundingClientRect();
        isFull ||= n > 0 && left + width > room;
        style?.setProperty(`--freeze-${n}`, isFull ? "auto" : `${left}px`);
        style?.setProperty(`--above-${n}`, isFull ? "0" : "1");
        if (!isFull) left += width;
      }
      style?.setProperty("--frozen", `${left}px`);
    };
    measure();
    const watch = new ResizeObserver(measure);
    if (table.current !== null) watch.observe(table.current);
    if (table.current?.parentElement != null) watch.observe(table.current.parentElement);
    return () => watch.disconnect();
  }, [columns, widths, frozen, lines]);
}
