import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, SelectField } from "../../components/fields.tsx";
import { PersonFields, personLabels, RoleFields } from "../../components/person-fields.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { addPerson } from "../../domain/person/commands.server.ts";
import { addPersonForm, factsOf } from "../../domain/person/form.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { newToken } from "../../platform/crypto.server.ts";
import { parseForm, withError } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "person.new") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  return { locale, slug: edition.slug, delegations: delegationsOfScope(ctx), attempt: newToken() };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const formData = await args.request.formData();
  const sent = formData.get("attempt");
  const attempt = typeof sent === "string" ? sent : undefined;
  const parsed = parseForm(addPersonForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const { delegationId, category, invitedAs } = parsed.value;
  const added = await addPerson(ctx, {
    delegationId,
    category,
    invitedAs,
    facts: factsOf(parsed.value),
    attempt,
  });
  if (added.ok) throw redirect(`${paths.person(edition.slug, added.value.invitationId)}?done=added`, 303);
  const form =
    added.refusal === "delegation"
      ? withError(formData, "delegationId", "error.choose")
      : withError(
          formData,
          added.refusal === "headTaken" ? "category" : "email",
          `person.error.${added.refusal}`,
        );
  return data({ form }, { status: 409 });
}

export default function NewPerson() {
  const { slug, delegations, attempt } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const blank = {
    errors: {},
    values: { delegationId: delegations[0]?.id ?? "", category: "delegate", locale },
  };
  const form = sent?.form ?? blank;
  return (
    <>
      <WorkHeading>{t("person.new")}</WorkHeading>
      <ErrorSummary form={form} labels={personLabels(t)} />
      <form method="post" className="panel card-form">
        <input type="hidden" name="attempt" value={attempt} />
        <PersonFields form={form} />
        <fieldset>
          <legend>{t("person.legend.invitation")}</legend>
          <SelectField
            form={form}
            name="delegationId"
            label={t("person.delegation")}
            required
            options={delegations.map((each) => ({
              value: each.id,
              label: locale === "en" ? each.nameEn : each.nameZh,
            }))}
          />
          <RoleFields form={form} />
        </fieldset>
        <Toolbar>
          <button className="button" type="submit">
            {t("person.add")}
          </button>
          <a className="button quiet" href={paths.people(slug)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </form>
    </>
  );
}
