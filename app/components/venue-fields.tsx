import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { SelectField, TextField } from "./fields.tsx";
import { inLocale } from "./text.tsx";

export function useVenueLabels() {
  const t = useT();
  return {
    nameEn: t("venue.field.nameEn"),
    nameZh: t("venue.field.nameZh"),
    addressEn: t("venue.field.addressEn"),
    addressZh: t("venue.field.addressZh"),
    withinId: t("venue.field.within"),
    capacity: t("venue.field.capacity"),
  };
}

/** What there is to say of a place. `houses`: those that it may be a room of. */
export function VenueFields({
  form,
  houses,
}: {
  form: FormState;
  houses: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
}) {
  const t = useT();
  const locale = useLocale();
  const labels = useVenueLabels();
  const line = (name: keyof typeof labels, lang: "en" | "zh-Hans", maxLength: number) => ({
    form,
    name,
    label: labels[name],
    lang,
    maxLength,
  });
  return (
    <>
      <div className="field-row">
        <TextField {...line("nameEn", "en", 160)} />
        <TextField {...line("nameZh", "zh-Hans", 160)} />
      </div>
      <div className="field-row">
        <TextField {...line("addressEn", "en", 300)} />
        <TextField {...line("addressZh", "zh-Hans", 300)} />
      </div>
      <div className="field-row">
        <SelectField
          form={form}
          name="withinId"
          label={labels.withinId}
          blank={t("venue.field.withinNone")}
          options={houses.map((one) => ({
            value: one.id,
            label: inLocale({ en: one.nameEn, zh: one.nameZh }, locale).text,
          }))}
        />
        <TextField form={form} name="capacity" label={labels.capacity} inputMode="numeric" maxLength={5} />
      </div>
    </>
  );
}
