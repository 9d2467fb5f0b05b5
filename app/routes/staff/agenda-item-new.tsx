import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { AgendaItemFields } from "../../components/agenda-item-form.tsx";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { addAgendaItem } from "../../domain/agenda/commands.server.ts";
import { delegationChoices } from "../../domain/agenda/draft.server.ts";
import { agendaItemForm } from "../../domain/agenda/form.ts";
import { venueList } from "../../domain/venue/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "agenda.addTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "agenda");
  // The grid says where on it somebody began: what is not a time here is caught like anything that was typed.
  const asked = new URL(args.request.url).searchParams;
  const from = (name: string) => (asked.get(name) ?? "").slice(0, 40);
  const form: FormState = {
    values: {
      day: from("day") || edition.startsOn,
      start: from("start"),
      end: from("end"),
      venueId: from("venue"),
      audience: "all",
    },
    errors: {},
  };
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    delegations: delegationChoices(ctx),
    venues: venueList(ctx).venues,
    form,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const formData = await args.request.formData();
  const parsed = parseForm(agendaItemForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const added = await addAgendaItem(ctx, parsed.value);
  if (!added.ok) {
    const form = withError(formData, "delegationIds", `agenda.refusal.${added.refusal}`);
    return data({ form }, { status: 409 });
  }
  throw redirect(`${paths.agenda(edition.slug)}?done=added`, 303);
}

export default function NewAgendaItem() {
  const { slug, timeZone, delegations, venues, form } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("agenda.addTitle")}</WorkHeading>
      <Form method="post" className="agenda-form" noValidate>
        <AgendaItemFields
          form={sent?.form ?? form}
          delegations={delegations}
          venues={venues}
          timeZone={timeZone}
        />
        <Toolbar>
          <button className="button" type="submit">
            {t("agenda.saveNew")}
          </button>
          <a className="button quiet" href={paths.agenda(slug)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </Form>
    </>
  );
}
