import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { inLocale, Second, Text } from "../../components/text.tsx";
import { useVenueLabels, VenueFields } from "../../components/venue-fields.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { changeVenue, removeVenue, setWays } from "../../domain/venue/commands.server.ts";
import { typedWays, venueForm, waysForm } from "../../domain/venue/form.ts";
import { venueList } from "../../domain/venue/queries.server.ts";
import { wayKey } from "../../domain/venue/rules.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "venue.one") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "agenda");
  const { venues, ways } = venueList(ctx);
  const venue = venues.find(({ id }) => id === args.params.venue);
  if (venue === undefined) throw notFound();
  const houses = venues.filter(({ id, withinId }) => withinId === null && id !== venue.id);
  const minutes = houses.map((house) => {
    const [oneId, otherId] = wayKey(venue.id, house.id);
    const known = ways.find((way) => way.oneId === oneId && way.otherId === otherId);
    return [`minutes.${house.id}`, known === undefined ? "" : String(known.minutes)] as const;
  });
  const form: FormState = {
    errors: {},
    values: {
      nameEn: venue.nameEn,
      nameZh: venue.nameZh,
      addressEn: venue.addressEn,
      addressZh: venue.addressZh,
      withinId: venue.withinId ?? "",
      capacity: venue.capacity === null ? "" : String(venue.capacity),
    },
  };
  const wayForm: FormState = { errors: {}, values: Object.fromEntries(minutes) };
  return { locale, slug: edition.slug, venue, houses, form, ways: wayForm };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const venueId = args.params.venue ?? "";
  if (!venueList(ctx).venues.some(({ id }) => id === venueId)) throw notFound();
  const formData = await args.request.formData();
  const here = paths.venue(edition.slug, venueId);
  switch (formData.get("intent")) {
    case "save": {
      const parsed = parseForm(venueForm, formData);
      if (!parsed.ok) return data({ form: parsed.form, ways: null, inUse: false }, { status: 422 });
      const changed = await changeVenue(ctx, { venueId, input: parsed.value });
      if (changed.ok) throw redirect(`${here}?done=changed`, 303);
      if (changed.refusal === "not_found") throw notFound();
      const form = withError(formData, "withinId", "venue.error.house");
      return data({ form, ways: null, inUse: false }, { status: 409 });
    }
    case "ways": {
      const parsed = parseForm(waysForm, formData);
      if (!parsed.ok) return data({ form: null, ways: parsed.form, inUse: false }, { status: 422 });
      const set = await setWays(ctx, { venueId, minutes: typedWays(parsed.value.minutes) });
      if (!set.ok) throw notFound();
      throw redirect(`${here}?done=ways`, 303);
    }
    case "remove": {
      const removed = await removeVenue(ctx, { venueId });
      if (removed.ok) throw redirect(`${paths.venues(edition.slug)}?done=removed`, 303);
      if (removed.refusal === "not_found") throw notFound();
      return data({ form: null, ways: null, inUse: true }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function VenuePage() {
  const { slug, venue, houses, ...stored } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const done = useSearchParams()[0].get("done");
  const labels = useVenueLabels();
  const form = sent?.form ?? stored.form;
  const ways = sent?.ways ?? stored.ways;
  const names = Object.fromEntries(
    houses.map((house) => [
      `minutes.${house.id}`,
      t("venue.way", { place: inLocale({ en: house.nameEn, zh: house.nameZh }, locale).text }),
    ]),
  );
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.venues(slug)}>
            {t("venue.back")}
          </a>
        }
      >
        <Text en={venue.nameEn} zh={venue.nameZh} />
      </WorkHeading>
      <p className="second-title">
        <Second en={venue.nameEn} zh={venue.nameZh} />
      </p>
      {sent === undefined && done === "changed" ? (
        <Notice tone="good">{t("venue.done.changed")}</Notice>
      ) : null}
      {sent === undefined && done === "ways" ? <Notice tone="good">{t("venue.done.ways")}</Notice> : null}
      {sent?.inUse === true ? <Notice tone="stop">{t("venue.inUse")}</Notice> : null}
      <ErrorSummary form={sent?.form ?? emptyForm} labels={labels} />
      <Form method="post" noValidate key={venue.id}>
        <VenueFields form={form} houses={venue.rooms > 0 ? [] : houses} />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="save">
            {t("venue.save")}
          </button>
        </Toolbar>
      </Form>
      {venue.withinId !== null || houses.length === 0 ? null : (
        <section className="panel apart" aria-labelledby="ways-there">
          <h2 id="ways-there">{t("venue.ways")}</h2>
          <p className="help">{t("venue.waysHelp")}</p>
          <ErrorSummary form={sent?.ways ?? emptyForm} labels={names} />
          <Form method="post" noValidate>
            <div className="field-row">
              {houses.map((house) => (
                <TextField
                  key={house.id}
                  form={ways}
                  name={`minutes.${house.id}`}
                  label={names[`minutes.${house.id}`]}
                  inputMode="numeric"
                  maxLength={4}
                />
              ))}
            </div>
            <button className="button quiet" type="submit" name="intent" value="ways">
              {t("venue.saveWays")}
            </button>
          </Form>
        </section>
      )}
      <section className="panel apart" aria-labelledby="remove">
        <h2 id="remove">{t("venue.remove")}</h2>
        {venue.items > 0 || venue.rooms > 0 ? (
          <p>{t("venue.inUse")}</p>
        ) : (
          <Form method="post">
            <button className="button danger" type="submit" name="intent" value="remove">
              {t("venue.remove")}
            </button>
          </Form>
        )}
      </section>
    </>
  );
}
