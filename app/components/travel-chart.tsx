/** Some who come or go at the same time by the same way. Minutes count from the day's midnight. */
export type TravelMark = { id: string; minute: number; label: string };

const WIDTH = 960;
const LANE = 24;
const RULER = 18;
/** About as wide as a character of the labels is, in the drawing's own measure; Chinese ones are twice that. */
const LETTER = 7;

function widthOf(label: string): number {
  return [...label].reduce((sum, each) => sum + (/[\u2e80-\uffff]/.test(each) ? 2 : 1) * LETTER, 20);
}

/** A day to scale with a mark for each landing or leaving. The table beneath says the same in words. */
export function TravelChart({ marks, label }: { marks: ReadonlyArray<TravelMark>; label: string }) {
  const sorted = marks.toSorted((a, b) => a.minute - b.minute);
  const first = Math.floor((sorted[0]?.minute ?? 0) / 60);
  const last = Math.max(first + 4, Math.floor((sorted.at(-1)?.minute ?? 0) / 60) + 1);
  const x = (minute: number) => Math.round(((minute - first * 60) / ((last - first) * 60)) * (WIDTH - 8)) + 4;
  const ends: Array<number> = [];
  const placed = sorted.map((mark) => {
    const from = x(mark.minute);
    const width = widthOf(mark.label);
    // Where the label would run out of the drawing it stands on the other side of its mark.
    const turned = from + width > WIDTH;
    const left = turned ? from - width : from;
    const free = ends.findIndex((end) => end <= left);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = turned ? from + 8 : from + width;
    return { ...mark, x: from, lane, turned };
  });
  const height = RULER + Math.max(1, ends.length) * LANE + 4;
  const hours = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return (
    <svg className="timeline travel-chart" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={label}>
      {hours.map((hour) => (
        <g key={hour} className="timeline-hour">
          <line x1={x(hour * 60)} x2={x(hour * 60)} y1={RULER - 4} y2={height} />
          {hour === last ? null : (
            <text x={x(hour * 60) + 3} y={RULER - 6}>
              {String(hour % 24).padStart(2, "0")}
            </text>
          )}
        </g>
      ))}
      {placed.map((mark) => {
        const y = RULER + mark.lane * LANE + LANE / 2;
        return (
          <g key={mark.id} className="travel-mark">
            <circle cx={mark.x} cy={y} r="5" />
            <text
              x={mark.turned ? mark.x - 9 : mark.x + 9}
              y={y + 4}
              textAnchor={mark.turned ? "end" : "start"}
            >
              {mark.label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
