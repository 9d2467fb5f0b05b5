import { type MouseEvent, useEffect, useState } from "react";
import { MESSAGE_BLOCKS, MESSAGE_WORDS, type MessageBlock, type MessageWord } from "#db/vocabulary.ts";
import type { MessageKey } from "../i18n/catalogue/index.ts";
import { useT } from "../i18n/react.tsx";
import type { Translate } from "../i18n/translate.ts";
import type { FormState } from "../platform/form-state.ts";
import { fieldId, LongTextField, TextField, TickField } from "./fields.tsx";

export function wordingLabels(t: Translate) {
  return {
    subjectEn: t("message.subjectEn"),
    subjectZh: t("message.subjectZh"),
    bodyEn: t("message.bodyEn"),
    bodyZh: t("message.bodyZh"),
  };
}

/** Subject and text in both languages beside each other, with what may be put in. */
export function WordingFields({ form, withParity }: { form: FormState; withParity: boolean }) {
  const t = useT();
  const labels = wordingLabels(t);
  return (
    <>
      <div className="columns">
        <div>
          <TextField form={form} name="subjectEn" label={labels.subjectEn} lang="en" required />
          <LongTextField form={form} name="bodyEn" label={labels.bodyEn} lang="en" rows={12} required />
        </div>
        <div>
          <TextField form={form} name="subjectZh" label={labels.subjectZh} lang="zh-Hans" required />
          <LongTextField form={form} name="bodyZh" label={labels.bodyZh} lang="zh-Hans" rows={12} required />
        </div>
      </div>
      <p className="help">{t("message.bodyHelp")}</p>
      <Placeholders />
      {withParity ? (
        <TickField
          form={form}
          name="stillHolds"
          label={t("message.stillHolds")}
          help={t("message.stillHoldsHelp")}
        />
      ) : null}
    </>
  );
}

/** The closed list. With JavaScript each puts itself where the cursor was last. */
function Placeholders() {
  const t = useT();
  const [last, setLast] = useState<HTMLInputElement | HTMLTextAreaElement | null>(null);
  const [alive, setAlive] = useState(false);
  useEffect(() => {
    setAlive(true);
    const remember = ({ target }: FocusEvent) => {
      const ours = ["subjectEn", "subjectZh", "bodyEn", "bodyZh"].map((name) => fieldId(name));
      if (
        (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) &&
        ours.includes(target.id)
      )
        setLast(target);
    };
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
  }, []);
  const put = (event: MouseEvent, name: MessageWord | MessageBlock) => {
    event.preventDefault();
    const field = last ?? document.querySelector<HTMLTextAreaElement>(`#${fieldId("bodyEn")}`);
    if (field === null) return;
    const isBlock = MESSAGE_BLOCKS.some((block) => block === name);
    field.setRangeText(
      isBlock ? `\n\n{${name}}\n\n` : `{${name}}`,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
      "end",
    );
    field.focus();
  };
  return (
    <details className="placeholders">
      <summary>{t("message.placeholders")}</summary>
      <p>{t("message.placeholdersHelp")}</p>
      <dl className="facts">
        {[...MESSAGE_WORDS, ...MESSAGE_BLOCKS].map((name) => (
          <div key={name} className="fact">
            <dt>
              <code>{`{${name}}`}</code>
            </dt>
            <dd>
              {t(wordOf(name))}{" "}
              {alive ? (
                <button
                  className="link small"
                  type="button"
                  onClick={(event) => put(event, name)}
                  aria-label={t("message.insert", { name: `{${name}}` })}
                >
                  +
                </button>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function wordOf(name: MessageWord | MessageBlock): MessageKey {
  switch (name) {
    case "programme":
    case "changes":
    case "missing":
    case "link":
    case "salutation":
    case "registerBy":
    case "version":
      return `message.placeholder.${name}`;
    default:
      return `wording.placeholder.${name}`;
  }
}
