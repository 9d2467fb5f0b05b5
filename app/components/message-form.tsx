import type { ReactNode } from "react";
import { CATEGORIES, REPLIES } from "#db/vocabulary.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { ChoiceField, ErrorSummary, LongTextField, SelectField, TextField } from "./fields.tsx";
import { inLocale } from "./text.tsx";

type Choices = {
  sides: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  visits: ReadonlyArray<{ id: string; titleEn: string; titleZh: string }>;
};

/** The fields of a message: what it says in both languages, and whom it goes to. The buttons are the page's. */
export function MessageFields({
  form,
  choices,
  registrations,
  placeholders,
  fixedSide,
}: {
  form: FormState;
  choices: Choices;
  registrations: ReadonlyArray<"any" | "submitted" | "not_submitted">;
  placeholders: ReadonlyArray<string>;
  /** The side of a message that exists already, or the only one. */
  fixedSide: string | null;
}): ReactNode {
  const t = useT();
  const locale = useLocale();
  const word = (en: string, zh: string) => inLocale({ en, zh }, locale).text;
  const help = t("message.bodyHelp", { placeholders: placeholders.map((name) => `{${name}}`).join(" ") });
  const labels = {
    sideId: t("message.side"),
    subjectEn: t("message.subjectEn"),
    subjectZh: t("message.subjectZh"),
    bodyEn: t("message.bodyEn"),
    bodyZh: t("message.bodyZh"),
  };
  return (
    <>
      <ErrorSummary form={form} labels={labels} />
      {fixedSide === null ? (
        <SelectField
          form={form}
          name="sideId"
          label={labels.sideId}
          required
          options={choices.sides.map((side) => ({ value: side.id, label: word(side.nameEn, side.nameZh) }))}
        />
      ) : (
        <input type="hidden" name="sideId" value={fixedSide} />
      )}
      <h2>{t("message.wording")}</h2>
      <div className="columns">
        <div>
          <TextField form={form} name="subjectEn" label={labels.subjectEn} lang="en" required />
          <LongTextField form={form} name="bodyEn" label={labels.bodyEn} lang="en" rows={9} required />
        </div>
        <div>
          <TextField form={form} name="subjectZh" label={labels.subjectZh} lang="zh-Hans" required />
          <LongTextField form={form} name="bodyZh" label={labels.bodyZh} lang="zh-Hans" rows={9} required />
        </div>
      </div>
      <p className="help">{help}</p>
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
        </div>
      </div>
    </>
  );
}
