import { Form } from "@remix-run/react";
import type { NamedLine } from "../domain/meal/queries.server.ts";
import { useT } from "../i18n/react.tsx";
import { TableFrame } from "./desk.tsx";
import { BothNames } from "./name.tsx";
import { Status } from "./page.tsx";

/** Who needs a plate of their own, where they sit, and what the kitchen reads of it. */
export function MealNames({ lines, action }: { lines: ReadonlyArray<NamedLine>; action: string }) {
  const t = useT();
  if (lines.length === 0) return <p>{t("meal.noNames")}</p>;
  return (
    <TableFrame label={t("meal.names")}>
      <table className="fit stack">
        <thead>
          <tr>
            <th scope="col">{t("meal.column.seat")}</th>
            <th scope="col">{t("meal.column.person")}</th>
            <th scope="col">{t("meal.column.food")}</th>
            <th scope="col">{t("meal.column.allergy")}</th>
            <th scope="col">{t("meal.column.words")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.invitationId ?? `${line.nameLatin}${line.nameNative}`}>
              <td data-label={t("meal.column.seat")}>
                <Seat line={line} />
              </td>
              <th scope="row">
                <BothNames person={line} />
                {line.invitationId === null ? (
                  <span className="second-line small muted">{t("meal.byRelease")}</span>
                ) : null}
              </th>
              <td data-label={t("meal.column.food")}>
                {line.needs.diets
                  .filter((diet) => diet !== "none")
                  .map((diet) => (
                    <span className="second-line" key={diet}>
                      {t(`diet.${diet}`)}
                    </span>
                  ))}
                {line.needs.dietText === "" ? null : (
                  <span className="second-line wrap">{line.needs.dietText}</span>
                )}
              </td>
              <td data-label={line.needs.allergies === "" ? undefined : t("meal.column.allergy")}>
                <Allergy line={line} />
              </td>
              <td data-label={needsWords(line) ? t("meal.column.words") : undefined}>
                {needsWords(line) ? <Words line={line} action={action} /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** What was written freely stands on the sheet as it was written, until somebody puts it into the kitchen's language. */
function needsWords({ invitationId, needs, words }: NamedLine): boolean {
  return invitationId !== null && (needs.allergies !== "" || needs.dietText !== "" || words !== null);
}

function Seat({ line: { table, place } }: { line: NamedLine }) {
  const t = useT();
  if (table === "") return <span className="muted">{t("meal.noSeat")}</span>;
  return <>{place === null ? t("meal.seatAt", { table }) : t("meal.seatPlace", { table, place })}</>;
}

function Allergy({ line: { needs } }: { line: NamedLine }) {
  const t = useT();
  if (needs.allergies === "") return null;
  const severity = needs.severity === "" ? "severe" : needs.severity;
  return (
    <>
      <Status tone={severity === "mild" ? "wait" : "stop"}>
        <span className="wrap">{t(`severity.${severity}`)}</span>
      </Status>
      <span className="second-line wrap">{needs.allergies}</span>
    </>
  );
}

function Words({ line, action }: { line: NamedLine; action: string }) {
  const t = useT();
  const person = line.nameLatin || line.nameNative;
  return (
    <Form method="post" action={action} aria-label={t("meal.words.of", { person })}>
      <input type="hidden" name="invitationId" value={line.invitationId ?? ""} />
      <input type="hidden" name="told" value={line.told} />
      <label className="field">
        <span className="small">{t("meal.words.zh")}</span>
        <input name="zh" lang="zh-Hans" defaultValue={line.words?.zh} maxLength={300} autoComplete="off" />
      </label>
      <label className="field">
        <span className="small">{t("meal.words.en")}</span>
        <input name="en" lang="en" defaultValue={line.words?.en} maxLength={300} autoComplete="off" />
      </label>
      <button className="button quiet small no-print" type="submit" name="intent" value="words">
        {t("meal.words.save")}
      </button>
    </Form>
  );
}
