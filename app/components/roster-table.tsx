import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useT } from "../i18n/react.tsx";
import { ListName } from "./name.tsx";
import { Status } from "./page.tsx";
import { cellText, lineName, type RosterCol, type RosterLine } from "./roster-types.ts";

export type RosterHead = { delegationId: string; name: string; people: number };

/** Everybody on this page as a table: without script it is read here, and changed by links and forms. */
export function RosterTable({
  columns,
  widths,
  frozen,
  lines,
  heads,
  sorted,
  choose,
  chosen = [],
  personAddress,
  changeAddress,
}: {
  columns: ReadonlyArray<RosterCol>;
  widths: ReadonlyArray<number | null>;
  frozen: number;
  lines: ReadonlyArray<RosterLine>;
  /** What stands above each delegation's people; null: they are not grouped. */
  heads: ReadonlyArray<RosterHead> | null;
  sorted: { key: string; descending: boolean } | null;
  /** Whether people can be chosen, to do something with them. */
  choose: boolean;
  /** Who is chosen from the beginning. */
  chosen?: ReadonlyArray<string> | undefined;
  personAddress: (invitationId: string) => string;
  /** Where a person's cells are changed without script; null: nothing can be changed. */
  changeAddress: ((invitationId: string) => string) | null;
}) {
  const t = useT();
  const span = columns.length + 1 + (choose ? 1 : 0);
  return (
    <table className="roster">
      <TableColumns widths={widths} choose={choose} />
      <ColumnHeads
        columns={columns}
        choose={choose}
        frozen={frozen}
        sorted={sorted}
        widths={widths}
        onWidth={null}
      />
      <tbody>
        {lines.map((line, n) => {
          const head = headAbove(lines, n, heads);
          return [
            head === undefined ? null : <HeadRow key={`head ${head.delegationId}`} head={head} span={span} />,
            <tr key={line.invitationId} id={`r-${line.invitationId}`}>
              {choose ? (
                <td>
                  <input
                    type="checkbox"
                    name="invitation"
                    value={line.invitationId}
                    defaultChecked={chosen.includes(line.invitationId)}
                    aria-label={t("people.choose", { name: lineName(line) })}
                  />
                </td>
              ) : null}
              <th scope="row" className="row-name freeze-0">
                <a href={personAddress(line.invitationId)}>
                  <ListName person={line} />
                </a>{" "}
                {changeAddress === null ? null : (
                  <a className="roster-change" href={changeAddress(line.invitationId)}>
                    {t("roster.row.change")}
                    <span className="visually-hidden"> {lineName(line)}</span>
                  </a>
                )}
              </th>
              {columns.map((column, at) => (
                <td key={column.key} lang={column.lang} className={widths[at] == null ? undefined : "sized"}>
                  <RosterCell column={column} value={line.cells[at] ?? ""} words={line.words[at] ?? null} />
                </td>
              ))}
            </tr>,
          ];
        })}
      </tbody>
    </table>
  );
}

/** What stands above a line: the heading of its delegation, above the first of its people. */
export function headAbove(
  lines: ReadonlyArray<RosterLine>,
  n: number,
  heads: ReadonlyArray<RosterHead> | null,
): RosterHead | undefined {
  const delegationId = lines[n]?.delegationId;
  if (heads === null || lines[n - 1]?.delegationId === delegationId) return undefined;
  return heads.find((head) => head.delegationId === delegationId);
}

/** Widths that somebody drew. */
export function TableColumns({ widths, choose }: { widths: ReadonlyArray<number | null>; choose: boolean }) {
  if (widths.every((width) => width === null)) return null;
  return (
    <colgroup>
      {choose ? <col /> : null}
      <col />
      {widths.map((width, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place.
        <col key={n} width={width ?? undefined} />
      ))}
    </colgroup>
  );
}

