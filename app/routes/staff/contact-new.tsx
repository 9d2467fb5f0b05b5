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
import { PersonFields, personLabels } from "../../components/person-fields.tsx";
import { requirePost, staffContactBook } from "../../context.server.ts";
import { bookSides } from "../../domain/contact/book.server.ts";
import { addContact } from "../../domain/contact/commands.server.ts";
import { addCardForm, factsOf } from "../../domain/person/form.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { newToken } from "../../platform/crypto.server.ts";
import { parseForm, withError } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "contact.new") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffContactBook(args);
  return { locale, slug: edition.slug, sides: bookSides(ctx), attempt: newToken() };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffContactBook(args);
  const formData = await args.request.formData();
  const sent = formData.get("attempt");
  const attempt = typeof sent === "string" ? sent : undefined;
  const parsed = parseForm(addCardForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const added = await addContact(ctx, { sideId: parsed.value.sideId, facts: factsOf(parsed.value), attempt });
  if (added.ok) throw redirect(`${paths.contact(edition.slug, added.value.personId)}?done=added`, 303);
  const form =
    added.refusal === "mailboxTaken"
      ? withError(formData, "email", "person.error.mailboxTaken")
      : withError(formData, "sideId", "error.choose");
  return data({ form }, { status: 409 });
}

export default function NewContact() {
  const { slug, sides, attempt } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const form = sent?.form ?? { errors: {}, values: { sideId: sides[0]?.id ?? "", locale } };
  return (
    <>
      <WorkHeading>{t("contact.new")}</WorkHeading>
      <p className="muted">{t("contact.newHelp")}</p>
      <ErrorSummary form={form} labels={{ ...personLabels(t), sideId: t("contact.side") }} />
      <form method="post" className="panel card-form">
        <input type="hidden" name="attempt" value={attempt} />
        <PersonFields form={form} />
        {sides.length > 1 ? (
          <SelectField
            form={form}
            name="sideId"
            label={t("contact.side")}
            required
            options={sides.map((side) => ({
              value: side.id,
              label: locale === "en" ? side.nameEn : side.nameZh,
            }))}
          />
        ) : (
          <input type="hidden" name="sideId" value={sides[0]?.id ?? ""} />
        )}
        <Toolbar>
          <button className="button" type="submit">
            {t("contact.addToBook")}
          </button>
          <a className="button quiet" href={paths.contacts(slug)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </form>
    </>
  );
}
