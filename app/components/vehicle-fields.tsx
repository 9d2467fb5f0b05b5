import { TRIP_KINDS } from "#db/vocabulary.ts";
import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";
import type { FormState } from "../platform/form-state.ts";
import { LongTextField, SelectField, TextField } from "./fields.tsx";

export type VehicleTab = "trips" | "pickups" | "dropoffs" | "sheets";

/** The pages about cars. */
export function VehicleTabs({ slug, here }: { slug: string; here: VehicleTab }) {
  const t = useT();
  const tabs = [
    ["trips", paths.vehicles(slug)],
    ["pickups", paths.pickUps(slug)],
    ["dropoffs", paths.pickUps(slug, "departure")],
    ["sheets", paths.tripSheets(slug)],
  ] as const;
  return (
    <nav className="pages" aria-label={t("vehicles.tabs")}>
      {tabs.map(([tab, href]) => (
        <a key={tab} href={href} aria-current={tab === here ? "page" : undefined}>
          {t(`vehicles.tab.${tab}`)}
        </a>
      ))}
    </nav>
  );
}

export function VehicleFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <TextField
        form={form}
        name="name"
        label={t("vehicles.field.name")}
        help={t("vehicles.field.nameHelp")}
        required
      />
      <div className="row-fields">
        <TextField
          form={form}
          name="seats"
          label={t("vehicles.field.seats")}
          inputMode="numeric"
          required
          narrow
        />
        <TextField
          form={form}
          name="position"
          label={t("vehicles.field.position")}
          inputMode="numeric"
          narrow
        />
        <TextField form={form} name="plate" label={t("vehicles.field.plate")} />
      </div>
      <div className="row-fields">
        <TextField form={form} name="driver" label={t("vehicles.field.driver")} />
        <TextField
          form={form}
          name="driverPhone"
          label={t("vehicles.field.driverPhone")}
          type="tel"
          inputMode="tel"
        />
      </div>
    </>
  );
}

/** What a trip's form asks. With `byItem` it goes by the programme, else by the clock. */
export function TripFields({
  form,
  vehicles,
  byItem,
}: {
  form: FormState;
  vehicles: ReadonlyArray<{ vehicleId: string; name: string; seats: number }>;
  byItem: boolean;
}) {
  const t = useT();
  return (
    <>
      {byItem ? (
        <div className="row-fields">
          <TextField
            form={form}
            name="minutesBefore"
            label={t("vehicles.field.before")}
            inputMode="numeric"
            required
            narrow
          />
          <TextField
            form={form}
            name="minutesAfter"
            label={t("vehicles.field.after")}
            inputMode="numeric"
            narrow
          />
        </div>
      ) : (
        <>
          <SelectField
            form={form}
            name="kind"
            label={t("vehicles.field.kind")}
            required
            options={TRIP_KINDS.map((value) => ({ value, label: t(`tripKind.${value}`) }))}
          />
          <div className="row-fields">
            <TextField form={form} name="day" type="date" label={t("vehicles.field.day")} required />
            <TextField form={form} name="time" type="time" label={t("vehicles.field.time")} required />
            <TextField form={form} name="returnDay" type="date" label={t("vehicles.field.returnDay")} />
            <TextField form={form} name="returnTime" type="time" label={t("vehicles.field.returnTime")} />
          </div>
        </>
      )}
      <div className="row-fields">
        <TextField form={form} name="fromPlace" label={t("vehicles.field.from")} required />
        <TextField form={form} name="toPlace" label={t("vehicles.field.to")} required />
      </div>
      <SelectField
        form={form}
        name="vehicleId"
        label={t("vehicles.column.vehicle")}
        blank={t("vehicles.noVehicle")}
        options={vehicles.map((one) => ({ value: one.vehicleId, label: `${one.name} (${one.seats})` }))}
      />
      <div className="row-fields">
        <TextField
          form={form}
          name="captain"
          label={t("vehicles.field.captain")}
          help={t("vehicles.field.captainHelp")}
        />
        <TextField
          form={form}
          name="captainPhone"
          label={t("vehicles.field.captainPhone")}
          type="tel"
          inputMode="tel"
        />
      </div>
      <LongTextField
        form={form}
        name="sign"
        label={t("vehicles.field.sign")}
        help={t("vehicles.field.signHelp")}
        rows={2}
        maxLength={500}
      />
    </>
  );
}

export function useTripLabels(): Record<string, string> {
  const t = useT();
  return {
    name: t("vehicles.field.name"),
    seats: t("vehicles.field.seats"),
    position: t("vehicles.field.position"),
    plate: t("vehicles.field.plate"),
    driver: t("vehicles.field.driver"),
    driverPhone: t("vehicles.field.driverPhone"),
    kind: t("vehicles.field.kind"),
    day: t("vehicles.field.day"),
    time: t("vehicles.field.time"),
    returnDay: t("vehicles.field.returnDay"),
    returnTime: t("vehicles.field.returnTime"),
    fromPlace: t("vehicles.field.from"),
    toPlace: t("vehicles.field.to"),
    vehicleId: t("vehicles.column.vehicle"),
    vehicleIds: t("vehicles.field.vehicles"),
    captain: t("vehicles.field.captain"),
    captainPhone: t("vehicles.field.captainPhone"),
    sign: t("vehicles.field.sign"),
    itemId: t("vehicles.field.item"),
    minutesBefore: t("vehicles.field.before"),
    minutesAfter: t("vehicles.field.after"),
  };
}
