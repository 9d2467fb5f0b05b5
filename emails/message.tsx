import { Fragment } from "react";
import { moment } from "../app/i18n/dates.ts";
import { htmlLang } from "../app/i18n/translate.ts";
import type { MessageBlock } from "../db/vocabulary.ts";
import { changeEntries } from "./agenda-change.tsx";
import { Bullets, In, OwnLink, Paragraph } from "./layout.tsx";
import type { MessageMail, Prose } from "./payload.ts";
import { Programme, programmeText } from "./programme.tsx";
import { ownProse, ProsePart, proseLines } from "./prose.tsx";
import { inBothZones, linkText, typedSubject, type Writing } from "./words.ts";

/**
 * What staff wrote to many, with each recipient's own programme, changes and open points where the text has a place
 * for them. Without a place of its own the link stands at the end.
 */
export const message = {
  subject({ locale, t }: Writing, mail: MessageMail): string {
    const subject = typedSubject(locale, mail);
    return mail.isTest ? t("mail.message.test", { subject }) : subject;
  },

  text(writing: Writing, mail: MessageMail): Array<string> {
    const { prose } = ownProse(writing.locale, mail);
    const parts = prose.map((block): ReadonlyArray<string> => {
      return block.type === "block" ? blockText(writing, mail, block.name) : proseLines(block);
    });
    if (!prose.some(isLink)) parts.push(blockText(writing, mail, "link"));
    return parts
      .filter((lines) => lines.length > 0)
      .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
  },

  Part({ writing, mail }: { writing: Writing; mail: MessageMail }) {
    const { prose, locale } = ownProse(writing.locale, mail);
    const isForeign = locale !== writing.locale;
    return (
      <>
        {prose.map((block, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
          <Fragment key={index}>
            {block.type === "block" ? (
              <Block writing={writing} mail={mail} name={block.name} />
            ) : isForeign ? (
              <div lang={htmlLang(locale)}>
                <ProsePart block={block} locale={locale} />
              </div>
            ) : (
              <ProsePart block={block} locale={locale} />
            )}
          </Fragment>
        ))}
        {prose.some(isLink) ? null : <Block writing={writing} mail={mail} name="link" />}
      </>
    );
  },
};

function isLink(block: Prose[number]): boolean {
  return block.type === "block" && block.name === "link";
}

function versionLine({ locale, t }: Writing, { version, publishedAt, edition }: MessageMail): string | null {
  if (version === null || publishedAt === null) return null;
  return t("mail.agenda.version", { version, published: moment(publishedAt, edition.timeZone, locale) });
}

function missingSections({ t }: Writing, { missing }: MessageMail): Array<string> {
  return missing.map((section) => t(`section.${section}`));
}

/** Until when what is missing is asked for. */
function missingUntil(writing: Writing, { missing, registerBy, edition }: MessageMail): string | null {
  if (registerBy === null || missing.length === 0) return null;
  return writing.t("mail.message.registerBy", { when: inBothZones(writing, registerBy, edition) });
}

/** Where the link leads: to the page that the mail is about. */
function target({ links, t }: Writing, { template }: MessageMail): { href: string; label: string } {
  switch (template) {
    case "agenda":
    case "change_notice":
    case "tonight":
    case "logistics":
      return { href: links.programme, label: t("mail.programme.open") };
    case "missing_items":
    case "confirmation":
    case "waiting_list":
      return { href: links.registration, label: t("mail.registration.open") };
    case "save_the_date":
    case "invitation":
    case "reminder":
    case "thank_you":
      return { href: links.invitation, label: t("mail.message.open") };
    default:
      return template satisfies never;
  }
}

function blockText(writing: Writing, mail: MessageMail, name: MessageBlock): ReadonlyArray<string> {
  const { t } = writing;
  switch (name) {
    case "programme": {
      const version = versionLine(writing, mail);
      return [
        ...(version === null ? [] : [version]),
        ...programmeText({ writing, items: mail.programme, timeZone: mail.edition.timeZone }),
        "",
        t("mail.agenda.current"),
      ];
    }
    case "changes":
      return changeEntries(writing, { ...mail, clashes: {} }).flatMap(({ mark, title, lines: details }) => [
        t("mail.notice.entry", { mark, title: title.text }),
        ...details.map((detail) => `  ${detail}`),
      ]);
    case "missing":
      return [
        ...missingSections(writing, mail).map((line) => `- ${line}`),
        ...[missingUntil(writing, mail)].filter((line) => line !== null),
      ];
    case "link": {
      const { href, label } = target(writing, mail);
      return linkText(writing, label, href);
    }
    default:
      return name satisfies never;
  }
}

function Missing({ writing, mail }: { writing: Writing; mail: MessageMail }) {
  const until = missingUntil(writing, mail);
  return (
    <>
      <Bullets items={missingSections(writing, mail)} />
      {until === null ? null : <Paragraph>{until}</Paragraph>}
    </>
  );
}

function Block({ writing, mail, name }: { writing: Writing; mail: MessageMail; name: MessageBlock }) {
  const { t, locale } = writing;
  switch (name) {
    case "programme": {
      const version = versionLine(writing, mail);
      return (
        <>
          {version === null ? null : (
            <Paragraph>
              <strong>{version}</strong>
            </Paragraph>
          )}
          <Programme writing={writing} items={mail.programme} timeZone={mail.edition.timeZone} />
          <Paragraph>{t("mail.agenda.current")}</Paragraph>
        </>
      );
    }
    case "changes":
      return changeEntries(writing, { ...mail, clashes: {} }).map(({ id, mark, title, lines: details }) => (
        <Paragraph key={id}>
          <strong>
            {mark}
            {locale === "en" ? " " : null}
            <In run={title} page={locale} />
          </strong>
          {details.map((detail) => (
            <Fragment key={detail}>
              <br />
              {detail}
            </Fragment>
          ))}
        </Paragraph>
      ));
    case "missing":
      return <Missing writing={writing} mail={mail} />;
    case "link": {
      const { href, label } = target(writing, mail);
      return <OwnLink href={href}>{label}</OwnLink>;
    }
    default:
      return name satisfies never;
  }
}
