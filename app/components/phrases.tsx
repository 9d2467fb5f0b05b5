import { Fragment } from "react";
import type { Locale } from "#db/vocabulary.ts";
import { useLocale } from "../i18n/react.tsx";
import { type Bilingual, inLocale, Run } from "./text.tsx";

const words = new Intl.Segmenter("zh-CN", { granularity: "word" });

/**
 * A Chinese heading in the pieces between which it may break: words of two characters and more begin one, and so does a
 * bracket. Left to itself a browser breaks anywhere, and 人权 stands on two lines.
 */
export function phrasesOf(text: string): Array<string> {
  const phrases: Array<string> = [];
  let glued = true;
  for (const { segment } of words.segment(text)) {
    const opens = /^[（《“「]/u.test(segment);
    const last = phrases.length - 1;
    if (!glued && (opens || (segment.length > 1 && /\p{Script=Han}/u.test(segment)))) phrases.push(segment);
    else if (last < 0) phrases.push(segment);
    else phrases[last] += segment;
    glued = opens;
  }
  return phrases;
}

/** A heading in the reader's language. Only for pages without scripts: a browser may find other words than the server. */
export function Phrases({ en, zh }: Bilingual) {
  const { text, locale }: { text: string; locale: Locale } = inLocale({ en, zh }, useLocale());
  if (locale === "en") return <Run locale={locale}>{text}</Run>;
  return (
    <Run locale={locale}>
      {phrasesOf(text).map((phrase, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order.
        <Fragment key={place}>
          {place === 0 ? null : <wbr />}
          {phrase}
        </Fragment>
      ))}
    </Run>
  );
}
