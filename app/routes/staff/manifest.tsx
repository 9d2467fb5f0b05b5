import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { COUNTS, TRIP_ROLES } from "#db/vocabulary.ts";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, SelectField } from "../../components/fields.tsx";
import {
  countsOf,
  ManifestList,
  Phone,
  type Seat,
  TripWay,
  usePassengerName,
} from "../../components/manifest.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { TripFields, useTripLabels } from "../../components/vehicle-fields.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import type { StaffContext } from "../../domain/context.ts";
import {
  callOffTrip,
  changeItemTrip,
  giveRole,
  noteDriverOff,
  noteDriverTold,
  putTripBack,
  saveTrip,
  seatPassenger,
  unseatPassenger,
} from "../../domain/vehicle/commands.server.ts";
import {
  countForm,
  itemTripForm,
  passengerForm,
  roleForm,
  seatForm,
  tripForm,
} from "../../domain/vehicle/form.ts";
import { countEverybody, countPassenger } from "../../domain/vehicle/headcount.server.ts";
import { moveToFlights, tellPassengers } from "../../domain/vehicle/moved.server.ts";
import { manifestPage } from "../../domain/vehicle/queries.server.ts";
import { driverMark, fitOf, TOLD_OTHERWISE } from "../../domain/vehicle/rules.ts";
import { clockTime24, dayOf, deskMoment, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "manifest.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const page = manifestPage(ctx, args.params.trip ?? "");
  if (page === null) throw notFound();
  const mayWrite = page.trip.own && allows(ctx.scope, "logistics");
  const { slug, timeZone } = edition;
  const mayTell = allows(ctx.scope, "logistics");
  return { locale, slug, timeZone, now: ctx.clock.now(), mayWrite, mayTell, ...page };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  const counting = intent === "count" || intent === "countAll";
  const { ctx, edition } = await staffEdition(args, counting ? ["logistics", "duty_desk"] : "logistics");
  const tripId = args.params.trip ?? "";
  const here = paths.manifest(edition.slug, tripId);
  if (counting) {
    const mark = await countHeads(ctx, tripId, formData);
    if (mark === null) throw notFound();
    throw redirect(here + mark, 303);
  }
  if (intent === "callOff") {
    const outcome = await callOffTrip(ctx, tripId);
    if (!outcome.ok) throw notFound();
    throw redirect(here, 303);
  }
  if (intent === "putBack") {
    const outcome = await putTripBack(ctx, tripId);
    if (!outcome.ok) throw notFound();
    throw redirect(`${here}?back=${outcome.value.elsewhere}`, 303);
  }
  if (intent === "driverTold") {
    const shown = formData.get("departsAt");
    const departsAt = shown === null || shown === "" ? null : Number(shown);
    const driver = String(formData.get("driver") ?? "");
    const outcome = await noteDriverTold(ctx, { tripId, departsAt, driver });
    if (outcome.ok) throw redirect(here, 303);
    if (outcome.refusal === "gone") throw notFound();
    const form = withError(formData, "", "vehicles.refusal.changed");
    return data({ which: "move" as const, form }, { status: 409 });
  }
  if (intent === "driverOff") {
    const outcome = await noteDriverOff(ctx, { tripId, driver: String(formData.get("driver") ?? "") });
    if (!outcome.ok) throw notFound();
    throw redirect(here, 303);
  }
  if (intent === "tell") {
    const outcome = await tellPassengers(ctx, { tripId });
    if (!outcome.ok) throw notFound();
    const { told, unreached } = outcome.value;
    throw redirect(`${here}?told=${told}&unreached=${unreached}`, 303);
  }
  if (intent === "move") {
    const outcome = await moveToFlights(ctx, { tripId, departsAt: Number(formData.get("departsAt")) });
    if (outcome.ok) throw redirect(`${here}?moved`, 303);
    if (outcome.refusal === "gone") throw notFound();
    const form = withError(formData, "", "vehicles.refusal.changed");
    return data({ which: "move" as const, form }, { status: 409 });
  }
  if (intent === "trip") {
    const outcome = await change(ctx, tripId, formData);
    if (outcome.ok) throw redirect(here, 303);
    if (outcome.form === null) throw notFound();
    return data({ which: "trip" as const, form: outcome.form }, { status: outcome.status });
  }
  const outcome = await place(ctx, tripId, formData);
  if (outcome === null) throw data(null, { status: 400 });
  if (outcome.ok) throw redirect(here, 303);
  if (outcome.refusal === "gone") throw notFound();
  const form = withError(formData, "invitationId", `vehicles.refusal.${outcome.refusal}`);
  return data({ which: "seat" as const, form }, { status: 409 });
}

