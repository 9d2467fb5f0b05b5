import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { DIRECTIONS, type Direction, LEG_MEANS, MEANS } from "#db/vocabulary.ts";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, LongTextField, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import {
  correctJourney,
  keepCorrection,
  setOwnWay,
  takeAnswer,
} from "../../domain/travel/commands.server.ts";
import { correctionForm, directionForm, legsOfForm } from "../../domain/travel/form.ts";
import { journeyPage } from "../../domain/travel/page.server.ts";
import { type Leg, type LegEnd, MOST_LEGS } from "../../domain/travel/rules.ts";
import { carsOf } from "../../domain/vehicle/queries.server.ts";
import { fitOf } from "../../domain/vehicle/rules.ts";
import { shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "journey.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const page = journeyPage(ctx, args.params.invitation ?? "");
  if (page === null) throw notFound();
  const { slug, timeZone } = edition;
  const invitationIds = [page.traveller.invitationId];
  const car = (direction: Direction) =>
    carsOf(ctx.db.orm, ctx.scope, { direction, invitationIds }).get(page.traveller.invitationId) ?? null;
  const cars = { arrival: car("arrival"), departure: car("departure") };
  return { locale, slug, timeZone, mayWrite: allows(ctx.scope, "logistics"), cars, ...page };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const invitationId = args.params.invitation ?? "";
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  const done = () => redirect(`${paths.journey(edition.slug, invitationId)}?saved`, 303);
  if (intent === "correct") {
    const parsed = parseForm(correctionForm, formData);
    if (!parsed.ok) {
      if ("direction" in parsed.form.errors) throw data(null, { status: 400 });
      return data({ direction: String(formData.get("direction")), form: parsed.form }, { status: 422 });
    }
    const { direction } = parsed.value;
    const outcome = await correctJourney(ctx, {
      ...parsed.value,
      invitationId,
      legs: legsOfForm(parsed.value),
    });
    if (outcome.ok) throw done();
    if (outcome.refusal === "gone") throw notFound();
    const form = withError(formData, "", `journey.refusal.${outcome.refusal}`);
    return data({ direction: String(direction), form }, { status: outcome.refusal === "empty" ? 422 : 409 });
  }
  const parsed = parseForm(directionForm, formData);
  if (!parsed.ok) throw data(null, { status: 400 });
  const way = { invitationId, ...parsed.value };
  const outcome =
    intent === "takeAnswer"
      ? await takeAnswer(ctx, way)
      : intent === "keep"
        ? await keepCorrection(ctx, way)
        : intent === "ownWay" || intent === "needsCar"
          ? await setOwnWay(ctx, { ...way, apart: intent === "ownWay" })
          : null;
  if (outcome === null) throw data(null, { status: 400 });
  if (outcome.ok) throw done();
  if (outcome.refusal !== "changed") throw notFound();
  const problem = intent === "keep" ? "answered" : "written";
  return data({ direction: null, problem, form: withError(formData, "", "error.invalid") } as const, {
    status: 409,
  });
}

export default function JourneyOf() {
  const { slug, traveller } = useLoaderData<typeof loader>();
  const t = useT();
  const [query] = useSearchParams();
  const sent = useActionData<typeof action>();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.travel(slug)}>
            {t("journey.back")}
          </a>
        }
      >
        <BothNames person={traveller} />
      </WorkHeading>
      <p className="muted">
        <Text en={traveller.delegationEn} zh={traveller.delegationZh} /> ·{" "}
        {t(`category.${traveller.category}`)}
        {traveller.phone === null ? null : (
          <>
            {" · "}
            <a className="num" href={`tel:${traveller.phone.replaceAll(/[^+\d]/g, "")}`}>
              {traveller.phone}
            </a>
          </>
        )}
      </p>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      {sent?.direction === null ? <Notice tone="stop">{t(`journey.refusal.${sent.problem}`)}</Notice> : null}
      {DIRECTIONS.map((direction) => (
        <Way key={direction} direction={direction} />
      ))}
    </>
  );
}

