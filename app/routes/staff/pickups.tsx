import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { DIRECTIONS } from "#db/vocabulary.ts";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, LongTextField, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { useTripLabels, VehicleTabs } from "../../components/vehicle-fields.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { hotelsOf } from "../../domain/lodging/queries.server.ts";
import { confirmPickUps } from "../../domain/vehicle/commands.server.ts";
import { pickUpForm } from "../../domain/vehicle/form.ts";
import { type ProposedPickUp, pickUpPage } from "../../domain/vehicle/queries.server.ts";
import { clockTime24, dayOf, shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", `pickups.title.${page?.direction ?? "arrival"}`) },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const asked = new URL(args.request.url).searchParams.get("direction");
  const direction = DIRECTIONS.find((each) => each === asked) ?? "arrival";
  const { slug, timeZone } = edition;
  const hotels = hotelsOf(ctx.db.orm, ctx.scope);
  const hotel = hotels.length === 1 ? (hotels[0] ?? null) : null;
  // As it can be read aloud to a driver and to a guest.
  const hotelName = hotel === null ? "" : `${hotel.nameZh} ${hotel.nameEn}`.trim();
  return { locale, slug, timeZone, direction, hotelName, ...pickUpPage(ctx, direction) };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const formData = await args.request.formData();
  const parsed = parseForm(pickUpForm, formData);
  if (!parsed.ok) {
    if ("direction" in parsed.form.errors) throw notFound();
    return data({ form: parsed.form }, { status: 422 });
  }
  const confirmed = await confirmPickUps(ctx, parsed.value);
  if (confirmed.ok) {
    const there = paths.pickUps(edition.slug, parsed.value.direction);
    throw redirect(`${there}${there.includes("?") ? "&" : "?"}planned=${confirmed.value.trips}`, 303);
  }
  return data({ form: withError(formData, "", `vehicles.refusal.${confirmed.refusal}`) }, { status: 409 });
}

