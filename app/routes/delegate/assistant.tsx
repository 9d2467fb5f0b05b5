import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { AssistantFields, AssistantList, assistantLabels } from "../../components/assistant-fields.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { assistantForm, assistantPlan } from "../../domain/access/assistant.ts";
import { endAssistant, nameAssistant, ownAssistants } from "../../domain/access/assistants.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";
import { DelegateSheet, letterhead } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "assistant.title") },
];

const DONE = ["named", "ended"] as const;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args);
  const query = new URL(args.request.url).searchParams;
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    assistants: ownAssistants(ctx),
    done: DONE.find((each) => query.has(each)) ?? null,
  };
}

/** Names an assistant, or stops the link of one (`intent=endAssistant`). */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await verifiedHolder(args);
  const formData = await args.request.formData();
  if (formData.get("intent") === "endAssistant") {
    const ended = await endAssistant(ctx, String(formData.get("link") ?? ""));
    if (!ended.ok) throw notFound();
    return redirect(`${paths.assistant(token)}?ended`, 303);
  }
  const parsed = parseForm(assistantForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const named = await nameAssistant(ctx, assistantPlan(parsed.value));
  if (named.ok) return redirect(`${paths.assistant(token)}?named`, 303);
  if (named.refusal === "gone") throw notFound();
  return data({ form: withError(formData, "name", "assistant.many") }, { status: 409 });
}

export default function AssistantPage() {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  const form: FormState = useActionData<typeof action>()?.form ?? {
    values: { locale: page.locale },
    errors: {},
  };
  return (
    <DelegateSheet {...page} page="access">
      {page.done === null ? null : (
        <Notice tone="good">
          <p>{t(`assistant.${page.done}`)}</p>
        </Notice>
      )}
      <ErrorSummary form={form} labels={assistantLabels(t)} />
      <h1>{t("assistant.title")}</h1>
      <p>{t("assistant.lead")}</p>
      <AssistantList assistants={page.assistants} />
      <h2>{t("assistant.add")}</h2>
      <form method="post">
        <AssistantFields form={form} />
        <button className="button" type="submit">
          {t("assistant.send")}
        </button>
      </form>
      <p className="access-more">
        <a className="button quiet" href={paths.devices(page.token)}>
          {t("devices.title")}
        </a>
      </p>
    </DelegateSheet>
  );
}
