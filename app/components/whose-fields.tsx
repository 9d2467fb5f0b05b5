import { CATEGORIES, type Reply } from "#db/vocabulary.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { SelectField } from "./fields.tsx";
import { inLocale } from "./text.tsx";

/** Of whom: the fields that narrow people to a delegation, where there are several, to a category and to a reply. */
export function WhoseFields({
  form,
  delegations,
  replies,
}: {
  form: FormState;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  replies: ReadonlyArray<Reply>;
}) {
  const t = useT();
  const locale = useLocale();
  const all = t("people.filter.all");
  return (
    <>
      {delegations.length > 1 ? (
        <SelectField
          form={form}
          name="delegation"
          label={t("people.filter.delegation")}
          blank={all}
          required
          options={delegations.map((each) => ({
            value: each.id,
            label: inLocale({ en: each.nameEn, zh: each.nameZh }, locale).text,
          }))}
        />
      ) : null}
      <SelectField
        form={form}
        name="category"
        label={t("people.filter.category")}
        blank={all}
        required
        options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
      />
      <SelectField
        form={form}
        name="reply"
        label={t("people.filter.reply")}
        blank={all}
        required
        options={replies.map((value) => ({ value, label: t(`reply.${value}`) }))}
      />
    </>
  );
}
