import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import type { Locale } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { NoticePeople } from "../../components/notice-people.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { VersionChanges } from "../../components/version-changes.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { publishAgenda } from "../../domain/agenda/commands.server.ts";
import { publishPreview } from "../../domain/agenda/draft.server.ts";
import { NOTICE_WAIT, noticesOfDraft } from "../../domain/agenda/notices.server.ts";
import { draftChanges, homeZones } from "../../domain/agenda/versions.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "agenda.publishTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "agenda");
  const { number, newest, fingerprint } = publishPreview(ctx);
  const { sides, digest } = noticesOfDraft(ctx);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    homeZones: homeZones(ctx),
    now: ctx.clock.now(),
    wait: NOTICE_WAIT / 60_000,
    number,
    newest,
    fingerprint,
    changes: draftChanges(ctx),
    sides,
    digest,
  };
}

const publishForm = z.object({
  seen: z.string(),
  told: z.string().optional(),
  notify: z.enum(["yes", "no"]).default("no"),
});

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const parsed = parseForm(publishForm, await args.request.formData());
  if (!parsed.ok) return data({ refusal: "changed_meanwhile" as const }, { status: 422 });
  const { seen, told = "", notify } = parsed.value;
  const published = await publishAgenda(ctx, { seen, told, notify: notify === "yes" });
  if (!published.ok) return data({ refusal: published.refusal }, { status: 409 });
  const done = published.value.queued > 0 ? "publishedAndTold" : "publishedQuietly";
  throw redirect(`${paths.agenda(edition.slug)}?done=${done}`, 303);
}

/** What publishing now would change, whom it concerns, and what they would be sent: all of it before anything happens. */
export default function PublishAgenda() {
  const { slug, timeZone, homeZones, now, wait, number, newest, fingerprint, changes, sides, digest } =
    useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const own = sides.filter((side) => side.own);
  const others = sides.filter((side) => !side.own);
  const reachable = own.flatMap(({ people }) => people).filter(({ obstacle }) => obstacle === null).length;
  return (
    <>
      <WorkHeading>{t("agenda.publishTitle")}</WorkHeading>
      {refused === undefined ? null : <Notice tone="stop">{t(`agenda.refusal.${refused.refusal}`)}</Notice>}
      {changes.length === 0 ? (
        <>
          <p>{newest === null ? t("agenda.refusal.empty") : t("agenda.refusal.nothing_changed")}</p>
          <BackToAgenda slug={slug} />
        </>
      ) : (
        <Form method="post" className="publishing">
          <input type="hidden" name="seen" value={fingerprint} />
          <input type="hidden" name="told" value={digest} />
          {newest === null ? null : (
            <p className="muted">
              {t("agenda.differs", {
                number: newest.number,
                when: deskMoment(newest.publishedAt, timeZone, locale),
                count: changes.length,
              })}
            </p>
          )}
          <section className="panel">
            <h2>{t("agenda.changes")}</h2>
            <VersionChanges changes={changes} timeZone={timeZone} both />
          </section>
          {newest === null ? null : (
            <section className="panel">
              <h2>{t("agenda.whoIsTold")}</h2>
              {own.map((side) => (
                <div key={side.sideId}>
                  <h3>
                    <Text en={side.nameEn} zh={side.nameZh} />
                  </h3>
                  <NoticePeople slug={slug} people={side.people} ofDraft />
                </div>
              ))}
              {others.map((side) => (
                <div key={side.sideId}>
                  <h3>
                    <Text en={side.nameEn} zh={side.nameZh} />
                  </h3>
                  <p>
                    {side.affected === 0
                      ? t("agenda.nobodyAffected")
                      : sentences(locale, [
                          t("agenda.peopleAffected", { count: side.affected }),
                          side.mode === "at_once" ? t("agenda.othersAtOnce") : t("agenda.othersWait"),
                        ])}
                  </p>
                </div>
              ))}
            </section>
          )}
          <p className="readable">
            {sentences(locale, [
              t("agenda.asOfNow", { number, here: deskMoment(now, timeZone, locale) }),
              ...homeZones.map((zone) => t("agenda.asOfHome", { home: deskMoment(now, zone, locale) })),
            ])}
          </p>
          <p className="note readable">
            {sentences(locale, [
              t("agenda.publishForGood"),
              ...(newest === null ? [] : [t("agenda.noticeWait", { minutes: wait })]),
            ])}
          </p>
          <Toolbar>
            {newest === null ? (
              <button className="button" type="submit" name="notify" value="no">
                {t("agenda.publishAs", { number })}
              </button>
            ) : (
              <>
                {reachable === 0 ? null : (
                  <button className="button" type="submit" name="notify" value="yes">
                    {t("agenda.notify.yes", { count: reachable })}
                  </button>
                )}
                <button
                  className={reachable === 0 ? "button" : "button quiet"}
                  type="submit"
                  name="notify"
                  value="no"
                >
                  {reachable === 0 ? t("agenda.publishAs", { number }) : t("agenda.notify.no")}
                </button>
              </>
            )}
            <a className="button quiet" href={paths.agenda(slug)}>
              {t("agenda.backToAgenda")}
            </a>
          </Toolbar>
          {reachable === 0 || newest === null ? null : (
            <p className="small muted">{t("agenda.notify.noHelp")}</p>
          )}
        </Form>
      )}
    </>
  );
}

/** Chinese sets no space between sentences. */
function sentences(locale: Locale, all: ReadonlyArray<string>): string {
  return all.join(locale === "en" ? " " : "");
}

function BackToAgenda({ slug }: { slug: string }) {
  const t = useT();
  return (
    <Toolbar>
      <a className="button quiet" href={paths.agenda(slug)}>
        {t("agenda.backToAgenda")}
      </a>
    </Toolbar>
  );
}
