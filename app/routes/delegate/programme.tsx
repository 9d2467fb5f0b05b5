import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Notice, Status } from "../../components/page.tsx";
import { QrCode } from "../../components/qr-code.tsx";
import { Second, Text } from "../../components/text.tsx";
import { VersionChanges } from "../../components/version-changes.tsx";
import { notFound, requirePost, servicesOf, verifiedHolder } from "../../context.server.ts";
import { calendarOf } from "../../domain/access/link.server.ts";
import { newestProgramme, programmeOf } from "../../domain/agenda/queries.server.ts";
import type { ProgrammeItem } from "../../domain/agenda/rules.ts";
import { confirmSeen, seenByHolder } from "../../domain/agenda/seen.server.ts";
import { printedCode } from "../../domain/agenda/version-code.ts";
import { ownChangesSince } from "../../domain/agenda/versions.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { registrationForm } from "../../domain/registration/queries.server.ts";
import { ownFlights } from "../../domain/vehicle/flights.server.ts";
import { type OwnTrip, ownTrips } from "../../domain/vehicle/own-trips.server.ts";
import { clockTime, dayHeading, dayOf, moment, shortRange, timeRange, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { ClosedNotice, DelegateSheet, letterhead, Sentences, usePhones } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "myProgramme.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args);
  const facts = editionFacts(ctx, holder.editionId);
  const form = registrationForm(ctx);
  if (form === null) throw notFound();
  // Who does not come is shown no programme: it tells where people are.
  const away = form.closed === "withdrawn" || form.closed === "declined" ? form.closed : null;
  const programme = away === null ? programmeOf(ctx, holder) : null;
  const seen = away === null ? seenByHolder(ctx, holder) : null;
  const code = away === null ? (newestProgramme(ctx, holder.editionId)?.code ?? "") : "";
  const { baseUrl } = servicesOf(args);
  const trips = away === null ? ownTrips(ctx, holder) : [];
  const byFlight = trips.some(({ kind }) => kind === "pickup" || kind === "dropoff");
  return {
    locale,
    token,
    letterhead: letterhead(facts, holder.sideId),
    homeTimeZone: form.homeTimeZone,
    away,
    version: programme?.version ?? null,
    publishedAt: programme?.publishedAt ?? null,
    items: programme?.items ?? [],
    trips,
    flights: byFlight ? ownFlights(ctx, holder) : {},
    /** The version that they last said they have seen. */
    seen: seen?.number ?? null,
    since: seen === null ? null : ownChangesSince(ctx, holder, seen.number),
    address:
      code === ""
        ? null
        : {
            url: baseUrl + paths.version(code),
            shown: `${new URL(baseUrl).host}${paths.version(printedCode(code))}`,
          },
    calendar: programme === null ? null : calendarOf(ctx, holder),
    positions: Object.fromEntries(form.visits.map((visit) => [visit.visitId, visit.position])),
    justSent: new URL(args.request.url).searchParams.has("sent") && form.state === "submitted",
    inWeChat: (args.request.headers.get("User-Agent") ?? "").includes("MicroMessenger"),
  };
}

const seenForm = z.object({ number: z.coerce.number().int().positive() });

