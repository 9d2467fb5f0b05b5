import {
  AGENDA_KINDS,
  ATTRIBUTIONS,
  AUDIENCES,
  INTERPRETATIONS,
  LANGUAGE_PAIRS,
  type Locale,
} from "#db/vocabulary.ts";
import { zoneName } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { ChoiceField, ErrorSummary, LongTextField, SelectField, TextField } from "./fields.tsx";
import { type Bilingual, inLocale } from "./text.tsx";

type Delegation = { id: string; nameEn: string; nameZh: string };
export type VenueChoice = { id: string; nameEn: string; nameZh: string; withinId: string | null };

/** What the fields of the form are called, by their names. */
export function useLabels(delegations: ReadonlyArray<Delegation>): Readonly<Record<string, string>> {
  const t = useT();
  const locale = useLocale();
  return {
    kind: t("agenda.field.kind"),
    day: t("agenda.field.day"),
    start: t("agenda.field.start"),
    end: t("agenda.field.end"),
    titleEn: t("agenda.field.titleEn"),
    titleZh: t("agenda.field.titleZh"),
    venueId: t("agenda.field.venue"),
    fromVenueId: t("agenda.field.fromVenue"),
    languagePair: t("agenda.field.languagePair"),
    placeEn: t("agenda.field.placeEn"),
    placeZh: t("agenda.field.placeZh"),
    audience: t("agenda.field.audience"),
    delegationIds: t("agenda.field.delegations"),
    attribution: t("agenda.field.attribution"),
    interpretation: t("agenda.field.interpretation"),
    internalNote: t("agenda.field.internalNote"),
    hostEn: t("agenda.field.hostEn"),
    hostZh: t("agenda.field.hostZh"),
    capacity: t("agenda.field.capacity"),
    ...Object.fromEntries(
      delegations.map((one) => [
        `seats.${one.id}`,
        t("agenda.field.seats", { delegation: nameOf(one, locale) }),
      ]),
    ),
    meetTime: t("agenda.field.meetTime"),
    meetingPointEn: t("agenda.field.meetingPointEn"),
    meetingPointZh: t("agenda.field.meetingPointZh"),
    dressEn: t("agenda.field.dressEn"),
    dressZh: t("agenda.field.dressZh"),
    bringEn: t("agenda.field.bringEn"),
    bringZh: t("agenda.field.bringZh"),
    deadlineDay: t("agenda.field.deadlineDay"),
    deadlineTime: t("agenda.field.deadlineTime"),
  };
}

