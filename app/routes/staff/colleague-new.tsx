import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { AccessFields, OwnPassword } from "../../components/access-fields.tsx";
import { WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { sidesOf } from "../../domain/access/colleague-list.server.ts";
import { inviteColleague } from "../../domain/access/colleagues.server.ts";
import { newColleagueForm, usualLastDay } from "../../domain/access/form.ts";
import { mayGrant } from "../../domain/access/rules.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "staff.invite") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  return {
    locale,
    slug: edition.slug,
    sides: sidesOf(ctx),
    mayGiveAll: ctx.scope.bookSideIds.length > 0,
    lastDay: usualLastDay(editionFacts(ctx, edition.id).travelTo),
  };
}

const SECRET = ["password"];

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account } = await staffEdition(args, "lead");
  const { auth, limits } = servicesOf(args);
  const formData = await args.request.formData();
  const answer = (name: string, key: MessageKey, status: number) =>
    data(withError(formData, name, key, SECRET), { status });

  const parsed = parseForm(newColleagueForm(edition.timeZone), formData, SECRET);
  if (!parsed.ok) return data(parsed.form, { status: 422 });
  const { name, email, locale, permissions, endsAt = null, password } = parsed.value;
  const [onlySide, ...moreSides] = ctx.scope.sideIds;
  const sideId = parsed.value.sideId ?? (moreSides.length === 0 ? onlySide : undefined);
  if (sideId === undefined) return answer("sideId", "error.choose", 422);
  if (!ctx.scope.sideIds.includes(sideId)) throw notFound();
  const reach = { sideId, editionId: parsed.value.reach === "all" ? null : edition.id };
  if (!mayGrant(ctx.scope, reach)) return answer("reach", "staff.error.reach", 422);
  const known = await withPassword({ limits }, account.id, () =>
    auth.provePassword(args.request.headers, password),
  );
  if (known === null) return answer("password", "account.passwordWrong", 422);
  const invited = await inviteColleague(ctx, { ...reach, name, email, locale, permissions, endsAt });
  if (invited.ok) return redirect(`${paths.staff(edition.slug)}?done=invited`, 303);
  switch (invited.refusal) {
    case "gone":
      throw notFound();
    case "past":
    case "longer":
      return answer("endsAt", `staff.error.${invited.refusal}`, 422);
    case "already":
    case "invited":
      return answer("email", `staff.error.${invited.refusal}`, 409);
    case "too_many":
      return answer("", "staff.error.too_many", 409);
  }
}

/** Somebody who is to work for the reader's side. */
export default function NewColleague() {
  const { slug, sides, mayGiveAll, lastDay } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const form: FormState = useActionData<typeof action>() ?? {
    values: { reach: "edition", endsAt: lastDay },
    errors: {},
  };
  const labels = {
    name: t("staff.field.name"),
    email: t("staff.field.email"),
    locale: t("staff.field.locale"),
    sideId: t("staff.field.side"),
    reach: t("staff.field.reach"),
    permissions: t("staff.field.permissions"),
    endsAt: t("staff.field.endsAt"),
    password: t("staff.field.password"),
  };
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.staff(slug)}>
            {t("staff.back")}
          </a>
        }
      >
        {t("staff.invite")}
      </WorkHeading>
      <section className="panel">
        <p>{t("staff.inviteIntro")}</p>
        <form method="post" className="narrow">
          <ErrorSummary form={form} labels={labels} />
          <TextField form={form} name="name" label={labels.name} maxLength={100} required />
          <TextField form={form} name="email" type="email" label={labels.email} maxLength={254} required />
          <SelectField
            form={form}
            name="locale"
            label={labels.locale}
            blank=""
            required
            options={[
              { value: "en", label: "English", lang: "en" },
              { value: "zh-CN", label: "中文", lang: "zh-Hans" },
            ]}
          />
          {sides.length < 2 ? null : (
            <SelectField
              form={form}
              name="sideId"
              label={labels.sideId}
              blank=""
              required
              options={sides.map((side) => ({
                value: side.id,
                label: locale === "en" ? side.nameEn : side.nameZh,
              }))}
            />
          )}
          {mayGiveAll ? (
            <ChoiceField
              form={form}
              name="reach"
              type="radio"
              label={labels.reach}
              required
              options={[
                { value: "edition", label: t("staff.reach.edition") },
                { value: "all", label: t("staff.reach.all") },
              ]}
            />
          ) : null}
          <AccessFields form={form} />
          <OwnPassword form={form} name="password" />
          <button className="button" type="submit">
            {t("staff.inviteDo")}
          </button>
        </form>
      </section>
    </>
  );
}
