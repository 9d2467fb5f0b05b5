import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DIRECTIONS, type Direction } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { TravelChart, type TravelMark } from "../../components/travel-chart.tsx";
import { TravelTabs } from "../../components/travel-tabs.tsx";
import { staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { type BoardLine, travelBoard } from "../../domain/travel/board.server.ts";
import { travelChecks } from "../../domain/travel/checks.server.ts";
import { carsOf } from "../../domain/vehicle/queries.server.ts";
import { fitOf } from "../../domain/vehicle/rules.ts";
import {
  clockTime24,
  dayHeading,
  dayOf,
  deskMoment,
  shortDate,
  workingDay,
  zoneName,
} from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", `travel.title.${page?.direction ?? "arrival"}`) },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const asked = new URL(args.request.url).searchParams.get("direction");
  const direction = DIRECTIONS.find((each) => each === asked) ?? "arrival";
  const lines = travelBoard(ctx, direction);
  const known = lines.filter((line) => line.at !== null);
  const days = Map.groupBy(known, (line) => dayOf(line.at ?? 0, edition.timeZone));
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    now: ctx.clock.now(),
    direction,
    days: [...days].map(([day, ofDay]) => ({ day, lines: ofDay, marks: marksOf(ofDay, edition.timeZone) })),
    cars: Object.fromEntries(
      carsOf(ctx.db.orm, ctx.scope, {
        direction,
        invitationIds: lines.map((line) => line.invitationId),
      }),
    ),
    unknown: lines.filter((line) => line.at === null),
    mayWrite: allows(ctx.scope, "logistics"),
    open: travelChecks(ctx).filter((check) => check.acceptedBecause === "").length,
  };
}

/** Those who come or go at one moment by one way make one mark. */
function marksOf(lines: ReadonlyArray<BoardLine>, timeZone: string): Array<TravelMark> {
  const together = Map.groupBy(lines, (line) => `${line.at} ${line.number} ${line.place}`);
  return [...together].map(([id, [first, ...others]]) => {
    const time = clockTime24(first?.at ?? 0, timeZone);
    const [hours, minutes] = time.split(":").map(Number);
    const count = others.length + 1;
    return {
      id,
      minute: (hours ?? 0) * 60 + (minutes ?? 0),
      label: [time, first?.number, `× ${count}`].filter((part) => part !== "").join(" "),
    };
  });
}

export default function Travel() {
  const { slug, timeZone, now, direction, days, unknown, open } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  // While the meeting runs, what is to come stands on top.
  const today = workingDay(now, timeZone);
  const earlier = days.filter(({ day }) => day < today);
  return (
    <>
      <WorkHeading>{t(`travel.title.${direction}`)}</WorkHeading>
      <TravelTabs slug={slug} here={direction} open={open} />
      <p className="readable">{t("travel.intro", { zone: zoneName(timeZone, locale) })}</p>
      <p className="muted small paper-only">
        {t("manifest.asOf", { when: deskMoment(now, timeZone, locale) })}
      </p>
      {days.length === 0 ? <p>{t("travel.nobody")}</p> : null}
      {earlier.length === 0 ? null : (
        <details className="panel">
          <summary>{t("cars.earlier", { count: earlier.length })}</summary>
          {earlier.map((each) => (
            <Day key={each.day} {...each} />
          ))}
        </details>
      )}
      {days
        .filter(({ day }) => day >= today)
        .map((each) => (
          <Day key={each.day} {...each} />
        ))}
      {unknown.length === 0 ? null : (
        <section className="panel">
          <h2>{t("travel.unknown")}</h2>
          <p className="muted small">{t("travel.unknown.help")}</p>
          <Lines label={t("travel.unknown")} lines={unknown} direction={direction} />
        </section>
      )}
    </>
  );
}

type DayOfBoard = ReturnType<typeof useLoaderData<typeof loader>>["days"][number];

