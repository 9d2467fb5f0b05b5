import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { ChangeList } from "../../components/agenda-changes.tsx";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { Notice } from "../../components/page.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { publishAgenda } from "../../domain/agenda/commands.server.ts";
import { publishPreview } from "../../domain/agenda/draft.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "agenda.publishTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "agenda");
  return { locale, slug: edition.slug, timeZone: edition.timeZone, preview: publishPreview(ctx) };
}

const publishForm = z.object({ seen: z.string() });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const parsed = parseForm(publishForm, await args.request.formData());
  if (!parsed.ok) return data({ refusal: "changed_meanwhile" as const }, { status: 422 });
  const published = await publishAgenda(ctx, parsed.value);
  if (!published.ok) return data({ refusal: published.refusal }, { status: 409 });
  throw redirect(`${paths.agenda(edition.slug)}?done=published`, 303);
}

export default function PublishAgenda() {
  const { slug, timeZone, preview } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const { newest, number, changes, readers, affected } = preview;
  return (
    <>
      <WorkHeading>{t("agenda.publishTitle")}</WorkHeading>
      {refused === undefined ? null : <Notice tone="stop">{t(`agenda.refusal.${refused.refusal}`)}</Notice>}
      {changes.length === 0 ? (
        <p>{newest === null ? t("agenda.refusal.empty") : t("agenda.refusal.nothing_changed")}</p>
      ) : (
        <>
          {newest === null ? null : (
            <p className="muted">
              {t("agenda.differs", {
                number: newest.number,
                when: moment(newest.publishedAt, timeZone, locale),
                count: changes.length,
              })}
            </p>
          )}
          <section className="panel">
            <h2>{t("agenda.changes")}</h2>
            <ChangeList changes={changes} timeZone={timeZone} />
          </section>
          <p className="readable">{t("agenda.publishReaders", { readers, affected })}</p>
          <p className="note readable">{t("agenda.publishNote")}</p>
        </>
      )}
      <Form method="post">
        <input type="hidden" name="seen" value={preview.fingerprint} />
        <Toolbar>
          {changes.length === 0 ? null : (
            <button className="button" type="submit">
              {t("agenda.publishAs", { number })}
            </button>
          )}
          <a className="button quiet" href={paths.agenda(slug)}>
            {t("agenda.backToAgenda")}
          </a>
        </Toolbar>
      </Form>
    </>
  );
}
