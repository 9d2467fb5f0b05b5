import { useSubmit } from "@remix-run/react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useT } from "../i18n/react.tsx";
import { TableFrame, Toolbar } from "./desk.tsx";
import type { RosterTop } from "./roster-facets.tsx";
import { RosterGrid } from "./roster-grid.tsx";
import type { OffersFor } from "./roster-offers.tsx";
import { type Displaced, placesOf } from "./roster-places.ts";
import { type RosterHead, RosterTable } from "./roster-table.tsx";
import { cellText, lineName, type RosterCol, type RosterLine } from "./roster-types.ts";
import { cellKey, inColumns, type Pending, useRosterEdits, withCells } from "./use-roster-edits.ts";
import { type AwayRows, type RosterNews, useRosterLive } from "./use-roster-live.ts";

type Props = {
  columns: ReadonlyArray<RosterCol>;
  all: ReadonlyArray<RosterCol>;
  widths: ReadonlyArray<number | null>;
  frozen: number;
  lines: ReadonlyArray<RosterLine>;
  heads: ReadonlyArray<RosterHead> | null;
  sorted: { key: string; descending: boolean } | null;
  choose: boolean;
  /** Who is chosen when the page comes. */
  chosen: ReadonlyArray<string> | undefined;
  personAddress: (invitationId: string) => string;
  changeAddress: ((invitationId: string) => string) | null;
  /** Where cells are sent to, and how this page of the view is asked for again. */
  endpoint: string;
  offersFor: OffersFor;
  query: string;
  memory: string;
  steps: { undo: string | null; redo: string | null };
  /** Hidden fields of the form that keeps widths. */
  where: Record<string, string | null>;
  /** What stands above the rows has changed. */
  onTop: (top: RosterTop) => void;
};

/** The list of people: a table, and with script a grid that is changed in place and follows what colleagues do. */
export function RosterList(props: Props) {
  // What was ticked before the script came stays ticked. Null: it has not come.
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null);
  useEffect(() => setTicked(new Set(boxes().flatMap((box) => (box.checked ? [box.value] : [])))), []);
  const t = useT();
  if (ticked === null)
    return (
      <TableFrame label={t("people.tableLabel")}>
        <RosterTable {...props} />
      </TableFrame>
    );
  return <LiveGrid {...props} ticked={ticked} />;
}

function boxes(): Array<HTMLInputElement> {
  return [...document.querySelectorAll<HTMLInputElement>("input[type=checkbox][name=invitation]")];
}

