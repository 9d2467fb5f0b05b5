import { useT } from "../i18n/react.tsx";
import { TableFrame } from "./desk.tsx";

type Difference = {
  name: string;
  before: ReadonlyArray<string>;
  theirs: ReadonlyArray<string>;
  yours: ReadonlyArray<string>;
  both: boolean;
};

/**
 * What a colleague saved while one had the same form open, side by side.
 *
 * @param by the colleague's name; null when it is not known, or of another side
 * @param labels what the fields are called
 * @param shown a value in words
 */
export function MergeNotice({
  by,
  differences,
  labels,
  shown,
}: {
  by: string | null;
  differences: ReadonlyArray<Difference>;
  labels: Readonly<Record<string, string>>;
  shown: (name: string, value: string) => string;
}) {
  const t = useT();
  const words = (name: string, values: ReadonlyArray<string>) =>
    values.length === 0 ? (
      <span className="muted">{t("itemMerge.empty")}</span>
    ) : (
      values.map((value) => shown(name, value)).join(t("agenda.listSeparator"))
    );
  return (
    <div className="notice stop" role="alert" tabIndex={-1} id="errors">
      <strong>{t("itemMerge.heading")}</strong>
      <p>
        {by === null ? t("itemMerge.byColleague") : t("itemMerge.by", { name: by })}{" "}
        {differences.length === 0 ? t("itemMerge.same") : t("itemMerge.intro")}
      </p>
      {differences.length === 0 ? null : (
        <TableFrame label={t("itemMerge.heading")}>
          <table className="side-by-side">
            <thead>
              <tr>
                <th scope="col">{t("itemMerge.field")}</th>
                <th scope="col">{t("itemMerge.before")}</th>
                <th scope="col">{t("itemMerge.theirs")}</th>
                <th scope="col">{t("itemMerge.yours")}</th>
                <th scope="col">{t("itemMerge.inForm")}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ name, before, theirs, yours, both }) => (
                <tr key={name}>
                  <th scope="row">{labels[name] ?? name}</th>
                  <td>{words(name, before)}</td>
                  <td>{words(name, theirs)}</td>
                  <td>{words(name, yours)}</td>
                  <td>{both ? t("itemMerge.takesYours") : t("itemMerge.takesTheirs")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </div>
  );
}
