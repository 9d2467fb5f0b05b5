import { ROOMING_COLUMNS, type RoomingColumn } from "#db/vocabulary.ts";
import { useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { TextField } from "./fields.tsx";

function typed(form: FormState, name: string): string {
  const value = form.values[name];
  return typeof value === "string" ? value : "";
}

export function HotelFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <div className="row-fields">
        <TextField form={form} name="nameEn" label={t("hotel.field.nameEn")} lang="en" required />
        <TextField form={form} name="nameZh" label={t("hotel.field.nameZh")} lang="zh-Hans" required />
      </div>
      <div className="row-fields">
        <TextField form={form} name="addressEn" label={t("hotel.field.addressEn")} lang="en" />
        <TextField form={form} name="addressZh" label={t("hotel.field.addressZh")} lang="zh-Hans" />
      </div>
      <div className="row-fields">
        <TextField form={form} name="phone" label={t("hotel.field.phone")} type="tel" inputMode="tel" />
        <TextField form={form} name="deadlineDay" type="date" label={t("hotel.field.deadlineDay")} />
        <TextField form={form} name="deadlineTime" type="time" label={t("hotel.field.deadlineTime")} />
      </div>
      <fieldset className="choices">
        <legend>{t("hotel.columns")}</legend>
        <span className="help">{t("hotel.columnsHelp")}</span>
        <div className="list-columns">
          {ROOMING_COLUMNS.map((name) => (
            <Column key={name} name={name} form={form} />
          ))}
        </div>
      </fieldset>
    </>
  );
}

function Column({ name, form }: { name: RoomingColumn; form: FormState }) {
  const t = useT();
  const column = t(`rooming.column.${name}`);
  return (
    <div className="list-column">
      <span>{column}</span>
      <input
        name={`places.${name}`}
        defaultValue={typed(form, `places.${name}`)}
        inputMode="numeric"
        maxLength={2}
        size={2}
        autoComplete="off"
        aria-label={t("hotel.placeOf", { column })}
      />
      <input
        name={`headings.${name}`}
        defaultValue={typed(form, `headings.${name}`)}
        maxLength={200}
        autoComplete="off"
        aria-label={t("hotel.headingOf", { column })}
      />
    </div>
  );
}

export function useHotelLabels(): Record<string, string> {
  const t = useT();
  return {
    nameEn: t("hotel.field.nameEn"),
    nameZh: t("hotel.field.nameZh"),
    addressEn: t("hotel.field.addressEn"),
    addressZh: t("hotel.field.addressZh"),
    phone: t("hotel.field.phone"),
    deadlineDay: t("hotel.field.deadlineDay"),
    deadlineTime: t("hotel.field.deadlineTime"),
  };
}
