import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { WorkHeading } from "../../components/desk.tsx";
import { Status } from "../../components/page.tsx";
import { Second, Text } from "../../components/text.tsx";
import { VisitSeats } from "../../components/visit-board.tsx";
import { staffEdition } from "../../context.server.ts";
import { visitBoards } from "../../domain/visit/queries.server.ts";
import { clockTime24, deskMoment, shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "visit.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return { locale, slug: edition.slug, timeZone: edition.timeZone, boards: visitBoards(ctx) };
}

export default function Visits() {
  const { slug, timeZone, boards } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading>{t("visit.title")}</WorkHeading>
      {boards.length === 0 ? (
        <p>{t("visit.none")}</p>
      ) : (
        <p className="muted small">{t("agenda.times", { zone: zoneName(timeZone, locale) })}</p>
      )}
      {boards.map((board) => (
        <section className="panel" key={board.visitId}>
          <h2>
            <a href={paths.visit(slug, board.visitId)}>
              <Text en={board.titleEn} zh={board.titleZh} />
            </a>
          </h2>
          <p className="second-title small">
            <Second en={board.titleEn} zh={board.titleZh} />
          </p>
          <dl className="facts">
            <dt>{t("visit.when")}</dt>
            <dd>
              {shortMoment(board.startsAt, timeZone, locale)}–{clockTime24(board.endsAt, timeZone)}
            </dd>
            <dt>{t("visit.host")}</dt>
            <dd>
              <Text en={board.hostEn} zh={board.hostZh} />
            </dd>
            {board.clearanceDeadline === null ? null : (
              <>
                <dt>{t("visit.deadline")}</dt>
                <dd>{deskMoment(board.clearanceDeadline, timeZone, locale)}</dd>
              </>
            )}
          </dl>
          {board.published ? null : (
            <p>
              <Status tone="wait">{t("visit.unpublished")}</Status>{" "}
              <span className="small">{t("visit.unpublishedHelp")}</span>
            </p>
          )}
          <VisitSeats board={board} />
        </section>
      ))}
    </>
  );
}
