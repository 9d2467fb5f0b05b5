import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { COUNTS, type Count, type TripKind } from "#db/vocabulary.ts";
import type { FlightOf } from "../domain/vehicle/flights.server.ts";
import type { Passenger } from "../domain/vehicle/trip.server.ts";
import { deskMoment, shortMoment } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { BothNames } from "./name.tsx";
import { Status } from "./page.tsx";
import { inLocale, Text } from "./text.tsx";

export type Seat = Passenger & { notExpected: boolean; flight: FlightOf | null };

/** The ways on which heads are counted: a car from or to the airport does not come back with those whom it drove. */
export function countsOf(kind: TripKind): ReadonlyArray<Count> {
  return kind === "pickup" || kind === "dropoff" ? ["out"] : COUNTS;
}

/** When a trip leaves and comes back, from where to where, and to what: lines of a list of facts. */
export function TripWay({
  trip: { times, fromPlace, toPlace, item },
  timeZone,
}: {
  trip: {
    times: { departsAt: number; returnsAt: number | null };
    fromPlace: string;
    toPlace: string;
    item: { titleEn: string; titleZh: string } | null;
  };
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <dt>{t("manifest.leaves")}</dt>
      <dd>
        <strong>{deskMoment(times.departsAt, timeZone, locale)}</strong>
      </dd>
      {times.returnsAt === null ? null : (
        <>
          <dt>{t("manifest.returns")}</dt>
          <dd>{deskMoment(times.returnsAt, timeZone, locale)}</dd>
        </>
      )}
      <dt>{t("manifest.route")}</dt>
      <dd>{t("vehicles.route", { from: fromPlace, to: toPlace })}</dd>
      {item === null ? null : (
        <>
          <dt>{t("manifest.item")}</dt>
          <dd>{inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text}</dd>
        </>
      )}
    </>
  );
}

/** The flight or train by which somebody comes or goes, in the edition's zone. */
export function Flight({
  kind,
  flight,
  timeZone,
}: {
  kind: TripKind;
  flight: FlightOf | null;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  if (flight === null || (kind !== "pickup" && kind !== "dropoff")) return null;
  const number = flight.number || (flight.means === null ? "" : t(`legMeans.${flight.means}`));
  return (
    <>
      {flight.at === null
        ? t("cars.flight.unknown")
        : t(`cars.flight.${kind}`, { number, when: shortMoment(flight.at, timeZone, locale) }).trim()}
      {flight.far === "" ? null : <> · {t(`cars.flight.far.${kind}`, { place: flight.far })}</>}
    </>
  );
}

/** What somebody is called on a manifest: by name, or as one of a delegation's where the name was not given. */
export function usePassengerName(): (seat: Seat) => string {
  const t = useT();
  const locale = useLocale();
  return (seat) =>
    seat.who === null
      ? t("manifest.guest", {
          delegation: inLocale({ en: seat.delegationEn, zh: seat.delegationZh }, locale).text,
        })
      : seat.who.nameLatin || seat.who.nameNative;
}

/** A number to be called with one tap. */
export function Phone({ number }: { number: string }) {
  return (
    <a className="num" href={`tel:${number.replaceAll(/[^+\d]/g, "")}`}>
      {number}
    </a>
  );
}

/** Who sits in the vehicle, with what is tapped on a phone and ticked on paper. */
export function ManifestList({
  seats,
  kind,
  timeZone,
  here,
  mayCount,
  news,
}: {
  seats: ReadonlyArray<Seat>;
  kind: TripKind;
  timeZone: string;
  here: string;
  mayCount: (seat: Seat) => boolean;
  /** What else there is to say of somebody. */
  news?: (seat: Seat) => ReactNode;
}) {
  const t = useT();
  return (
    <ol className={countsOf(kind).length === 1 ? "manifest one-way" : "manifest"}>
      {seats.map((seat, n) => (
        <li key={seat.passengerId} id={`p-${seat.passengerId}`}>
          <div className="manifest-who">
            <span className="num muted">{n + 1}</span>{" "}
            <strong>{seat.who === null ? <Guest seat={seat} /> : <BothNames person={seat.who} />}</strong>
            <span className="second-line small muted">
              <Text en={seat.delegationEn} zh={seat.delegationZh} />
              {seat.role === null ? null : <> · {t(`tripRole.${seat.role}`)}</>}
              {seat.who?.phone ? (
                <>
                  {" · "}
                  <Phone number={seat.who.phone} />
                </>
              ) : null}
            </span>
            {seat.flight === null ? null : (
              <span className="second-line">
                <Flight kind={kind} flight={seat.flight} timeZone={timeZone} />
              </span>
            )}
            {news?.(seat)}
            {seat.notExpected ? (
              <span className="second-line">
                <Status tone="stop">{t("manifest.notExpected")}</Status>
              </span>
            ) : null}
          </div>
          {countsOf(kind).map((count) => (
            <Tap key={count} seat={seat} count={count} here={here} may={mayCount(seat)} />
          ))}
        </li>
      ))}
    </ol>
  );
}

function Guest({ seat }: { seat: Seat }) {
  const name = usePassengerName();
  return <>{name(seat)}</>;
}

function Tap({ seat, count, here, may }: { seat: Seat; count: Count; here: string; may: boolean }) {
  const t = useT();
  const person = usePassengerName()(seat);
  const there = (count === "out" ? seat.boardedAt : seat.returnedAt) !== null;
  const word = t(there ? `manifest.there.${count}` : `manifest.not.${count}`);
  const way = t(count === "out" ? "manifest.out" : "manifest.backWay");
  return (
    <div className="manifest-tap">
      <span className="manifest-way small muted">{way}</span>
      {may ? (
        <Form method="post" action={here} preventScrollReset>
          <input type="hidden" name="passengerId" value={seat.passengerId} />
          <input type="hidden" name="count" value={count} />
          <input type="hidden" name="there" value={there ? "no" : "yes"} />
          <button
            className={there ? "tap there" : "tap"}
            type="submit"
            name="intent"
            value="count"
            aria-pressed={there}
            aria-label={t("manifest.tap", { person, way, word })}
          >
            {word}
          </button>
        </Form>
      ) : (
        <Status tone={there ? "good" : undefined}>{word}</Status>
      )}
      <span className="paper-box" aria-hidden="true" />
    </div>
  );
}
