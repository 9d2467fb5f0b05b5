import type { PersonPage } from "../domain/person/queries.server.ts";
import { calendarDay, clockTime24, dayOf, fullDate, zoneName } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { NativeName } from "./text.tsx";

type LifeEvent = PersonPage["events"][number];

/** What happened to an invitation, the newest first, day by day: when, what, who, how they got to know it, their words. */
export function LifeTimeline({ events, timeZone }: { events: ReadonlyArray<LifeEvent>; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <p className="small muted">{t("life.zone", { zone: zoneName(timeZone, locale) })}</p>
      <ol className="life" aria-label={t("life.label")}>
        {byDay(events, timeZone).map(({ day, at, events: ofDay }) => (
          <li key={day}>
            <h3>{fullDate(at, timeZone, locale)}</h3>
            <ol>
              {ofDay.map((event) => (
                <li key={event.id} className={`life-event ${toneOf(event.kind)}`}>
                  <time dateTime={new Date(event.at).toISOString()}>{clockTime24(event.at, timeZone)}</time>
                  <div>
                    <strong>{t(`invitationEvent.${event.kind}`)}</strong>
                    <span className="second-line small muted">
                      {event.who === null ? null : (
                        <>
                          <bdi>
                            <NativeName>{event.who}</NativeName>
                          </bdi>
                          {" · "}
                        </>
                      )}
                      {t(`channel.${event.channel}`)}
                      {event.means === null ? null : ` · ${t(`means.${event.means}`)}`}
                    </span>
                    {event.askAgainOn === null ? null : (
                      <span className="second-line small">
                        {t("person.askAgain", { day: calendarDay(event.askAgainOn, locale) })}
                      </span>
                    )}
                    {event.note === "" ? null : (
                      <span className="second-line as-typed life-note">{event.note}</span>
                    )}
                  </div>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </>
  );
}

function byDay(events: ReadonlyArray<LifeEvent>, timeZone: string) {
  const days: Array<{ day: string; at: number; events: Array<LifeEvent> }> = [];
  for (const event of events) {
    const day = dayOf(event.at, timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, at: event.at, events: [event] });
  }
  return days;
}

function toneOf(kind: LifeEvent["kind"]): "good" | "wait" | "stop" | "" {
  switch (kind) {
    case "accepted":
    case "registered":
    case "confirmed":
    case "attended":
      return "good";
    case "tentative":
    case "substitute_proposed":
    case "registering":
      return "wait";
    case "bounced":
    case "declined":
    case "withdrawn":
    case "replaced":
    case "no_show":
    case "not_me":
    case "host_refused":
      return "stop";
    default:
      return "";
  }
}
