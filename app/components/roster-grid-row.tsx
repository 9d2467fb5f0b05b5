import { type ChangeEvent, type CompositionEvent, memo, useEffect, useRef } from "react";
import { useT } from "../i18n/react.tsx";
import { ListName } from "./name.tsx";
import type { Spot } from "./roster-cells.ts";
import { OFFERS, Offers, offerId } from "./roster-offers.tsx";
import type { Displaced } from "./roster-places.ts";
import { RosterCell } from "./roster-table.tsx";
import { cellText, lineName, type RosterCol, type RosterLine } from "./roster-types.ts";
import { cellKey, type Pending } from "./use-roster-edits.ts";

/** Cells before the columns: the box that chooses a person, and the name. */
export const BEFORE = 2;

/** `whole`: it was opened with what stands there, to go on behind it. */
export type Editing = Spot & {
  draft: string;
  seen: string;
  wrong: boolean;
  whole: boolean;
  /** Something was typed, and no input method is still putting it together: now it can be the beginning of something. */
  isTyped: boolean;
  /** Which of what is offered instead the arrows have come to; -1: none. */
  picked: number;
};

/** What is particular about the cells of a row, as one text: a row is drawn anew when it changes. */
export function stateOfRow(
  line: RosterLine,
  columns: ReadonlyArray<RosterCol>,
  pending: ReadonlyMap<string, Pending>,
  news: ReadonlyMap<string, string>,
): string {
  const cells = columns.flatMap(({ key }, at): Array<CellState> => {
    const wish = pending.get(cellKey(line.invitationId, key));
    const told = news.get(cellKey(line.invitationId, key));
    if (wish === undefined && told === undefined) return [];
    return [{ at, value: wish?.value ?? null, state: wish?.state ?? null, told: told ?? null }];
  });
  return cells.length === 0 ? "" : JSON.stringify(cells);
}
type CellState = { at: number; value: string | null; state: Pending["state"] | null; told: string | null };

export const GridRow = memo(GridRowOf, (before, now) => {
  const names = [
    "line",
    "row",
    "columns",
    "choose",
    "frozen",
    "widths",
    "address",
    "active",
    "left",
    "right",
    "editing",
    "state",
    "displaced",
  ] as const;
  return names.every((name) => before[name] === now[name]) && now.active === null;
});