/** A tap; where to go back to on the page, or null when there is nobody to be counted. */
async function countHeads(ctx: StaffContext, tripId: string, formData: FormData): Promise<string | null> {
  if (formData.get("intent") === "countAll") {
    const which = COUNTS.find((each) => each === formData.get("count"));
    if (which === undefined) return null;
    const outcome = await countEverybody(ctx, { tripId, count: which });
    return outcome.ok ? "" : null;
  }
  const parsed = parseForm(countForm, formData);
  if (!parsed.ok) return null;
  const { passengerId, count: which, there } = parsed.value;
  const outcome = await countPassenger(ctx, { tripId, passengerId, count: which, there: there === "yes" });
  return outcome.ok ? `#p-${passengerId}` : null;
}

async function place(ctx: StaffContext, tripId: string, formData: FormData) {
  switch (formData.get("intent")) {
    case "seat": {
      const parsed = parseForm(seatForm, formData);
      return parsed.ok
        ? seatPassenger(ctx, { tripId, ...parsed.value })
        : ({ ok: false, refusal: "unknown" } as const);
    }
    case "unseat": {
      const parsed = parseForm(passengerForm, formData);
      return parsed.ok
        ? unseatPassenger(ctx, { tripId, ...parsed.value })
        : ({ ok: false, refusal: "gone" } as const);
    }
    case "role": {
      const parsed = parseForm(roleForm, formData);
      return parsed.ok
        ? giveRole(ctx, { tripId, ...parsed.value })
        : ({ ok: false, refusal: "gone" } as const);
    }
    default:
      return null;
  }
}

type Changed = { ok: true } | { ok: false; form: FormState | null; status: number };

async function change(ctx: StaffContext, tripId: string, formData: FormData): Promise<Changed> {
  const byItem = formData.has("minutesBefore");
  const parsed = byItem ? parseForm(itemTripForm, formData) : parseForm(tripForm, formData);
  if (!parsed.ok) return { ok: false, form: parsed.form, status: 422 };
  const outcome =
    "minutesBefore" in parsed.value
      ? await changeItemTrip(ctx, { ...parsed.value, tripId })
      : await saveTrip(ctx, { ...parsed.value, tripId });
  if (outcome.ok) return { ok: true };
  if (outcome.refusal === "gone") return { ok: false, form: null, status: 404 };
  return { ok: false, form: withError(formData, "", `vehicles.refusal.${outcome.refusal}`), status: 409 };
}