function Way({ direction }: { direction: Direction }) {
  const { slug, journeys, apart, writers, timeZone, mayWrite, traveller } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { legs, answer, correction, answerChanged, answerMark } = journeys[direction];
  const here = paths.journey(slug, traveller.invitationId);
  return (
    <section className="panel">
      <h2>{t(`journey.${direction}`)}</h2>
      {answerChanged ? <Notice tone="stop">{t("journey.changed")}</Notice> : null}
      <div className="two-up">
        <div>
          <h3>{t("journey.counts")}</h3>
          <LegList legs={legs} />
          {correction === null ? null : (
            <p className="small">
              <Status tone="wait">{t("travel.corrected")}</Status>{" "}
              {t("journey.byStaff", {
                how: t(`means.${correction.means}`),
                when: shortMoment(correction.updatedAt, timeZone, locale),
                who: writers[correction.updatedBy] ?? t("journey.someone"),
              })}
              {correction.note === "" ? null : <span className="second-line">{correction.note}</span>}
            </p>
          )}
        </div>
        {correction === null ? null : (
          <div>
            <h3>{t("journey.answer")}</h3>
            <LegList legs={answer} />
          </div>
        )}
      </div>
      {apart[direction] ? <p>{t("journey.isApart")}</p> : <Car direction={direction} />}
      {mayWrite ? (
        <>
          <Form method="post" action={here} className="toolbar">
            <input type="hidden" name="direction" value={direction} />
            <input type="hidden" name="answerSeen" value={answerMark} />
            <input type="hidden" name="revision" value={correction?.revision ?? 0} />
            {correction === null ? null : (
              <button className="button quiet" type="submit" name="intent" value="takeAnswer">
                {t("journey.takeAnswer")}
              </button>
            )}
            {answerChanged ? (
              <button className="button quiet" type="submit" name="intent" value="keep">
                {t("journey.keep")}
              </button>
            ) : null}
            <button
              className="button quiet"
              type="submit"
              name="intent"
              value={apart[direction] ? "needsCar" : "ownWay"}
            >
              {t(apart[direction] ? "journey.needsCar" : "journey.ownWay")}
            </button>
          </Form>
          <Correction direction={direction} />
        </>
      ) : null}
    </section>
  );
}

