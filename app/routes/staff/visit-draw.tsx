import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Heads, TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, NativeName, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { type DrawPage, drawLots, drawPage, drawToCome } from "../../domain/visit/draw.server.ts";
import { visitBoards } from "../../domain/visit/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "draw.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const boards = visitBoards(ctx);
  const visit = boards.find(({ visitId }) => visitId === args.params.visit);
  if (visit === undefined) throw notFound();
  const isToCome = visit.allotment === "draw" && visit.drawId === null;
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "logistics"),
    visitId: visit.visitId,
    titles: Object.fromEntries(
      boards.map(({ visitId, titleEn, titleZh }) => [visitId, { en: titleEn, zh: titleZh }]),
    ),
    allotment: visit.allotment,
    toCome: isToCome ? drawToCome(ctx) : null,
    drawn: drawPage(ctx, visit.visitId),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const visit = visitBoards(ctx).find(({ visitId }) => visitId === args.params.visit);
  if (visit === undefined) throw notFound();
  const here = paths.visitDraw(edition.slug, visit.visitId);
  if (visit.drawId !== null) throw redirect(here, 303);
  const drawn = visit.allotment === "draw" ? await drawLots(ctx) : null;
  if (drawn === null) return data({ refusal: "notDrawn" as const }, { status: 409 });
  if (!drawn.ok) return data({ refusal: drawn.refusal }, { status: 409 });
  throw redirect(`${here}?seats=${drawn.value.seats}`, 303);
}

export default function VisitDraw() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const locale = useLocale();
  const seats = Number(query.get("seats") ?? Number.NaN);
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.visit(page.slug, page.visitId)}>
            {t("draw.back")}
          </a>
        }
      >
        {t("draw.title")}
      </WorkHeading>
      {sent === undefined ? null : <Notice tone="stop">{t(`draw.refusal.${sent.refusal}`)}</Notice>}
      {Number.isInteger(seats) && page.drawn !== null ? (
        <Notice tone="good">{t("draw.done", { seats })}</Notice>
      ) : null}
      {page.allotment === "draw" ? null : <p>{t("draw.refusal.notDrawn")}</p>}
      <p className="readable">{t("draw.how")}</p>
      {page.toCome === null ? null : (
        <section className="panel">
          <h2>{t("draw.toCome")}</h2>
          <p>
            {t("draw.together", {
              visits: page.toCome.visitIds
                .map((id) => inLocale(page.titles[id] ?? { en: "", zh: "" }, locale).text)
                .join(t("agenda.listSeparator")),
            })}
          </p>
          <p>{t("draw.entrants", { people: page.toCome.people })}</p>
          {page.mayWrite ? (
            <Form method="post" action={paths.visitDraw(page.slug, page.visitId)}>
              <p className="note">{t("draw.once")}</p>
              <button className="button" type="submit">
                {t("draw.do")}
              </button>
            </Form>
          ) : null}
        </section>
      )}
      {page.drawn === null ? null : <Drawn drawn={page.drawn} />}
    </>
  );
}

function Drawn({ drawn }: { drawn: DrawPage }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <section className="panel">
        <h2>{t("draw.drawnAt", { when: deskMoment(drawn.drawnAt, timeZone, locale) })}</h2>
        <dl className="facts">
          <dt>{t("draw.seed")}</dt>
          <dd className="wrap">
            <code>{drawn.seed}</code>
          </dd>
          <dt>{t("draw.algorithm")}</dt>
          <dd>{t("draw.algorithmIs", { number: drawn.algorithm })}</dd>
          <dt>{t("draw.digest")}</dt>
          <dd className="wrap">
            <code>{drawn.digest}</code>
          </dd>
        </dl>
        <p>
          <Status tone={drawn.holds ? "good" : "stop"}>
            <span className="wrap">{drawn.holds ? t("draw.holds") : t("draw.broken")}</span>
          </Status>
        </p>
        <TableFrame label={t("draw.visits")}>
          <table>
            <Heads columns={[t("draw.visits"), { num: t("draw.free") }, { num: t("draw.given") }]} />
            <tbody>
              {drawn.visits.map((visit) => (
                <tr key={visit.visitId}>
                  <th scope="row">
                    <Text en={visit.titleEn} zh={visit.titleZh} />
                  </th>
                  <td className="num">{visit.free}</td>
                  <td className="num">{visit.seats}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </section>
      <Lots drawn={drawn} />
      <section className="panel">
        <h2>{t("draw.again")}</h2>
        <p className="readable wrap">
          {t("draw.againHelp", { example: `printf '${drawn.seed}:1' | sha256sum` })}
        </p>
        <details>
          <summary>{t("draw.record")}</summary>
          <p className="wrap small">
            <code>{drawn.record}</code>
          </p>
        </details>
      </section>
    </>
  );
}

function Lots({ drawn }: { drawn: DrawPage }) {
  const { slug, titles } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const named = (ids: ReadonlyArray<string>) =>
    ids.map((id) => inLocale(titles[id] ?? { en: "", zh: "" }, locale).text).join(t("agenda.listSeparator"));
  return (
    <section className="visit-people">
      <h2>{t("draw.lots")}</h2>
      <TableFrame label={t("draw.lots")}>
        <table>
          <Heads
            columns={[
              { num: t("draw.rank") },
              { num: t("draw.ticket") },
              t("draw.who"),
              t("draw.wishes"),
              t("draw.seats"),
              t("draw.lot"),
            ]}
          />
          <tbody>
            {drawn.tickets.map((one) => (
              <tr key={one.ticket}>
                <td className="num">{one.rank}</td>
                <td className="num">{one.ticket}</td>
                <th scope="row">
                  {one.invitationId === "" ? (
                    <span className="muted">{t("draw.otherSide")}</span>
                  ) : (
                    <a href={paths.person(slug, one.invitationId)}>
                      {one.nameLatin} <NativeName>{one.nameNative}</NativeName>
                    </a>
                  )}
                  <span className="second-line small muted">
                    <Text en={one.delegationEn} zh={one.delegationZh} />
                  </span>
                </th>
                <td>{named(one.wishes)}</td>
                <td>
                  {one.seats.length === 0 ? (
                    <Status tone="wait">{t("draw.noSeat")}</Status>
                  ) : (
                    <Status tone="good">
                      <span className="wrap">{named(one.seats)}</span>
                    </Status>
                  )}
                </td>
                <td>
                  <code>{one.lot.slice(0, 12)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