export default function Manifest() {
  const { slug, timeZone, now, mayWrite, trip, passengers, withoutSeat, clashes } =
    useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const here = paths.manifest(slug, trip.tripId);
  const { times } = trip;
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.vehicles(slug)}>
            {t("manifest.back")}
          </a>
        }
      >
        {trip.vehicle?.name ?? t("vehicles.noVehicle")}
      </WorkHeading>
      <p className="muted small">{t("manifest.asOf", { when: deskMoment(now, timeZone, locale) })}</p>
      {times.calledOff && trip.off === null ? <Notice tone="stop">{t("manifest.calledOff")}</Notice> : null}
      <CalledOff />
      <News />
      <DriverNews />
      <DriversBefore />
      {clashes.map((clash) => (
        <Notice tone="stop" key={clash.what + clash.tripId}>
          <a href={paths.manifest(slug, clash.tripId)}>
            {t(`vehicles.clash.${clash.what}`, { name: clash.name })}
          </a>
        </Notice>
      ))}
      <Facts />
      <section className="manifest-section">
        <h2>{t("manifest.people")}</h2>
        {trip.off === null ? <Counts /> : null}
        {passengers.length === 0 ? (
          <p className="muted">{t("manifest.nobody")}</p>
        ) : (
          <ManifestList
            seats={passengers}
            kind={trip.kind}
            timeZone={timeZone}
            here={here}
            mayCount={(seat) => trip.off === null && (trip.own || seat.own)}
            news={(seat) => <SeatNews seat={seat} />}
          />
        )}
      </section>
      <Tell />
      <Missing />
      {withoutSeat.length === 0 ? null : (
        <section className="visit-people">
          <h2>{t("manifest.withoutSeat")}</h2>
          <ul className="plain">
            {withoutSeat.map((one) => (
              <li key={one.invitationId}>
                <Status tone="wait">
                  <BothNames person={one} />
                </Status>
              </li>
            ))}
          </ul>
        </section>
      )}
      {mayWrite && trip.off === null ? <Changes /> : null}
      <p className="muted small screen-only">{t("manifest.print")}</p>
    </>
  );
}

/** That somebody called it off, and the way to put it back. */
function CalledOff() {
  const { slug, timeZone, mayWrite, trip } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { off } = trip;
  if (off === null) return null;
  const when = shortMoment(off.at, timeZone, locale);
  return (
    <Notice tone="stop">
      <p>
        {trip.own
          ? t("cars.calledOff", { who: off.by || t("journey.someone"), when })
          : t("cars.calledOff.other", { when })}
      </p>
      {mayWrite ? (
        <Form method="post" action={paths.manifest(slug, trip.tripId)} className="screen-only">
          <p className="small">{t("cars.calledOff.keeps")}</p>
          <button className="button quiet small" type="submit" name="intent" value="putBack">
            {t("cars.putBack")}
          </button>
        </Form>
      ) : null}
    </Notice>
  );
}

/** What the driver has not heard of yet. */
function DriverNews() {
  const { slug, timeZone, mayWrite, trip } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { told, calledOff, unheard, driverNew, departsAt } = trip.times;
  if (told === null && !unheard && !driverNew) return null;
  const time = (at: number) => shortMoment(at, timeZone, locale);
  return (
    <Notice tone="stop">
      <p>
        {driverNew
          ? t("cars.driver.new", { when: time(departsAt) })
          : told !== null
            ? t(trip.itemId === null ? "cars.toldOwn" : "manifest.told", { was: time(told.departsAt) })
            : calledOff
              ? t("cars.driver.off")
              : t("cars.driver.on", { when: time(departsAt) })}{" "}
        {trip.vehicle?.driverPhone ? (
          <>
            {trip.vehicle.driver} <Phone number={trip.vehicle.driverPhone} />
          </>
        ) : null}
      </p>
      {mayWrite ? (
        <Form method="post" action={paths.manifest(slug, trip.tripId)}>
          <input type="hidden" name="departsAt" value={calledOff ? "" : departsAt} />
          <input type="hidden" name="driver" value={driverMark(trip.vehicle)} />
          <button className="button quiet small" type="submit" name="intent" value="driverTold">
            {t("manifest.driverTold")}
          </button>
        </Form>
      ) : null}
    </Notice>
  );
}

/** Who believes that they drive it, and does not. */
function DriversBefore() {
  const { slug, mayWrite, trip } = useLoaderData<typeof loader>();
  const t = useT();
  return trip.driversBefore.map((one) => (
    <Notice tone="stop" key={driverMark(one)}>
      <p>
        {t("cars.driver.before", { driver: one.driver || t("cars.driver.of", { car: one.vehicle }) })}{" "}
        {one.driverPhone ? <Phone number={one.driverPhone} /> : null}
      </p>
      {mayWrite ? (
        <Form method="post" action={paths.manifest(slug, trip.tripId)}>
          <input type="hidden" name="driver" value={driverMark(one)} />
          <button className="button quiet small" type="submit" name="intent" value="driverOff">
            {t("cars.driver.knowsOff")}
          </button>
        </Form>
      ) : null}
    </Notice>
  ));
}

