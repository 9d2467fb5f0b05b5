import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { MessageFields } from "../../components/message-form.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { PLACEHOLDERS } from "../../domain/invitation/text.ts";
import { draftMessage } from "../../domain/mail/commands.server.ts";
import { messageForm, REGISTRATION_FILTERS } from "../../domain/mail/form.ts";
import { audienceChoices, newestVersion } from "../../domain/mail/queries.server.ts";
import { proposedWording } from "../../domain/mail/wording.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "message.new") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "mail");
  const form: FormState = {
    errors: {},
    values: {
      ...proposedWording({ ...edition, version: newestVersion(ctx) }),
      replies: ["accepted"],
      registration: "any",
    },
  };
  return { locale, slug: edition.slug, choices: audienceChoices(ctx), form };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const formData = await args.request.formData();
  const parsed = parseForm(messageForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const drafted = await draftMessage(ctx, parsed.value);
  if (!drafted.ok)
    return data(
      { form: withError(formData, "sideId", `message.refusal.${drafted.refusal}`) },
      { status: 409 },
    );
  throw redirect(`${paths.message(edition.slug, drafted.value.messageId)}?done=saved`, 303);
}

export default function NewMail() {
  const { slug, choices, form } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const [only, ...others] = choices.sides;
  return (
    <>
      <WorkHeading>{t("message.new")}</WorkHeading>
      <p className="readable">{t("message.newHelp")}</p>
      <Form method="post" noValidate>
        <MessageFields
          form={sent?.form ?? form}
          choices={choices}
          registrations={REGISTRATION_FILTERS}
          placeholders={PLACEHOLDERS}
          fixedSide={others.length === 0 ? (only?.id ?? null) : null}
        />
        <Toolbar>
          <button className="button" type="submit">
            {t("message.keepDraft")}
          </button>
          <a className="button quiet" href={paths.mail(slug)}>
            {t("message.backToMail")}
          </a>
        </Toolbar>
      </Form>
    </>
  );
}
