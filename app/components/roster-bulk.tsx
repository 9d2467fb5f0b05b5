import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { useT } from "../i18n/react.tsx";
import { TableFrame, Toolbar } from "./desk.tsx";
import { ListName } from "./name.tsx";
import { cellText, type RosterCol, type RosterLine } from "./roster-types.ts";

/** With more people than this, their number is typed before anything is changed. */
export const TYPED_ABOVE = 10;

export type RosterBulkPlan = {
  column: string;
  value: string;
  /** Those for whom something changes; their one cell is what stands there now. */
  lines: ReadonlyArray<RosterLine>;
  /** How many have it already. */
  same: number;
  /** How many more come when these are done. */
  later: number;
  wrongCount: boolean;
};

/** What a change of many would do, person by person, before it is done. */
export function RosterBulk({
  plan,
  columns,
  back,
  children,
}: {
  plan: RosterBulkPlan;
  columns: ReadonlyArray<RosterCol>;
  back: string;
  children: ReactNode;
}) {
  const t = useT();
  const column = columns.find(({ key }) => key === plan.column);
  if (column === undefined) return null;
  const count = plan.lines.length;
  return (
    <section className="panel" aria-labelledby="roster-bulk-title">
      <h2 id="roster-bulk-title">{t("roster.bulk.title", { column: column.label })}</h2>
      <p>
        {t("roster.bulk.count", { count })}{" "}
        {plan.same === 0 ? null : t("roster.bulk.same", { count: plan.same })}{" "}
        {plan.later === 0 ? null : t("roster.bulk.later", { count: plan.later })}
      </p>
      {count === 0 ? (
        <a className="button quiet" href={back}>
          {t("roster.row.back")}
        </a>
      ) : (
        <Form method="post">
          {children}
          <input type="hidden" name="intent" value="bulkDo" />
          <input type="hidden" name="bulkColumn" value={plan.column} />
          <input type="hidden" name="bulkValue" value={plan.value} />
          <TableFrame label={t("roster.bulk.title", { column: column.label })}>
            <table className="snug">
              <thead>
                <tr>
                  <th scope="col">{t("people.column.name")}</th>
                  <th scope="col">{t("roster.bulk.now")}</th>
                  <th scope="col">{t("roster.bulk.then")}</th>
                </tr>
              </thead>
              <tbody>
                {plan.lines.map((line) => (
                  <tr key={line.invitationId}>
                    <th scope="row" className="row-name">
                      <ListName person={line} />
                      <input type="hidden" name="invitation" value={line.invitationId} />
                      <input type="hidden" name={`seen.${line.invitationId}`} value={line.cells[0] ?? ""} />
                    </th>
                    <td lang={column.lang}>{cellText(column, line.cells[0] ?? "") || t("roster.nothing")}</td>
                    <td lang={column.lang}>{cellText(column, plan.value) || t("roster.nothing")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
          {count <= TYPED_ABOVE ? null : (
            <label className={plan.wrongCount ? "field narrow wrong" : "field narrow"}>
              <span className="label">{t("roster.bulk.type", { count })}</span>
              {plan.wrongCount ? <span className="error">{t("roster.bulk.wrongCount")}</span> : null}
              <input name="typed" inputMode="numeric" autoComplete="off" maxLength={6} />
            </label>
          )}
          <Toolbar>
            <button className="button" type="submit">
              {t("roster.bulk.do", { count })}
            </button>
            <a className="button quiet" href={back}>
              {t("roster.row.back")}
            </a>
          </Toolbar>
        </Form>
      )}
    </section>
  );
}
