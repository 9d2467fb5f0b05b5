import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { TEMPLATE_KINDS, type TemplateKind } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { MessageFields } from "../../components/message-form.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { draftMessage } from "../../domain/mail/commands.server.ts";
import { messageForm, REGISTRATION_FILTERS } from "../../domain/mail/form.ts";
import { audienceChoices } from "../../domain/mail/queries.server.ts";
import { usualAudience } from "../../domain/mail/rules.ts";
import { templatePage } from "../../domain/mail/templates.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, ticked, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "message.new") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "mail");
  return { locale, slug: edition.slug, ...beginning(ctx, new URL(args.request.url).searchParams) };
}

/** A message as it begins: its kind's own template, for its usual audience. */
function beginning(ctx: StaffContext, query: URLSearchParams) {
  const kind = TEMPLATE_KINDS.find((each) => each === query.get("kind")) ?? "agenda";
  const choices = audienceChoices(ctx);
  const side = choices.sides.find(({ id }) => id === query.get("side")) ?? choices.sides[0];
  const template = templatePage(ctx, { sideId: side?.id ?? "", kind });
  if (template === null) throw notFound();
  const { subjectEn, subjectZh, bodyEn, bodyZh } = template.current;
  const form: FormState = {
    errors: {},
    values: {
      subjectEn,
      subjectZh,
      bodyEn,
      bodyZh,
      sideId: side?.id ?? "",
      notReachedBy: query.get("notReachedBy") ?? "",
      ...usualAudience(kind),
    },
  };
  return { kind, choices, form };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const formData = await args.request.formData();
  // People who were chosen in the list of everybody come along.
  if (formData.get("intent") === "people") {
    const { form } = beginning(ctx, new URLSearchParams());
    const pickedIds = ticked(formData, "invitation") ?? [];
    return data({ form: { ...form, values: { ...form.values, pickedIds } } });
  }
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
  const { slug, kind, choices, form } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const [only, ...others] = choices.sides;
  return (
    <>
      <WorkHeading>{t("message.new")}</WorkHeading>
      <p className="readable">{t("message.newHelp")}</p>
      <Kinds kind={kind} />
      <Form method="post" noValidate key={kind}>
        <MessageFields
          form={sent?.form ?? form}
          choices={choices}
          registrations={REGISTRATION_FILTERS}
          fixedSide={others.length === 0 ? (only?.id ?? null) : null}
          kind={kind}
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

/** Each kind begins with its own template. */
function Kinds({ kind }: { kind: TemplateKind }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <nav aria-label={t("message.chooseKind")}>
      <ul className="tally">
        {TEMPLATE_KINDS.map((each) => (
          <li key={each}>
            <a
              href={`${paths.newMail(slug)}?${new URLSearchParams({ kind: each })}`}
              aria-current={each === kind ? "page" : undefined}
            >
              {t(`templateKind.${each}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
