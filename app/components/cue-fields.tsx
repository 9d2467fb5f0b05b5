import { CUE_ANCHORS } from "#db/vocabulary.ts";
import { clockTime24, dayOf, shortDate } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { LongTextField, SelectField, TextField, TickField } from "./fields.tsx";
import { inLocale } from "./text.tsx";

type Item = { id: string; startsAt: number; titleEn: string; titleZh: string };

export function useCueLabels() {
  const t = useT();
  return {
    anchor: t("cue.field.anchor"),
    day: t("cue.field.day"),
    time: t("cue.field.time"),
    itemId: t("cue.field.item"),
    offset: t("cue.field.offset"),
    what: t("cue.field.what"),
    who: t("cue.field.who"),
    place: t("cue.field.place"),
    note: t("cue.field.note"),
    shared: t("cue.field.shared"),
  };
}

/** The agenda items that a line may count from, as choices. */
export function useItemChoices(items: ReadonlyArray<Item>, timeZone: string) {
  const locale = useLocale();
  return items.map((item) => ({
    value: item.id,
    label: `${shortDate(item.startsAt, timeZone, locale)} ${clockTime24(item.startsAt, timeZone)} ${
      inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text
    }`,
  }));
}

/** What there is to say of a line of the run of show. */
export function CueFields({
  form,
  items,
  timeZone,
}: {
  form: FormState;
  items: ReadonlyArray<Item>;
  timeZone: string;
}) {
  const t = useT();
  const labels = useCueLabels();
  const choices = useItemChoices(items, timeZone);
  const text = (name: "what" | "who" | "place") => ({ form, name, label: labels[name], maxLength: 200 });
  const first = items[0];
  return (
    <>
      <div className="field-row">
        <TextField {...text("what")} required />
        <TextField {...text("who")} />
        <TextField {...text("place")} />
      </div>
      <div className="field-row">
        <SelectField
          form={form}
          name="anchor"
          label={labels.anchor}
          required
          options={CUE_ANCHORS.map((one) => ({ value: one, label: t(`cueAnchor.${one}`) }))}
        />
        <TextField
          form={form}
          name="day"
          label={labels.day}
          type="date"
          min={first === undefined ? undefined : dayOf(first.startsAt, timeZone)}
        />
        <TextField form={form} name="time" label={labels.time} type="time" />
      </div>
      <div className="field-row">
        <SelectField form={form} name="itemId" label={labels.itemId} blank="–" options={choices} />
        <TextField
          form={form}
          name="offset"
          label={labels.offset}
          help={t("cue.field.offsetHelp")}
          maxLength={5}
        />
      </div>
      <LongTextField form={form} name="note" label={labels.note} rows={2} maxLength={2000} />
      <TickField form={form} name="shared" label={labels.shared} />
    </>
  );
}
