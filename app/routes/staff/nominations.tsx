import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { LOCALES } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { askInstitution } from "../../domain/nomination/commands.server.ts";
import { focalPointForm } from "../../domain/nomination/form.ts";
import { focalPoints } from "../../domain/nomination/queries.server.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { deskMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "nominations.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  return data({
    locale,
    edition,
    delegations: delegationsOfScope(ctx),
    asked: focalPoints(ctx),
  });
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const parsed = parseForm(focalPointForm(edition.timeZone), await args.request.formData());
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const asked = await askInstitution(ctx, parsed.value);
  if (!asked.ok) throw notFound();
  throw redirect(`${paths.focalPoint(edition.slug, asked.value.focalPointId)}?done=asked`, 303);
}

export default function Nominations() {
  const { edition, delegations, asked } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading>{t("nominations.title")}</WorkHeading>
      <p className="readable">{t("nominations.intro")}</p>
      {asked.length === 0 ? (
        <p className="muted">{t("nominations.none")}</p>
      ) : (
        <TableFrame label={t("nominations.title")}>
          <table className="fit">
            <thead>
              <tr>
                <th scope="col">{t("nominations.column.institution")}</th>
                <th scope="col">{t("people.column.delegation")}</th>
                <th scope="col">{t("nominations.column.names")}</th>
                <th scope="col">{t("nominations.column.until")}</th>
              </tr>
            </thead>
            <tbody>
              {asked.map((one) => (
                <tr key={one.id}>
                  <th scope="row" className="row-name">
                    <a href={paths.focalPoint(edition.slug, one.id)}>
                      <Text en={one.institutionEn} zh={one.institutionZh} />
                    </a>
                    <span className="second-line muted">
                      <bdi>{one.name}</bdi>
                    </span>
                  </th>
                  <td>
                    <Text en={one.delegationEn} zh={one.delegationZh} />
                  </td>
                  <td>
                    {t("nominations.received", { received: one.received, places: one.places })}
                    {one.open === 0 ? null : (
                      <span className="second-line">
                        <Status tone="wait">{t("nominations.open", { count: one.open })}</Status>
                      </span>
                    )}
                  </td>
                  <td>
                    {one.closesAt === null
                      ? t("nominations.noEnd")
                      : deskMoment(one.closesAt, edition.timeZone, locale)}
                    {one.link === "works" ? null : (
                      <span className="second-line">
                        <Status tone="stop">{t(`nominations.link.${one.link}`)}</Status>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <AskForm
        typed={outcome?.form}
        delegations={delegations}
        timeZone={edition.timeZone}
        open={outcome !== undefined || asked.length === 0}
      />
    </>
  );
}

function AskForm({
  typed,
  delegations,
  timeZone,
  open,
}: {
  typed: FormState | undefined;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  timeZone: string;
  open: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const form: FormState = typed ?? {
    errors: {},
    values: { delegationId: delegations[0]?.id ?? "", locale, places: "2" },
  };
  const labels = {
    delegationId: t("people.column.delegation"),
    institutionEn: t("nominations.institutionEn"),
    institutionZh: t("nominations.institutionZh"),
    name: t("nominations.name"),
    email: t("nominations.email"),
    locale: t("nominations.locale"),
    places: t("nominations.places"),
    closesOn: t("nominations.closesOn"),
    closesTime: t("nominations.closesTime"),
  };
  return (
    <details className="panel apart" open={open}>
      <summary>{t("nominations.ask")}</summary>
      <form method="post" className="card-form">
        <ErrorSummary form={form} labels={labels} />
        <p className="muted">{t("nominations.askHelp", { zone: zoneName(timeZone, locale) })}</p>
        <SelectField
          form={form}
          name="delegationId"
          label={labels.delegationId}
          required
          options={delegations.map((one) => ({
            value: one.id,
            label: locale === "en" ? one.nameEn : one.nameZh,
          }))}
        />
        <div className="two-up">
          <TextField form={form} name="institutionEn" label={labels.institutionEn} lang="en" />
          <TextField form={form} name="institutionZh" label={labels.institutionZh} lang="zh-Hans" />
          <TextField form={form} name="name" label={labels.name} required />
          <TextField form={form} name="email" label={labels.email} inputMode="email" required />
        </div>
        <ChoiceField
          form={form}
          name="locale"
          type="radio"
          label={labels.locale}
          required
          options={LOCALES.map((value) => ({ value, label: t(`person.locale.${value}`) }))}
        />
        <div className="row-fields">
          <TextField form={form} name="places" label={labels.places} inputMode="numeric" required />
          <TextField form={form} name="closesOn" label={labels.closesOn} type="date" />
          <TextField form={form} name="closesTime" label={labels.closesTime} type="time" />
        </div>
        <button className="button" type="submit">
          {t("nominations.send")}
        </button>
      </form>
    </details>
  );
}