/** The fields of an agenda item, with those of its visit, beneath a summary of what is wrong. */
export function AgendaItemFields({
  form,
  delegations,
  venues,
  timeZone,
}: {
  form: FormState;
  delegations: ReadonlyArray<Delegation>;
  venues: ReadonlyArray<VenueChoice>;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  const labels = useLabels(delegations);
  const places = venueOptions(venues, locale);
  const clock = t("agenda.field.zoneHelp", { zone: zoneName(timeZone, locale) });
  const line = (name: string, lang: "en" | "zh-Hans", required = false) => ({
    form,
    name,
    label: labels[name],
    lang,
    required,
    maxLength: 200,
  });
  return (
    <>
      <ErrorSummary form={form} labels={labels} />
      <fieldset>
        <legend>{t("agenda.part1")}</legend>
        <div className="field-row">
          <SelectField
            form={form}
            name="kind"
            label={labels.kind}
            required
            blank=""
            options={AGENDA_KINDS.map((kind) => ({ value: kind, label: t(`agendaKind.${kind}`) }))}
          />
          <TextField form={form} name="day" label={labels.day} type="date" required />
          <TextField form={form} name="start" label={labels.start} type="time" required help={clock} />
          <TextField form={form} name="end" label={labels.end} type="time" required help={clock} />
        </div>
        <div className="field-row">
          <TextField {...line("titleEn", "en", true)} />
          <TextField {...line("titleZh", "zh-Hans", true)} />
        </div>
        {places.length === 0 ? null : (
          <div className="field-row">
            <SelectField
              form={form}
              name="venueId"
              label={labels.venueId}
              help={t("agenda.field.venueHelp")}
              blank={t("agenda.field.venueNone")}
              options={places}
            />
            <SelectField
              form={form}
              name="fromVenueId"
              label={labels.fromVenueId}
              help={t("agenda.field.fromVenueHelp")}
              blank={t("agenda.field.unstated")}
              options={places}
            />
          </div>
        )}
        <div className="field-row">
          <TextField {...line("placeEn", "en")} />
          <TextField {...line("placeZh", "zh-Hans")} />
        </div>
      </fieldset>
      <fieldset>
        <legend>{t("agenda.part2")}</legend>
        <div className="field-row">
          <SelectField
            form={form}
            name="audience"
            label={labels.audience}
            required
            options={AUDIENCES.map((one) => ({ value: one, label: t(`audience.${one}`) }))}
          />
          <SelectField
            form={form}
            name="attribution"
            label={labels.attribution}
            blank={t("agenda.field.unstated")}
            options={ATTRIBUTIONS.map((one) => ({ value: one, label: t(`attribution.${one}`) }))}
          />
          <SelectField
            form={form}
            name="interpretation"
            label={labels.interpretation}
            blank={t("agenda.field.unstated")}
            options={INTERPRETATIONS.map((one) => ({ value: one, label: t(`interpretation.${one}`) }))}
          />
          <SelectField
            form={form}
            name="languagePair"
            label={labels.languagePair}
            blank={t("agenda.field.unstated")}
            options={LANGUAGE_PAIRS.map((one) => ({ value: one, label: t(`languagePair.${one}`) }))}
          />
        </div>
        <ChoiceField
          form={form}
          name="delegationIds"
          type="checkbox"
          label={labels.delegationIds}
          help={t("agenda.field.delegationsHelp")}
          options={delegations.map((one) => ({ value: one.id, label: nameOf(one, locale) }))}
        />
        <div className="field-row">
          <TextField {...line("dressEn", "en")} />
          <TextField {...line("dressZh", "zh-Hans")} />
        </div>
        <div className="field-row">
          <TextField {...line("bringEn", "en")} />
          <TextField {...line("bringZh", "zh-Hans")} />
        </div>
        <LongTextField
          form={form}
          name="internalNote"
          label={labels.internalNote}
          help={t("agenda.field.internalNoteHelp")}
          rows={3}
          maxLength={4000}
        />
      </fieldset>
      <fieldset className="visit-part">
        <legend>{t("agenda.part3")}</legend>
        <p className="help">{t("agenda.part3Help")}</p>
        <div className="field-row">
          <TextField {...line("hostEn", "en")} />
          <TextField {...line("hostZh", "zh-Hans")} />
        </div>
        <SeatFields form={form} delegations={delegations} />
        <div className="field-row">
          <TextField form={form} name="meetTime" label={labels.meetTime} type="time" help={clock} />
          <TextField {...line("meetingPointEn", "en")} />
          <TextField {...line("meetingPointZh", "zh-Hans")} />
        </div>
        <div className="field-row">
          <TextField form={form} name="deadlineDay" label={labels.deadlineDay} type="date" />
          <TextField form={form} name="deadlineTime" label={labels.deadlineTime} type="time" help={clock} />
        </div>
      </fieldset>
    </>
  );
}

/** The limits of a visit alone, beneath a summary of what is wrong. */
export function SeatLimitFields(props: { form: FormState; delegations: ReadonlyArray<Delegation> }) {
  return (
    <>
      <ErrorSummary form={props.form} labels={useLabels(props.delegations)} />
      <SeatFields {...props} />
    </>
  );
}

/** A visit's seats: in all, and for each delegation. */
function SeatFields({ form, delegations }: { form: FormState; delegations: ReadonlyArray<Delegation> }) {
  const t = useT();
  const labels = useLabels(delegations);
  return (
    <div className="field-row">
      <TextField
        form={form}
        name="capacity"
        label={labels.capacity}
        inputMode="numeric"
        maxLength={4}
        required
      />
      {delegations.map((one) => (
        <TextField
          key={one.id}
          form={form}
          name={`seats.${one.id}`}
          label={labels[`seats.${one.id}`]}
          help={t("agenda.field.seatsHelp")}
          inputMode="numeric"
          maxLength={4}
        />
      ))}
    </div>
  );
}

/** The places to choose from: a house, and beneath it its rooms. */
export function venueOptions(venues: ReadonlyArray<VenueChoice>, locale: Locale) {
  const houses = new Map(venues.map((one) => [one.id, nameOf(one, locale)]));
  return venues.map((one) => {
    const house = one.withinId === null ? undefined : houses.get(one.withinId);
    const name = nameOf(one, locale);
    return { value: one.id, label: house === undefined ? name : `${house} · ${name}` };
  });
}

function nameOf({ nameEn: en, nameZh: zh }: Delegation, locale: Locale): string {
  const name: Bilingual = { en, zh };
  return inLocale(name, locale).text;
}
