import type { DeliveryState } from "#db/vocabulary.ts";
import { DELIVERY_STATES } from "#db/vocabulary.ts";
import { useT } from "../i18n/react.tsx";
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
