import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField, TickField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { mailSettingsForm } from "../../domain/mail/form.ts";
import { domainOf, pacesWith } from "../../domain/mail/pace.ts";
import { changeMailSettings, mailSettings } from "../../domain/mail/settings.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "mailSettings.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const { mailFrom, mailPaces } = args.context.services.environment;
  return {
    locale,
    slug: edition.slug,
    address: mailFrom.address,
    paces: [...pacesWith(mailPaces)].map(([domain, pace]) => ({ domain, seconds: pace / 1000 })),
    sides: mailSettings(ctx),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const formData = await args.request.formData();
  const sideId = String(formData.get("sideId") ?? "");
  const parsed = parseForm(mailSettingsForm, formData);
  if (!parsed.ok) return data({ sideId, form: parsed.form }, { status: 422 });
  const domain = domainOf(args.context.services.environment.mailFrom.address);
  const changed = await changeMailSettings(ctx, { input: parsed.value, domain });
  if (changed.ok) throw redirect(`${paths.mailSettings(edition.slug)}?done=saved`, 303);
  if (changed.refusal === "not_own_side") throw notFound();
  return data(
    { sideId, form: withError(formData, "fromAddress", "mailSettings.refusal.domain") },
    { status: 409 },
  );
}

/** For the lead of a side: whose name its mails bear, where answers go, and whether one person alone may send to many. */
export default function MailSettings() {
  const { slug, sides, address, paces } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const domain = domainOf(address);
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.mail(slug)}>
            {t("message.backToMail")}
          </a>
        }
      >
        {t("mailSettings.title")}
      </WorkHeading>
      {done === "saved" && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      {sides.map((side) => {
        const form: FormState =
          sent?.sideId === side.sideId
            ? sent.form
            : {
                errors: {},
                values: {
                  fromName: side.fromName,
                  fromAddress: side.fromAddress,
                  replyTo: side.replyTo,
                  secondPerson: side.secondPerson ? "on" : "",
                },
              };
        return (
          <section className="panel" key={side.sideId}>
            <h2>
              <Text en={side.nameEn} zh={side.nameZh} />
            </h2>
            <ErrorSummary
              form={form}
              labels={{
                fromName: t("mailSettings.fromName"),
                fromAddress: t("mailSettings.fromAddress"),
                replyTo: t("mailSettings.replyTo"),
              }}
            />
            <Form method="post" noValidate className="narrow-list">
              <input type="hidden" name="sideId" value={side.sideId} />
              <TextField form={form} name="fromName" label={t("mailSettings.fromName")} />
              <TextField
                form={form}
                name="fromAddress"
                label={t("mailSettings.fromAddress")}
                help={t("mailSettings.fromHelp", { domain, address })}
                inputMode="email"
              />
              <TextField
                form={form}
                name="replyTo"
                label={t("mailSettings.replyTo")}
                help={t("mailSettings.replyToHelp")}
                inputMode="email"
              />
              <TickField form={form} name="secondPerson" label={t("mailSettings.secondPerson")} />
              <button className="button" type="submit">
                {t("common.save")}
              </button>
            </Form>
          </section>
        );
      })}
      <section className="panel">
        <h2>{t("mailSettings.paces")}</h2>
        <ul>
          {paces.map(({ domain: one, seconds }) => (
            <li key={one}>
              <code>{one}</code> {t("mailSettings.pace", { seconds })}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
