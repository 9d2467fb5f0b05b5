import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { useT } from "../i18n/react.tsx";
import { Toolbar } from "./desk.tsx";
import { ColumnOptions } from "./roster-filter.tsx";
import type { RosterCol } from "./roster-types.ts";

export type RosterArrangement = {
  columns: ReadonlyArray<{ key: string }>;
  frozen: number;
  sort: ReadonlyArray<{ column: string; way: string; descending: boolean }>;
  groupBy: "delegation" | null;
};

const WAYS = ["pinyin", "stroke", "latin", "protocol"] as const;
const LEVELS = [0, 1] as const;

/** Which columns stand where, in which order people come, and whether by delegation. */
export function RosterArrange({
  view,
  columns,
  children,
}: {
  view: RosterArrangement;
  columns: ReadonlyArray<RosterCol>;
  children: ReactNode;
}) {
  const t = useT();
  const places = new Map(view.columns.map(({ key }, n) => [key, n + 1]));
  return (
    <Form method="post" className="roster-arrange" preventScrollReset>
      {children}
      <input type="hidden" name="intent" value="arrange" />
      <div className="roster-orders">
        {LEVELS.map((level) => {
          const sort = view.sort[level];
          const chosen = sort === undefined ? "" : sort.way === "value" ? `value:${sort.column}` : sort.way;
          return (
            <div className="roster-order" key={level}>
              <label>
                {t(level === 0 ? "roster.sort.first" : "roster.sort.then")}{" "}
                <select name={`sort.${level}`} defaultValue={chosen}>
                  <option value="">{t(level === 0 ? "roster.sort.usual" : "roster.sort.nothing")}</option>
                  {WAYS.map((way) => (
                    <option key={way} value={way}>
                      {t(`roster.sort.${way}`)}
                    </option>
                  ))}
                  <ColumnOptions columns={columns} valueFor={(key) => `value:${key}`} />
                </select>
              </label>{" "}
              <label className="tick-inline">
                <input
                  type="checkbox"
                  name={`descending.${level}`}
                  defaultChecked={sort?.descending === true}
                />{" "}
                {t("roster.sort.descending")}
              </label>
            </div>
          );
        })}
        <label className="tick-inline">
          <input
            type="checkbox"
            name="group"
            value="delegation"
            defaultChecked={view.groupBy === "delegation"}
          />{" "}
          {t("roster.group")}
        </label>
        <label>
          {t("roster.frozen")}{" "}
          <select name="frozen" defaultValue={String(view.frozen)}>
            {[0, 1, 2, 3, 4, 5].map((count) => (
              <option key={count} value={count}>
                {t("roster.frozenCount", { count })}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="muted small">{t("roster.columns.help")}</p>
      <div className="column-groups">
        {[...Map.groupBy(columns, ({ group }) => group)].map(([group, members]) => (
          <fieldset key={group}>
            <legend>{group}</legend>
            {members.map(({ key, label }) => (
              <div className="roster-choice" key={key}>
                <label>
                  <input type="checkbox" name="show" value={key} defaultChecked={places.has(key)} /> {label}
                </label>
                <input
                  name={`place.${key}`}
                  inputMode="numeric"
                  maxLength={4}
                  defaultValue={places.get(key) ?? ""}
                  aria-label={t("roster.columns.place", { column: label })}
                />
              </div>
            ))}
          </fieldset>
        ))}
      </div>
      <Toolbar>
        <button className="button quiet small" type="submit">
          {t("roster.columns.apply")}
        </button>
      </Toolbar>
    </Form>
  );
}
