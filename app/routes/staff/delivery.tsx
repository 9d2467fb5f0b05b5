import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { useEffect, useState } from "react";
import { DeliveryStatus, SeenStatus, ServerSaid } from "../../components/delivery-state.tsx";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Verbatim } from "../../components/verbatim.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { cancelDelivery, retryDelivery, sendElsewhere } from "../../domain/mail/commands.server.ts";
import { elsewhereForm } from "../../domain/mail/form.ts";
import { deliveryPage } from "../../domain/mail/history.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "deliveryPage.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const mail = deliveryPage(ctx, args.params.delivery ?? "");
  if (mail === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "mail"),
    mail,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const deliveryId = args.params.delivery ?? "";
  const formData = await args.request.formData();
  const to = (id: string, done: string) =>
    redirect(`${paths.delivery(edition.slug, id)}?${new URLSearchParams({ done })}`, 303);
  switch (formData.get("intent")) {
    case "retry":
    case "cancel": {
      const isRetry = formData.get("intent") === "retry";
      const changed = await (isRetry ? retryDelivery : cancelDelivery)(ctx, deliveryId);
      if (changed.ok) throw to(deliveryId, isRetry ? "retried" : "cancelled");
      if (changed.refusal === "gone") throw notFound();
      return data({ form: null, refusal: changed.refusal }, { status: 409 });
    }
    case "elsewhere": {
      formData.set("deliveryId", deliveryId);
      const parsed = parseForm(elsewhereForm, formData);
      if (!parsed.ok) return data({ form: parsed.form, refusal: null }, { status: 422 });
      const sent = await sendElsewhere(ctx, parsed.value);
      if (sent.ok) throw to(sent.value.deliveryId, "elsewhere");
      if (sent.refusal === "gone") throw notFound();
      return data({ form: null, refusal: sent.refusal }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

const DONE = ["retried", "cancelled", "elsewhere"] as const;

/** One mail: what became of it, what it says, and what can still be done. */
export default function Delivery() {
  const { slug, timeZone, mayWrite, mail } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const locale = useLocale();
  const when = (at: number) => deskMoment(at, timeZone, locale);
  return (
    <>
      <WorkHeading
        actions={
          <>
            {mail.messageId === null ? null : (
              <a className="button quiet small" href={paths.message(slug, mail.messageId)}>
                {t("message.deliveries")}
              </a>
            )}
            {mail.invitationId === null ? null : (
              <a className="button quiet small" href={paths.person(slug, mail.invitationId)}>
                {t("message.person")}
              </a>
            )}
          </>
        }
      >
        {t("deliveryPage.title")}
      </WorkHeading>
      {DONE.filter((each) => each === done).map((each) => (
        <Notice tone="good" key={each}>
          {t(`message.done.${each}`)}
        </Notice>
      ))}
      {sent === undefined || sent.refusal === null ? null : (
        <Notice tone="stop">{t(`message.refusal.${sent.refusal}`)}</Notice>
      )}
      <section className="panel">
        <dl className="facts">
          <div className="fact">
            <dt>{t("deliveryPage.to")}</dt>
            <dd>
              <bdi>{mail.toName}</bdi> <bdi>{mail.toAddress}</bdi>
              {mail.recipientKind === "assistant" ? (
                <span className="muted"> {t("message.copyMark")}</span>
              ) : null}
            </dd>
          </div>
          <div className="fact">
            <dt>{t("message.kind")}</dt>
            <dd>
              {mail.template === null ? t(`mailKind.${mail.kind}`) : t(`templateKind.${mail.template}`)}
            </dd>
          </div>
          <div className="fact">
            <dt>{t("message.state")}</dt>
            <dd>
              <DeliveryStatus state={mail.state} />{" "}
              {mail.state === "deferred" ? t("message.nextTry", { when: when(mail.dueAt) }) : null}
              {mail.state === "queued" ? t("message.waitsFor", { when: when(mail.dueAt) }) : null}
              <SeenStatus mail={{ ...mail, isCopy: mail.recipientKind !== "invitee" }} timeZone={timeZone} />
            </dd>
          </div>
        </dl>
        <h2>{t("deliveryPage.tries")}</h2>
        <ol className="plain checks">
          <li>
            {when(mail.createdAt)} <span className="muted">{t("deliveryPage.queued")}</span>
          </li>
          {mail.tries.map((one) => (
            <li key={`${one.at} ${one.outcome} ${one.response}`}>
              {when(one.at)} <DeliveryStatus state={one.outcome} />{" "}
              {one.reason === null ? null : <strong>{t(`mailReason.${one.reason}`)}</strong>}{" "}
              <span className="small muted">
                {one.code} <ServerSaid response={one.response} />
              </span>
            </li>
          ))}
        </ol>
        {mayWrite && (mail.mayRetry || mail.mayCancel) ? (
          <Form method="post" className="toolbar">
            {mail.mayRetry ? (
              <button className="button small" type="submit" name="intent" value="retry">
                {t("message.retry")}
              </button>
            ) : null}
            {mail.mayCancel ? (
              <button className="button quiet small" type="submit" name="intent" value="cancel">
                {t("message.cancel")}
              </button>
            ) : null}
          </Form>
        ) : null}
      </section>
      <section className="panel">
        <h2>{t("deliveryPage.body")}</h2>
        {mail.mail === null ? (
          <p className="muted">{t("deliveryPage.purged")}</p>
        ) : (
          <>
            <p>
              <span className="muted">{t("message.subject")}</span>{" "}
              <strong lang={htmlLang(mail.locale)}>{mail.mail.subject}</strong>
            </p>
            <Verbatim label={t("deliveryPage.body")} lang={htmlLang(mail.locale)} text={mail.mail.text} />
            <p className="muted small">{t("message.previewHelp")}</p>
          </>
        )}
      </section>
      {mail.short === null ? null : <ShortText text={mail.short} />}
      {mayWrite && mail.maySendElsewhere ? (
        <section className="panel">
          <h2>{t("deliveryPage.elsewhere")}</h2>
          <ErrorSummary form={sent?.form ?? emptyForm} labels={{ address: t("deliveryPage.address") }} />
          <Form method="post" noValidate className="narrow-list">
            <TextField
              form={sent?.form ?? emptyForm}
              name="address"
              label={t("deliveryPage.address")}
              help={t("deliveryPage.elsewhereHelp")}
              inputMode="email"
              required
            />
            <button className="button" type="submit" name="intent" value="elsewhere">
              {t("deliveryPage.elsewhere")}
            </button>
          </Form>
        </section>
      ) : null}
    </>
  );
}

/** To be copied by hand; with JavaScript by a button. */
function ShortText({ text }: { text: string }) {
  const { mail } = useLoaderData<typeof loader>();
  const t = useT();
  const [state, setState] = useState<"dead" | "alive" | "copied">("dead");
  useEffect(() => setState("clipboard" in navigator ? "alive" : "dead"), []);
  return (
    <section className="panel">
      <h2 id="short">{t("deliveryPage.short")}</h2>
      <p className="muted small">{t("deliveryPage.shortHelp")}</p>
      <textarea
        className="short-text"
        readOnly
        aria-labelledby="short"
        lang={htmlLang(mail.locale)}
        defaultValue={text}
        rows={10}
      />
      {state === "dead" ? null : (
        <button
          className="button quiet small"
          type="button"
          onClick={() => navigator.clipboard.writeText(text).then(() => setState("copied"))}
        >
          {state === "copied" ? t("deliveryPage.copied") : t("deliveryPage.copyText")}
        </button>
      )}
    </section>
  );
}