/** What was just done, and whom the car does not meet any more. */
function News() {
  const { slug, timeZone, mayWrite, trip, misfit, passengers } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const locale = useLocale();
  const name = usePassengerName();
  const here = paths.manifest(slug, trip.tripId);
  const told = query.has("told")
    ? { told: count(query, "told"), unreached: count(query, "unreached") }
    : null;
  const affected = misfit === null ? [] : [...misfit.misses, ...misfit.waits];
  const better = misfit?.better ?? null;
  const when = better === null ? "" : shortMoment(better, timeZone, locale);
  const waiting = passengers.filter(({ passengerId }) => misfit?.wouldWait.includes(passengerId));
  return (
    <>
      {sent?.which === "move" ? <ErrorSummary form={sent.form} labels={{}} /> : null}
      {sent === undefined && query.has("moved") ? (
        <Notice tone="good">
          {t("cars.moved", { when: shortMoment(trip.times.departsAt, timeZone, locale) })}
        </Notice>
      ) : null}
      {sent === undefined && query.has("back") ? (
        <Notice tone="good">{t("cars.isBack", { elsewhere: count(query, "back") })}</Notice>
      ) : null}
      {sent === undefined && told !== null ? (
        <Notice tone={told.unreached === 0 ? "good" : "wait"}>{t("cars.told", told)}</Notice>
      ) : null}
      {misfit === null || (trip.kind !== "pickup" && trip.kind !== "dropoff") ? null : (
        <Notice tone="stop">
          <p>{t(`cars.misfit.${trip.kind}`)}</p>
          <ul className="plain">
            {passengers
              .filter(({ passengerId }) => affected.includes(passengerId))
              .map((seat) => (
                <li key={seat.passengerId} className="manifest-edit">
                  <span>
                    {t("cars.misfit.line", {
                      person: name(seat),
                      number: seat.flight?.number ?? "",
                      when: seat.flight?.at ? shortMoment(seat.flight.at, timeZone, locale) : "",
                    })}
                  </span>
                  {mayWrite ? <TakeOff seat={seat} here={here} /> : null}
                </li>
              ))}
          </ul>
          {mayWrite ? null : <p className="small">{t("cars.otherSide")}</p>}
          {mayWrite && better !== null ? (
            <Form method="post" action={here}>
              <input type="hidden" name="departsAt" value={better} />
              <button className="button quiet small" type="submit" name="intent" value="move">
                {t("cars.move", { when })}
              </button>
            </Form>
          ) : null}
          {waiting.length === 0 ? null : (
            <p className="small">{t("cars.wouldWait", { people: waiting.map(name).join(t("mail.list")) })}</p>
          )}
        </Notice>
      )}
    </>
  );
}

function count(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name));
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** Whether somebody makes this car, and has heard of its time. */
function SeatNews({ seat }: { seat: Seat }) {
  const { timeZone, trip } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { departsAt, calledOff } = trip.times;
  const at = seat.flight?.at ?? null;
  const misses = !calledOff && at !== null && fitOf(trip.kind, departsAt, at) === "misses";
  const { toldDepartsAt } = seat;
  return (
    <>
      {misses ? (
        <span className="second-line">
          <Status tone="stop">{t("cars.fit.misses")}</Status>
        </span>
      ) : null}
      {seat.own && trip.itemId === null && !(calledOff && toldDepartsAt === null) ? (
        <span className="second-line small screen-only">
          {toldDepartsAt === departsAt && !calledOff ? (
            <Status tone="good">{t("cars.knows")}</Status>
          ) : (
            <Status tone="wait">
              {toldDepartsAt === null
                ? t("cars.knowsNot")
                : toldDepartsAt === TOLD_OTHERWISE
                  ? t("cars.knowsOtherwise")
                  : t("cars.knowsOld", { when: shortMoment(toldDepartsAt, timeZone, locale) })}
            </Status>
          )}
        </span>
      ) : null}
    </>
  );
}

