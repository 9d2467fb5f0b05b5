import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import type { RegistrationForm } from "../../domain/registration/queries.server.ts";
import type { VisitChoice } from "../../domain/visit/seats.server.ts";
import { zonedRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";

/** What collides, said before anybody has to find out. */
export function Clashes({ view }: { view: Pick<RegistrationForm, "clashes"> }) {
  const t = useT();
  const locale = useLocale();
  const title = ({ titleEn, titleZh }: { titleEn: string; titleZh: string }) =>
    locale === "en" ? titleEn || titleZh : titleZh || titleEn;
  return view.clashes.map(({ visit, other }) => (
    <Notice tone="wait" key={`${visit.id} ${other.id}`}>
      <p>{t("register.clash", { visit: title(visit), other: title(other) })}</p>
    </Notice>
  ));
}

/** When, where and with how many seats left: what helps to choose. */
export function VisitFacts({ visit, timeZone }: { visit: VisitChoice; timeZone: string }) {
  const locale = useLocale();
  return (
    <>
      <span className="second-line">
        {zonedRange(visit.startsAt, visit.endsAt, timeZone, locale)} ·{" "}
        <Text en={visit.hostEn} zh={visit.hostZh} />
      </span>
      <span className="second-line">
        <SeatState visit={visit} />
      </span>
    </>
  );
}

/** This person's place, or what they would get by asking now. */
export function SeatState({ visit }: { visit: VisitChoice }) {
  const t = useT();
  if (visit.mine === "granted") return <Status tone="good">{t("register.placeGranted")}</Status>;
  if (visit.mine === "offered") return <Status tone="wait">{t("place.offered")}</Status>;
  if (visit.mine === "waiting" && visit.position !== null)
    return <Status tone="wait">{t("register.placeWaiting", { position: visit.position })}</Status>;
  return (
    <>
      {visit.automatic ? null : (
        <Status tone="wait">{t(visit.allotment === "draw" ? "register.byLot" : "register.byStaff")}</Status>
      )}
      {!visit.automatic ? null : visit.seatsLeft > 0 ? (
        <Status tone="good">{t("register.seatsLeft", { seats: visit.seatsLeft })}</Status>
      ) : (
        <Status tone="wait">{t("register.full", { position: visit.waiting + 1 })}</Status>
      )}
      {visit.mine === "withdrawn" ? (
        <span className="second-line">{t("register.placeWithdrawn")}</span>
      ) : null}
    </>
  );
}
