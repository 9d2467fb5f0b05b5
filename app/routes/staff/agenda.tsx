import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { ChangeList } from "../../components/agenda-changes.tsx";
import { AgendaTabs } from "../../components/agenda-tabs.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, Second, Text } from "../../components/text.tsx";
import { Timeline } from "../../components/timeline.tsx";
import { staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { type DraftItemView, draftAgenda } from "../../domain/agenda/draft.server.ts";
import { countWaiting } from "../../domain/agenda/notices.server.ts";
import { clockTime24, dayHeading, dayOf, deskMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "agenda.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const draft = draftAgenda(ctx);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "agenda"),
    waiting: allows(ctx.scope, ["agenda", "mail"]) ? countWaiting(ctx) : 0,
    mayTell: allows(ctx.scope, ["agenda", "mail"]),
    ...draft,
  };
}

type Item = Omit<DraftItemView, "clashes"> & { clashes: ReadonlyArray<DraftItemView["clashes"][number]> };

export default function Agenda() {
  const { slug, timeZone, mayWrite, mayTell, waiting, items, delegations, newest, changes } =
    useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const days = Map.groupBy(items, (item) => dayOf(item.startsAt, timeZone));
  const when = newest === null ? "" : deskMoment(newest.publishedAt, timeZone, locale);
  return (
    <>
      <WorkHeading
        actions={
          mayWrite ? (
            <>
              <a className="button quiet" href={paths.newAgendaItem(slug)}>
                {t("agenda.add")}
              </a>
              {changes.length === 0 ? null : (
                <a className="button" href={paths.publishAgenda(slug)}>
                  {t("agenda.publish")}
                </a>
              )}
            </>
          ) : undefined
        }
      >
        {t("agenda.title")}
      </WorkHeading>
      <AgendaTabs slug={slug} here="table" />
      <Done number={newest?.number ?? 0} />
      {items.length === 0 && newest === null ? <p>{t("agenda.empty")}</p> : null}
      {newest === null ? (
        items.length === 0 ? null : (
          <Notice tone="wait">{t("agenda.neverPublished")}</Notice>
        )
      ) : changes.length === 0 ? (
        <p className="muted">{t("agenda.same", { number: newest.number, when })}</p>
      ) : (
        <Notice tone="wait">
          <p>{t("agenda.differs", { number: newest.number, when, count: changes.length })}</p>
          <ChangeList changes={changes} timeZone={timeZone} />
        </Notice>
      )}
      {waiting === 0 ? null : (
        <Notice tone="wait">
          <p>
            {t("agenda.noticesWaiting", { count: waiting })}{" "}
            <a href={paths.changeNotices(slug)}>{t("agenda.toNotices")}</a>
          </p>
        </Notice>
      )}
      {newest === null ? null : (
        <p className="small no-print">
          <a href={paths.agendaVersions(slug)}>{t("agenda.toVersions")}</a>
          {" · "}
          <a href={paths.agendaSeen(slug)}>{t("agenda.toSeen")}</a>
          {mayTell ? (
            <>
              {" · "}
              <a href={paths.changeNotices(slug)}>{t("agenda.toNotices")}</a>
            </>
          ) : null}
        </p>
      )}
      <p className="muted small">{t("agenda.times", { zone: zoneName(timeZone, locale) })}</p>
      {[...days].map(([day, ofDay]) => (
        <Day
          key={day}
          day={day}
          items={ofDay}
          slug={slug}
          timeZone={timeZone}
          delegations={delegations}
          mayWrite={mayWrite}
        />
      ))}
    </>
  );
}

/** What the last act did: the address that it redirected to says so. */
function Done({ number }: { number: number }) {
  const t = useT();
  const done = useSearchParams()[0].get("done");
  switch (done) {
    case "added":
      return <Notice tone="good">{t("agenda.done.added")}</Notice>;
    case "changed":
      return <Notice tone="good">{t("agenda.done.changed")}</Notice>;
    case "removed":
      return <Notice tone="good">{t("agenda.done.removed")}</Notice>;
    case "publishedAndTold":
      return <Notice tone="good">{t("agenda.done.publishedAndTold", { number })}</Notice>;
    case "publishedQuietly":
      return <Notice tone="good">{t("agenda.done.publishedQuietly", { number })}</Notice>;
    default:
      return null;
  }
}

