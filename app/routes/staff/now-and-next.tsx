import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";
import { WorkHeading } from "../../components/desk.tsx";
import { Second, Text } from "../../components/text.tsx";
import { staffEdition } from "../../context.server.ts";
import { runOfShow } from "../../domain/cue/queries.server.ts";
import { atTheMoment, minutesUntil } from "../../domain/cue/rules.ts";
import { clockTime24, shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "now.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return { locale, slug: edition.slug, ...runOfShow(ctx) };
}

/** How often (milliseconds) the page asks whether anything has changed. */
const LOOK_AGAIN = 30_000;

/** The server's clock, going on in the browser: theirs may be wrong, and the demonstration has a time of its own. */
function useNow(server: number): number {
  const [now, setNow] = useState(server);
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    const began = performance.now();
    setNow(server);
    const tick = window.setInterval(() => setNow(server + performance.now() - began), 1000);
    return () => window.clearInterval(tick);
  }, [server]);
  useEffect(() => {
    const look = window.setInterval(() => {
      if (state === "idle" && document.visibilityState === "visible") revalidate();
    }, LOOK_AGAIN);
    return () => window.clearInterval(look);
  }, [revalidate, state]);
  return now;
}

export default function NowAndNext() {
  const { slug, now: server, timeZone, items, cues } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const now = useNow(server);
  const gathers = items.flatMap((item) =>
    item.meetAt === null ? [] : [{ at: item.meetAt, id: `${item.id} meets`, item }],
  );
  const { on, coming, past, next } = atTheMoment(now, items, [
    ...cues.map((cue) => ({ at: cue.at, id: cue.id, cue })),
    ...gathers,
  ]);
  const itemOf = (id: string | null) => items.find((item) => item.id === id);
  const line = (entry: (typeof next)[number]) => {
    if ("item" in entry)
      return (
        <>
          <strong>
            {t("cue.meets", {
              item:
                locale === "en"
                  ? entry.item.titleEn || entry.item.titleZh
                  : entry.item.titleZh || entry.item.titleEn,
            })}
          </strong>
          <span className="second-line muted">
            <Text en={entry.item.meetingPointEn} zh={entry.item.meetingPointZh} />
          </span>
        </>
      );
    const { cue } = entry;
    const item = itemOf(cue.itemId);
    return (
      <>
        <strong>{cue.what}</strong>
        <span className="second-line">
          {cue.who}
          {cue.who === "" ? "" : " · "}
          {cue.place !== "" || item === undefined ? cue.place : <Text en={item.placeEn} zh={item.placeZh} />}
        </span>
        {cue.note === "" ? null : <span className="second-line muted as-typed">{cue.note}</span>}
      </>
    );
  };
  return (
    <>
      <WorkHeading
        actions={
          <>
            <a className="button quiet" href={paths.nowAndNext(slug)}>
              {t("now.reload")}
            </a>
            <a className="button quiet" href={paths.runOfShow(slug)}>
              {t("cue.back")}
            </a>
          </>
        }
      >
        {t("now.title")}
      </WorkHeading>
      <p className="now-clock" role="timer">
        <time dateTime={new Date(now).toISOString()}>
          {t("now.clock", { time: shortMoment(now, timeZone, locale), zone: zoneName(timeZone, locale) })}
        </time>
      </p>
      <div className="two-up">
        <section className="panel" aria-labelledby="on">
          <h2 id="on">{t("now.on")}</h2>
          {on.length === 0 ? <p className="muted">{t("now.nothing")}</p> : null}
          <ul className="changes now-list">
            {on.map((item) => (
              <li key={item.id}>
                <strong>
                  <Text en={item.titleEn} zh={item.titleZh} />
                </strong>
                <span className="second-line small">
                  <Second en={item.titleEn} zh={item.titleZh} />
                </span>
                <span className="second-line">
                  {t("now.until", { time: clockTime24(item.endsAt, timeZone) })} ·{" "}
                  {t("now.left", { minutes: minutesUntil(item.endsAt, now) })}
                  {item.placeEn === "" && item.placeZh === "" ? "" : " · "}
                  <Text en={item.placeEn} zh={item.placeZh} />
                </span>
              </li>
            ))}
          </ul>
          <h3>{t("now.coming")}</h3>
          <ul className="changes now-list">
            {coming.map((item) => (
              <li key={item.id}>
                <span className="agenda-time">{shortMoment(item.startsAt, timeZone, locale)}</span>{" "}
                <Text en={item.titleEn} zh={item.titleZh} />
                <span className="second-line muted">
                  <Text en={item.placeEn} zh={item.placeZh} />
                </span>
              </li>
            ))}
          </ul>
        </section>
        <section className="panel" aria-labelledby="next">
          <h2 id="next">{t("now.cues")}</h2>
          {next.length === 0 ? <p className="muted">{t("now.noCues")}</p> : null}
          <ul className="changes now-list">
            {next.map((entry) => (
              <li key={entry.id}>
                <span className="agenda-time">{shortMoment(entry.at, timeZone, locale)}</span>{" "}
                {entry.at - now < 12 * 3_600_000 ? (
                  <span className="muted">{t("now.in", { minutes: minutesUntil(entry.at, now) })}</span>
                ) : null}
                <span className="second-line">{line(entry)}</span>
              </li>
            ))}
          </ul>
          {past.length === 0 ? null : (
            <>
              <h3>{t("now.past")}</h3>
              <ul className="changes now-list">
                {past.map((entry) => (
                  <li key={entry.id} className="muted">
                    <span className="agenda-time">{clockTime24(entry.at, timeZone)}</span>
                    <span className="second-line">{line(entry)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      </div>
      <p className="muted small">{t("now.refreshes")}</p>
    </>
  );
}
