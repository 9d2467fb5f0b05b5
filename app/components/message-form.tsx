import type { ReactNode } from "react";
import { CATEGORIES, REPLIES, SESSION_FUNCTIONS, type TemplateKind } from "#db/vocabulary.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { ChoiceField, ErrorSummary, SelectField } from "./fields.tsx";
import { subjectInWords } from "./mail-subject.tsx";
import { BothNames } from "./name.tsx";
import { inLocale } from "./text.tsx";
import { WordingFields, wordingLabels } from "./wording-fields.tsx";

type Choices = {
  sides: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  visits: ReadonlyArray<{ id: string; titleEn: string; titleZh: string }>;
  vehicles: ReadonlyArray<{ id: string; name: string; plate: string; people: number }>;
  hotels: ReadonlyArray<{ id: string; nameEn: string; nameZh: string; people: number }>;
  messages: ReadonlyArray<{ id: string; subjectEn: string; subjectZh: string }>;
  versions: ReadonlyArray<number>;
  people: ReadonlyArray<{ invitationId: string; nameLatin: string; nameNative: string }>;
};

/** The fields of a message: what it says in both languages, and whom it goes to. The buttons are the page's. */
export function MessageFields({
  form,
  choices,
  registrations,
  fixedSide,
  kind,
}: {
  form: FormState;
  choices: Choices;
  registrations: ReadonlyArray<"any" | "submitted" | "not_submitted">;
  /** The side of a message that exists already, or the only one. */
  fixedSide: string | null;
  kind: TemplateKind;
}): ReactNode {
  const t = useT();
  const locale = useLocale();
  const word = (en: string, zh: string) => inLocale({ en, zh }, locale).text;
  const picked = form.values.pickedIds ?? [];
  return (
    <>
      <ErrorSummary form={form} labels={{ sideId: t("message.side"), ...wordingLabels(t) }} />
      <input type="hidden" name="kind" value={kind} />
      {fixedSide === null ? (
        <SelectField
          form={form}
          name="sideId"
          label={t("message.side")}
          required
          options={choices.sides.map((side) => ({ value: side.id, label: word(side.nameEn, side.nameZh) }))}
        />
      ) : (
        <input type="hidden" name="sideId" value={fixedSide} />
      )}
      <h2>{t("message.wording")}</h2>
      <WordingFields form={form} withParity />
      <h2>{t("message.audience")}</h2>
      <p className="muted small readable">{t("message.audienceHelp")}</p>
      <div className="columns">
        <div>
          <ChoiceField
            form={form}
            type="checkbox"
            name="delegationIds"
            label={t("message.delegations")}
            options={choices.delegations.map((one) => ({
              value: one.id,
              label: word(one.nameEn, one.nameZh),
            }))}
          />
          <ChoiceField
            form={form}
            type="checkbox"
            name="replies"
            label={t("message.replies")}
            options={REPLIES.map((reply) => ({ value: reply, label: t(`reply.${reply}`) }))}
          />
        </div>
        <div>
          <ChoiceField
            form={form}
            type="checkbox"
            name="categories"
            label={t("message.categories")}
            options={CATEGORIES.map((category) => ({ value: category, label: t(`category.${category}`) }))}
          />
          <SelectField
            form={form}
            name="registration"
            label={t("message.registration")}
            required
            options={registrations.map((value) => ({ value, label: t(`message.registration.${value}`) }))}
          />
          {choices.versions.length === 0 ? null : (
            <SelectField
              form={form}
              name="unseenVersion"
              label={t("message.unseen")}
              required
              blank={t("message.unseen.any")}
              options={choices.versions.map((number) => ({
                value: String(number),
                label: t("message.unseen.version", { number }),
              }))}
            />
          )}
          {choices.messages.length === 0 ? null : (
            <SelectField
              form={form}
              name="notReachedBy"
              label={t("message.notReachedBy")}
              required
              blank={t("message.notReachedBy.any")}
              options={choices.messages.map((one) => ({
                value: one.id,
                label: subjectInWords({ en: one.subjectEn, zh: one.subjectZh }, locale).text,
              }))}
            />
          )}
        </div>
        <div>
          <ChoiceField
            form={form}
            type="checkbox"
            name="functions"
            label={t("message.functions")}
            options={SESSION_FUNCTIONS.map((each) => ({ value: each, label: t(`function.${each}`) }))}
          />
          {choices.visits.length === 0 ? null : (
            <SelectField
              form={form}
              name="visitId"
              label={t("message.visit")}
              required
              blank={t("message.visit.any")}
              options={choices.visits.map((visit) => ({
                value: visit.id,
                label: word(visit.titleEn, visit.titleZh),
              }))}
            />
          )}
          {choices.vehicles.length === 0 ? null : (
            <SelectField
              form={form}
              name="vehicleId"
              label={t("message.vehicle")}
              required
              blank={t("message.vehicle.any")}
              options={choices.vehicles.map((one) => ({
                value: one.id,
                label: t("message.withPeople", {
                  name: `${one.name} ${one.plate}`.trim(),
                  count: one.people,
                }),
              }))}
            />
          )}
          {choices.hotels.length === 0 ? null : (
            <SelectField
              form={form}
              name="hotelId"
              label={t("message.hotel")}
              required
              blank={t("message.hotel.any")}
              options={choices.hotels.map((one) => ({
                value: one.id,
                label: t("message.withPeople", { name: word(one.nameEn, one.nameZh), count: one.people }),
              }))}
            />
          )}
        </div>
      </div>
      {choices.people.length === 0 ? null : (
        <details open={picked.length > 0}>
          <summary>{t("message.picked")}</summary>
          <p className="muted small">{t("message.pickedHelp")}</p>
          <fieldset className="choices pick-list">
            <legend className="visually-hidden">{t("message.picked")}</legend>
            {choices.people.map((one) => (
              <label className="choice" key={one.invitationId}>
                <input
                  type="checkbox"
                  name="pickedIds"
                  value={one.invitationId}
                  defaultChecked={picked.includes(one.invitationId)}
                />
                <span>
                  <BothNames person={one} />
                </span>
              </label>
            ))}
          </fieldset>
        </details>
      )}
    </>
  );
}
