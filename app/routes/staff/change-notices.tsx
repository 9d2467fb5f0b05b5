import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import { NOTICE_MODES } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { NoticePeople } from "../../components/notice-people.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import type { Act } from "../../domain/access/rules.ts";
import { allows } from "../../domain/access/rules.ts";
import {
  dismissNotices,
  releaseNotices,
  setNoticeMode,
  waitingNotices,
} from "../../domain/agenda/notices.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

/** Whoever plans the programme, and whoever sends the mails. */
const TELLS: Act = ["agenda", "mail"];

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "notices.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, TELLS);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    leads: allows(ctx.scope, "lead"),
    waiting: waitingNotices(ctx),
  };
}

const sendForm = z.object({ side: z.string(), seen: z.string() });
const dismissForm = z.object({ side: z.string(), number: z.coerce.number().int() });
const modeForm = z.object({ side: z.string(), mode: z.enum(NOTICE_MODES) });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, TELLS);
  const formData = await args.request.formData();
  const done = (what: string) => redirect(`${paths.changeNotices(edition.slug)}?done=${what}`, 303);
  switch (formData.get("intent")) {
    case "send": {
      const parsed = parseForm(sendForm, formData);
      if (!parsed.ok) throw notFound();
      const { side: sideId, seen } = parsed.value;
      const sent = await releaseNotices(ctx, { sideId, seen });
      if (sent.ok) throw done("sent");
      if (sent.refusal === "gone") throw notFound();
      return data({ refusal: sent.refusal }, { status: 409 });
    }
    case "dismiss": {
      const parsed = parseForm(dismissForm, formData);
      if (!parsed.ok) throw notFound();
      const { side: sideId, number } = parsed.value;
      const dismissed = await dismissNotices(ctx, { sideId, number });
      if (dismissed.ok) throw done("dismissed");
      if (dismissed.refusal === "gone") throw notFound();
      return data({ refusal: dismissed.refusal }, { status: 409 });
    }
    case "mode": {
      const { ctx: lead } = await staffEdition(args, "lead");
      const parsed = parseForm(modeForm, formData);
      if (!parsed.ok) throw notFound();
      const { side: sideId, mode } = parsed.value;
      const set = await setNoticeMode(lead, { sideId, mode });
      if (set.ok) throw done("mode");
      throw notFound();
    }
    default:
      throw data(null, { status: 400 });
  }
}

/** Who of one's own people has not been told of the newest version, and the acts that tell them. */
export default function ChangeNotices() {
  const { slug, timeZone, leads, waiting } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const done = useSearchParams()[0].get("done");
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.agendaSeen(slug)}>
            {t("agenda.toSeen")}
          </a>
        }
      >
        {t("notices.title")}
      </WorkHeading>
      {refused === undefined ? null : <Notice tone="stop">{t(`notices.refusal.${refused.refusal}`)}</Notice>}
      {done === "sent" || done === "dismissed" || done === "mode" ? (
        <Notice tone="good">{t(`notices.done.${done}`)}</Notice>
      ) : null}
      {waiting === null ? (
        <p>{t("notices.unpublished")}</p>
      ) : (
        waiting.sides.map((side) => {
          const count = side.people.filter(({ obstacle }) => obstacle === null).length;
          return (
            <section className="panel" key={side.sideId}>
              <h2>
                <Text en={side.nameEn} zh={side.nameZh} />
              </h2>
              {side.people.length === 0 ? (
                <p>{t("notices.none", { number: waiting.number })}</p>
              ) : (
                <>
                  <p>
                    {t("notices.lead", {
                      number: waiting.number,
                      when: deskMoment(waiting.publishedAt, timeZone, locale),
                    })}
                  </p>
                  {side.settled ? <p className="note">{t("notices.dismissed")}</p> : null}
                  <NoticePeople slug={slug} people={side.people} />
                  <Form method="post">
                    <input type="hidden" name="side" value={side.sideId} />
                    <input type="hidden" name="seen" value={side.digest} />
                    <input type="hidden" name="number" value={waiting.number} />
                    <Toolbar>
                      {count === 0 ? null : (
                        <button className="button" type="submit" name="intent" value="send">
                          {t("notices.send", { count })}
                        </button>
                      )}
                      {side.settled ? null : (
                        <button className="button quiet" type="submit" name="intent" value="dismiss">
                          {t("notices.dismiss")}
                        </button>
                      )}
                    </Toolbar>
                  </Form>
                </>
              )}
              {leads ? (
                <Form method="post" className="notice-mode">
                  <input type="hidden" name="side" value={side.sideId} />
                  <fieldset>
                    <legend>{t("notices.mode")}</legend>
                    <p className="small muted">{t("notices.modeHelp")}</p>
                    {NOTICE_MODES.map((mode) => (
                      <label className="choice" key={mode}>
                        <input type="radio" name="mode" value={mode} defaultChecked={mode === side.mode} />{" "}
                        {t(`notices.mode.${mode}`)}
                      </label>
                    ))}
                  </fieldset>
                  <button className="button quiet small" type="submit" name="intent" value="mode">
                    {t("notices.saveMode")}
                  </button>
                </Form>
              ) : null}
            </section>
          );
        })
      )}
      <p>
        <a href={paths.agenda(slug)}>{t("agenda.backToAgenda")}</a>
      </p>
    </>
  );
}
