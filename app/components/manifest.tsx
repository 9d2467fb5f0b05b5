import { Form } from "@remix-run/react";
import { COUNTS, type Count } from "#db/vocabulary.ts";
import type { Passenger } from "../domain/vehicle/trip.server.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { BothNames } from "./name.tsx";
import { Status } from "./page.tsx";
import { inLocale, Text } from "./text.tsx";

export type Seat = Passenger & { notExpected: boolean };

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
  here,
  mayCount,
}: {
  seats: ReadonlyArray<Seat>;
  here: string;
  mayCount: (seat: Seat) => boolean;
}) {
  const t = useT();
  return (
    <ol className="manifest">
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
            {seat.notExpected ? (
              <span className="second-line">
                <Status tone="stop">{t("manifest.notExpected")}</Status>
              </span>
            ) : null}
          </div>
          {COUNTS.map((count) => (
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
