import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Verbatim } from "../../components/verbatim.tsx";
import { notFound, requestLocale, servicesOf } from "../../context.server.ts";
import { findMailboxMail, headersOf } from "../../domain/mail/mailbox.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { mailboxReader } from "./mailbox-access.server.ts";

export const handle = { scripts: false };

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "mailbox.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const reader = await mailboxReader(args);
  const { db, keys, environment } = servicesOf(args);
  const mail = findMailboxMail({ db }, reader, args.params.mail ?? "");
  if (mail === null) throw notFound();
  return {
    locale: requestLocale(args.request),
    id: mail.id,
    at: mail.at,
    timeZone: mail.timeZone,
    mailLocale: mail.locale,
    toName: mail.toName,
    toAddress: mail.toAddress,
    subject: mail.subject,
    text: mail.text,
    headers: headersOf(mail.source),
    source: mail.source,
    attachments: mail.attachments.map(({ filename, contentType }) => ({ filename, contentType })),
    act:
      environment.demo &&
      mail.recipientKind === "invitee" &&
      mail.invitationId !== null &&
      mail.tokenGeneration !== null
        ? paths.invitation(keys.linkToken(mail.invitationId, mail.tokenGeneration))
        : null,
  };
}

/** One mail as its recipient gets it, and as it crosses the wire. */
export default function MailboxMail() {
  const mail = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <h1 lang={htmlLang(mail.mailLocale)}>
        <bdi>{mail.subject}</bdi>
      </h1>
      <dl className="facts">
        <dt>{t("mailbox.to")}</dt>
        <dd>
          <bdi>{mail.toName}</bdi> {mail.toAddress}
        </dd>
        <dt>{t("mailbox.at")}</dt>
        <dd>{deskMoment(mail.at, mail.timeZone, locale)}</dd>
        {mail.attachments.length === 0 ? null : (
          <>
            <dt>{t("mailbox.attachments")}</dt>
            <dd>
              <ul className="tally">
                {mail.attachments.map((attachment, index) => (
                  <li key={attachment.filename}>
                    <a href={paths.mailboxAttachment(mail.id, index)}>{attachment.filename}</a>{" "}
                    <span className="muted small">{attachment.contentType}</span>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      {mail.act === null ? null : (
        <p>
          <a className="button" href={mail.act}>
            {t("mailbox.act")}
          </a>{" "}
          <span className="muted small">{t("mailbox.actHelp")}</span>
        </p>
      )}
      <h2 className="mail-part">{t("mailbox.html")}</h2>
      <iframe
        className="mail-frame"
        title={t("mailbox.html")}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        src={paths.mailboxHtml(mail.id)}
      />
      <h2 className="mail-part">{t("mailbox.text")}</h2>
      <Verbatim label={t("mailbox.text")} lang={htmlLang(mail.mailLocale)} text={mail.text} />
      <h2 className="mail-part">{t("mailbox.headers")}</h2>
      <Verbatim label={t("mailbox.headers")} text={mail.headers} />
      <details className="mail-more">
        <summary>{t("mailbox.source")}</summary>
        <Verbatim label={t("mailbox.source")} text={mail.source} />
      </details>
      <p>
        <a className="button quiet small" href={paths.mailbox()}>
          {t("mailbox.newest")}
        </a>
      </p>
    </>
  );
}