function LiveGrid({ ticked, ...props }: Props & { ticked: ReadonlySet<string> }) {
  const { columns, all, endpoint, query, memory, where, onTop } = props;
  useLayoutEffect(() => {
    for (const box of boxes()) if (ticked.has(box.value)) box.checked = true;
  }, [ticked]);
  const t = useT();
  const submit = useSubmit();
  const [lines, setLines] = useState(props.lines);
  const [news, setNews] = useState<ReadonlyMap<string, string>>(new Map());
  const [fresh, setFresh] = useState<Fresh | null>(null);
  const [said, setSaid] = useState("");
  const now = useRef(lines);
  const put = useCallback((next: ReadonlyArray<RosterLine>) => {
    now.current = next;
    setLines(next);
  }, []);
  useEffect(() => {
    put(props.lines);
    setFresh(null);
  }, [props.lines, put]);

  const written = useRef(0);
  const edits = useRosterEdits({
    endpoint,
    memory,
    steps: props.steps,
    onWritten: (cells) => {
      written.current += 1;
      put(withCells(now.current, columns, cells));
      setFresh((told) => told && { ...told, lines: withCells(told.lines, columns, cells) });
    },
    words: { notHere: t("grid.notHere") },
  });
  const { connection, setConnection, flush, steps } = edits;

  const hear = (told: RosterNews, away: AwayRows) => {
    const before = new Map(now.current.map((line) => [line.invitationId, line]));
    const here = (line: RosterLine) => inColumns(line, told.shown, columns, before.get(line.invitationId));
    const lines = told.lines.map(here);
    const heard = new Map(news);
    const words: Array<string> = [];
    const nowOf = new Map(
      [...lines, ...away.flatMap(({ line }) => (line === null ? [] : here(line)))].map((line) => [
        line.invitationId,
        line,
      ]),
    );
    for (const line of nowOf.values()) {
      const known = before.get(line.invitationId);
      if (known === undefined) continue;
      for (const [n, column] of columns.entries()) {
        if (known.cells[n] === line.cells[n]) continue;
        const change = told.changes.find(
          (each) => each.invitationId === line.invitationId && each.column === column.key,
        );
        if (change?.own === true) continue;
        const sentence =
          change === undefined || change.by === ""
            ? t("grid.changed")
            : t("grid.changedBy", { by: change.by, at: change.at });
        heard.set(cellKey(line.invitationId, column.key), sentence);
        words.push(
          `${column.label}, ${lineName(line)}: ${cellText(column, line.cells[n] ?? "", line.words[n])}. ${sentence}`,
        );
      }
    }
    const { moved, added, missing } = placesOf(now.current, lines, { grouped: props.heads !== null });
    const displaced = new Map<string, Displaced>([
      ...moved.map((id) => [id, "moved"] as const),
      ...away.map(({ invitationId, now: is }) => [invitationId, is] as const),
    ]);
    setFresh(moved.length + added + missing.length === 0 ? null : { lines, displaced, added });
    // Each row is as it is now, and stays where it is, under its heading, until somebody asks for the new order.
    put(
      now.current.map((line) => {
        const next = nowOf.get(line.invitationId);
        return next === undefined ? line : { ...next, delegationId: line.delegationId };
      }),
    );
    onTop(told.top);
    edits.knowSteps(told.steps);
    if (words.length > 0) {
      setNews(heard);
      setSaid(words.slice(0, 3).join(" "));
    }
  };
  const show = () => {
    if (fresh === null) return;
    put(fresh.lines);
    setFresh(null);
    setSaid(t("grid.fresh.shown"));
    // The button goes; whoever pressed it goes on in the grid.
    requestAnimationFrame(() =>
      document
        .querySelector<HTMLElement>(".roster.live [data-catch], .roster.live [data-spot][tabindex='0']")
        ?.focus(),
    );
  };
  const heads = headsOver(props.heads, lines, useRef<ReadonlyArray<RosterHead>>([]));
  useRosterLive({
    address: `${endpoint}${query}`,
    written: () => written.current,
    shown: () => now.current.map(({ invitationId }) => invitationId),
    onNews: hear,
    onConnection: (how) => {
      setConnection(how);
      if ((how === "fine" || how === "noView") && how !== connection) void flush();
    },
  });

  const undo = async (way: "undo" | "redo") => {
    const done = await edits.back(way);
    setSaid(t(done ? `grid.${way}.done` : `grid.${way}.nothing`));
  };
  // Whoever presses the button has what is there without script done here, at once.
  useEffect(() => {
    const press = (event: MouseEvent) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const way = button?.dataset.step;
      if (way !== "undo" && way !== "redo") return;
      event.preventDefault();
      void undo(way);
    };
    document.addEventListener("click", press);
    return () => document.removeEventListener("click", press);
  });
  useEffect(() => {
    for (const way of ["undo", "redo"] as const) {
      const button = document.querySelector<HTMLButtonElement>(`button[data-step="${way}"]`);
      if (button !== null)
        button.disabled =
          steps[way] === null && (way === "undo" ? edits.pending.size : edits.unsaid.current.length) === 0;
    }
  });

  const wishes = [...edits.pending.values()];
  const waiting = wishes.filter(({ state }) => state === "waiting").length;
  const stuck = wishes.filter(({ state }) => state !== "waiting");
  const api = { ...edits, undo: () => void undo("undo"), redo: () => void undo("redo") };
  return (
    <>
      {connection === "fine" ? null : (
        <div className={connection === "gone" ? "notice stop" : "notice wait"} role="status">
          {t(`grid.${connection}`, { count: waiting })}
        </div>
      )}
      {stuck.length === 0 ? null : (
        <StuckCells
          stuck={stuck}
          lines={lines}
          columns={all}
          onMine={(wish) => edits.change([{ ...wish, seen: wish.theirs ?? wish.seen }])}
          onTheirs={(wish) => edits.drop(wish.invitationId, wish.column)}
        />
      )}
      <TableFrame label={t("people.tableLabel")}>
        <RosterGrid
          {...props}
          heads={heads}
          lines={lines}
          displaced={fresh?.displaced ?? NOBODY}
          edits={api}
          news={news}
          say={setSaid}
          onWidth={(key, width) => {
            const form = new FormData();
            form.set("intent", "widths");
            form.set(`width.${key}`, String(width));
            for (const [name, value] of Object.entries(where)) if (value !== null) form.set(name, value);
            submit(form, { method: "post", replace: true, preventScrollReset: true });
          }}
        />
      </TableFrame>
      {fresh === null ? null : (
        <div className="notice wait roster-fresh">
          <span role="status">{placesInWords(t, fresh)}</span>{" "}
          <button className="button quiet small" type="button" onClick={show}>
            {t("grid.othersShow")}
          </button>
        </div>
      )}
      {columns
        .filter(({ editable, options }) => editable && options.length > 0)
        .map(({ key, options }) => (
          <datalist key={key} id={`words-${key}`}>
            {options.map(({ value, label }) => (
              <option key={value} value={label} />
            ))}
          </datalist>
        ))}
      <p className="muted small roster-state" role="status">
        {waiting > 0 ? t("grid.saving", { count: waiting }) : t("grid.saved")} {said}
      </p>
      <details className="small roster-keys">
        <summary>{t("grid.keys.title")}</summary>
        <p>{t("grid.keys")}</p>
      </details>
    </>
  );
}