/** The headings: each sorts by its column, and can be drawn wider. */
export function ColumnHeads({
  columns,
  choose,
  frozen,
  sorted,
  widths,
  onWidth,
}: {
  columns: ReadonlyArray<RosterCol>;
  choose: boolean;
  frozen: number;
  sorted: { key: string; descending: boolean } | null;
  widths: ReadonlyArray<number | null>;
  onWidth: ((key: string, width: number) => void) | null;
}) {
  const t = useT();
  return (
    <thead>
      <tr>
        {choose ? (
          <th scope="col">
            <span className="visually-hidden">{t("people.chooseColumn")}</span>
          </th>
        ) : null}
        <th scope="col" className="row-name freeze-0" data-freeze="">
          {t("people.column.name")}
        </th>
        {columns.map(({ key, label }, n) => {
          const by = sorted?.key === key ? sorted : null;
          return (
            <th
              scope="col"
              key={key}
              className={
                [n < frozen ? `freeze-${n + 1}` : "", widths[n] == null ? "" : "sized"].join(" ").trim() ||
                undefined
              }
              data-freeze={n < frozen ? "" : undefined}
              aria-sort={by === null ? undefined : by.descending ? "descending" : "ascending"}
            >
              <button className="roster-sort" type="submit" name="intent" value={`sort:${key}`}>
                {label}
                {by === null ? null : <span aria-hidden="true">{by.descending ? " ↓" : " ↑"}</span>}
              </button>
              {onWidth === null ? null : (
                <WidthHandle
                  label={label}
                  width={widths[n] ?? null}
                  onWidth={(width) => onWidth(key, width)}
                />
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

const NARROWEST = 40;
const WIDEST = 800;

/** The edge of a heading: drawn by a pointer, or moved by arrows. */
function WidthHandle({
  label,
  width,
  onWidth,
}: {
  label: string;
  width: number | null;
  onWidth: (width: number) => void;
}) {
  const t = useT();
  const handle = useRef<HTMLSpanElement>(null);
  const drag = useRef<{ x: number; width: number } | null>(null);
  const [now, setNow] = useState<number | null>(null);
  const within = (wish: number) => Math.round(Math.max(NARROWEST, Math.min(WIDEST, wish)));
  const measured = () => handle.current?.closest("th")?.offsetWidth ?? 120;
  const keep = () => {
    if (now !== null && now !== width) onWidth(now);
    drag.current = null;
    setNow(null);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Enter") return keep();
    const by = event.key === "ArrowLeft" ? -16 : event.key === "ArrowRight" ? 16 : 0;
    if (by === 0) return;
    event.preventDefault();
    setNow(within((now ?? width ?? measured()) + by));
  };
  const down = (event: PointerEvent) => {
    event.preventDefault();
    event.stopPropagation();
    handle.current?.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width: measured() };
  };
  const move = (event: PointerEvent) => {
    if (drag.current !== null) setNow(within(drag.current.width + event.clientX - drag.current.x));
  };
  const shown = now ?? width ?? 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule parts things that are read; this one is moved.
    <span
      ref={handle}
      className={now === null ? "width-handle" : "width-handle drawn"}
      role="separator"
      aria-orientation="vertical"
      aria-label={t("grid.width", { column: label })}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      aria-valuenow={shown}
      aria-valuetext={
        now === null && width === null ? t("grid.widthOwn") : t("grid.widthPixels", { count: shown })
      }
      tabIndex={0}
      onKeyDown={key}
      onBlur={keep}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={keep}
      onPointerCancel={() => {
        drag.current = null;
        setNow(null);
      }}
    />
  );
}

export function HeadRow({ head, span }: { head: RosterHead; span: number }) {
  const t = useT();
  return (
    <tr className="roster-head">
      <th scope="rowgroup" colSpan={span}>
        <span className="roster-head-words">
          {head.name} <span className="muted">{t("people.count", { count: head.people })}</span>
        </span>
      </th>
    </tr>
  );
}

/** What stands in a cell; a state with its shape. */
export function RosterCell({
  column,
  value,
  words,
}: {
  column: RosterCol;
  value: string;
  words: string | null;
}) {
  const tone = column.options.find((option) => option.value === value)?.tone;
  const text = cellText(column, value, words);
  if (tone !== undefined) return <Status tone={tone === "open" ? undefined : tone}>{text}</Status>;
  return column.options.length > 0 || words !== null ? text : <bdi>{text}</bdi>;
}
