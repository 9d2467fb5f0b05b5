import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { AgendaTabs } from "../../components/agenda-tabs.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Second, Text } from "../../components/text.tsx";
import { useVenueLabels, VenueFields } from "../../components/venue-fields.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { addVenue } from "../../domain/venue/commands.server.ts";
import { venueForm } from "../../domain/venue/form.ts";
import { venueList } from "../../domain/venue/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "venue.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return {
    locale,
    slug: edition.slug,
    mayWrite: allows(ctx.scope, "agenda"),
    venues: venueList(ctx).venues,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const formData = await args.request.formData();
  const parsed = parseForm(venueForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const added = await addVenue(ctx, parsed.value);
  if (!added.ok) return data({ form: withError(formData, "withinId", "venue.error.house") }, { status: 409 });
  throw redirect(`${paths.venues(edition.slug)}?done=added`, 303);
}

export default function Venues() {
  const { slug, mayWrite, venues } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const done = useSearchParams()[0].get("done");
  const labels = useVenueLabels();
  const form = sent?.form ?? emptyForm;
  return (
    <>
      <WorkHeading>{t("venue.title")}</WorkHeading>
      <AgendaTabs slug={slug} here="places" />
      {done === "added" ? <Notice tone="good">{t("venue.done.added")}</Notice> : null}
      {done === "removed" ? <Notice tone="good">{t("venue.done.removed")}</Notice> : null}
      <p className="readable muted">{t("venue.intro")}</p>
      {venues.length === 0 ? (
        <p>{t("venue.none")}</p>
      ) : (
        <TableFrame label={t("venue.title")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("venue.one")}</th>
                <th scope="col">{t("venue.field.within")}</th>
                <th scope="col">{t("venue.capacity")}</th>
                <th scope="col">{t("venue.used")}</th>
              </tr>
            </thead>
            <tbody>
              {venues.map((one) => {
                const house = venues.find(({ id }) => id === one.withinId);
                return (
                  <tr key={one.id}>
                    <td className={house === undefined ? undefined : "room"}>
                      {mayWrite ? (
                        <a href={paths.venue(slug, one.id)}>
                          <Text en={one.nameEn} zh={one.nameZh} />
                        </a>
                      ) : (
                        <Text en={one.nameEn} zh={one.nameZh} />
                      )}
                      <span className="second-line small">
                        <Second en={one.nameEn} zh={one.nameZh} />
                      </span>
                      <span className="second-line small muted">
                        <Text en={one.addressEn} zh={one.addressZh} />
                      </span>
                    </td>
                    <td>
                      {house === undefined ? (
                        <span className="muted">{t("venue.house")}</span>
                      ) : (
                        <Text en={house.nameEn} zh={house.nameZh} />
                      )}
                    </td>
                    <td>{one.capacity === null ? "–" : t("venue.capacityIs", { count: one.capacity })}</td>
                    <td>{one.items === 0 ? "–" : t("venue.usedTimes", { count: one.items })}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableFrame>
      )}
      {mayWrite ? (
        <section className="panel apart" aria-labelledby="add">
          <h2 id="add">{t("venue.add")}</h2>
          <ErrorSummary form={form} labels={labels} />
          <Form method="post" noValidate>
            <VenueFields form={form} houses={venues.filter(({ withinId }) => withinId === null)} />
            <button className="button" type="submit">
              {t("venue.saveNew")}
            </button>
          </Form>
        </section>
      ) : null}
    </>
  );
}
