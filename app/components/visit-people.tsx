import { Form } from "@remix-run/react";
import type { PersonOnVisit } from "../domain/visit/queries.server.ts";
import { deskMoment, shortMoment } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";
import { TableFrame } from "./desk.tsx";
import { Status } from "./page.tsx";
import { inLocale, NativeName } from "./text.tsx";

/** People of one's own side on a visit: where they stand, how they came to it, and what is in their way. */
export function VisitPeople({
  label,
  people,
  slug,
  visitId,
  timeZone,
  mayWrite,
}: {
  label: string;
  people: ReadonlyArray<PersonOnVisit>;
  slug: string;
  visitId: string;
  timeZone: string;
  mayWrite: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const here = paths.visit(slug, visitId);
  if (people.length === 0) return <p className="muted">{t("visit.nobody")}</p>;
  const queued = people.some((one) => one.position !== null);
  return (
    <TableFrame label={label}>
      <table className="stack">
        <thead>
          <tr>
            {queued ? (
              <th scope="col" className="num">
                {t("visit.position")}
              </th>
            ) : null}
            <th scope="col">{t("agenda.person")}</th>
            <th scope="col">{t("visit.why")}</th>
            <th scope="col">{t("visit.asked")}</th>
            {mayWrite ? (
              <th scope="col">
                <span className="visually-hidden">{t("visit.withdraw")}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.invitationId}>
              {queued ? (
                <td className="num" data-label={t("visit.position")}>
                  {one.position}
                </td>
              ) : null}
              <th scope="row">
                <a href={paths.person(slug, one.invitationId)}>
                  {one.nameLatin} <NativeName>{one.nameNative}</NativeName>
                </a>
                <Obstacles one={one} />
              </th>
              <td>
                {t(`placeCause.${one.cause}`)}
                {one.preference === null ? null : (
                  <span className="second-line small muted">
                    {t("visit.wishIs", { number: one.preference })}
                  </span>
                )}
                {one.state !== "offered" || one.offerEndsAt === null ? null : (
                  <span className="second-line small">
                    <Status tone="wait">
                      {t("visit.offeredUntil", { when: deskMoment(one.offerEndsAt, timeZone, locale) })}
                    </Status>
                  </span>
                )}
                {one.overrideReason === "" ? null : (
                  <span className="second-line small">
                    {t("visit.overrideIs", { reason: one.overrideReason })}
                  </span>
                )}
              </td>
              <td data-label={t("visit.asked")}>{shortMoment(one.askedAt, timeZone, locale)}</td>
              {mayWrite ? (
                <td>
                  <Form method="post" action={here}>
                    <input type="hidden" name="invitationId" value={one.invitationId} />
                    <button
                      className="link"
                      type="submit"
                      name="intent"
                      value="withdraw"
                      aria-label={t("visit.withdrawWhom", { person: one.nameLatin || one.nameNative })}
                    >
                      {t("visit.withdraw")}
                    </button>
                  </Form>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Obstacles({ one }: { one: PersonOnVisit }) {
  const t = useT();
  const locale = useLocale();
  const items = one.clashes
    .map((item) => inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text)
    .join(t("agenda.listSeparator"));
  return (
    <>
      {items === "" ? null : (
        <span className="second-line">
          <Status tone={one.clashReason === "" ? "stop" : "wait"}>
            <span className="wrap">{t("visit.clashes", { items })}</span>
          </Status>
        </span>
      )}
      {items === "" || one.clashReason === "" ? null : (
        <span className="second-line small">{t("visit.clashAccepted", { reason: one.clashReason })}</span>
      )}
      {one.obstacles.map((obstacle) =>
        obstacle === "clash" ? null : (
          <span className="second-line" key={obstacle}>
            <Status tone="stop">
              <span className="wrap">{t(`visit.obstacle.${obstacle}`)}</span>
            </Status>
          </span>
        ),
      )}
    </>
  );
}
