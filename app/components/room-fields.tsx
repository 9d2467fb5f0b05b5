import { PAYERS } from "#db/vocabulary.ts";
import type { HotelView } from "../domain/lodging/queries.server.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { LongTextField, type Option, SelectField, TextField, TickField } from "./fields.tsx";
import { inLocale } from "./text.tsx";

/** The rooms that there are, to choose from. */
export function useTypeOptions(hotels: ReadonlyArray<HotelView>): Array<Option> {
  const t = useT();
  const locale = useLocale();
  return hotels.flatMap((hotel) =>
    hotel.types.map((type) => ({
      value: type.typeId,
      label: t("room.typeOption", {
        hotel: inLocale({ en: hotel.nameEn, zh: hotel.nameZh }, locale).text,
        type: inLocale({ en: type.nameEn, zh: type.nameZh }, locale).text,
        sleeps: type.sleeps,
      }),
    })),
  );
}

export function useRoomLabels(): Record<string, string> {
  const t = useT();
  return {
    typeId: t("room.field.type"),
    invitationId: t("room.field.person"),
    otherId: t("room.field.other"),
    checkIn: t("room.field.checkIn"),
    checkOut: t("room.field.checkOut"),
    payer: t("room.field.payer"),
    number: t("room.field.number"),
    note: t("room.field.note"),
    lodging: t("wish.field.lodging"),
    address: t("wish.field.address"),
    shareWithId: t("wish.field.shareWith"),
    reportedOn: t("wish.field.reportedOn"),
  };
}

/** From when until when, and who pays. */
export function StayFields({ form, payerLabel }: { form: FormState; payerLabel: string }) {
  const t = useT();
  return (
    <div className="row-fields">
      <TextField form={form} name="checkIn" type="date" label={t("room.field.checkIn")} required />
      <TextField form={form} name="checkOut" type="date" label={t("room.field.checkOut")} required />
      <SelectField
        form={form}
        name="payer"
        label={payerLabel}
        required
        options={PAYERS.map((value) => ({ value, label: t(`payer.${value}`) }))}
      />
    </div>
  );
}

/** What the hotel is asked for besides. */
export function RoomWishFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <TickField form={form} name="smoking" label={t("room.field.smoking")} />
      <TickField form={form} name="earlyCheckIn" label={t("room.field.earlyCheckIn")} />
      <LongTextField form={form} name="note" label={t("room.field.note")} rows={2} maxLength={500} />
    </>
  );
}