function GridRowOf({
  line,
  row,
  columns,
  choose,
  frozen,
  widths,
  address,
  active,
  left,
  right,
  editing,
  offers,
  state,
  displaced,
  onDraft,
  onTake,
}: {
  line: RosterLine;
  row: number;
  columns: ReadonlyArray<RosterCol>;
  choose: boolean;
  frozen: number;
  widths: ReadonlyArray<number | null>;
  address: string;
  /** The column that has the focus in this row; null: another row has it. */
  active: number | null;
  left: number | null;
  right: number | null;
  editing: Editing | null;
  /** What can be taken instead of what is typed. */
  offers: ReadonlyArray<string>;
  state: string;
  /** Why it would not stand here in the list as it is now. */
  displaced: Displaced | null;
  onDraft: (draft: string, isComposing: boolean) => void;
  onTake: (offer: string) => void;
}) {
  const t = useT();
  const states = state === "" ? [] : (JSON.parse(state) as Array<CellState>);
  const chosen = (col: number) => left !== null && right !== null && col >= left && col <= right;
  const common = (col: number) => ({
    "data-spot": `${row}:${col}`,
    "aria-selected": chosen(col),
    "aria-colindex": col + 1,
  });
  const name = lineName(line);
  return (
    <tr
      id={`r-${line.invitationId}`}
      aria-rowindex={row + 2}
      className={displaced === null ? undefined : "displaced"}
    >
      {choose ? (
        <td {...common(0)}>
          <input
            type="checkbox"
            name="invitation"
            value={line.invitationId}
            tabIndex={active === 0 ? 0 : -1}
            data-catch={active === 0 ? "" : undefined}
            aria-label={t("people.choose", { name })}
          />
        </td>
      ) : null}
      <th scope="row" className="row-name freeze-0" {...common(1)} tabIndex={active === 1 ? 0 : -1}>
        <a href={address} tabIndex={-1}>
          <ListName person={line} />
        </a>
        {displaced === null ? null : (
          <span className="displaced-why">{t(`grid.displaced.${displaced}`)}</span>
        )}
      </th>
      {columns.map((column, at) => {
        const col = at + BEFORE;
        const own = states.find((each) => each.at === at);
        const pending = own?.state ?? null;
        const value = pending === null ? (line.cells[at] ?? "") : (own?.value ?? "");
        const words = pending === null ? (line.words[at] ?? null) : null;
        const edited = editing?.col === col ? editing : null;
        const has = active === col;
        const classes = [
          at < frozen ? `freeze-${at + 1}` : "",
          widths[at] == null ? "" : "sized",
          pending === null ? "" : pending,
          own?.told == null ? "" : "changed",
          edited === null ? "" : "editing",
        ].filter((each) => each !== "");
        return (
          <td
            key={column.key}
            lang={column.lang}
            {...common(col)}
            className={classes.length === 0 ? undefined : classes.join(" ")}
            tabIndex={has && !column.editable ? 0 : -1}
            title={own?.told ?? undefined}
          >
            <span className="cell-words">
              <RosterCell column={column} value={value} words={words} />
              {pending === null ? null : (
                <span className="visually-hidden"> ({t(`grid.state.${pending}`)})</span>
              )}
              {own?.told == null ? null : <span className="visually-hidden"> ({own.told})</span>}
            </span>
            {has && column.editable ? (
              <CellField
                column={column}
                name={name}
                value={value}
                words={words}
                editing={edited}
                offers={offers.length}
                onDraft={onDraft}
              />
            ) : null}
            {edited === null || offers.length === 0 ? null : (
              <Offers values={offers} picked={edited.picked} lang={column.lang} onTake={onTake} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

function CellField({
  column,
  name,
  value,
  words,
  editing,
  offers,
  onDraft,
}: {
  column: RosterCol;
  name: string;
  value: string;
  words: string | null;
  editing: Editing | null;
  /** How many are offered. */
  offers: number;
  onDraft: (draft: string, isComposing: boolean) => void;
}) {
  const t = useT();
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const open = editing !== null;
  const whole = editing?.whole === true;
  // Whoever goes on with what is there writes at its end.
  useEffect(() => {
    if (whole) field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [whole]);
  const common = {
    ref: field,
    "data-catch": "",
    className: open ? "cell-field" : "cell-field unseen",
    value: editing?.draft ?? "",
    lang: column.lang,
    autoComplete: "off",
    spellCheck: false,
    "aria-invalid": editing?.wrong === true ? true : undefined,
    "aria-label": t("grid.field", {
      column: column.label,
      name,
      value: cellText(column, value, words) || t("roster.nothing"),
    }),
    onChange: (event: ChangeEvent<HTMLInputElement & HTMLTextAreaElement>) =>
      onDraft(event.currentTarget.value, (event.nativeEvent as InputEvent).isComposing),
    // What an input method is still putting together is no beginning of anything.
    onCompositionEnd: (event: CompositionEvent<HTMLInputElement & HTMLTextAreaElement>) => {
      if (open) onDraft(event.currentTarget.value, false);
    },
  };
  if (column.long) return <textarea rows={open ? 3 : 1} {...common} />;
  return (
    <input
      {...common}
      {...(column.offers ? comboboxOf(editing, offers) : {})}
      inputMode={open ? "text" : "none"}
      list={open && column.options.length > 0 ? `words-${column.key}` : undefined}
    />
  );
}

function comboboxOf(editing: Editing | null, offers: number) {
  const isOpen = editing !== null && offers > 0;
  return {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": isOpen,
    "aria-controls": isOpen ? OFFERS : undefined,
    "aria-activedescendant": isOpen && editing.picked >= 0 ? offerId(editing.picked) : undefined,
  } as const;
}
