import { LOCALES, REGISTRATION_SECTIONS } from "#db/vocabulary.ts";
import { useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";
import { ChoiceField, TextField, TickField } from "./fields.tsx";
import { Status } from "./page.tsx";

/** Who the assistant is, and what is to be open to them. */
export function AssistantFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <TextField form={form} name="name" label={t("assistant.name")} maxLength={100} required />
      <TextField
        form={form}
        name="email"
        label={t("assistant.email")}
        help={t("assistant.emailHelp")}
        inputMode="email"
        required
      />
      <ChoiceField
        form={form}
        name="locale"
        type="radio"
        required
        label={t("assistant.locale")}
        options={LOCALES.map((value) => ({ value, label: t(`register.locale.${value}`) }))}
      />
      <ChoiceField
        form={form}
        name="sections"
        type="checkbox"
        label={t("assistant.sections")}
        help={t("assistant.sectionsHelp")}
        options={REGISTRATION_SECTIONS.map((value) => ({
          value,
          label: t(`section.${value}`),
          ...(value === "consents" ? { help: t("assistant.consentsHelp") } : {}),
        }))}
      />
      <TickField form={form} name="mayReply" label={t("assistant.mayReply")} />
    </>
  );
}

/** What the form's fields are called, for the summary of errors. */
export function assistantLabels(t: ReturnType<typeof useT>): Record<string, string> {
  return {
    name: t("assistant.name"),
    email: t("assistant.email"),
    locale: t("assistant.locale"),
    sections: t("assistant.sections"),
  };
}

type ShownAssistant = {
  linkId: string;
  name: string;
  email: string;
  sections: ReadonlyArray<(typeof REGISTRATION_SECTIONS)[number]>;
  mayReply: boolean;
};

/** Assistants who have a link, each with a button that stops it (`intent=endAssistant`). */
export function AssistantList({
  assistants,
  mayEnd = true,
}: {
  assistants: ReadonlyArray<ShownAssistant>;
  mayEnd?: boolean;
}) {
  const t = useT();
  if (assistants.length === 0) return <p className="muted">{t("assistant.none")}</p>;
  return (
    <ul className="plain access-list">
      {assistants.map((one) => (
        <li key={one.linkId}>
          <div>
            <strong>
              <bdi>{one.name}</bdi>
            </strong>{" "}
            {one.mayReply ? <Status>{t("assistant.repliesToo")}</Status> : null}
            <span className="second-line small">
              <bdi>{one.email}</bdi>
            </span>
            <span className="second-line small muted">
              {one.sections.length === 0
                ? t("assistant.noSection")
                : one.sections.map((section) => t(`section.${section}`)).join(t("myProgramme.listSeparator"))}
            </span>
          </div>
          {mayEnd ? (
            <form method="post">
              <input type="hidden" name="intent" value="endAssistant" />
              <input type="hidden" name="link" value={one.linkId} />
              <button
                className="button quiet small"
                type="submit"
                aria-label={t("assistant.endThis", { name: one.name })}
              >
                {t("assistant.end")}
              </button>
            </form>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
