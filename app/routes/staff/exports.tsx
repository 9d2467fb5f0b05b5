import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EXPORT_PURPOSES } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { NativeName } from "../../components/text.tsx";
import { type ExportFacts, exportsPage } from "../../domain/export/queries.server.ts";
import { mayExport } from "../../domain/export/rules.ts";
import { findView } from "../../domain/roster/views.server.ts";
import { shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { exportReader } from "./export-reader.server.ts";
import { ExportStatus } from "./export-state.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "export.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, readers, edition, locale } = await exportReader(args);
  const viewId = new URL(args.request.url).searchParams.get("view");
  const view = viewId === null ? null : findView(ctx, viewId);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    view: view === null ? null : { id: viewId ?? "", name: view.name },
    purposes: EXPORT_PURPOSES.filter((purpose) => readers.some(({ scope }) => mayExport(purpose, scope))),
    files: exportsPage(readers),
  };
}

export default function ExportsPage() {
  const { slug, timeZone, view, purposes, files } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("export.title")}</WorkHeading>
      <p className="readable muted">{t("export.lead")}</p>
      <section aria-labelledby="make">
        <h2 id="make">{t("export.makeOne")}</h2>
        {view === null ? null : (
          <p>{t("export.viewChosen", { name: view.name === "" ? t("export.viewUnnamed") : view.name })}</p>
        )}
        <ul className="plain purposes">
          {purposes.map((purpose) => (
            <li key={purpose}>
              <a href={paths.newExport(slug, purpose, view?.id)}>{t(`export.purpose.${purpose}`)}</a>
              <span className="second-line muted">{t(`export.what.${purpose}`)}</span>
            </li>
          ))}
        </ul>
        {purposes.length === EXPORT_PURPOSES.length ? null : <p className="help">{t("export.mayNot")}</p>}
      </section>
      <section aria-labelledby="recent" className="apart">
        <h2 id="recent">{t("export.recent")}</h2>
        {files.length === 0 ? (
          <p>{t("export.recent.none")}</p>
        ) : (
          <Files files={files} slug={slug} timeZone={timeZone} />
        )}
      </section>
    </>
  );
}

function Files({
  files,
  slug,
  timeZone,
}: {
  files: ReadonlyArray<ExportFacts>;
  slug: string;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  const zone = zoneName(timeZone, locale);
  return (
    <TableFrame label={t("export.recent")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("export.fact.purpose")}</th>
            <th scope="col">{t("export.fact.file")}</th>
            <th scope="col">{t("export.fact.people")}</th>
            <th scope="col">{t("export.fact.state")}</th>
            <th scope="col">{t("releases.inZone", { heading: t("export.fact.until"), zone })}</th>
            <th scope="col">{t("export.fact.taken")}</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => {
            const [last] = file.takings;
            return (
              <tr key={file.id}>
                <th scope="row" className="row-name">
                  <a href={paths.exportFile(slug, file.id)}>{t(`export.purpose.${file.purpose}`)}</a>
                  <span className="second-line muted">
                    <NativeName>{file.by || t("export.colleague")}</NativeName> ·{" "}
                    {shortMoment(file.madeAt, timeZone, locale)}
                  </span>
                </th>
                <td>
                  {t(`export.formatShort.${file.format}`)}
                  <span className="second-line muted">{t(`export.language.${file.language}`)}</span>
                </td>
                <td>{file.people}</td>
                <td>
                  <ExportStatus state={file.state} />
                </td>
                <td>{shortMoment(file.endedAt ?? file.expiresAt, timeZone, locale)}</td>
                <td>
                  {t("export.takings.times", { count: file.takings.length })}
                  {last === undefined ? null : (
                    <span className="second-line muted">
                      <NativeName>{last.by || t("export.colleague")}</NativeName> ·{" "}
                      {shortMoment(last.at, timeZone, locale)}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
