import type { Channel, DeliveryState } from "#db/vocabulary.ts";
import { DELIVERY_STATES, KEPT_HERE } from "#db/vocabulary.ts";
import { deskMoment } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { Status } from "./page.tsx";

const TONES: Readonly<Record<DeliveryState, "good" | "wait" | "stop" | undefined>> = {
  queued: "wait",
  sending: "wait",
  accepted: "good",
  deferred: "wait",
  failed: "stop",
  cancelled: undefined,
};

/** What became of one mail. */
export function DeliveryStatus({ state }: { state: DeliveryState }) {
  const t = useT();
  return <Status tone={TONES[state]}>{t(`delivery.${state}`)}</Status>;
}

/** What a server said to a mail, as it said it; our own mailbox says it in the reader's language. */
export function ServerSaid({ response }: { response: string }) {
  const t = useT();
  return <bdi>{response === KEPT_HERE ? t("delivery.keptHere") : response}</bdi>;
}

/** How many mails are in each state; states without any are left out. */
export function DeliveryTally({ counts }: { counts: Readonly<Record<DeliveryState, number>> }) {
  const t = useT();
  const present = DELIVERY_STATES.filter((state) => counts[state] > 0);
  if (present.length === 0) return null;
  return (
    <ul className="tally">
      {present.map((state) => (
        <li key={state}>
          <Status tone={TONES[state]}>
            {counts[state]} {t(`delivery.${state}`)}
          </Status>
        </li>
      ))}
    </ul>
  );
}

/**
 * Beside a mail about the programme: whether its reader said, with their own button or to staff, that they have seen it.
 * Nothing for other mails, and none before their server took it.
 */
export function SeenStatus({
  mail,
  timeZone,
}: {
  mail: {
    state: DeliveryState;
    agendaVersion: number | null;
    seen: { number: number; at: number; channel: Channel } | null;
    isCopy: boolean;
  };
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  const { seen } = mail;
  if (mail.agendaVersion === null || mail.isCopy) return null;
  if (seen === null)
    return mail.state === "accepted" ? (
      <span className="second-line">
        <Status tone="wait">{t("message.seen.not")}</Status>
      </span>
    ) : null;
  const when = deskMoment(seen.at, timeZone, locale);
  return (
    <span className="second-line">
      <Status tone="good">
        {seen.number === mail.agendaVersion
          ? t("message.seen.yes", { when })
          : t("message.seen.later", { when, number: seen.number })}
      </Status>{" "}
      <span className="small muted">{t(`seen.channel.${seen.channel}`)}</span>
    </span>
  );
}
