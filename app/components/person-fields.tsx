import { CATEGORIES, LOCALES, SESSION_FUNCTIONS } from "#db/vocabulary.ts";
import { useT } from "../i18n/react.tsx";
import type { Translate } from "../i18n/translate.ts";
import type { FormState } from "../platform/form-state.ts";
import { SelectField, TextField } from "./fields.tsx";

/** The card of a person, for adding and for changing somebody. */
export function PersonFields({ form }: { form: FormState }) {
  const t = useT();
  const zh = "zh-Hans";
  return (
    <>
      <fieldset>
        <legend>{t("person.legend.latin")}</legend>
        <div className="two-up">
          <TextField form={form} name="familyLatin" label={t("person.familyLatin")} />
          <TextField form={form} name="givenLatin" label={t("person.givenLatin")} />
        </div>
        <TextField form={form} name="nameLatin" label={t("person.nameLatin")} help={t("person.nameHelp")} />
        <TextField form={form} name="sortKey" label={t("person.sortKey")} help={t("person.sortKeyHelp")} />
      </fieldset>
      <fieldset>
        <legend>{t("person.legend.native")}</legend>
        <div className="two-up">
          <TextField form={form} name="familyNative" label={t("person.familyNative")} lang={zh} />
          <TextField form={form} name="givenNative" label={t("person.givenNative")} lang={zh} />
        </div>
        <TextField
          form={form}
          name="nameNative"
          label={t("person.nameNative")}
          help={t("person.nameHelp")}
          lang={zh}
        />
      </fieldset>
      <fieldset>
        <legend>{t("person.legend.address")}</legend>
        <div className="two-up">
          <TextField form={form} name="honorificEn" label={t("person.honorificEn")} lang="en" />
          <TextField form={form} name="honorificZh" label={t("person.honorificZh")} lang={zh} />
        </div>
        <TextField
          form={form}
          name="salutationEn"
          label={t("person.salutationEn")}
          help={t("person.salutationHelp")}
          lang="en"
        />
        <TextField form={form} name="salutationZh" label={t("person.salutationZh")} lang={zh} />
      </fieldset>
      <fieldset>
        <legend>{t("person.legend.post")}</legend>
        <TextField form={form} name="institutionEn" label={t("person.institutionEn")} lang="en" />
        <TextField form={form} name="institutionZh" label={t("person.institutionZh")} lang={zh} />
        <TextField form={form} name="positionEn" label={t("person.positionEn")} lang="en" />
        <TextField form={form} name="positionZh" label={t("person.positionZh")} lang={zh} />
      </fieldset>
      <fieldset>
        <legend>{t("person.legend.contact")}</legend>
        <TextField form={form} name="email" label={t("person.email")} inputMode="email" />
        <TextField form={form} name="phone" label={t("person.phone")} type="tel" />
        <SelectField
          form={form}
          name="locale"
          label={t("person.locale")}
          required
          options={LOCALES.map((value) => ({ value, label: t(`person.locale.${value}`) }))}
        />
      </fieldset>
    </>
  );
}

/** What somebody is at the edition. */
export function RoleFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <div className="two-up">
      <SelectField
        form={form}
        name="category"
        label={t("person.category")}
        required
        options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
      />
      <SelectField
        form={form}
        name="invitedAs"
        label={t("person.invitedAs")}
        blank={t("person.invitedAsNone")}
        required
        options={SESSION_FUNCTIONS.map((value) => ({ value, label: t(`function.${value}`) }))}
      />
    </div>
  );
}

/** What the fields are called in the summary of errors. */
export function personLabels(t: Translate): Record<string, string> {
  return {
    familyLatin: t("person.familyLatin"),
    givenLatin: t("person.givenLatin"),
    nameLatin: t("person.nameLatin"),
    familyNative: t("person.familyNative"),
    givenNative: t("person.givenNative"),
    nameNative: t("person.nameNative"),
    sortKey: t("person.sortKey"),
    honorificEn: t("person.honorificEn"),
    honorificZh: t("person.honorificZh"),
    salutationEn: t("person.salutationEn"),
    salutationZh: t("person.salutationZh"),
    institutionEn: t("person.institutionEn"),
    institutionZh: t("person.institutionZh"),
    positionEn: t("person.positionEn"),
    positionZh: t("person.positionZh"),
    email: t("person.email"),
    phone: t("person.phone"),
    locale: t("person.locale"),
    delegationId: t("person.delegation"),
    category: t("person.category"),
    invitedAs: t("person.invitedAs"),
  };
}
