import { useLocale } from "../i18n/react.tsx";
import { htmlLang } from "../i18n/translate.ts";
import { inLocale } from "./text.tsx";

/** One bar of a day. Minutes count from the day's midnight; `lane` is filled in here. */
export type TimelineBar = {
  id: string;
  from: number;
  to: number;
  en: string;
  zh: string;
  kind: string;
  clashing: boolean;
};

const WIDTH = 960;
const LANE = 30;
const RULER = 18;

/** The lowest free lane for each bar: what overlaps lies side by side. */
function lanes(bars: ReadonlyArray<TimelineBar>): Array<number> {
  const ends: Array<number> = [];
  return bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = bar.to;
    return lane;
  });
}

/** A day drawn to scale. The table beneath says the same in words. */
export function Timeline({ bars, label }: { bars: ReadonlyArray<TimelineBar>; label: string }) {
  const locale = useLocale();
  const sorted = bars.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const lane = lanes(sorted);
  const first = Math.floor(Math.min(...sorted.map((bar) => bar.from)) / 60);
  const last = Math.max(first + 1, Math.ceil(Math.max(...sorted.map((bar) => bar.to)) / 60));
  const x = (minute: number) => Math.round(((minute - first * 60) / ((last - first) * 60)) * WIDTH);
  const height = RULER + (Math.max(...lane) + 1) * LANE;
  const hours = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return (
    <svg className="timeline" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={label}>
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
      {sorted.map((bar, n) => {
        const title = inLocale(bar, locale);
        const width = Math.max(4, x(bar.to) - x(bar.from) - 2);
        return (
          <svg
            key={bar.id}
            x={x(bar.from) + 1}
            y={RULER + (lane[n] ?? 0) * LANE}
            width={width}
            height={LANE - 4}
            className={`timeline-bar ${bar.kind}${bar.clashing ? " clashing" : ""}`}
            role="presentation"
          >
            <rect width={width} height={LANE - 4} rx="2" />
            <text x="6" y="17" lang={htmlLang(title.locale)}>
              {bar.clashing ? "▲ " : ""}
              {title.text}
            </text>
          </svg>
        );
      })}
    </svg>
  );
}

/** Seats taken of seats, drawn; what is over the limit is drawn beyond it. */
export function SeatBar({
  taken,
  capacity,
  waiting,
  label,
}: {
  taken: number;
  capacity: number;
  waiting: number;
  label: string;
}) {
  const whole = Math.max(capacity, taken) + waiting;
  const share = (people: number) => (whole === 0 ? 0 : (people / whole) * 100);
  const within = Math.min(taken, capacity);
  const beyond = Math.max(0, taken - capacity);
  return (
    <svg className="seat-bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className="seats" width={share(capacity)} height="8" />
      <rect className="taken" width={share(within)} height="8" />
      <rect className="over" x={share(within)} width={share(beyond)} height="8" />
      <rect
        className="waiting"
        x={share(Math.max(capacity, taken))}
        y="3"
        width={share(waiting)}
        height="2"
      />
    </svg>
  );
}
