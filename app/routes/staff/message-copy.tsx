import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { WordingFields, wordingLabels } from "../../components/wording-fields.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { dropCopy, writeCopy } from "../../domain/mail/commands.server.ts";
import { copyForm } from "../../domain/mail/form.ts";
import { copyPage } from "../../domain/mail/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "message.copyTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "mail");
  const messageId = args.params.message ?? "";
  const invitationId = args.params.invitation ?? "";
  const page = copyPage(ctx, { messageId, invitationId });
  if (page === null) throw notFound();
  return { locale, slug: edition.slug, messageId, invitationId, page };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const messageId = args.params.message ?? "";
  const invitationId = args.params.invitation ?? "";
  const formData = await args.request.formData();
  const query = new URLSearchParams({ as: invitationId, done: "copySaved" });
  const back = () => redirect(`${paths.message(edition.slug, messageId)}?${query}`, 303);
  if (formData.get("intent") === "drop") {
    const dropped = await dropCopy(ctx, { messageId, invitationId });
    if (dropped.ok) throw back();
    throw notFound();
  }
  const parsed = parseForm(copyForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const written = await writeCopy(ctx, { messageId, invitationId, copy: parsed.value });
  if (!written.ok) throw notFound();
  throw back();
}

export default function MessageCopy() {
  const { slug, messageId, invitationId, page } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const form: FormState = sent?.form ?? { errors: {}, values: page.wording };
  return (
    <>
      <WorkHeading>{t("message.copyTitle")}</WorkHeading>
      <p className="second-title">
        <BothNames person={page} />
      </p>
      <p className="readable">{t("message.copyHelp")}</p>
      <ErrorSummary form={form} labels={wordingLabels(t)} />
      <Form method="post" noValidate className="panel">
        <WordingFields form={form} withParity={false} />
        <Toolbar>
          <button className="button" type="submit">
            {t("common.save")}
          </button>
          {page.byHand ? (
            <button className="button quiet" type="submit" name="intent" value="drop">
              {t("message.copyDrop")}
            </button>
          ) : null}
          <a
            className="button quiet"
            href={`${paths.message(slug, messageId)}?${new URLSearchParams({ as: invitationId })}`}
          >
            {t("common.cancel")}
          </a>
        </Toolbar>
      </Form>
    </>
  );
}