/** "I have seen this version": said with a button, never by opening the page. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await verifiedHolder(args);
  const parsed = parseForm(seenForm, await args.request.formData());
  if (!parsed.ok) throw notFound();
  const said = await confirmSeen(ctx, parsed.value);
  if (!said.ok) throw notFound();
  throw redirect(paths.programme(token), 303);
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ProgrammePage() {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { timeZone } = page.letterhead;
  const phones = usePhones(page.letterhead);
  const zones = { zone: zoneName(timeZone, locale), home: zoneName(page.homeTimeZone, locale) };
  const clashing = page.items.some((item) => item.clashesWith.length > 0);
  return (
    <DelegateSheet letterhead={page.letterhead} token={page.token} page="programme">
      {page.justSent ? (
        <Notice tone="good">
          <p>
            {t("myProgramme.sent")} <a href={paths.receipt(page.token)}>{t("receipt.link")}</a>
          </p>
        </Notice>
      ) : null}
      <h1>{t("myProgramme.title")}</h1>
      <p>
        <Text {...page.letterhead.title} />
      </p>
      {page.away !== null ? (
        <ClosedNotice>
          {page.away === "withdrawn" ? t("letter.withdrawn", { phones }) : t("myProgramme.declined")}
        </ClosedNotice>
      ) : page.version === null || page.publishedAt === null ? (
        <p>{t("myProgramme.none")}</p>
      ) : (
        <>
          <p className="muted small">
            {t("myProgramme.asOf", {
              version: page.version,
              when: moment(page.publishedAt, timeZone, locale),
            })}
            {page.version > 1 ? ` · ${t("myProgramme.replaces", { version: page.version - 1 })}` : null}
            {page.homeTimeZone === timeZone ? null : (
              <span className="second-line">
                {t("myProgramme.homeAsOf", { when: moment(page.publishedAt, page.homeTimeZone, locale) })}
              </span>
            )}
          </p>
          <Seen page={page} version={page.version} />
          <p className="small">
            {page.homeTimeZone === timeZone
              ? t("myProgramme.timesOne", zones)
              : t("myProgramme.times", zones)}
          </p>
          {clashing ? (
            <Notice tone="stop">
              <p>{t("myProgramme.clashNotice", { phones })}</p>
            </Notice>
          ) : null}
          {daysOf(page).map((day) => (
            <section key={day} className="programme-day" aria-labelledby={`d-${day}`}>
              <h2 className="day" id={`d-${day}`}>
                {dayHeading(day, locale)}
              </h2>
              {entriesOn(day, page).map((entry) =>
                "item" in entry ? (
                  <Item key={entry.item.id} item={entry.item} page={page} />
                ) : (
                  <Trip
                    key={entry.trip.id}
                    trip={entry.trip}
                    flight={page.flights[entry.trip.kind]}
                    timeZone={timeZone}
                  />
                ),
              )}
            </section>
          ))}
          {page.items.some((item) => item.attribution === "chatham_house") ? (
            <p className="small muted sheet-note">{t("myProgramme.confidential")}</p>
          ) : null}
          <div className="no-print sheet-note">
            {page.inWeChat ? (
              <Notice tone="wait">
                <p>{t("myProgramme.wechat")}</p>
              </Notice>
            ) : null}
            <p className="buttons">
              {page.calendar === null ? null : (
                <a className="button quiet" href={paths.calendar(page.calendar)}>
                  {t("myProgramme.calendar")}
                </a>
              )}
              <a className="button quiet" href={paths.programmeSheet(page.token)}>
                {t("myProgramme.sheet")}
              </a>
            </p>
            <p className="small muted">
              <Sentences>{[t("myProgramme.calendarNote"), t("myProgramme.print")]}</Sentences>
            </p>
          </div>
          {page.address === null ? null : (
            <div className="print-only print-out">
              <QrCode text={page.address.url} label={t("myProgramme.qr")} />
              <p className="small">{t("myProgramme.isCurrent", { address: page.address.shown })}</p>
            </div>
          )}
        </>
      )}
    </DelegateSheet>
  );
}

function daysOf({ items, trips, letterhead: { timeZone } }: Page): Array<string> {
  const instants = [...items.map(({ startsAt }) => startsAt), ...trips.map(({ departsAt }) => departsAt)];
  return [...new Set(instants.map((at) => dayOf(at, timeZone)))].sort();
}

/** What is on a day, in the order of time: items, and the cars in which they have a seat. */
function entriesOn(day: string, { items, trips, letterhead: { timeZone } }: Page) {
  return [
    ...items.map((item) => ({ at: item.startsAt, item })),
    ...trips.map((trip) => ({ at: trip.departsAt, trip })),
  ]
    .filter(({ at }) => dayOf(at, timeZone) === day)
    .sort((a, b) => a.at - b.at);
}

