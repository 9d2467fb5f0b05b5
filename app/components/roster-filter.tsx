import { Form } from "@remix-run/react";
import { type ReactNode, useState } from "react";
import { useT } from "../i18n/react.tsx";
import { isMessageKey } from "../platform/form.ts";
import { Toolbar } from "./desk.tsx";
import type { RosterCol } from "./roster-types.ts";

export type RosterFilterRow = { join: "and" | "or"; column: string; test: string; value: string };

/** Conditions, a row each; with the last, empty one another is added. Without script a row takes its words typed. */
export function RosterFilter({
  rows,
  columns,
  children,
}: {
  rows: ReadonlyArray<RosterFilterRow>;
  columns: ReadonlyArray<RosterCol>;
  children: ReactNode;
}) {
  const t = useT();
  const all = [...rows, { join: "and" as const, column: "", test: "", value: "" }];
  return (
    <Form method="post" className="roster-filter" preventScrollReset>
      {children}
      <input type="hidden" name="intent" value="filter" />
      <p className="muted small">{t("roster.filter.help")}</p>
      <ol>
        {all.map((row, n) => (
          <FilterRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place, and its words.
            key={`${n} ${row.column} ${row.test} ${row.value}`}
            row={row}
            n={n}
            columns={columns}
            last={n === rows.length}
          />
        ))}
      </ol>
      <Toolbar>
        <button className="button quiet small" type="submit">
          {t("roster.filter.apply")}
        </button>
      </Toolbar>
    </Form>
  );
}

function FilterRow({
  row,
  n,
  columns,
  last,
}: {
  row: RosterFilterRow;
  n: number;
  columns: ReadonlyArray<RosterCol>;
  last: boolean;
}) {
  const t = useT();
  const [key, setKey] = useState(row.column);
  const column = columns.find((each) => each.key === key);
  const tests = column?.tests ?? ["contains", "is", "isNot", "blank", "filled", "before", "after"];
  const number = n + 1;
  return (
    <li className="roster-condition">
      {n === 0 ? (
        <span className="muted">{t("roster.filter.where")}</span>
      ) : (
        <select name={`join.${n}`} defaultValue={row.join} aria-label={t("roster.filter.join", { number })}>
          <option value="and">{t("roster.filter.and")}</option>
          <option value="or">{t("roster.filter.or")}</option>
        </select>
      )}
      <select
        name={`column.${n}`}
        defaultValue={row.column}
        onChange={(event) => setKey(event.currentTarget.value)}
        aria-label={t("roster.filter.column", { number })}
      >
        <option value="">{t("roster.filter.choose")}</option>
        <ColumnOptions columns={columns} />
      </select>
      <select
        key={`${key} test`}
        name={`test.${n}`}
        defaultValue={row.column === key ? row.test : undefined}
        aria-label={t("roster.filter.test", { number })}
      >
        {tests.map((test) => (
          <option key={test} value={test}>
            {testName(t, test, column)}
          </option>
        ))}
      </select>
      {column !== undefined && column.options.length > 0 ? (
        <select
          key={`${key} value`}
          name={`value.${n}`}
          defaultValue={row.column === key ? row.value : ""}
          aria-label={t("roster.filter.value", { number })}
        >
          <option value="">{t("roster.filter.chooseValue")}</option>
          {column.options.every(({ value }) => value !== row.value) &&
          row.value !== "" &&
          row.column === key ? (
            <option value={row.value}>{row.value}</option>
          ) : null}
          {column.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <input
          key={`${key} value`}
          name={`value.${n}`}
          type={column?.kind === "day" || column?.kind === "instant" ? "date" : "text"}
          inputMode={column?.kind === "number" ? "numeric" : undefined}
          defaultValue={row.column === key ? row.value : ""}
          maxLength={200}
          autoComplete="off"
          aria-label={t("roster.filter.value", { number })}
        />
      )}
      {last ? null : (
        <label className="tick-inline">
          <input type="checkbox" name={`drop.${n}`} /> {t("roster.filter.drop")}
        </label>
      )}
    </li>
  );
}

/** Days and moments lie before and after; numbers are smaller and larger. */
function testName(t: ReturnType<typeof useT>, test: string, column: RosterCol | undefined): string {
  const key = `rosterTest.${column?.kind === "number" && (test === "before" || test === "after") ? `${test}Number` : test}`;
  return isMessageKey(key) ? t(key) : test;
}

/** Columns to choose one of, by their groups. */
export function ColumnOptions({
  columns,
  valueFor = (key) => key,
}: {
  columns: ReadonlyArray<RosterCol>;
  valueFor?: (key: string) => string;
}) {
  return [...Map.groupBy(columns, ({ group }) => group)].map(([group, members]) => (
    <optgroup key={group} label={group}>
      {members.map(({ key, label }) => (
        <option key={key} value={valueFor(key)}>
          {label}
        </option>
      ))}
    </optgroup>
  ));
}