/** A mail to those of one's own side who have not heard of the time. */
function Tell() {
  const { slug, trip, passengers, mayTell } = useLoaderData<typeof loader>();
  const t = useT();
  const { calledOff, departsAt } = trip.times;
  const waiting = passengers.filter(
    (seat) =>
      seat.own && !seat.gone && (calledOff ? seat.toldDepartsAt !== null : seat.toldDepartsAt !== departsAt),
  );
  if (!mayTell || trip.itemId !== null || waiting.length === 0) return null;
  return (
    <Form method="post" action={paths.manifest(slug, trip.tripId)} className="screen-only">
      <button className="button quiet" type="submit" name="intent" value="tell">
        {t(calledOff ? "cars.tellOff" : "cars.tell", { count: waiting.length })}
      </button>
      <p className="small muted">{t(calledOff ? "cars.tellOff.help" : "cars.tell.help")}</p>
    </Form>
  );
}

function Facts() {
  const { timeZone, trip } = useLoaderData<typeof loader>();
  const t = useT();
  const { vehicle } = trip;
  return (
    <dl className="facts">
      <TripWay trip={trip} timeZone={timeZone} />
      {vehicle === null ? null : (
        <>
          <dt>{t("manifest.vehicle")}</dt>
          <dd>
            {vehicle.name} {vehicle.plate}
          </dd>
          {vehicle.driver === "" && vehicle.driverPhone === "" ? null : (
            <>
              <dt>{t("manifest.driver")}</dt>
              <dd>
                {vehicle.driver} <Phone number={vehicle.driverPhone} />
              </dd>
            </>
          )}
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
  );
}

/** How many are there of how many, each way, with one button for all of them. */
function Counts() {
  const { slug, trip, count: counts, passengers } = useLoaderData<typeof loader>();
  const t = useT();
  const here = paths.manifest(slug, trip.tripId);
  const mayCount = trip.own || passengers.some((seat) => seat.own);
  if (passengers.length === 0) return null;
  return (
    <div className="headcount" aria-live="polite">
      {countsOf(trip.kind).map((count) => {
        const { there, of } = counts[count];
        return (
          <div key={count}>
            <Status tone={there === of ? "good" : there === 0 ? undefined : "wait"}>
              {t(`manifest.count.${count}`, { there, of })}
            </Status>
            {mayCount && there < of ? (
              <Form method="post" action={here} className="screen-only">
                <input type="hidden" name="count" value={count} />
                <button className="button quiet small" type="submit" name="intent" value="countAll">
                  {t(`manifest.all.${count}`)}
                </button>
              </Form>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}

/** Who is missing, with the number to call; only once somebody has been counted. */
function Missing() {
  const { passengers, count } = useLoaderData<typeof loader>();
  const t = useT();
  const name = usePassengerName();
  if (count.out.there === 0) return null;
  const back = count.back.there > 0;
  const missing = passengers.filter((seat) =>
    back ? seat.boardedAt !== null && seat.returnedAt === null : seat.boardedAt === null,
  );
  return (
    <section className="visit-people screen-only">
      <h2>{t("manifest.missing")}</h2>
      {missing.length === 0 ? (
        <p>
          <Status tone="good">{t("manifest.missing.none")}</Status>
        </p>
      ) : (
        <ul className="plain">
          {missing.map((seat) => (
            <li key={seat.passengerId}>
              <Status tone="stop">{name(seat)}</Status>{" "}
              {seat.who?.phone ? <Phone number={seat.who.phone} /> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Changes() {
  const { slug, timeZone, trip, passengers, seatable, vehicles } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useTripLabels();
  const here = paths.manifest(slug, trip.tripId);
  const stored: FormState = {
    errors: {},
    values: {
      kind: trip.kind,
      vehicleId: trip.vehicle?.vehicleId ?? "",
      day: dayOf(trip.times.departsAt, timeZone),
      time: clockTime24(trip.times.departsAt, timeZone),
      returnDay: trip.times.returnsAt === null ? "" : dayOf(trip.times.returnsAt, timeZone),
      returnTime: trip.times.returnsAt === null ? "" : clockTime24(trip.times.returnsAt, timeZone),
      minutesBefore: String(trip.minutesBefore),
      minutesAfter: String(trip.minutesAfter),
      fromPlace: trip.fromPlace,
      toPlace: trip.toPlace,
      sign: trip.sign,
      captain: trip.captain,
      captainPhone: trip.captainPhone,
    },
  };
  const form = sent?.which === "trip" ? sent.form : stored;
  return (
    <div className="screen-only">
      <details className="panel" open={sent?.which === "seat"}>
        <summary>{t("manifest.change")}</summary>
        <ul className="plain">
          {passengers.map((seat) => (
            <li key={seat.passengerId} className="manifest-edit">
              <Places seat={seat} here={here} />
            </li>
          ))}
        </ul>
        <Form method="post" action={here} noValidate>
          <FieldsOf of="seat">
            <SelectField
              form={sent?.which === "seat" ? sent.form : emptyForm}
              name="invitationId"
              label={t("manifest.seatWhom")}
              required
              blank={t("manifest.choose")}
              options={seatable.map((one) => ({
                value: one.invitationId,
                label: `${one.nameLatin} ${one.nameNative}`.trim(),
              }))}
            />
          </FieldsOf>
          <button className="button" type="submit" name="intent" value="seat">
            {t("manifest.seat")}
          </button>
        </Form>
      </details>
      <details className="panel" open={sent?.which === "trip"}>
        <summary>{t("manifest.trip")}</summary>
        <Form method="post" action={here} noValidate className="wide" key={trip.revision}>
          <FieldsOf of="trip">
            <ErrorSummary form={form} labels={labels} />
            <input type="hidden" name="revision" value={trip.revision} />
            <TripFields form={form} vehicles={vehicles} byItem={trip.itemId !== null} />
          </FieldsOf>
          <div className="toolbar">
            <button className="button" type="submit" name="intent" value="trip">
              {t("common.save")}
            </button>
            <button className="button quiet" type="submit" name="intent" value="callOff">
              {t("manifest.callOff")}
            </button>
          </div>
        </Form>
      </details>
    </div>
  );
}

function Places({ seat, here }: { seat: Seat; here: string }) {
  const t = useT();
  const person = usePassengerName()(seat);
  return (
    <>
      <span>{person}</span>
      <Form method="post" action={here} className="inline-form">
        <input type="hidden" name="passengerId" value={seat.passengerId} />
        <select name="role" defaultValue={seat.role ?? ""} aria-label={t("manifest.roleOf", { person })}>
          <option value="">{t("manifest.noRole")}</option>
          {TRIP_ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`tripRole.${role}`)}
            </option>
          ))}
        </select>{" "}
        <button className="button quiet small" type="submit" name="intent" value="role">
          {t("manifest.giveRole")}
        </button>
      </Form>
      <TakeOff seat={seat} here={here} />
    </>
  );
}

/** Takes somebody off this manifest; a car from or to the airport is proposed for them again. */
function TakeOff({ seat, here }: { seat: Seat; here: string }) {
  const t = useT();
  const person = usePassengerName()(seat);
  return (
    <Form method="post" action={here}>
      <input type="hidden" name="passengerId" value={seat.passengerId} />
      <button
        className="link"
        type="submit"
        name="intent"
        value="unseat"
        aria-label={t("manifest.unseatWhom", { person })}
      >
        {t("manifest.unseat")}
      </button>
    </Form>
  );
}
