import { useT } from "../i18n/react.tsx";
import { ListName } from "./name.tsx";
import { Status } from "./page.tsx";
import { cellText, lineName, type RosterCol, type RosterLine } from "./roster-types.ts";

export type RosterHead = { delegationId: string; name: string; people: number };

/** Everybody on this page as a table: without script it is read here, and changed by links and forms. */
export function RosterTable({
  columns,
  lines,
  heads,
  choose,
  personAddress,
  changeAddress,
}: {
  columns: ReadonlyArray<RosterCol>;
  lines: ReadonlyArray<RosterLine>;
  /** What stands above each delegation's people; null: they are not grouped. */
  heads: ReadonlyArray<RosterHead> | null;
  /** Whether people can be chosen, to do something with them. */
  choose: boolean;
  personAddress: (invitationId: string) => string;
  /** Where a person's cells are changed without script; null: nothing can be changed. */
  changeAddress: ((invitationId: string) => string) | null;
}) {
  const t = useT();
  const span = columns.length + 1 + (choose ? 1 : 0);
  return (
    <table className="roster">
      <thead>
        <tr>
          {choose ? (
            <th scope="col">
              <span className="visually-hidden">{t("people.chooseColumn")}</span>
            </th>
          ) : null}
          <th scope="col" className="row-name">
            {t("people.column.name")}
          </th>
          {columns.map(({ key, label }) => (
            <th scope="col" key={key}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line, n) => {
          const head =
            heads !== null && lines[n - 1]?.delegationId !== line.delegationId
              ? heads.find(({ delegationId }) => delegationId === line.delegationId)
              : undefined;
          return [
            head === undefined ? null : (
              <tr key={`head ${head.delegationId}`} className="roster-head">
                <th scope="rowgroup" colSpan={span}>
                  {head.name} <span className="muted">{t("people.count", { count: head.people })}</span>
                </th>
              </tr>
            ),
            <tr key={line.invitationId} id={`r-${line.invitationId}`}>
              {choose ? (
                <td>
                  <input
                    type="checkbox"
                    name="invitation"
                    value={line.invitationId}
                    aria-label={t("people.choose", { name: lineName(line) })}
                  />
                </td>
              ) : null}
              <th scope="row" className="row-name">
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
                <td key={column.key} lang={column.lang}>
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
