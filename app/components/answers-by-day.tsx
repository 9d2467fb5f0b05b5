import { shortDate } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { TableFrame } from "./desk.tsx";
import { Text } from "./text.tsx";

/** How many had answered, day by day: a line for each delegation. Days are `YYYY-MM-DD`. */
export type AnswerLines = {
  from: string;
  to: string;
  replyBy: string | null;
  today: string;
  lines: ReadonlyArray<{
    delegationId: string;
    nameEn: string;
    nameZh: string;
    invited: number;
    steps: ReadonlyArray<{ day: string; answers: number }>;
  }>;
};

const WIDTH = 340;
const HEIGHT = 190;
/** Where the drawing proper lies: numbers go left of it, days below, the reply date's word above. */
const LEFT = 26;
const RIGHT = WIDTH - 10;
const TOP = 22;
const BOTTOM = HEIGHT - 24;

/** Lines differ by stroke and by mark, and only then by colour. */
const STYLES = ["first", "second", "third", "fourth"] as const;

const DAY = 86_400_000;

function noon(day: string): number {
  return Date.parse(`${day}T12:00Z`);
}

/** The next round number at which an axis may end. */
function roundedUp(most: number): number {
  const step = most <= 10 ? 2 : most <= 30 ? 5 : most <= 100 ? 10 : 50;
  return Math.max(step, Math.ceil(most / step) * step);
}

/** Answers added up against the reply date: drawn, with its legend, and as a table for who wants the numbers. */
export function AnswersByDay({ answers }: { answers: AnswerLines }) {
  const t = useT();
  const locale = useLocale();
  const { from, to, replyBy, today, lines } = answers;
  const days = Math.max(1, Math.round((noon(to) - noon(from)) / DAY));
  const most = roundedUp(Math.max(...lines.map((line) => line.invited)));
  const x = (day: string) =>
    LEFT + (Math.max(0, Math.min(days, Math.round((noon(day) - noon(from)) / DAY))) / days) * (RIGHT - LEFT);
  const y = (count: number) => BOTTOM - (count / most) * (BOTTOM - TOP);
  const until = today < to ? today : to;
  const date = (day: string) => shortDate(noon(day), "UTC", locale);
  const changes = [...new Set(lines.flatMap((line) => line.steps.map((step) => step.day)))].toSorted();
  const standing = (line: AnswerLines["lines"][number], day: string) =>
    line.steps.findLast((step) => step.day <= day)?.answers ?? 0;
  const label = [
    t("overview.byDay.label", { from: date(from), until: date(until) }),
    ...lines.map((line) =>
      t("overview.byDay.standing", {
        name: locale === "en" ? line.nameEn || line.nameZh : line.nameZh || line.nameEn,
        answers: standing(line, to),
        invited: line.invited,
      }),
    ),
    ...(replyBy === null ? [] : [t("overview.byDay.replyBy", { day: date(replyBy) })]),
  ].join(" ");
  return (
    <figure className="by-day">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[0, most / 2, most].map((count) => (
          <g key={count} className="scale">
            <line x1={LEFT} x2={RIGHT} y1={y(count)} y2={y(count)} />
            {Number.isInteger(count) ? (
              <text x={LEFT - 5} y={y(count) + 4} textAnchor="end">
                {count}
              </text>
            ) : null}
          </g>
        ))}
        {replyBy === null ? null : (
          <g className="reply-by">
            <line x1={x(replyBy)} x2={x(replyBy)} y1={TOP - 6} y2={BOTTOM} />
            <text x={x(replyBy)} y={TOP - 10} textAnchor="end">
              {t("overview.byDay.replyByShort")}
            </text>
          </g>
        )}
        {lines.map((line, n) => {
          const style = STYLES[n % STYLES.length] ?? "first";
          const marks = line.steps.filter((step) => step.day <= until);
          const path = [
            `M${LEFT} ${y(0)}`,
            ...marks.map((step) => `H${round(x(step.day))}V${round(y(step.answers))}`),
            `H${round(x(until))}`,
          ].join("");
          return (
            <g key={line.delegationId} className={`answers-line ${style}`}>
              <path d={path} />
              {marks.map((step) => (
                <AnswerMark key={step.day} kind={style} x={round(x(step.day))} y={round(y(step.answers))} />
              ))}
            </g>
          );
        })}
        <g className="scale">
          <text x={LEFT} y={HEIGHT - 6}>
            {date(from)}
          </text>
          <text x={RIGHT} y={HEIGHT - 6} textAnchor="end">
            {date(to)}
          </text>
        </g>
      </svg>
      <figcaption>
        <ul className="plain legend">
          {lines.map((line, n) => {
            const style = STYLES[n % STYLES.length] ?? "first";
            return (
              <li key={line.delegationId}>
                <svg viewBox="0 0 34 12" className={`answers-line ${style}`} aria-hidden="true">
                  <path d="M1 6H33" />
                  <AnswerMark kind={style} x={17} y={6} />
                </svg>
                <Text en={line.nameEn} zh={line.nameZh} />
                <span className="muted">
                  {t("overview.byDay.of", { answers: standing(line, to), invited: line.invited })}
                </span>
              </li>
            );
          })}
        </ul>
      </figcaption>
      {changes.length === 0 ? null : (
        <details>
          <summary>{t("overview.byDay.asTable")}</summary>
          <TableFrame label={t("overview.byDay")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("overview.byDay.until")}</th>
                  {lines.map((line) => (
                    <th scope="col" className="num" key={line.delegationId}>
                      <Text en={line.nameEn} zh={line.nameZh} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {changes.map((day) => (
                  <tr key={day}>
                    <th scope="row">{date(day)}</th>
                    {lines.map((line) => (
                      <td className="num" key={line.delegationId}>
                        {standing(line, day)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </details>
      )}
    </figure>
  );
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}

/** What tells a line from another without its colour: a disc, a square, a diamond, a ring. */
function AnswerMark({ kind, x, y }: { kind: (typeof STYLES)[number]; x: number; y: number }) {
  switch (kind) {
    case "first":
      return <circle cx={x} cy={y} r="3" />;
    case "second":
      return <rect x={x - 3} y={y - 3} width="6" height="6" />;
    case "third":
      return <path className="mark-drawn" d={`M${x} ${y - 4}L${x + 4} ${y}L${x} ${y + 4}L${x - 4} ${y}Z`} />;
    case "fourth":
      return <circle className="hollow" cx={x} cy={y} r="3" />;
    default:
      return kind satisfies never;
  }
}
