import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { DeliveryTally } from "../../components/delivery-state.tsx";
import { DeliveryTable } from "../../components/delivery-table.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { MailSubject } from "../../components/mail-subject.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { cancelDelivery, retryDelivery } from "../../domain/mail/commands.server.ts";
import { deliveryForm } from "../../domain/mail/form.ts";
import { mailPage } from "../../domain/mail/queries.server.ts";
import { shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "message.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "mail"),
    mayLead: allows(ctx.scope, "lead"),
    ...mailPage(ctx, new URL(args.request.url).searchParams.get("after")),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const formData = await args.request.formData();
  const parsed = parseForm(deliveryForm, formData);
  if (!parsed.ok) throw notFound();
  const intent = formData.get("intent");
  if (intent !== "retry" && intent !== "cancel") throw data(null, { status: 400 });
  const changed = await (intent === "retry" ? retryDelivery : cancelDelivery)(ctx, parsed.value.deliveryId);
  if (changed.ok)
    throw redirect(`${paths.mail(edition.slug)}?done=${intent === "retry" ? "retried" : "cancelled"}`, 303);
  if (changed.refusal === "gone") throw notFound();
  return data({ refusal: changed.refusal }, { status: 409 });
}

/** All mail of one's own side: what staff wrote, what goes by itself, and whom nothing reached. */
export default function Mail() {
  const { slug, timeZone, mayWrite, mayLead, messages, others, notReached } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  return (
    <>
      <WorkHeading
        actions={
          <>
            {mayWrite ? (
              <a className="button" href={paths.newMail(slug)}>
                {t("message.new")}
              </a>
            ) : null}
            <a className="button quiet" href={paths.notReached(slug)}>
              {t("notReached.title")}
            </a>
            <a className="button quiet" href={paths.mailTemplates(slug)}>
              {t("message.templates")}
            </a>
            {mayLead ? (
              <a className="button quiet" href={paths.mailSettings(slug)}>
                {t("message.settings")}
              </a>
            ) : null}
          </>
        }
      >
        {t("message.title")}
      </WorkHeading>
      {refused === undefined ? null : <Notice tone="stop">{t(`message.refusal.${refused.refusal}`)}</Notice>}
      {done === "discarded" || done === "retried" || done === "cancelled" ? (
        <Notice tone="good">{t(`message.done.${done}`)}</Notice>
      ) : null}
      <section className="panel">
        {messages.length === 0 ? <p className="muted">{t("message.none")}</p> : <Messages />}
      </section>
      <section className="panel">
        <h2>{t("message.notReached")}</h2>
        {notReached.total === 0 ? (
          <p>
            <Status tone="good">{t("message.everybodyReached")}</Status>
          </p>
        ) : (
          <>
            <DeliveryTable
              label={t("message.notReached")}
              deliveries={notReached.shown}
              slug={slug}
              timeZone={timeZone}
              mayWrite={mayWrite}
              withKind
            />
            <Paging
              page={notReached}
              address={(from) =>
                paths.mail(slug) + (from === null ? "" : `?${new URLSearchParams({ after: from })}`)
              }
            />
          </>
        )}
      </section>
      {others.length === 0 ? null : (
        <section className="panel">
          <h2>{t("message.others")}</h2>
          <TableFrame label={t("message.others")}>
            <table className="stack">
              <thead>
                <tr>
                  <th scope="col">{t("message.kind")}</th>
                  <th scope="col">{t("message.mails")}</th>
                </tr>
              </thead>
              <tbody>
                {others.map(({ kind, counts }) => (
                  <tr key={kind}>
                    <th scope="row">{t(`mailKind.${kind}`)}</th>
                    <td>
                      <DeliveryTally counts={counts} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </section>
      )}
      <p className="muted small">{t("message.accepted")}</p>
    </>
  );
}

function Messages() {
  const { slug, timeZone, messages } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("message.title")}>
      <table className="stack">
        <thead>
          <tr>
            <th scope="col">{t("message.subject")}</th>
            <th scope="col">{t("message.kind")}</th>
            <th scope="col">{t("message.when")}</th>
            <th scope="col">{t("message.state")}</th>
          </tr>
        </thead>
        <tbody>
          {messages.map((line) => {
            const at = line.releasedAt ?? line.createdAt;
            return (
              <tr key={line.id}>
                <th scope="row">
                  <a href={paths.message(slug, line.id)}>
                    <MailSubject {...line} />
                  </a>
                  {line.isHanded ? <span className="second-line muted">{t("message.handed")}</span> : null}
                </th>
                <td>{t(`templateKind.${line.kind}`)}</td>
                <td>{shortMoment(at, timeZone, locale)}</td>
                <td>
                  {line.state !== "released" ? (
                    <Status>{t(`messageState.${line.state}`)}</Status>
                  ) : (
                    <DeliveryTally counts={line.counts} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
