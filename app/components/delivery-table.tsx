import { Form } from "@remix-run/react";
import type { Channel, DeliveryState, Locale, MailKind, MailReason } from "#db/vocabulary.ts";
import { shortMoment } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";
import { DeliveryStatus, SeenStatus, ServerSaid } from "./delivery-state.tsx";
import { TableFrame } from "./desk.tsx";
import { BothNames } from "./name.tsx";

type Delivery = {
  id: string;
  invitationId: string | null;
  nameLatin: string;
  nameNative: string;
  kind: MailKind;
  locale: Locale;
  state: DeliveryState;
  tries: number;
  dueAt: number;
  createdAt: number;
  finishedAt: number | null;
  response: string;
  reason: MailReason | null;
  isCopy: boolean;
  agendaVersion: number | null;
  seen: { number: number; at: number; channel: Channel } | null;
  mayRetry: boolean;
  mayCancel: boolean;
};

/** Mails, one recipient a row: what became of each, and what can be done about it. */
export function DeliveryTable({
  label,
  deliveries,
  slug,
  timeZone,
  mayWrite,
  withKind = false,
}: {
  label: string;
  deliveries: ReadonlyArray<Delivery>;
  slug: string;
  timeZone: string;
  mayWrite: boolean;
  withKind?: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const clock = (instant: number) => shortMoment(instant, timeZone, locale);
  return (
    <TableFrame label={label}>
      <table className="stack">
        <thead>
          <tr>
            <th scope="col">{t("message.person")}</th>
            {withKind ? <th scope="col">{t("message.kind")}</th> : null}
            <th scope="col">{t("message.language")}</th>
            <th scope="col">{t("message.state")}</th>
            <th scope="col">{t("message.when")}</th>
            <th scope="col" className="num">
              {t("message.tries")}
            </th>
            <th scope="col">{t("message.said")}</th>
            {mayWrite ? <td /> : null}
          </tr>
        </thead>
        <tbody>
          {deliveries.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {one.invitationId === null ? (
                  <BothNames person={one} />
                ) : (
                  <a href={paths.person(slug, one.invitationId)}>
                    <BothNames person={one} />
                  </a>
                )}
                {one.isCopy ? <span className="second-line muted">{t("message.copyMark")}</span> : null}
              </th>
              {withKind ? <td data-label={t("message.kind")}>{t(`mailKind.${one.kind}`)}</td> : null}
              <td data-label={t("message.language")}>{t(`message.language.${one.locale}`)}</td>
              <td>
                <DeliveryStatus state={one.state} />
                <SeenStatus mail={one} timeZone={timeZone} />
              </td>
              <td data-label={t("message.when")}>
                {one.state === "deferred"
                  ? t("message.nextTry", { when: clock(one.dueAt) })
                  : one.state === "queued"
                    ? t("message.waitsFor", { when: clock(one.dueAt) })
                    : clock(one.finishedAt ?? one.createdAt)}
              </td>
              <td className="num" data-label={t("message.tries")}>
                {one.tries}
              </td>
              <td className="small" data-label={t("message.said")}>
                {one.reason === null ? null : <strong>{t(`mailReason.${one.reason}`)}</strong>}{" "}
                <span className="muted">
                  <ServerSaid response={one.response} />
                </span>{" "}
                <a
                  href={paths.delivery(slug, one.id)}
                  aria-label={t("message.openWhom", { name: nameOf(one) })}
                >
                  {t("message.open")}
                </a>
              </td>
              {mayWrite ? (
                <td>
                  <Actions delivery={one} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function nameOf({ nameLatin, nameNative }: Pick<Delivery, "nameLatin" | "nameNative">): string {
  return nameLatin || nameNative;
}

function Actions({ delivery }: { delivery: Delivery }) {
  const t = useT();
  const name = nameOf(delivery);
  if (!delivery.mayRetry && !delivery.mayCancel) return null;
  return (
    <Form method="post">
      <input type="hidden" name="deliveryId" value={delivery.id} />
      {delivery.mayRetry ? (
        <button
          className="link"
          type="submit"
          name="intent"
          value="retry"
          aria-label={t("message.retryWhom", { name })}
        >
          {t("message.retry")}
        </button>
      ) : null}
      {delivery.mayCancel ? (
        <button
          className="link"
          type="submit"
          name="intent"
          value="cancel"
          aria-label={t("message.cancelWhom", { name })}
        >
          {t("message.cancel")}
        </button>
      ) : null}
    </Form>
  );
}
