import { Form } from "@remix-run/react";
import { useT } from "../i18n/react.tsx";
import { cellText, type RosterCol } from "./roster-types.ts";

export type RosterFacet = {
  facet: "delegation" | "category" | "reply" | "registration";
  chosen: string | null;
  counts: ReadonlyArray<{ value: string; people: number }>;
};

/** What stands above the rows. */
export type RosterTop = { facets: ReadonlyArray<RosterFacet>; total: number; everybody: number };

const BAR = 56;

/** What is counted on top: each count is a button that narrows the list to whom it counts, and back. */
export function RosterFacets({
  facets,
  columns,
  children,
}: {
  facets: ReadonlyArray<RosterFacet>;
  columns: ReadonlyArray<RosterCol>;
  /** Hidden fields: where one is. */
  children: React.ReactNode;
}) {
  const t = useT();
  return (
    <Form method="post" className="roster-facets" preventScrollReset>
      {children}
      <input type="hidden" name="intent" value="facet" />
      {facets.map(({ facet, chosen, counts }) => {
        const column = columns.find(({ key }) => key === facet);
        const most = Math.max(1, ...counts.map(({ people }) => people));
        if (column === undefined || (counts.length < 2 && chosen === null)) return null;
        return (
          <fieldset key={facet}>
            <legend>{column.label}</legend>
            {counts.map(({ value, people }) => (
              <button
                key={value}
                type="submit"
                name="facet"
                value={`${facet}:${value}`}
                aria-pressed={chosen === value}
                className="roster-facet"
              >
                <svg width={BAR} height={8} aria-hidden="true" focusable="false">
                  <rect className="rest" width={BAR} height={8} />
                  <rect
                    className="part"
                    width={Math.max(people === 0 ? 0 : 2, Math.round((people / most) * BAR))}
                    height={8}
                  />
                </svg>
                <span className="roster-facet-word">
                  {value === "" ? t("roster.none") : cellText(column, value)}
                </span>
                <span className="num">{people}</span>
              </button>
            ))}
          </fieldset>
        );
      })}
    </Form>
  );
}
