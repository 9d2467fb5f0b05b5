import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { Flight, Phone, TripWay } from "../../components/manifest.tsx";
import { BothNames } from "../../components/name.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { VehicleTabs } from "../../components/vehicle-fields.tsx";
import { staffEdition } from "../../context.server.ts";
import { type TripSheet, tripSheets } from "../../domain/vehicle/sheets.server.ts";
import { dayHeading, dayOf, deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "cars.sheets.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const { searchParams } = new URL(args.request.url);
  const { slug, timeZone, cityEn, cityZh, startsOn } = edition;
  const now = ctx.clock.now();
  const what = searchParams.get("what") === "signs" ? ("signs" as const) : ("trips" as const);
  const page = tripSheets(ctx, searchParams.get("day") ?? dayOf(now, timeZone));
  return { locale, slug, timeZone, cityEn, cityZh, year: startsOn.slice(0, 4), now, what, ...page };
}

export default function TripSheets() {
  const { slug, what, day, days, sheets } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const shown = what === "signs" ? sheets.filter(({ trip }) => trip.sign !== "") : sheets;
  const form = { errors: {}, values: { day: day ?? "", what } };
  return (
    <>
      <div className="no-print">
        <WorkHeading>{t("cars.sheets.title")}</WorkHeading>
        <VehicleTabs slug={slug} here="sheets" />
        <p className="readable">{t("cars.sheets.intro")}</p>
        {days.length === 0 ? null : (
          <Form method="get" action={paths.tripSheets(slug)} className="row-fields" key={`${day} ${what}`}>
            <SelectField
              form={form}
              name="day"
              label={t("cars.sheets.day")}
              required
              options={days.map((value) => ({ value, label: dayHeading(value, locale) }))}
            />
            <SelectField
              form={form}
              name="what"
              label={t("cars.sheets.what")}
              required
              options={[
                { value: "trips", label: t("cars.sheets.trips") },
                { value: "signs", label: t("cars.sheets.signs") },
              ]}
            />
            <button className="button quiet row-button" type="submit">
              {t("cars.sheets.show")}
            </button>
          </Form>
        )}
      </div>
      {shown.length === 0 ? (
        <p>{t(what === "signs" && sheets.length > 0 ? "cars.sheets.noSign" : "cars.sheets.none")}</p>
      ) : null}
      {shown.map((sheet) =>
        what === "signs" ? (
          <section className="panel trip-sign" key={sheet.trip.tripId}>
            <p className="trip-sign-text">{sheet.trip.sign}</p>
          </section>
        ) : (
          <Sheet key={sheet.trip.tripId} sheet={sheet} />
        ),
      )}
    </>
  );
}

function Sheet({ sheet: { trip, passengers } }: { sheet: TripSheet }) {
  const { slug, timeZone, cityEn, cityZh, year, now } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { vehicle } = trip;
  const byFlight = trip.kind === "pickup" || trip.kind === "dropoff";
  return (
    <section className="panel trip-sheet">
      <p className="small muted">
        {t("edition.short", { city: locale === "en" ? cityEn : cityZh, year })} ·{" "}
        {t("manifest.asOf", { when: deskMoment(now, timeZone, locale) })}
      </p>
      <h2>
        <a href={paths.manifest(slug, trip.tripId)}>{vehicle?.name ?? t("vehicles.noVehicle")}</a> ·{" "}
        {t(`tripKind.${trip.kind}`)}
      </h2>
      <dl className="facts">
        <TripWay trip={trip} timeZone={timeZone} />
        {vehicle === null ? null : (
          <>
            <dt>{t("manifest.driver")}</dt>
            <dd>
              {vehicle.plate} · {vehicle.driver} <Phone number={vehicle.driverPhone} />
            </dd>
          </>
        )}
        {trip.captain === "" ? null : (
          <>
            <dt>{t("manifest.captain")}</dt>
            <dd>
              {trip.captain} <Phone number={trip.captainPhone} />
            </dd>
          </>
        )}
        {trip.sign === "" ? null : (
          <>
            <dt>{t("manifest.sign")}</dt>
            <dd className="as-typed">{trip.sign}</dd>
          </>
        )}
      </dl>
      {passengers.length === 0 ? (
        <p className="muted">{t("manifest.nobody")}</p>
      ) : (
        <TableFrame label={`${vehicle?.name ?? t("vehicles.noVehicle")} · ${t("manifest.people")}`}>
          <table className="fit">
            <thead>
              <tr>
                <th scope="col" className="num">
                  {t("cars.sheets.number")}
                </th>
                <th scope="col">{t("travel.column.person")}</th>
                {byFlight ? <th scope="col">{t("travel.column.number")}</th> : null}
                <th scope="col">{t("cars.sheets.phone")}</th>
                <th scope="col">{t(byFlight ? "manifest.there.out" : "manifest.out")}</th>
                {byFlight ? null : <th scope="col">{t("manifest.backWay")}</th>}
              </tr>
            </thead>
            <tbody>
              {passengers.map((seat, n) => (
                <tr key={seat.passengerId}>
                  <td className="num">{n + 1}</td>
                  <th scope="row">
                    {seat.who === null ? (
                      t("manifest.guest", {
                        delegation: inLocale({ en: seat.delegationEn, zh: seat.delegationZh }, locale).text,
                      })
                    ) : (
                      <BothNames person={seat.who} />
                    )}
                    <span className="second-line muted small">
                      <Text en={seat.delegationEn} zh={seat.delegationZh} />
                      {seat.role === null ? null : <> · {t(`tripRole.${seat.role}`)}</>}
                    </span>
                  </th>
                  {byFlight ? (
                    <td>
                      <Flight kind={trip.kind} flight={seat.flight} timeZone={timeZone} />
                    </td>
                  ) : null}
                  <td>{seat.who?.phone ? <Phone number={seat.who.phone} /> : null}</td>
                  <td>
                    <span className="paper-box" aria-hidden="true" />
                  </td>
                  {byFlight ? null : (
                    <td>
                      <span className="paper-box" aria-hidden="true" />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}