function Day({ day, lines, marks }: DayOfBoard) {
  const { direction } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const heading = dayHeading(day, locale);
  return (
    <section className="panel">
      <h2>{t("travel.day", { day: heading, count: lines.length })}</h2>
      <TravelChart
        marks={marks}
        label={t(direction === "arrival" ? "travel.chart" : "travel.chart.departure", { day: heading })}
      />
      <Lines label={heading} lines={lines} direction={direction} />
    </section>
  );
}

function Lines({
  label,
  lines,
  direction,
}: {
  label: string;
  lines: ReadonlyArray<BoardLine>;
  direction: Direction;
}) {
  const { slug, timeZone, mayWrite, cars } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <TableFrame label={label}>
      <table className="fit stack">
        <thead>
          <tr>
            <th scope="col">{t("travel.column.time")}</th>
            <th scope="col">{t("travel.column.number")}</th>
            <th scope="col">{t("travel.column.person")}</th>
            <th scope="col">{t(direction === "arrival" ? "travel.column.from" : "travel.column.to")}</th>
            <th scope="col">{t("travel.column.at")}</th>
            <th scope="col">{t("travel.column.car")}</th>
            {mayWrite ? (
              <th scope="col" className="no-print">
                <span className="visually-hidden">{t("travel.edit")}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.invitationId}>
              <td className="num">{line.at === null ? null : clockTime24(line.at, timeZone)}</td>
              <td>
                {line.number || (line.means === null ? "" : t(`legMeans.${line.means}`))}
                {line.legs > 1 ? (
                  <span className="second-line muted small">{t("travel.legs", { count: line.legs })}</span>
                ) : null}
                {line.corrected ? (
                  <span className="second-line">
                    <Status tone={line.answerChanged ? "stop" : "wait"}>
                      {t(line.answerChanged ? "travel.answerChanged" : "travel.corrected")}
                    </Status>
                  </span>
                ) : null}
              </td>
              <th scope="row">
                {line.released ? (
                  <BothNames person={line} />
                ) : (
                  <a href={paths.journey(slug, line.invitationId)}>
                    <BothNames person={line} />
                  </a>
                )}
                <span className="second-line muted small">
                  <Text en={line.delegationEn} zh={line.delegationZh} />
                  {line.released ? <> · {t("travel.released")}</> : null}
                  {line.ownWay ? <> · {t("travel.own")}</> : null}
                  {line.accepted ? null : <> · {t("travel.notAccepted")}</>}
                </span>
              </th>
              <td>{line.far}</td>
              <td>{line.place}</td>
              <td>
                <Car line={line} car={cars[line.invitationId]} />
              </td>
              {mayWrite ? (
                <td className="no-print">
                  {line.released ? null : (
                    <a
                      href={paths.journey(slug, line.invitationId)}
                      aria-label={t("travel.editWhom", { person: line.nameLatin || line.nameNative })}
                    >
                      {t("travel.edit")}
                    </a>
                  )}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** The car that waits for somebody, unless it leaves before they land. */
function Car({
  line,
  car,
}: {
  line: BoardLine;
  car: { tripId: string; name: string; departsAt: number } | undefined;
}) {
  const { slug, timeZone, direction } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (car === undefined)
    return <span className="muted">{t(line.ownWay ? "travel.own" : "travel.noCar")}</span>;
  const kind = direction === "arrival" ? "pickup" : "dropoff";
  const fit = line.at === null ? "fits" : fitOf(kind, car.departsAt, line.at);
  return (
    <>
      <a href={paths.manifest(slug, car.tripId)}>{car.name || t("vehicles.noVehicle")}</a>{" "}
      <span className="num">{clockTime24(car.departsAt, timeZone)}</span>
      {dayOf(car.departsAt, timeZone) === dayOf(line.at ?? car.departsAt, timeZone) ? null : (
        <span className="muted small">{shortDate(car.departsAt, timeZone, locale)}</span>
      )}
      {fit === "fits" ? null : (
        <span className="second-line">
          <Status tone="stop">{t(`cars.fit.${fit}`)}</Status>
        </span>
      )}
    </>
  );
}
