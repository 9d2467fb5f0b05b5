import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import { DeliveryStatus } from "../../components/delivery-state.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { type Act, allows } from "../../domain/access/rules.ts";
import { recordTold, seenPage } from "../../domain/agenda/seen.server.ts";
import { deskMoment, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

/** Whoever may be the one on the phone. */
const PHONES: Act = ["agenda", "mail", "duty_desk", "logistics", "invitations"];

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "seen.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayTell: allows(ctx.scope, PHONES),
    page: seenPage(ctx),
  };
}

const toldForm = z.object({ invitation: z.string(), number: z.coerce.number().int() });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, PHONES);
  const parsed = parseForm(toldForm, await args.request.formData());
  if (!parsed.ok) throw notFound();
  const { invitation: invitationId, number } = parsed.value;
  const told = await recordTold(ctx, { invitationId, number });
  if (told.ok) throw redirect(`${paths.agendaSeen(edition.slug)}?done=told`, 303);
  if (told.refusal === "gone") throw notFound();
  return data({ refusal: told.refusal }, { status: 409 });
}

/** Who of one's own people has seen the newest version, and whom to phone. */
export default function AgendaSeen() {
  const { slug, timeZone, mayTell, page } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const done = useSearchParams()[0].get("done");
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.agenda(slug)}>
            {t("agenda.backToAgenda")}
          </a>
        }
      >
        {t("seen.title")}
      </WorkHeading>
      {refused === undefined ? null : <Notice tone="stop">{t(`seen.refusal.${refused.refusal}`)}</Notice>}
      {done === "told" ? <Notice tone="good">{t("seen.done")}</Notice> : null}
      {page === null ? (
        <p>{t("notices.unpublished")}</p>
      ) : (
        <>
          <p>
            {t("seen.lead", {
              number: page.number,
              when: deskMoment(page.publishedAt, timeZone, locale),
              unseen: page.unseen.length,
              all: page.unseen.length + page.seen.length,
            })}
          </p>
          <h2>{t("seen.unseen")}</h2>
          {page.unseen.length === 0 ? (
            <p>{t("seen.everybody")}</p>
          ) : (
            <TableFrame label={t("seen.unseen")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("seen.person")}</th>
                    <th scope="col">{t("seen.phone")}</th>
                    <th scope="col">{t("seen.notice")}</th>
                    <th scope="col">{t("seen.last")}</th>
                    <th scope="col">{t("seen.delegation")}</th>
                    {mayTell ? (
                      <th scope="col" className="no-print">
                        {t("seen.told")}
                      </th>
                    ) : null}
                  </tr>
                </thead>
                <tbody>
                  {page.unseen.map((line) => (
                    <tr key={line.invitationId}>
                      <th scope="row">
                        <a href={paths.person(slug, line.invitationId)}>
                          <BothNames person={line} />
                        </a>
                      </th>
                      <td>
                        <Phones phones={line.phones} />
                      </td>
                      <td>
                        {line.notice === null ? (
                          <span className="muted">{t("seen.noNotice")}</span>
                        ) : (
                          <DeliveryStatus state={line.notice} />
                        )}
                      </td>
                      <td>{line.seen === null ? "–" : t("agenda.versionNumber", { number: line.seen })}</td>
                      {mayTell ? (
                        <td className="no-print">
                          <Form method="post">
                            <input type="hidden" name="invitation" value={line.invitationId} />
                            <input type="hidden" name="number" value={page.number} />
                            <button
                              className="button quiet small"
                              type="submit"
                              aria-label={t("seen.toldWhom", {
                                person: inLocale({ en: line.nameLatin, zh: line.nameNative }, locale).text,
                              })}
                            >
                              {t("seen.told")}
                            </button>
                          </Form>
                        </td>
                      ) : null}
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )}
          <h2>{t("seen.seen")}</h2>
          {page.seen.length === 0 ? (
            <p>{t("seen.nobody")}</p>
          ) : (
            <TableFrame label={t("seen.seen")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("seen.person")}</th>
                    <th scope="col">{t("seen.delegation")}</th>
                    <th scope="col">{t("seen.when")}</th>
                    <th scope="col">{t("seen.how")}</th>
                  </tr>
                </thead>
                <tbody>
                  {page.seen.map((line) => (
                    <tr key={line.invitationId}>
                      <th scope="row">
                        <BothNames person={line} />
                      </th>
                      <td>
                        <Text en={line.delegationEn} zh={line.delegationZh} />
                      </td>
                      <td>{line.at === null ? "–" : shortMoment(line.at, timeZone, locale)}</td>
                      <td>{line.channel === null ? "–" : t(`seen.channel.${line.channel}`)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )}
        </>
      )}
    </>
  );
}

function Phones({ phones }: { phones: ReadonlyArray<{ name: string | null; phone: string }> | null }) {
  const t = useT();
  if (phones === null) return <span className="muted">–</span>;
  if (phones.length === 0) return <span className="muted">{t("seen.noPhone")}</span>;
  return phones.map(({ name, phone }) => (
    <span className="second-line" key={`${name ?? ""} ${phone}`}>
      {name === null ? null : <bdi>{name} </bdi>}
      <a href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}>{phone.replaceAll(" ", "\u00a0")}</a>
    </span>
  ));
}