function Day({
  day,
  items,
  slug,
  timeZone,
  delegations,
  mayWrite,
}: {
  day: string;
  items: ReadonlyArray<Item>;
  slug: string;
  timeZone: string;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  mayWrite: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const heading = dayHeading(day, locale);
  return (
    <section className="agenda-day">
      <h2 className="day">{heading}</h2>
      <Timeline
        label={t("agenda.timeline", { day: heading, count: items.length })}
        bars={items.map((item) => ({
          id: item.id,
          from: minuteOf(item.startsAt, timeZone),
          to: minuteOf(item.startsAt, timeZone) + (item.endsAt - item.startsAt) / 60_000,
          en: item.titleEn,
          zh: item.titleZh,
          kind: item.kind,
          clashing: item.clashes.length > 0,
        }))}
      />
      <TableFrame label={heading}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("agenda.time")}</th>
              <th scope="col">{t("agenda.what")}</th>
              <th scope="col">{t("agenda.where")}</th>
              <th scope="col">{t("agenda.who")}</th>
              <th scope="col">{t("agenda.how")}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <td className="agenda-time">
                  {clockTime24(item.startsAt, timeZone)}–{clockTime24(item.endsAt, timeZone)}
                </td>
                <td>
                  {mayWrite ? (
                    <a href={paths.agendaItem(slug, item.id)}>
                      <Text en={item.titleEn} zh={item.titleZh} />
                    </a>
                  ) : (
                    <strong>
                      <Text en={item.titleEn} zh={item.titleZh} />
                    </strong>
                  )}
                  <span className="second-line small">
                    <Second en={item.titleEn} zh={item.titleZh} />
                  </span>
                  {item.clashes.map((clash) => (
                    <span className="second-line" key={clash.itemId}>
                      <Status tone="stop">
                        <span className="wrap">
                          {t("agenda.clash", {
                            item: inLocale({ en: clash.titleEn, zh: clash.titleZh }, locale).text,
                            people: clash.people,
                          })}
                        </span>
                      </Status>
                    </span>
                  ))}
                  {item.internalNote === "" ? null : (
                    <span className="second-line note">
                      <span className="visually-hidden">{t("agenda.hasNote")} </span>
                      {item.internalNote}
                    </span>
                  )}
                </td>
                <td>
                  <Text en={item.placeEn} zh={item.placeZh} />
                </td>
                <td>
                  {item.audience === "delegations"
                    ? delegations
                        .filter((one) => item.delegationIds.includes(one.id))
                        .map((one) => inLocale({ en: one.nameEn, zh: one.nameZh }, locale).text)
                        .join(t("agenda.listSeparator"))
                    : t(`audience.${item.audience}`)}
                  {item.named === 0 ? null : (
                    <span className="second-line muted">{t("agenda.named", { count: item.named })}</span>
                  )}
                  {item.visit === null ? null : (
                    <span className="second-line">
                      <a href={paths.visit(slug, item.visit.id)}>{t("visit.open")}</a>
                    </span>
                  )}
                </td>
                <td>
                  {t(`agendaKind.${item.kind}`)}
                  {item.interpretation === null ? null : (
                    <span className="second-line muted">{t(`interpretation.${item.interpretation}`)}</span>
                  )}
                  {item.attribution === null ? null : (
                    <span className="second-line muted">{t(`attribution.${item.attribution}`)}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

/** Minutes since midnight by the wall clock of a zone. */
function minuteOf(instant: number, timeZone: string): number {
  const [hours = "0", minutes = "0"] = clockTime24(instant, timeZone).split(":");
  return Number(hours) * 60 + Number(minutes);
}
