import { Link } from "@react-email/components";
import { Fragment, type ReactNode } from "react";
import { moment } from "../app/i18n/dates.ts";
import { htmlLang } from "../app/i18n/translate.ts";
import type { Locale, MessageBlock } from "../db/vocabulary.ts";
import { changeEntries } from "./agenda-change.tsx";
import { Heading, In, OwnLink, Paragraph, Rule } from "./layout.tsx";
import type { MessageMail, Prose, ProseRun } from "./payload.ts";
import { Programme, programmeText } from "./programme.tsx";
import { inBothZones, linkText, plain, typedSubject, type Writing } from "./words.ts";

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
      switch (block.type) {
        case "paragraph":
        case "heading":
          return [runsText(block.runs)];
        case "list":
          return block.items.map((runs, n) => `${block.ordered ? `${n + 1}.` : "-"} ${runsText(runs)}`);
        case "rule":
          return ["-".repeat(32)];
        case "block":
          return blockText(writing, mail, block.name);
        default:
          return block satisfies never;
      }
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

/** The text in this language, or in the other when that is all there is. */
function ownProse(locale: Locale, { proseEn, proseZh }: MessageMail): { prose: Prose; locale: Locale } {
  const [own, other] = locale === "en" ? [proseEn, proseZh] : [proseZh, proseEn];
  if (own.length > 0) return { prose: own, locale };
  return { prose: other, locale: locale === "en" ? "zh-CN" : "en" };
}

function lines(text: string): Array<string> {
  return text.split("\n").map((line) => blanks(line));
}

/** Like `plain`, with the blanks between runs kept. */
function blanks(line: string): string {
  const [, before = "", after = ""] = /^(\s*).*?(\s*)$/su.exec(line) ?? [];
  const text = plain(line);
  return text === ""
    ? line === ""
      ? ""
      : " "
    : `${before === "" ? "" : " "}${text}${after === "" ? "" : " "}`;
}

function runsText(runs: ReadonlyArray<ProseRun>): string {
  return runs
    .map(({ text, href }) => {
      const shown = lines(text).join("\n");
      return href === undefined || href === shown ? shown : `${shown} <${href}>`;
    })
    .join("");
}

function Runs({ runs, locale }: { runs: ReadonlyArray<ProseRun>; locale: Locale }) {
  return runs.map((run, index) => {
    const shown: ReactNode = lines(run.text).map((line, n) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
      <Fragment key={n}>
        {n === 0 ? null : <br />}
        <In run={{ text: line, locale }} page={locale} />
      </Fragment>
    ));
    const strong = run.strong === true ? <strong>{shown}</strong> : shown;
    const marked = run.em === true ? <em>{strong}</em> : strong;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
      <Fragment key={index}>
        {run.href === undefined ? (
          marked
        ) : (
          <Link href={run.href} style={{ color: "#2f6f9f", textDecorationLine: "underline" }}>
            {marked}
          </Link>
        )}
      </Fragment>
    );
  });
}

function ProsePart({ block, locale }: { block: Exclude<Prose[number], { type: "block" }>; locale: Locale }) {
  switch (block.type) {
    case "paragraph":
      return (
        <Paragraph>
          <Runs runs={block.runs} locale={locale} />
        </Paragraph>
      );
    case "heading":
      return (
        <Heading>
          <Runs runs={block.runs} locale={locale} />
        </Heading>
      );
    case "list":
      // A table: mail programs disagree on how far lists are set in, and Outlook drops their margins.
      return (
        <table
          cellPadding="2"
          cellSpacing="0"
          style={{ fontSize: "16px", lineHeight: "1.6", margin: "0 0 12px" }}
        >
          <tbody>
            {block.items.map((runs, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
              <tr key={n}>
                <td valign="top" width="20">
                  {block.ordered ? `${n + 1}.` : "•"}
                </td>
                <td valign="top">
                  <Runs runs={runs} locale={locale} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      );
    case "rule":
      return <Rule />;
    default:
      return block satisfies never;
  }
}

function versionLine({ locale, t }: Writing, { version, publishedAt, edition }: MessageMail): string | null {
  if (version === null || publishedAt === null) return null;
  return t("mail.agenda.version", { version, published: moment(publishedAt, edition.timeZone, locale) });
}

function missingLines(writing: Writing, { missing, registerBy, edition }: MessageMail): Array<string> {
  const { t } = writing;
  return [
    ...missing.map((section) => t(`section.${section}`)),
    ...(registerBy === null || missing.length === 0
      ? []
      : [t("mail.message.registerBy", { when: inBothZones(writing, registerBy, edition) })]),
  ];
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
      return missingLines(writing, mail).map((line) => `- ${line}`);
    case "link": {
      const { href, label } = target(writing, mail);
      return linkText(writing, label, href);
    }
    default:
      return name satisfies never;
  }
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
      return missingLines(writing, mail).map((line) => <Paragraph key={line}>{`• ${line}`}</Paragraph>);
    case "link": {
      const { href, label } = target(writing, mail);
      return <OwnLink href={href}>{label}</OwnLink>;
    }
    default:
      return name satisfies never;
  }
}
