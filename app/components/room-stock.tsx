import type { HotelView } from "../domain/lodging/queries.server.ts";
import { instantOf, shortDate } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { TableFrame } from "./desk.tsx";
import { inLocale, Text } from "./text.tsx";

/** What is free in a hotel's block, night by night: drawn, in numbers, and in words for those who hear it. */
export function StockTable({ hotel }: { hotel: Pick<HotelView, "nameEn" | "nameZh" | "types"> }) {
  const t = useT();
  const locale = useLocale();
  const name = inLocale({ en: hotel.nameEn, zh: hotel.nameZh }, locale).text;
  const nights = [
    ...new Set(
      hotel.types.flatMap((type) => type.stock.filter(({ rooms }) => rooms > 0).map(({ night }) => night)),
    ),
  ].sort();
  if (nights.length === 0) return null;
  return (
    <>
      <p className="muted small">{t("rooms.legend")}</p>
      <TableFrame label={t("rooms.stockOf", { hotel: name })}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">{t("rooms.column.type")}</th>
              {nights.map((night) => (
                <th scope="col" className="num" key={night}>
                  {shortDate(instantOf(night, "12:00", "UTC"), "UTC", locale)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hotel.types.map((type) => (
              <tr key={type.typeId}>
                <th scope="row">
                  <Text en={type.nameEn} zh={type.nameZh} />
                </th>
                {nights.map((night) => (
                  <Night key={night} stock={type.stock.find((one) => one.night === night)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}

function Night({ stock }: { stock: { rooms: number; taken: number } | undefined }) {
  const t = useT();
  const { rooms, taken } = stock ?? { rooms: 0, taken: 0 };
  if (rooms === 0) return <td className="num muted">–</td>;
  const free = rooms - taken;
  const words = t("rooms.free", { free, rooms });
  return (
    <td className="num">
      <svg className="night-bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={words}>
        <rect className="rest" width="100" height="8" />
        <rect className="taken" width={(taken / rooms) * 100} height="8" />
      </svg>
      <span aria-hidden="true">{free === 0 ? t("rooms.full") : t("rooms.freeShort", { free, rooms })}</span>
    </td>
  );
}