/** The page as it is now, while another one is shown: who would not stand where they stand, and how many are new. */
type Fresh = {
  lines: ReadonlyArray<RosterLine>;
  displaced: ReadonlyMap<string, Displaced>;
  added: number;
};
const NOBODY: ReadonlyMap<string, Displaced> = new Map();

function placesInWords(t: ReturnType<typeof useT>, { displaced, added }: Fresh): string {
  const all = [...displaced.values()];
  const moved = all.filter((each) => each === "moved").length;
  return [
    ...(moved > 0 ? [t("grid.fresh.moved", { count: moved })] : []),
    ...(added > 0 ? [t("grid.fresh.added", { count: added })] : []),
    ...(all.length > moved ? [t("grid.fresh.away", { count: all.length - moved })] : []),
  ].join(" ");
}

/** The headings as they are now; one whose people are all elsewhere stays, with nobody, while its rows are shown. */
function headsOver(
  heads: ReadonlyArray<RosterHead> | null,
  lines: ReadonlyArray<RosterLine>,
  known: React.MutableRefObject<ReadonlyArray<RosterHead>>,
): ReadonlyArray<RosterHead> | null {
  if (heads === null) return null;
  const wanted = new Set(lines.map(({ delegationId }) => delegationId));
  const kept = known.current.filter(
    ({ delegationId: id }) => wanted.has(id) && !heads.some(({ delegationId }) => delegationId === id),
  );
  known.current = [...heads, ...kept.map((head) => ({ ...head, people: 0 }))];
  return known.current;
}

/** Cells in which a colleague wrote something else, or whose words cannot stand there: both are kept until one is chosen. */
function StuckCells({
  stuck,
  lines,
  columns,
  onMine,
  onTheirs,
}: {
  stuck: ReadonlyArray<Pending>;
  lines: ReadonlyArray<RosterLine>;
  columns: ReadonlyArray<RosterCol>;
  onMine: (wish: Pending) => void;
  onTheirs: (wish: Pending) => void;
}) {
  const t = useT();
  return (
    <section className="notice stop roster-stuck" aria-labelledby="roster-stuck-title">
      <h2 id="roster-stuck-title">{t("grid.stuck", { count: stuck.length })}</h2>
      <ul>
        {stuck.map((wish) => {
          const column = columns.find(({ key }) => key === wish.column);
          const line = lines.find(({ invitationId }) => invitationId === wish.invitationId);
          const words = (value: string | null) =>
            (column === undefined ? (value ?? "") : cellText(column, value ?? "")) || t("roster.nothing");
          const of = line === undefined ? t("grid.elsewhere") : lineName(line);
          return (
            <li key={cellKey(wish.invitationId, wish.column)}>
              <p>
                <strong>
                  <bdi>{of}</bdi> · {column?.label ?? wish.column}
                </strong>
                {" · "}
                {t("grid.yours", { value: words(wish.value) })}
                {" · "}
                {t("grid.theirs", { value: words(wish.theirs) })}
                {wish.problem === null ? null : <span className="second-line small">{wish.problem}</span>}
              </p>
              <Toolbar>
                {wish.state === "conflict" ? (
                  <button className="button quiet small" type="button" onClick={() => onMine(wish)}>
                    {t("roster.row.saveMine")}
                  </button>
                ) : null}
                <button className="button quiet small" type="button" onClick={() => onTheirs(wish)}>
                  {t(wish.state === "conflict" ? "grid.keepTheirs" : "grid.leave")}
                </button>
              </Toolbar>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
