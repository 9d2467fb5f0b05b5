import type { Spread } from "./statistics.ts";

/** One line of the report: a figure over some rounds. */
export type Row = {
  name: string;
  unit: "answers/s" | "mails/s" | "ms" | "MB" | "s";
  rounds: Spread;
  /** Milliseconds, medians over the rounds. */
  p50?: number;
  p99?: number;
};

/** A figure that was promised, and what became of the promise. */
export type Verdict = {
  name: string;
  /** As a share, in MB, in seconds, or as how many times as much. */
  value: number;
  must: number;
  aim: number;
  /** Whether more is better. */
  more: boolean;
  unit: "share" | "MB" | "s" | "times";
};

export function holds({ value, more }: Verdict, limit: number): boolean {
  return more ? value >= limit : value <= limit;
}

function number(value: number): string {
  return value >= 100
    ? Math.round(value).toLocaleString("en-US")
    : value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function shown(value: number, unit: Verdict["unit"]): string {
  return unit === "share" ? `${(value * 100).toFixed(1)} %` : `${number(value)} ${unit}`;
}

function table(lines: ReadonlyArray<ReadonlyArray<string>>): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

/** The figures as text. */
export function reportText(rows: ReadonlyArray<Row>, verdicts: ReadonlyArray<Verdict>): string {
  const figures = rows.map(({ name, unit, rounds, p50, p99 }) => [
    name,
    number(rounds.min),
    number(rounds.median),
    number(rounds.max),
    unit,
    p50 === undefined ? "" : number(p50),
    p99 === undefined ? "" : number(p99),
  ]);
  const promises = verdicts.map((verdict) => [
    verdict.name,
    shown(verdict.value, verdict.unit),
    `${verdict.more ? "≥" : "≤"} ${shown(verdict.must, verdict.unit)}`,
    holds(verdict, verdict.must) ? "pass" : "FAIL",
    `${verdict.more ? "≥" : "≤"} ${shown(verdict.aim, verdict.unit)}`,
    holds(verdict, verdict.aim) ? "reached" : "not reached",
  ]);
  return [
    table([["", "min", "median", "max", "", "p50 ms", "p99 ms"], ...figures]),
    table([["", "", "must", "", "aim", ""], ...promises]),
  ].join("\n\n");
}
