import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { Notice } from "../../components/page.tsx";
import { NativeName } from "../../components/text.tsx";
import { notFound, requirePost } from "../../context.server.ts";
import { endExport } from "../../domain/export/commands.server.ts";
import { type ExportFacts, findExport } from "../../domain/export/queries.server.ts";
import { deskMoment, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate, translator } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { exportReader } from "./export-reader.server.ts";
import { ExportStatus } from "./export-state.tsx";
import { columnLabel } from "./roster-words.ts";

/** The tab says no more than what kind of page it is. */
export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "export.one") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { readers, edition, locale } = await exportReader(args);
  const found = findExport(readers, args.params.export ?? "");
  if (found === null) throw notFound();
  const t = translator(locale);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    file: found.facts,
    columns: found.columns.map((column) => columnLabel(t, locale, column)),
  };
}

/** Ends the link, for everybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { readers, edition } = await exportReader(args);
  const exportId = args.params.export ?? "";
  const found = findExport(readers, exportId);
  if (found === null) throw notFound();
  await endExport(found.ctx, exportId);
  // Ended twice it is ended.
  return redirect(`${paths.exportFile(edition.slug, exportId)}?ended`, 303);
}

export default function ExportPage() {
  const { slug, timeZone, file, columns } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const open = file.state === "open";
  return (
    <>
      <WorkHeading>{t(`export.purpose.${file.purpose}`)}</WorkHeading>
      {query.has("made") && open ? <Notice tone="good">{t("export.made")}</Notice> : null}
      {(query.has("ended") || query.has("gone")) && !open ? (
        <Notice tone={query.has("ended") ? "good" : "stop"}>{t("export.ended")}</Notice>
      ) : null}
      {query.has("paper") ? <Notice tone="stop">{t("export.problem.paper")}</Notice> : null}
      <dl className="facts">
        <dt>{t("export.fact.state")}</dt>
        <dd>
          <ExportStatus state={file.state} />
        </dd>
        <dt>{t("export.fact.file")}</dt>
        <dd>
          {t(`export.format.${file.format}`)} · {t(`export.language.${file.language}`)}
        </dd>
        <dt>{t("export.columns")}</dt>
        <dd>{columns.join(" · ")}</dd>
        <dt>{t("export.fact.people")}</dt>
        <dd>{file.people}</dd>
        <dt>{t("export.fact.made")}</dt>
        <dd>
          {t("export.madeBy", {
            when: deskMoment(file.madeAt, timeZone, locale),
            name: file.by || t("export.colleague"),
          })}
        </dd>
        <dt>{t("export.fact.until")}</dt>
        <dd>{deskMoment(file.endedAt ?? file.expiresAt, timeZone, locale)}</dd>
      </dl>
      {open ? (
        <div className="no-print">
          <p className="help">{t("export.takeHelp")}</p>
          <Toolbar>
            <form method="post" action={paths.takeExport(slug, file.id)}>
              <button className="button" type="submit">
                {t("export.take")}
              </button>
            </form>
            <form method="post">
              <button className="button quiet" type="submit">
                {t("export.end")}
              </button>
            </form>
          </Toolbar>
        </div>
      ) : null}
      <section aria-labelledby="takings" className="apart">
        <h2 id="takings">{t("export.takings")}</h2>
        {file.takings.length === 0 ? (
          <p>{t("export.takings.none")}</p>
        ) : (
          <Takings takings={file.takings} timeZone={timeZone} />
        )}
      </section>
      <p className="no-print apart">
        <a href={paths.exportPeople(slug)}>{t("export.all")}</a>
      </p>
    </>
  );
}

function Takings({ takings, timeZone }: { takings: ExportFacts["takings"]; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("export.takings")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("export.column.who")}</th>
            <th scope="col">{t("export.column.when")}</th>
            <th scope="col">{t("export.column.people")}</th>
            <th scope="col">{t("export.column.whole")}</th>
          </tr>
        </thead>
        <tbody>
          {takings.map((taking) => (
            <tr key={`${taking.at} ${taking.sha256}`}>
              <th scope="row" className="row-name">
                <NativeName>{taking.by || t("export.colleague")}</NativeName>
              </th>
              <td>{shortMoment(taking.at, timeZone, locale)}</td>
              <td>{taking.people}</td>
              <td>
                {t(taking.whole ? "export.whole.yes" : "export.whole.no")}
                {taking.sha256 === "" ? null : (
                  <span className="second-line muted small digest">
                    {t("export.digest", { digest: taking.sha256 })}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
