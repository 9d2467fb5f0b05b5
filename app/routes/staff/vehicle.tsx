import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { useTripLabels, VehicleFields } from "../../components/vehicle-fields.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { removeVehicle, saveVehicle } from "../../domain/vehicle/commands.server.ts";
import { vehicleForm } from "../../domain/vehicle/form.ts";
import { vehiclesOf } from "../../domain/vehicle/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "vehicles.edit") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const vehicle = vehiclesOf(ctx.db.orm, ctx.scope).find((one) => one.vehicleId === args.params.vehicle);
  if (vehicle === undefined) throw notFound();
  return { locale, slug: edition.slug, vehicle };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const vehicleId = args.params.vehicle ?? "";
  const formData = await args.request.formData();
  switch (formData.get("intent")) {
    case "save": {
      const parsed = parseForm(vehicleForm, formData);
      if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
      const saved = await saveVehicle(ctx, { ...parsed.value, vehicleId });
      if (saved.ok) throw redirect(`${paths.vehicle(edition.slug, vehicleId)}?saved`, 303);
      if (saved.refusal === "gone") throw notFound();
      return data({ form: withError(formData, "", "vehicles.refusal.changed") }, { status: 409 });
    }
    case "remove": {
      const removed = await removeVehicle(ctx, vehicleId);
      if (removed.ok) throw redirect(paths.vehicles(edition.slug), 303);
      if (removed.refusal === "gone") throw notFound();
      return data({ form: withError(formData, "", "vehicles.refusal.used") }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function Vehicle() {
  const { slug, vehicle } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useTripLabels();
  const [query] = useSearchParams();
  const stored: FormState = {
    errors: {},
    values: {
      name: vehicle.name,
      plate: vehicle.plate,
      seats: String(vehicle.seats),
      driver: vehicle.driver,
      driverPhone: vehicle.driverPhone,
      position: String(vehicle.position),
    },
  };
  const form =
    sent === undefined || !("name" in sent.form.values)
      ? { ...stored, errors: sent?.form.errors ?? {} }
      : sent.form;
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.vehicles(slug)}>
            {t("manifest.back")}
          </a>
        }
      >
        {vehicle.name}
      </WorkHeading>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <Form
        method="post"
        action={paths.vehicle(slug, vehicle.vehicleId)}
        noValidate
        className="panel"
        key={vehicle.revision}
      >
        <ErrorSummary form={form} labels={labels} />
        <input type="hidden" name="revision" value={vehicle.revision} />
        <VehicleFields form={form} />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="save">
            {t("common.save")}
          </button>
          {vehicle.trips > 0 ? null : (
            <button className="button quiet" type="submit" name="intent" value="remove">
              {t("vehicles.remove")}
            </button>
          )}
        </Toolbar>
      </Form>
    </>
  );
}
