import { MESSAGE_WORDS, type MessageWord } from "#db/vocabulary.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { translator } from "../i18n/translate.ts";
import { type Bilingual, inLocale, Run } from "./text.tsx";

/** A subject in words: placeholders that differ from person to person are named in the subject's language. */
export function subjectInWords({ en, zh }: Bilingual, locale: "en" | "zh-CN") {
  const found = inLocale({ en, zh }, locale);
  const t = translator(found.locale);
  const named = (name: string) => {
    const word = MESSAGE_WORDS.find((each): each is MessageWord => each === name);
    return word === undefined
      ? `{${name}}`
      : t("mailSubject.placeholder", { word: t(`mailSubject.${word}`) });
  };
  return { ...found, text: found.text.replaceAll(/\{([^{}]*)\}/g, (_whole, name: string) => named(name)) };
}

/** A message's subject, in the reader's language or the other one. */
export function MailSubject({ subjectEn, subjectZh }: { subjectEn: string; subjectZh: string }) {
  const t = useT();
  const { text, locale } = subjectInWords({ en: subjectEn, zh: subjectZh }, useLocale());
  return text === "" ? t("message.untitled") : <Run locale={locale}>{text}</Run>;
}