/** A seat in a car: when and from where, and how to know the car. */
function Trip({
  trip,
  flight,
  timeZone,
}: {
  trip: OwnTrip;
  flight: Page["flights"][OwnTrip["kind"]];
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  const car = [trip.vehicle, trip.plate].filter((text) => text !== "").join(" · ");
  return (
    <div className="item mine">
      <div>
        <time dateTime={new Date(trip.departsAt).toISOString()}>
          {clockTime(trip.departsAt, timeZone, locale)}
        </time>
      </div>
      <div>
        <span className="item-title own">{t(`tripKind.${trip.kind}`)}</span>
        <span className="second-line">
          {t("myProgramme.trip", { from: trip.fromPlace, to: trip.toPlace })}
        </span>
        {flight === undefined || (trip.kind !== "pickup" && trip.kind !== "dropoff") ? null : (
          <span className="second-line small">
            {t(`cars.own.${trip.kind}`, {
              number: flight.number,
              when: moment(flight.at, timeZone, locale),
            })}
          </span>
        )}
        {car === "" ? null : (
          <span className="second-line small muted">{t("myProgramme.tripCar", { car })}</span>
        )}
        {trip.sign === "" ? null : (
          <span className="second-line small muted">{t("myProgramme.tripSign", { sign: trip.sign })}</span>
        )}
      </div>
    </div>
  );
}

/** What changed since the version that they last said they have seen, and the button that says so of this one. */
function Seen({ page, version }: { page: Page; version: number }) {
  const t = useT();
  const { timeZone } = page.letterhead;
  if (page.seen !== null && page.seen >= version)
    return <p className="small muted no-print">{t("myProgramme.seenIt")}</p>;
  return (
    <section className="since no-print">
      {page.seen === null ? null : page.since === null || page.since.length === 0 ? (
        <p>{t("myProgramme.sinceNothing", { number: page.seen })}</p>
      ) : (
        <>
          <h2>{t("myProgramme.sinceSeen", { number: page.seen })}</h2>
          <VersionChanges changes={page.since} timeZone={timeZone} />
        </>
      )}
      <form method="post" className="buttons">
        <input type="hidden" name="number" value={version} />
        <button className="button" type="submit">
          {t("confirmSeen.button", { number: version })}
        </button>
      </form>
    </section>
  );
}

function Item({ item, page }: { item: ProgrammeItem; page: Page }) {
  const t = useT();
  const locale = useLocale();
  const { timeZone } = page.letterhead;
  const otherDay = dayOf(item.startsAt, page.homeTimeZone) !== dayOf(item.startsAt, timeZone);
  const facts = [
    item.interpretation === null || item.interpretation === "none"
      ? null
      : t(`interpretation.${item.interpretation}`),
    item.details?.languagePair == null ? null : t(`languagePair.${item.details.languagePair}`),
    item.attribution === null ? null : t(`attribution.${item.attribution}`),
  ].filter((fact) => fact !== null);
  const clashes = page.items.filter((other) => item.clashesWith.includes(other.id));
  return (
    <div className={item.mine ? "item mine" : "item"}>
      <div>
        <time dateTime={new Date(item.startsAt).toISOString()}>
          {timeRange(item.startsAt, item.endsAt, timeZone, locale)}
        </time>
        {page.homeTimeZone === timeZone ? null : (
          <span className="home">
            {(otherDay ? shortRange : timeRange)(item.startsAt, item.endsAt, page.homeTimeZone, locale)}
          </span>
        )}
      </div>
      <div>
        <span className={item.mine ? "item-title own" : "item-title"}>
          <Text en={item.titleEn} zh={item.titleZh} />
        </span>{" "}
        {page.version !== null && page.version > 1 && item.changedIn === page.version ? (
          <Status tone="wait">{t("myProgramme.changed")}</Status>
        ) : null}
        <span className="second-line small not-printed">
          <Second en={item.titleEn} zh={item.titleZh} />
        </span>
        {item.functions.length === 0 ? null : (
          <span className="second-line small">
            {t("myProgramme.yours", {
              functions: item.functions
                .map((name) => t(`function.${name}`))
                .join(t("myProgramme.listSeparator")),
            })}
          </span>
        )}
        <Place item={item} page={page} />
        {item.placeEn === "" && item.placeZh === "" && facts.length === 0 ? null : (
          <span className="second-line small muted">
            {item.placeEn === "" && item.placeZh === "" ? null : (
              <>
                <Text en={item.placeEn} zh={item.placeZh} />
                {facts.length > 0 ? " · " : ""}
              </>
            )}
            {facts.join(" · ")}
          </span>
        )}
        <Particulars item={item} timeZone={timeZone} />
        {clashes.map((other) => (
          <span className="second-line" key={other.id}>
            <Status tone="stop">
              {t("myProgramme.clash", {
                other: locale === "en" ? other.titleEn || other.titleZh : other.titleZh || other.titleEn,
              })}
            </Status>
          </span>
        ))}
      </div>
    </div>
  );
}

function Place({ item, page }: { item: ProgrammeItem; page: Page }) {
  const t = useT();
  if (item.visit === null || item.place === null || item.place === "withdrawn") return null;
  const position = page.positions[item.visit.id];
  return (
    <span className="second-line">
      {item.place === "granted" ? (
        <Status tone="good">{t("register.placeGranted")}</Status>
      ) : (
        <Status tone="wait">
          {item.place === "offered" ? (
            <a href={paths.myVisits(page.token)}>{t("place.offered")}</a>
          ) : typeof position === "number" ? (
            t("register.placeWaiting", { position })
          ) : (
            t("place.waiting")
          )}
        </Status>
      )}
    </span>
  );
}

/** Where to be, what to bring, what to wear. */
function Particulars({ item, timeZone }: { item: ProgrammeItem; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  const { visit, details } = item;
  const own = (en = "", zh = "") => (locale === "en" ? en || zh : zh || en);
  const point = own(visit?.meetingPointEn, visit?.meetingPointZh);
  const dress = own(visit?.dressEn, visit?.dressZh) || own(details?.dressEn, details?.dressZh);
  const bring = own(visit?.bringEn, visit?.bringZh) || own(details?.bringEn, details?.bringZh);
  const lines = [
    own(details?.addressEn, details?.addressZh),
    visit === null || visit.meetAt === null
      ? point
      : point === ""
        ? t("myProgramme.meetAt", { time: clockTime(visit.meetAt, timeZone, locale) })
        : t("myProgramme.meet", { time: clockTime(visit.meetAt, timeZone, locale), place: point }),
    dress === "" ? "" : t("myProgramme.dress", { what: dress }),
    bring === "" ? "" : t("myProgramme.bring", { what: bring }),
  ].filter((text) => text !== "");
  return lines.length === 0 ? null : <span className="second-line small muted">{lines.join(" · ")}</span>;
}
