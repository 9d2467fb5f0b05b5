import { useSubmit } from "@remix-run/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useT } from "../i18n/react.tsx";
import { TableFrame, Toolbar } from "./desk.tsx";
import { RosterGrid } from "./roster-grid.tsx";
import { type RosterHead, RosterTable } from "./roster-table.tsx";
import { cellText, lineName, type RosterCol, type RosterLine } from "./roster-types.ts";
import { cellKey, type Pending, useRosterEdits, withCells } from "./use-roster-edits.ts";
import { type RosterNews, useRosterLive } from "./use-roster-live.ts";

type Props = {
  columns: ReadonlyArray<RosterCol>;
  all: ReadonlyArray<RosterCol>;
  widths: ReadonlyArray<number | null>;
  frozen: number;
  lines: ReadonlyArray<RosterLine>;
  heads: ReadonlyArray<RosterHead> | null;
  sorted: { key: string; descending: boolean } | null;
  choose: boolean;
  personAddress: (invitationId: string) => string;
  changeAddress: ((invitationId: string) => string) | null;
  /** Where cells are sent to, and how this page of the view is asked for again. */
  endpoint: string;
  query: string;
  memory: string;
  steps: { undo: string | null; redo: string | null };
  /** Hidden fields of the form that keeps widths. */
  where: Record<string, string | null>;
  back: string;
};

/** The list of people: a table, and with script a grid that is changed in place and follows what colleagues do. */
export function RosterList(props: Props) {
  const [live, setLive] = useState(false);
  useEffect(() => setLive(true), []);
  const t = useT();
  if (!live)
    return (
      <TableFrame label={t("people.tableLabel")}>
        <RosterTable {...props} />
      </TableFrame>
    );
  return <LiveGrid {...props} />;
}

function LiveGrid(props: Props) {
  const { columns, all, endpoint, query, memory, where, back } = props;
  const t = useT();
  const submit = useSubmit();
  const [lines, setLines] = useState(props.lines);
  const [steps, setSteps] = useState(props.steps);
  const [news, setNews] = useState<ReadonlyMap<string, string>>(new Map());
  const [others, setOthers] = useState(false);
  const [said, setSaid] = useState("");
  const now = useRef(lines);
  const put = useCallback((next: ReadonlyArray<RosterLine>) => {
    now.current = next;
    setLines(next);
  }, []);
  useEffect(() => {
    put(props.lines);
    setSteps(props.steps);
    setOthers(false);
  }, [props.lines, props.steps, put]);

  const written = useRef(0);
  const edits = useRosterEdits({
    endpoint,
    memory,
    onWritten: (cells) => {
      written.current += 1;
      put(withCells(now.current, columns, cells));
    },
  });
  const { connection, setConnection, flush } = edits;
  useEffect(() => {
    if (edits.steps !== null) setSteps(edits.steps);
  }, [edits.steps]);

  const hear = (told: RosterNews) => {
    const before = new Map(now.current.map((line) => [line.invitationId, line]));
    const heard = new Map(news);
    const words: Array<string> = [];
    for (const line of told.lines) {
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
    const fresh = new Map(told.lines.map((line) => [line.invitationId, line]));
    const same =
      told.lines.length === before.size && told.lines.every(({ invitationId }) => before.has(invitationId));
    setOthers(!same);
    put(now.current.map((line) => fresh.get(line.invitationId) ?? line));
    setSteps(told.steps);
    if (words.length > 0) {
      setNews(heard);
      setSaid(words.slice(0, 3).join(" "));
    }
  };
  useRosterLive({
    address: `${endpoint}${query}`,
    written: () => written.current,
    onNews: hear,
    onConnection: (fine) => {
      if (!fine) setConnection("offline");
      else if (connection === "offline") {
        setConnection("fine");
        void flush();
      }
    },
  });

  const undo = async (way: "undo" | "redo") => {
    const done = await edits.back(steps[way], way);
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
        button.disabled = steps[way] === null && !(way === "undo" && edits.pending.size > 0);
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
          {t(connection === "gone" ? "grid.gone" : "grid.offline", { count: waiting })}
        </div>
      )}
      {others ? (
        <div className="notice wait" role="status">
          {t("grid.others")} <a href={back}>{t("grid.othersShow")}</a>
        </div>
      ) : null}
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
          lines={lines}
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
