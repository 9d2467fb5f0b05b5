import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { useT } from "../i18n/react.tsx";
import { Toolbar } from "./desk.tsx";
import { BothNames } from "./name.tsx";
import { cellText, type RosterCol, type RosterLine } from "./roster-types.ts";

/** What became of a cell that somebody wanted to change, in words. `mine`: what they typed. */
export type RosterAnswer = {
  column: string;
  outcome: "written" | "same" | "conflict" | "refused";
  theirs: string;
  mine: string;
  problem: string | null;
};

/** All that can be changed of one person, as a form: what the table does in place, without script. */
export function RosterRowForm({
  line,
  columns,
  answers,
  back,
  children,
}: {
  /** `cells` are those of `columns`. */
  line: RosterLine;
  columns: ReadonlyArray<RosterCol>;
  answers: ReadonlyArray<RosterAnswer>;
  back: string;
  children: ReactNode;
}) {
  const t = useT();
  const answered = new Map(answers.map((answer) => [answer.column, answer]));
  const cells = columns.map((column, n) => ({ column, value: line.cells[n] ?? "" }));
  return (
    <section className="panel roster-row" aria-labelledby="roster-row-title">
      <h2 id="roster-row-title">
        {t("roster.row.title")} <BothNames person={line} />
      </h2>
      <Form method="post" noValidate>
        {children}
        <input type="hidden" name="intent" value="row" />
        <input type="hidden" name="invitation" value={line.invitationId} />
        {[...Map.groupBy(cells, ({ column }) => column.group)].map(([group, members]) => (
          <fieldset key={group}>
            <legend>{group}</legend>
            <div className="roster-fields">
              {members.map(({ column, value }) => (
                <RowField key={column.key} column={column} value={value} answer={answered.get(column.key)} />
              ))}
            </div>
          </fieldset>
        ))}
        <Toolbar>
          <button className="button" type="submit">
            {t(
              answers.some(({ outcome }) => outcome === "conflict")
                ? "roster.row.saveMine"
                : "roster.row.save",
            )}
          </button>
          <a className="button quiet" href={back}>
            {t("roster.row.back")}
          </a>
        </Toolbar>
      </Form>
    </section>
  );
}

function RowField({
  column,
  value,
  answer,
}: {
  column: RosterCol;
  value: string;
  answer: RosterAnswer | undefined;
}) {
  const t = useT();
  const { key, label, options, long, lang } = column;
  const stuck = answer?.outcome === "conflict" || answer?.outcome === "refused" ? answer : undefined;
  const shown = stuck?.mine ?? value;
  const name = `value.${key}`;
  const described = stuck === undefined ? undefined : `roster-why-${key}`;
  return (
    <label className={stuck === undefined ? "field" : "field wrong"}>
      <span className="label">{label}</span>
      {stuck === undefined ? null : (
        <span className="error" id={described}>
          {stuck.problem}
          {stuck.outcome === "conflict"
            ? ` ${t("roster.conflict.theirs", { value: cellText(column, stuck.theirs) || t("roster.nothing") })}`
            : null}
        </span>
      )}
      <input type="hidden" name={`seen.${key}`} value={stuck?.theirs ?? value} />
      {options.length > 0 ? (
        <select name={name} defaultValue={shown} aria-describedby={described}>
          {options.some((option) => option.value === "") || key !== "invitedAs" ? null : (
            <option value="">{t("person.invitedAsNone")}</option>
          )}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : long ? (
        <textarea name={name} defaultValue={shown} rows={3} lang={lang} aria-describedby={described} />
      ) : (
        <input
          name={name}
          defaultValue={shown}
          lang={lang}
          autoComplete="off"
          maxLength={400}
          aria-describedby={described}
        />
      )}
    </label>
  );
}
