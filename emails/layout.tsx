import { Body, Container, Head, Hr, Html, Link, Text } from "@react-email/components";
import { Fragment, type ReactNode } from "react";
import { htmlLang, otherLocale, type Translate } from "../app/i18n/translate.ts";
import type { Locale } from "../db/vocabulary.ts";
import type { MailEdition } from "./payload.ts";
import { name, paragraphs, plain, type Run, runsLeftward, type Writing } from "./words.ts";

/*
 * The paper that all mails are written on: two parts, the recipient's language first, under each other. No colour of
 * its own behind or in the text, so that it reads in the dark; no image, no font, no address but the recipient's own.
 * All that it needs stands inline: QQ and 163 drop the head and the body's own tag (emails/document.ts).
 */

const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const text = { fontSize: "16px", lineHeight: "1.6", margin: "0 0 12px" } as const;
const small = { fontSize: "14px", lineHeight: "1.6", margin: "0 0 8px" } as const;
/** What the outermost table is told by; Word, which knows no widest width, gets its own around it. */
const paperStyle = { maxWidth: "38em" } as const;
/** Reads on white and on black alike: mail programs that turn the lights off do not always tell the mail. */
export const LINK_COLOUR = "#3a7ab0";
/** For tables of facts: what their cells share stands once, because a programme has hundreds of cells. */
export const tableStyle = { fontSize: "16px", lineHeight: "1.5", margin: "0 0 12px" } as const;

/** A whole mail. `parts` are the two languages' parts, the recipient's first. */
export function MailDocument({
  subject,
  parts,
}: {
  subject: string;
  parts: readonly [
    first: { locale: Locale; part: ReactNode },
    second?: { locale: Locale; part: ReactNode } | undefined,
  ];
}) {
  const [first, second] = parts;
  return (
    <Html lang={htmlLang(first.locale)}>
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>{subject}</title>
      </Head>
      <Body style={{ margin: "0", padding: "16px", fontFamily: FONTS }}>
        <Container style={paperStyle}>
          <div lang={htmlLang(first.locale)}>{first.part}</div>
          {second === undefined ? null : (
            <>
              <Hr style={{ borderTop: "2px solid #8a9099", margin: "28px 0" }} />
              <div lang={htmlLang(second.locale)}>{second.part}</div>
            </>
          )}
        </Container>
      </Body>
    </Html>
  );
}

/** One language's part: what every mail says before and after its own matter. */
export function Letter({
  writing,
  edition,
  salutation,
  hint,
  isPersonal,
  children,
}: {
  writing: Writing;
  edition: MailEdition;
  salutation: Run;
  /** Where the other language is; only in the first part. */
  hint: string | null;
  /** Whether it brings somebody their own link. */
  isPersonal: boolean;
  children: ReactNode;
}) {
  const { locale, t } = writing;
  const other = otherLocale(locale);
  return (
    <>
      {hint === null ? null : (
        <Text style={small} lang={htmlLang(other)}>
          {hint}
        </Text>
      )}
      {writing.isCopy ? <Paragraph>{t("mail.copy")}</Paragraph> : null}
      <Paragraph>
        <In run={salutation} page={locale} />
      </Paragraph>
      {children}
      <Paragraph>
        {t("mail.secretariat")}
        <br />
        <In run={name(locale, edition.sender)} page={locale} />
      </Paragraph>
      {edition.phones === "" ? null : (
        <Text style={small}>{t("mail.phones", { phones: plain(edition.phones) })}</Text>
      )}
      {isPersonal ? <Text style={small}>{t("mail.personal")}</Text> : null}
      <Text style={small}>
        <strong>{t("mail.never")}</strong>
      </Text>
    </>
  );
}

/** The same around a part in plain text. */
export function letterText(
  writing: Writing,
  edition: MailEdition,
  { salutation, hint, isPersonal }: { salutation: string; hint: string | null; isPersonal: boolean },
  lines: ReadonlyArray<string>,
): string {
  const { locale, t } = writing;
  return [
    ...(hint === null ? [] : [hint, ""]),
    ...(writing.isCopy ? [t("mail.copy"), ""] : []),
    salutation,
    "",
    ...lines,
    "",
    t("mail.secretariat"),
    name(locale, edition.sender).text,
    "",
    ...(edition.phones === "" ? [] : [t("mail.phones", { phones: plain(edition.phones) })]),
    ...(isPersonal ? [t("mail.personal")] : []),
    t("mail.never"),
  ].join("\n");
}

export function Paragraph({ children }: { children: ReactNode }) {
  return <Text style={text}>{children}</Text>;
}

export function Heading({ children }: { children: ReactNode }) {
  return (
    <Text style={{ ...text, margin: "20px 0 6px" }}>
      <strong>{children}</strong>
    </Text>
  );
}

/** A run of text, set apart from its surroundings' direction, with its language where that is another than the part's. */
export function In({ run, page }: { run: Run; page: Locale }) {
  const isForeign = run.locale !== page;
  if (!isForeign && !runsLeftward(run.text)) return run.text;
  return <bdi lang={isForeign ? htmlLang(run.locale) : undefined}>{run.text}</bdi>;
}

/** What staff typed: paragraphs and line breaks kept, everything else is text. */
export function Typed({ run, page }: { run: Run; page: Locale }) {
  return (
    <div lang={run.locale === page ? undefined : htmlLang(run.locale)}>
      {paragraphs(run.text).map((lines, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
        <Paragraph key={index}>
          {lines.map((line, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
            <Fragment key={number}>
              {number === 0 ? null : <br />}
              <In run={{ text: line, locale: page }} page={page} />
            </Fragment>
          ))}
        </Paragraph>
      ))}
    </div>
  );
}

/** What staff typed, as plain text with its line breaks. */
export function typedText(body: string): string {
  return paragraphs(body)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** A thin line between two matters. */
export function Rule() {
  return <Hr style={{ borderTop: "1px solid #8a9099", margin: "18px 0" }} />;
}

/** The recipient's own link. */
export function OwnLink({ href, children }: { href: string; children: ReactNode }) {
  // Who reads along may have no link of their own.
  if (href === "") return null;
  return (
    <Paragraph>
      <Link href={href} style={{ color: LINK_COLOUR, textDecoration: "underline", fontWeight: "600" }}>
        {children}
      </Link>
    </Paragraph>
  );
}

/** Lines with a mark before each. A table: mail programs disagree on how far lists are set in, and Word drops their margins. */
export function Bullets({ items, ordered = false }: { items: ReadonlyArray<ReactNode>; ordered?: boolean }) {
  return (
    <table cellPadding="2" cellSpacing="0" role="presentation" style={tableStyle}>
      <tbody>
        {items.map((item, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
          <tr key={n}>
            <td valign="top" width="16">
              {ordered ? `${n + 1}.` : "•"}
            </td>
            <td valign="top">{item}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const labelStyle = { width: "92px", fontWeight: "normal", verticalAlign: "top" } as const;

/** Label and value, a row each. */
export function Facts({ rows }: { rows: ReadonlyArray<{ label: string; value: ReactNode }> }) {
  return (
    <table cellPadding="4" cellSpacing="0" style={tableStyle}>
      <tbody>
        {rows.map(({ label, value }) => (
          <tr key={label}>
            <th scope="row" align="left" style={labelStyle}>
              {label}
            </th>
            <td valign="top">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "label: value", a line each. */
export function factsText(
  t: Translate,
  rows: ReadonlyArray<{ label: string; value: string }>,
): Array<string> {
  return rows.map((row) => t("mail.fact", row));
}
