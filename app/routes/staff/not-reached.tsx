import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { DeliveryStatus } from "../../components/delivery-state.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { MailSubject } from "../../components/mail-subject.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { liftAddress, notReached, stoppedAddresses } from "../../domain/mail/history.server.ts";
import { deskMoment, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "notReached.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    now: ctx.clock.now(),
    mayWrite: allows(ctx.scope, "mail"),
    people: notReached(ctx),
    stopped: stoppedAddresses(ctx),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const formData = await args.request.formData();
  const lifted = await liftAddress(ctx, String(formData.get("address") ?? ""));
  if (lifted.ok) throw redirect(`${paths.notReached(edition.slug)}?done=lifted`, 303);
  return data({ refusal: lifted.refusal }, { status: 404 });
}

/** The evening's list: whom to phone, under which number, and what did not reach them. It prints. */
export default function NotReached() {
  const { slug, timeZone, now, people } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.mail(slug)}>
            {t("message.backToMail")}
          </a>
        }
      >
        {t("notReached.title")}
      </WorkHeading>
      {done === "lifted" && sent === undefined ? (
        <Notice tone="good">{t("message.done.lifted")}</Notice>
      ) : null}
      {sent === undefined ? null : <Notice tone="stop">{t(`message.refusal.${sent.refusal}`)}</Notice>}
      <p>
        {t("notReached.intro")}{" "}
        <span className="muted">{t("notReached.asOf", { when: deskMoment(now, timeZone, locale) })}</span>
      </p>
      {people.length === 0 ? (
        <p>
          <Status tone="good">{t("notReached.none")}</Status>
        </p>
      ) : (
        <TableFrame label={t("notReached.title")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("message.person")}</th>
                <th scope="col">{t("notReached.phone")}</th>
                <th scope="col">{t("notReached.what")}</th>
                <th scope="col">{t("message.state")}</th>
                <th scope="col">{t("notReached.why")}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((one) => (
                <tr key={one.deliveryId}>
                  <th scope="row">
                    {one.invitationId === null ? (
                      <BothNames person={one} />
                    ) : (
                      <a href={paths.person(slug, one.invitationId)}>
                        <BothNames person={one} />
                      </a>
                    )}
                  </th>
                  <td className="nowrap">
                    {one.phone === null ? (
                      <span className="muted">{t("notReached.noPhone")}</span>
                    ) : (
                      <a href={`tel:${one.phone.replaceAll(/[^+\d]/g, "")}`}>
                        <bdi>{one.phone}</bdi>
                      </a>
                    )}
                  </td>
                  <td>
                    <a href={paths.delivery(slug, one.deliveryId)}>
                      {one.template === null ? t(`mailKind.${one.kind}`) : t(`templateKind.${one.template}`)}
                    </a>
                    {one.subjectEn + one.subjectZh === "" ? null : (
                      <span className="second-line">
                        <MailSubject {...one} />
                      </span>
                    )}
                  </td>
                  <td>
                    <DeliveryStatus state={one.state} />
                    {one.state === "deferred" ? (
                      <span className="second-line">
                        {t("message.nextTry", { when: shortMoment(one.dueAt, timeZone, locale) })}
                      </span>
                    ) : null}
                  </td>
                  <td>{one.reason === null ? null : t(`mailReason.${one.reason}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <Stopped />
    </>
  );
}

function Stopped() {
  const { slug, timeZone, mayWrite, stopped } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (stopped.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t("notReached.stopped")}</h2>
      <p className="readable">{t("notReached.stoppedHelp")}</p>
      <ul className="plain checks">
        {stopped.map((one) => (
          <li key={one.id}>
            <a href={paths.delivery(slug, one.deliveryId)}>
              <bdi>{one.address}</bdi>
            </a>{" "}
            <Status tone="stop">{t(`mailReason.${one.reason}`)}</Status>{" "}
            <span className="muted small">
              {t("notReached.since", { when: shortMoment(one.at, timeZone, locale) })}
            </span>
            {mayWrite ? (
              <Form method="post">
                <input type="hidden" name="address" value={one.id} />
                <button className="link" type="submit" aria-label={`${t("notReached.lift")}: ${one.address}`}>
                  {t("notReached.lift")}
                </button>
              </Form>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
