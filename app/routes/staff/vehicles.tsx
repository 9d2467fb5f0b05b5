import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, FieldsOf, SelectField, TextField } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale } from "../../components/text.tsx";
import { TripFields, useTripLabels, VehicleFields, VehicleTabs } from "../../components/vehicle-fields.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { driveToItem, saveTrip, saveVehicle } from "../../domain/vehicle/commands.server.ts";
import { fillForm, tripForm, vehicleForm } from "../../domain/vehicle/form.ts";
import { type TripInList, vehicleBoard } from "../../domain/vehicle/queries.server.ts";
import { clockTime24, dayHeading, dayOf, shortMoment, workingDay, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "vehicles.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const { vehicles, trips, items } = vehicleBoard(ctx);
  const days = Map.groupBy(trips, (trip) => dayOf(trip.times.departsAt, edition.timeZone));
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    startsOn: edition.startsOn,
    today: workingDay(ctx.clock.now(), edition.timeZone),
    vehicles,
    days: [...days].map(([day, ofDay]) => ({ day, trips: ofDay })),
    items: items.filter((item) => item.kind !== "logistics" && item.kind !== "free"),
    mayWrite: allows(ctx.scope, "logistics"),
  };
}

type Sent = { which: "vehicle" | "trip" | "drive"; form: FormState };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const formData = await args.request.formData();
  const { slug } = edition;
  const again = (which: Sent["which"], form: FormState, status: number) =>
    data<Sent>({ which, form }, { status });
  switch (formData.get("intent")) {
    case "vehicle": {
      const parsed = parseForm(vehicleForm, formData);
      if (!parsed.ok) return again("vehicle", parsed.form, 422);
      const saved = await saveVehicle(ctx, { ...parsed.value, vehicleId: null });
      if (saved.ok) throw redirect(`${paths.vehicles(slug)}?saved`, 303);
      return again("vehicle", withError(formData, "", "vehicles.refusal.changed"), 409);
    }
    case "trip": {
      const parsed = parseForm(tripForm, formData);
      if (!parsed.ok) return again("trip", parsed.form, 422);
      const saved = await saveTrip(ctx, { ...parsed.value, tripId: null });
      if (saved.ok) throw redirect(paths.manifest(slug, saved.value.tripId), 303);
      const problem = saved.refusal === "gone" ? "changed" : saved.refusal;
      return again("trip", withError(formData, "", `vehicles.refusal.${problem}`), 409);
    }
    case "drive": {
      const parsed = parseForm(fillForm, formData);
      if (!parsed.ok) return again("drive", parsed.form, 422);
      const filled = await driveToItem(ctx, parsed.value);
      if (filled.ok) {
        const { seated, left } = filled.value;
        throw redirect(`${paths.vehicles(slug)}?seated=${seated}&left=${left}`, 303);
      }
      const problem = filled.refusal === "gone" ? "changed" : filled.refusal;
      return again("drive", withError(formData, "", `vehicles.refusal.${problem}`), 409);
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function Vehicles() {
  const { slug, timeZone, today, days, vehicles, mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const sent = useActionData<typeof action>();
  const earlier = days.filter(({ day }) => day < today);
  return (
    <>
      <WorkHeading>{t("vehicles.title")}</WorkHeading>
      <VehicleTabs slug={slug} here="trips" />
      {sent === undefined ? <Done /> : null}
      <p className="readable">{t("vehicles.intro", { zone: zoneName(timeZone, locale) })}</p>
      {days.length === 0 ? <p>{t("vehicles.none")}</p> : null}
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
      <section className="panel">
        <h2>{t("vehicles.fleet")}</h2>
        {vehicles.length === 0 ? <p className="muted">{t("vehicles.fleet.none")}</p> : <Fleet />}
      </section>
      {mayWrite ? <Plans /> : null}
    </>
  );
}

type DayOfTrips = ReturnType<typeof useLoaderData<typeof loader>>["days"][number];

function Day({ day, trips }: DayOfTrips) {
  const locale = useLocale();
  return (
    <section className="panel">
      <h2>{dayHeading(day, locale)}</h2>
      <Trips label={dayHeading(day, locale)} trips={trips} />
    </section>
  );
}

function Done() {
  const t = useT();
  const [query] = useSearchParams();
  if (query.has("saved")) return <Notice tone="good">{t("common.saved")}</Notice>;
  if (!query.has("seated")) return null;
  const number = (name: string) => {
    const value = Number(query.get(name));
    return Number.isSafeInteger(value) && value >= 0 ? value : 0;
  };
  return (
    <Notice tone={number("left") === 0 ? "good" : "wait"}>
      {t("vehicles.done.filled", { seated: number("seated"), left: number("left") })}
    </Notice>
  );
}

function Trips({ label, trips }: { label: string; trips: ReadonlyArray<TripInList> }) {
  const { slug, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={label}>
      <table className="fit stack">
        <thead>
          <tr>
            <th scope="col">{t("vehicles.column.leaves")}</th>
            <th scope="col">{t("vehicles.column.vehicle")}</th>
            <th scope="col">{t("vehicles.column.route")}</th>
            <th scope="col" className="num">
              {t("vehicles.column.people")}
            </th>
            <th scope="col">{t("vehicles.column.state")}</th>
          </tr>
        </thead>
        <tbody>
          {trips.map((trip) => (
            <tr key={trip.tripId}>
              <td className="num">
                {clockTime24(trip.times.departsAt, timeZone)}
                {trip.times.returnsAt === null ? null : (
                  <span className="second-line muted small">
                    {t("vehicles.until", { time: clockTime24(trip.times.returnsAt, timeZone) })}
                  </span>
                )}
              </td>
              <th scope="row">
                <a href={paths.manifest(slug, trip.tripId)}>
                  {trip.vehicle?.name ?? t("vehicles.noVehicle")}
                </a>
                <span className="second-line muted small">
                  {t(`tripKind.${trip.kind}`)}
                  {trip.vehicle === null || trip.vehicle.plate === "" ? null : <> · {trip.vehicle.plate}</>}
                </span>
              </th>
              <td>
                {t("vehicles.route", { from: trip.fromPlace, to: trip.toPlace })}
                {trip.item === null ? null : (
                  <span className="second-line muted small">
                    {inLocale({ en: trip.item.titleEn, zh: trip.item.titleZh }, locale).text}
                  </span>
                )}
              </td>
              <td className="num">
                {trip.vehicle === null
                  ? trip.count.out.of
                  : t("vehicles.ofSeats", { people: trip.count.out.of, seats: trip.vehicle.seats })}
              </td>
              <td>
                <TripState trip={trip} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function TripState({ trip }: { trip: TripInList }) {
  const t = useT();
  const problems = [
    trip.times.calledOff && trip.off === null ? t("vehicles.calledOff") : null,
    trip.off === null ? null : t(trip.times.unheard ? "cars.calledOff.unheard" : "cars.calledOff.word"),
    !trip.times.calledOff && trip.times.unheard ? t("cars.goesAgain.unheard") : null,
    trip.times.driverNew ? t("cars.driver.new.word") : null,
    trip.driversBefore.length === 0 ? null : t("cars.driver.before.word"),
    trip.times.told === null ? null : t("vehicles.moved"),
    trip.overfull ? t("vehicles.overfull") : null,
    trip.misfit === null || trip.misfit.misses.length === 0
      ? null
      : t("cars.misses", { count: trip.misfit.misses.length }),
    trip.misfit === null || trip.misfit.waits.length === 0
      ? null
      : t("cars.waits", { count: trip.misfit.waits.length }),
    ...trip.clashes.map((clash) => t(`vehicles.clash.${clash.what}`, { name: clash.name })),
  ].filter((problem) => problem !== null);
  const { there, of } = trip.count.out;
  return (
    <>
      {problems.map((problem) => (
        <span className="second-line" key={problem}>
          <Status tone="stop">
            <span className="wrap">{problem}</span>
          </Status>
        </span>
      ))}
      {there > 0 ? (
        <Status tone={there === of ? "good" : "wait"}>{t("vehicles.counted", { there, of })}</Status>
      ) : problems.length === 0 ? (
        <Status tone={trip.vehicle === null ? "wait" : "good"}>
          {t(trip.vehicle === null ? "vehicles.noVehicle" : "vehicles.fine")}
        </Status>
      ) : null}
      {trip.own ? null : <span className="second-line muted small">{t("vehicles.other")}</span>}
    </>
  );
}

function Fleet() {
  const { slug, vehicles, mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <TableFrame label={t("vehicles.fleet")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("vehicles.column.vehicle")}</th>
            <th scope="col" className="num">
              {t("vehicles.column.seats")}
            </th>
            <th scope="col">{t("vehicles.column.plate")}</th>
            <th scope="col">{t("vehicles.column.driver")}</th>
            <th scope="col" className="num">
              {t("vehicles.column.trips")}
            </th>
          </tr>
        </thead>
        <tbody>
          {vehicles.map((one) => (
            <tr key={one.vehicleId}>
              <th scope="row">
                {mayWrite ? <a href={paths.vehicle(slug, one.vehicleId)}>{one.name}</a> : one.name}
              </th>
              <td className="num">{one.seats}</td>
              <td>{one.plate}</td>
              <td>
                {one.driver}
                <span className="second-line muted small">{one.driverPhone}</span>
              </td>
              <td className="num">{one.trips}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Plans() {
  const { slug, timeZone, startsOn, vehicles, items } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const labels = useTripLabels();
  const here = paths.vehicles(slug);
  const formOf = (which: Sent["which"], blank: FormState) => (sent?.which === which ? sent.form : blank);
  const drive = formOf("drive", { errors: {}, values: { minutesBefore: "45", minutesAfter: "15" } });
  const trip = formOf("trip", { errors: {}, values: { day: startsOn } });
  const vehicle = formOf("vehicle", emptyForm);
  return (
    <>
      {vehicles.length === 0 ? null : (
        <details className="panel" open={sent?.which === "drive"}>
          <summary>{t("vehicles.drive")}</summary>
          <p className="readable">{t("vehicles.driveHelp")}</p>
          <Form method="post" action={here} noValidate className="wide">
            <FieldsOf of="drive">
              <ErrorSummary form={drive} labels={labels} />
              <SelectField
                form={drive}
                name="itemId"
                label={labels.itemId}
                required
                blank={t("manifest.choose")}
                options={items.map((item) => ({
                  value: item.id,
                  label: `${shortMoment(item.startsAt, timeZone, locale)} ${
                    inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text
                  }`,
                }))}
              />
              <ChoiceField
                form={drive}
                name="vehicleIds"
                type="checkbox"
                label={labels.vehicleIds}
                required
                options={vehicles.map((one) => ({
                  value: one.vehicleId,
                  label: `${one.name} (${one.seats})`,
                }))}
              />
              <div className="row-fields">
                <TextField
                  form={drive}
                  name="minutesBefore"
                  label={labels.minutesBefore}
                  inputMode="numeric"
                  required
                  narrow
                />
                <TextField
                  form={drive}
                  name="minutesAfter"
                  label={labels.minutesAfter}
                  inputMode="numeric"
                  narrow
                />
              </div>
              <div className="row-fields">
                <TextField form={drive} name="fromPlace" label={labels.fromPlace} required />
                <TextField form={drive} name="toPlace" label={labels.toPlace} required />
              </div>
            </FieldsOf>
            <button className="button" type="submit" name="intent" value="drive">
              {t("vehicles.drive.do")}
            </button>
          </Form>
        </details>
      )}
      <details className="panel" open={sent?.which === "trip"}>
        <summary>{t("vehicles.plan")}</summary>
        <p className="readable">{t("vehicles.planHelp")}</p>
        <Form method="post" action={here} noValidate className="wide">
          <FieldsOf of="trip">
            <ErrorSummary form={trip} labels={labels} />
            <TripFields form={trip} vehicles={vehicles} byItem={false} />
          </FieldsOf>
          <button className="button" type="submit" name="intent" value="trip">
            {t("vehicles.plan")}
          </button>
        </Form>
      </details>
      <details className="panel" open={sent?.which === "vehicle"}>
        <summary>{t("vehicles.add")}</summary>
        <Form method="post" action={here} noValidate className="wide">
          <FieldsOf of="vehicle">
            <ErrorSummary form={vehicle} labels={labels} />
            <VehicleFields form={vehicle} />
          </FieldsOf>
          <button className="button" type="submit" name="intent" value="vehicle">
            {t("vehicles.add")}
          </button>
        </Form>
      </details>
    </>
  );
}