export default function PickUps() {
  const { slug, timeZone, direction, proposed, unknown } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const planned = Number(query.get("planned"));
  const stored = useStoredForm();
  const labels = useGroupLabels(proposed.length);
  const form = sent === undefined ? stored : whereItWasTyped(sent.form, { stored, proposed });
  return (
    <>
      <WorkHeading>{t(`pickups.title.${direction}`)}</WorkHeading>
      <VehicleTabs slug={slug} here={direction === "arrival" ? "pickups" : "dropoffs"} />
      {sent === undefined && Number.isSafeInteger(planned) && planned > 0 ? (
        <Notice tone="good">{t("pickups.done", { count: planned })}</Notice>
      ) : null}
      <p className="readable">
        {t(direction === "arrival" ? "pickups.intro" : "pickups.intro.departure", {
          zone: zoneName(timeZone, locale),
        })}
      </p>
      {proposed.length === 0 ? (
        <p>{t("pickups.none")}</p>
      ) : (
        <Form
          method="post"
          action={paths.pickUps(slug, direction)}
          noValidate
          className="wide"
          key={JSON.stringify(form.values)}
        >
          <ErrorSummary form={form} labels={labels} />
          <input type="hidden" name="direction" value={direction} />
          {proposed.map((group, n) => (
            <Group key={group.people[0]?.invitationId ?? n} group={group} n={n} form={form} />
          ))}
          <p>
            <button className="button" type="submit">
              {t("pickups.do")}
            </button>
          </p>
        </Form>
      )}
      {unknown.length === 0 ? null : (
        <section className="panel">
          <h2>{t("pickups.unknown")}</h2>
          <ul className="plain">
            {unknown.map((line) => (
              <li key={line.invitationId}>
                <BothNames person={line} />{" "}
                <span className="muted small">
                  <Text en={line.delegationEn} zh={line.delegationZh} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** The proposal as a form: everything ticked, everything to be changed. */
function useStoredForm(): FormState {
  const { proposed, timeZone, direction, hotelName } = useLoaderData<typeof loader>();
  const t = useT();
  const hotel = hotelName || t("pickups.hotel");
  const values: Record<string, string> = {};
  for (const [n, group] of proposed.entries()) {
    const airport = group.place || t("pickups.airport");
    const facts = {
      take: "on",
      vehicleId: group.vehicleId ?? "",
      day: dayOf(group.departsAt, timeZone),
      time: clockTime24(group.departsAt, timeZone),
      fromPlace: direction === "arrival" ? airport : hotel,
      toPlace: direction === "arrival" ? hotel : airport,
      sign: direction === "arrival" ? signOf(group) : "",
    };
    for (const [name, value] of Object.entries(facts)) values[`groups[${n}].${name}`] = value;
  }
  return { errors: {}, values };
}

/**
 * What was typed goes back to the people for whom it was typed: a colleague may have confirmed a car meanwhile, and the others
 * stand in other places then.
 */
function whereItWasTyped(
  sent: FormState,
  { stored, proposed }: { stored: FormState; proposed: ReadonlyArray<ProposedPickUp> },
): FormState {
  const values: Record<string, string> = {};
  const errors = Object.fromEntries(
    Object.entries(sent.errors).filter(([name]) => !name.startsWith("groups[")),
  );
  const moved = <T,>(from: Readonly<Record<string, T>>, to: Record<string, T>, k: number, n: number) => {
    for (const [name, value] of Object.entries(from))
      if (name.startsWith(`groups[${k}].`)) to[name.replace(`groups[${k}]`, `groups[${n}]`)] = value;
  };
  for (const [n, group] of proposed.entries()) {
    const k = proposedBefore(sent, peopleOf(group));
    if (k === null) moved(stored.values, values, n, n);
    else {
      moved(sent.values, values, k, n);
      moved(sent.errors, errors, k, n);
    }
  }
  return { values, errors };
}

function proposedBefore({ values }: FormState, people: string): number | null {
  const found = Object.entries(values).find(
    ([name, value]) => /^groups\[\d+\]\.people$/.test(name) && value === people,
  );
  return found === undefined ? null : Number(/\d+/.exec(found[0])?.[0]);
}

function peopleOf({ people }: ProposedPickUp): string {
  return people.map(({ invitationId }) => invitationId).join(" ");
}

function signOf({ people }: ProposedPickUp): string {
  return people
    .map((one) => [one.nameLatin, one.nameNative].filter((name) => name !== "").join(" "))
    .join("\n");
}

function useGroupLabels(count: number): Record<string, string> {
  const labels = useTripLabels();
  const all: Record<string, string> = {};
  for (let n = 0; n < count; n += 1)
    for (const [name, label] of Object.entries(labels)) all[`groups[${n}].${name}`] = `${n + 1}: ${label}`;
  return all;
}

function Group({ group, n, form }: { group: ProposedPickUp; n: number; form: FormState }) {
  const { timeZone, direction, vehicles } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const labels = useTripLabels();
  const name = (field: string) => `groups[${n}].${field}`;
  const place = group.place || t("pickups.noPlace");
  const from = shortMoment(group.first, timeZone, locale);
  const taken = form.values[name("take")] === "on";
  return (
    <section className="panel">
      <h2>
        {group.first === group.last
          ? t("pickups.group", { place, from })
          : t("pickups.groupSpan", { place, from, to: clockTime24(group.last, timeZone) })}
      </h2>
      <ul className="plain">
        {group.people.map((one) => (
          <li key={one.invitationId}>
            <span className="num">{one.at === null ? null : clockTime24(one.at, timeZone)}</span> {one.number}{" "}
            <strong>
              <BothNames person={one} />
            </strong>{" "}
            <span className="muted small">
              <Text en={one.delegationEn} zh={one.delegationZh} />
            </span>
          </li>
        ))}
      </ul>
      <input type="hidden" name={name("people")} value={peopleOf(group)} />
      <label className="choice">
        <input type="checkbox" name={name("take")} value="on" defaultChecked={taken} />
        <span>{t("pickups.take")}</span>
      </label>
      <div className="row-fields">
        <SelectField
          form={form}
          name={name("vehicleId")}
          label={labels.vehicleId}
          blank={t("pickups.someVehicle")}
          options={vehicles.map((one) => ({ value: one.vehicleId, label: `${one.name} (${one.seats})` }))}
        />
        <TextField form={form} name={name("day")} type="date" label={labels.day} required />
        <TextField
          form={form}
          name={name("time")}
          type="time"
          label={t(`pickups.leaves.${direction}`)}
          required
        />
      </div>
      <div className="row-fields">
        <TextField form={form} name={name("fromPlace")} label={labels.fromPlace} required />
        <TextField form={form} name={name("toPlace")} label={labels.toPlace} required />
      </div>
      {direction === "arrival" ? (
        <LongTextField
          form={form}
          name={name("sign")}
          label={labels.sign}
          help={t("vehicles.field.signHelp")}
          rows={2}
          maxLength={500}
        />
      ) : (
        <input type="hidden" name={name("sign")} value="" />
      )}
    </section>
  );
}
