import { useLocale, useT } from "../i18n/react.tsx";
import { Heads, TableFrame } from "./desk.tsx";
import { Status } from "./page.tsx";
import { inLocale, Text } from "./text.tsx";
import { SeatBar } from "./timeline.tsx";

type Board = {
  titleEn: string;
  titleZh: string;
  capacity: number;
  taken: number;
  waiting: number;
  over: number;
  delegations: ReadonlyArray<{
    id: string;
    nameEn: string;
    nameZh: string;
    seats: number | null;
    taken: number;
    waiting: number;
    left: number;
    over: number;
  }>;
};

/** A visit's seats: drawn, in words, and by delegation. */
export function VisitSeats({ board }: { board: Board }) {
  const t = useT();
  const title = inLocale({ en: board.titleEn, zh: board.titleZh }, useLocale()).text;
  const { taken, capacity, waiting, over } = board;
  const words = t("visit.seats", { taken, capacity, waiting, left: Math.max(0, capacity - taken) });
  return (
    <>
      <SeatBar taken={taken} capacity={capacity} waiting={waiting} label={words} />
      <p className="seat-words">
        {words} <SeatStatus left={Math.max(0, capacity - taken)} over={over} />
      </p>
      <TableFrame label={t("visit.seatsOf", { visit: title })}>
        <table className="stack">
          <Heads
            columns={[
              t("visit.delegation"),
              { num: t("visit.limit") },
              { num: t("visit.taken") },
              { num: t("visit.waiting") },
              t("visit.left"),
            ]}
          />
          <tbody>
            {board.delegations.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <Text en={one.nameEn} zh={one.nameZh} />
                </th>
                <td className="num" data-label={t("visit.limit")}>
                  {one.seats ?? <span className="muted">{t("visit.unlimited")}</span>}
                </td>
                <td className="num" data-label={t("visit.taken")}>
                  {one.taken}
                </td>
                <td className="num" data-label={t("visit.waiting")}>
                  {one.waiting}
                </td>
                <td>
                  {one.seats === null ? null : (
                    <SeatBar
                      taken={one.taken}
                      capacity={one.seats}
                      waiting={one.waiting}
                      label={t("visit.seats", {
                        taken: one.taken,
                        capacity: one.seats,
                        left: one.left,
                        waiting: one.waiting,
                      })}
                    />
                  )}
                  <SeatStatus left={one.left} over={one.over} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {over > 0 || board.delegations.some((one) => one.over > 0) ? (
        <p className="note readable">{t("visit.overHelp")}</p>
      ) : null}
    </>
  );
}

function SeatStatus({ left, over }: { left: number; over: number }) {
  const t = useT();
  if (over > 0) return <Status tone="stop">{t("visit.over", { over })}</Status>;
  if (left === 0) return <Status tone="wait">{t("visit.full")}</Status>;
  return <Status tone="good">{t("visit.free", { left })}</Status>;
}
