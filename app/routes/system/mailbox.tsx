import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TableFrame } from "../../components/desk.tsx";
import { requestLocale, servicesOf } from "../../context.server.ts";
import { mailboxPage } from "../../domain/mail/mailbox.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { mailboxReader } from "./mailbox-access.server.ts";

export const handle = { scripts: false };

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "mailbox.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const reader = await mailboxReader(args);
  const after = new URL(args.request.url).searchParams.get("after");
  return {
    locale: requestLocale(args.request),
    isFirst: after === null,
    ...mailboxPage(servicesOf(args), reader, after),
  };
}

export default function Mailbox() {
  const { mails, next, isFirst } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <h1>{t("mailbox.title")}</h1>
      {mails.length === 0 ? (
        <p>{t("mailbox.empty")}</p>
      ) : (
        <TableFrame label={t("mailbox.title")}>
          <table className="snug stack">
            <thead>
              <tr>
                <th scope="col">
                  {t("mailbox.subject")} · {t("mailbox.to")}
                </th>
                <th scope="col">{t("mailbox.at")}</th>
              </tr>
            </thead>
            <tbody>
              {mails.map((mail) => (
                <tr key={mail.id}>
                  <th scope="row">
                    <a href={paths.mailboxMail(mail.id)}>
                      <bdi>{mail.subject}</bdi>
                    </a>
                    <span className="second-line recipient">
                      <bdi>{mail.toName}</bdi> <span className="muted">{mail.toAddress}</span>
                    </span>
                  </th>
                  <td>{deskMoment(mail.at, mail.timeZone, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className="toolbar">
        {isFirst ? null : <a href={paths.mailbox()}>{t("mailbox.newest")}</a>}
        {next === null ? null : (
          <a href={`${paths.mailbox()}?${new URLSearchParams({ after: next })}`}>{t("mailbox.older")}</a>
        )}
      </p>
    </>
  );
}