/** The car that meets them, and whether it still does. */
function Car({ direction }: { direction: Direction }) {
  const { slug, cars, journeys, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const car = cars[direction];
  const { at } = journeys[direction];
  if (car === null) return <p className="muted">{t("cars.none")}</p>;
  const fit = at === null ? "fits" : fitOf(direction === "arrival" ? "pickup" : "dropoff", car.departsAt, at);
  return (
    <p>
      {t("cars.yours")}{" "}
      <a href={paths.manifest(slug, car.tripId)}>
        {t("cars.of", {
          name: car.name || t("vehicles.noVehicle"),
          when: shortMoment(car.departsAt, timeZone, locale),
        })}
      </a>{" "}
      {fit === "fits" ? null : <Status tone="stop">{t(`cars.fit.${fit}`)}</Status>}
    </p>
  );
}

function LegList({ legs }: { legs: ReadonlyArray<Leg> }) {
  const t = useT();
  if (legs.length === 0) return <p className="muted">{t("journey.nothing")}</p>;
  return (
    <ol className="plain">
      {legs.map((leg, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: legs have no name but their place in the row.
        <li key={n}>
          <strong>{leg.number || t(`legMeans.${leg.means}`)}</strong>
          {leg.means === "not_booked" ? null : (
            <>
              <span className="second-line">
                <End end={leg.from} />
              </span>
              <span className="second-line">
                → <End end={leg.to} />
              </span>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

function End({ end }: { end: LegEnd }) {
  const t = useT();
  const locale = useLocale();
  const place = end.place || t("journey.noPlace");
  if (end.at === null) return <>{t("journey.endUnknown", { place })}</>;
  return (
    <>
      {t("journey.end", {
        place,
        when: shortMoment(end.at, end.zone, locale),
        zone: zoneName(end.zone, locale),
      })}
    </>
  );
}

/** The form as it stands stored: the legs that count, and room for one more. A far end that nobody told of goes by the clock at home. */
function storedForm(
  direction: Direction,
  legs: ReadonlyArray<Leg>,
  { timeZone, homeZone }: { timeZone: string; homeZone: string },
): FormState {
  const values: Record<string, string> = {};
  const [departsZone, arrivesZone] = direction === "arrival" ? [homeZone, timeZone] : [timeZone, homeZone];
  values[`legs[${legs.length}].departsZone`] = departsZone;
  values[`legs[${legs.length}].arrivesZone`] = arrivesZone;
  const unknown = (end: LegEnd) => end.on === "" && end.time === "";
  for (const [n, leg] of legs.entries()) {
    const own = (name: string, value: string) => {
      values[`legs[${n}].${name}`] = value;
    };
    own("means", leg.means);
    own("number", leg.number);
    own("fromPlace", leg.from.place);
    own("departsOn", leg.from.on);
    own("departsTime", leg.from.time);
    own("departsZone", unknown(leg.from) ? departsZone : leg.from.zone);
    own("toPlace", leg.to.place);
    own("arrivesOn", leg.to.on);
    own("arrivesTime", leg.to.time);
    own("arrivesZone", unknown(leg.to) ? arrivesZone : leg.to.zone);
  }
  return { values, errors: {} };
}

function Correction({ direction }: { direction: Direction }) {
  const { slug, traveller, journeys, timeZone, homeZone } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const { legs, correction, answerMark } = journeys[direction];
  const form =
    sent?.direction === direction ? sent.form : storedForm(direction, legs, { timeZone, homeZone });
  const rows = Math.min(MOST_LEGS, legs.length + 1);
  return (
    <details open={sent?.direction === direction}>
      <summary>{t("journey.change")}</summary>
      <p className="readable">{t("journey.changeHelp")}</p>
      <Form
        method="post"
        action={paths.journey(slug, traveller.invitationId)}
        className="wide"
        noValidate
        key={JSON.stringify(form.values)}
      >
        <FieldsOf of={direction}>
          <ErrorSummary form={form} labels={labelsOf(t, rows)} />
          <input type="hidden" name="direction" value={direction} />
          <input type="hidden" name="revision" value={correction?.revision ?? 0} />
          <input type="hidden" name="answerSeen" value={answerMark} />
          {Array.from({ length: rows }, (_, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: legs have no name but their place in the row.
            <LegFields key={n} form={form} n={n} blank={n >= legs.length} />
          ))}
          <SelectField
            form={form}
            name="means"
            label={t("journey.field.told")}
            required
            blank={t("error.choose")}
            options={MEANS.map((value) => ({ value, label: t(`means.${value}`) }))}
          />
          <LongTextField form={form} name="note" label={t("journey.field.note")} rows={2} maxLength={500} />
        </FieldsOf>
        <button className="button" type="submit" name="intent" value="correct">
          {t("journey.save")}
        </button>
      </Form>
    </details>
  );
}

const LEG_FIELDS = [
  "means",
  "number",
  "fromPlace",
  "departsOn",
  "departsTime",
  "departsZone",
  "toPlace",
  "arrivesOn",
  "arrivesTime",
  "arrivesZone",
] as const;

function labelsOf(t: ReturnType<typeof useT>, rows: number): Record<string, string> {
  const labels: Record<string, string> = {
    means: t("journey.field.told"),
    note: t("journey.field.note"),
  };
  for (let n = 0; n < rows; n += 1)
    for (const field of LEG_FIELDS)
      labels[`legs[${n}].${field}`] = `${t("journey.leg", { n: n + 1 })}, ${t(`journey.field.${field}`)}`;
  return labels;
}

function LegFields({ form, n, blank }: { form: FormState; n: number; blank: boolean }) {
  const t = useT();
  const name = (field: string) => `legs[${n}].${field}`;
  return (
    <fieldset className="choices">
      <legend>{t(blank ? "journey.legIsBlank" : "journey.leg", { n: n + 1 })}</legend>
      <div className="pair">
        <SelectField
          form={form}
          name={name("means")}
          label={t("journey.field.means")}
          required={!blank}
          blank={t("legMeans.none")}
          options={LEG_MEANS.map((value) => ({ value, label: t(`legMeans.${value}`) }))}
        />
        <TextField form={form} name={name("number")} label={t("journey.field.number")} required />
      </div>
      <LegEndFields
        form={form}
        n={n}
        place="fromPlace"
        on="departsOn"
        time="departsTime"
        zone="departsZone"
      />
      <LegEndFields form={form} n={n} place="toPlace" on="arrivesOn" time="arrivesTime" zone="arrivesZone" />
    </fieldset>
  );
}

type LegField = (typeof LEG_FIELDS)[number];

/** Where and when a leg begins or ends. */
function LegEndFields({
  form,
  n,
  ...fields
}: { form: FormState; n: number } & Record<"place" | "on" | "time" | "zone", LegField>) {
  const { zones } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const field = (name: LegField) => ({
    form,
    name: `legs[${n}].${name}`,
    label: t(`journey.field.${name}`),
    required: true,
  });
  return (
    <>
      <TextField {...field(fields.place)} />
      <div className="row-fields">
        <TextField {...field(fields.on)} type="date" />
        <TextField {...field(fields.time)} type="time" />
        <SelectField
          {...field(fields.zone)}
          options={zones.map((zone) => ({ value: zone, label: zoneName(zone, locale) }))}
        />
      </div>
    </>
  );
}
