import { PERMISSIONS } from "#db/vocabulary.ts";
import { useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { ChoiceField, TextField } from "./fields.tsx";

/** What a colleague may do, and the last day of it. */
export function AccessFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <ChoiceField
        form={form}
        name="permissions"
        type="checkbox"
        label={t("staff.field.permissions")}
        required
        options={PERMISSIONS.map((permission) => ({
          value: permission,
          label: t(`permission.${permission}`),
          help: t(`staff.permission.${permission}`),
        }))}
      />
      <TextField
        form={form}
        name="endsAt"
        type="date"
        label={t("staff.field.endsAt")}
        help={t("staff.field.endsAtHelp")}
        narrow
      />
    </>
  );
}

/** The reader's own password, asked for again before permissions change. */
export function OwnPassword({ form, name }: { form: FormState; name: string }) {
  const t = useT();
  return (
    <TextField
      form={form}
      name={name}
      type="password"
      label={t("staff.field.password")}
      help={t("staff.field.passwordHelp")}
      autoComplete="current-password"
      required
      narrow
    />
  );
}
