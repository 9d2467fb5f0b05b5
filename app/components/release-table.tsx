import type { ReactNode } from "react";
import type { ReleaseCell, ReleaseColumn, ReleaseState } from "../domain/privacy/release.ts";
import { useT } from "../i18n/react.tsx";
import { htmlLang } from "../i18n/translate.ts";
import { TableFrame } from "./desk.tsx";
import { Status } from "./page.tsx";
import { NativeName } from "./text.tsx";

/** A cell with its words: what is missing stands back. */
type Worded = { column: ReleaseColumn; value: ReleaseCell; text: string };

/** What crosses, cell for cell: the same for the giver before and the recipient afterwards. */
export function ReleaseCells({
  label,
  headings,
  rows,
}: {
  label: string;
  headings: ReadonlyArray<string>;
  rows: ReadonlyArray<ReadonlyArray<Worded>>;
}) {
  return (
    <TableFrame label={label}>
      <table className="fit released">
        <thead>
          <tr>
            {headings.map((heading) => (
              <th scope="col" key={heading}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own: nothing but what was released may tell whose they are.
            <tr key={n}>
              {cells.map((cell) => (
                <td key={cell.column}>
                  <Cell {...cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Cell({ column, value, text }: Worded): ReactNode {
  if (typeof value === "object" && "lacks" in value) return <span className="muted">{text}</span>;
  if (column === "nameNative") return <NativeName>{text}</NativeName>;
  if (/Zh$/.test(column)) return <span lang={htmlLang("zh-CN")}>{text}</span>;
  if (/(?:En|Latin)$/.test(column)) return <bdi lang="en">{text}</bdi>;
  return <bdi>{text}</bdi>;
}

/** Who looks, when, whose it is and what for: above the table on the screen and on every sheet of paper. */
export function WatermarkLines({ lines }: { lines: ReadonlyArray<string> }) {
  return (
    <ul className="watermark">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

export function ReleaseStatus({ state }: { state: ReleaseState }) {
  const t = useT();
  const tone = state === "open" ? "good" : state === "revoked" ? "stop" : undefined;
  return <Status tone={tone}>{t(`releases.state.${state}`)}</Status>;
}
