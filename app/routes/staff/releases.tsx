import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ReleaseStatus } from "../../components/release-table.tsx";
import { NativeName, Text } from "../../components/text.tsx";
import { columnOf, type ReleaseColumn } from "../../domain/privacy/release.ts";
import {
  type GivenRelease,
  type ReleaseFacts,
  releasesPage,
} from "../../domain/privacy/release-queries.server.ts";
import { shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { releaseReader } from "./release-reader.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "releases.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, reader, edition, locale } = await releaseReader(args);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayGive: reader.givingSideIds.length > 0,
    ...releasesPage(ctx, reader),
  };
}

export default function ReleasesPage() {
  const { slug, timeZone, mayGive, given, received } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <WorkHeading
        actions={
          mayGive ? (
            <a className="button" href={paths.newRelease(slug)}>
              {t("releases.new")}
            </a>
          ) : undefined
        }
      >
        {t("releases.title")}
      </WorkHeading>
      <p className="readable muted">{t("releases.lead")}</p>
      <section aria-labelledby="received">
        <h2 id="received">{t("releases.received")}</h2>
        {received.length === 0 ? (
          <p>{t("releases.received.none")}</p>
        ) : (
          <Received releases={received} slug={slug} timeZone={timeZone} />
        )}
      </section>
      {mayGive ? (
        <section aria-labelledby="given" className="apart">
          <h2 id="given">{t("releases.given")}</h2>
          {given.length === 0 ? (
            <p>{t("releases.given.none")}</p>
          ) : (
            <Given releases={given} slug={slug} timeZone={timeZone} />
          )}
        </section>
      ) : null}
    </>
  );
}

function Received({
  releases,
  slug,
  timeZone,
}: {
  releases: ReadonlyArray<ReleaseFacts>;
  slug: string;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("releases.received")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("releases.field.purpose")}</th>
            <th scope="col">{t("releases.field.from")}</th>
            <th scope="col">{t("releases.field.columns")}</th>
            <th scope="col">
              {t("releases.inZone", { heading: t("releases.field.until"), zone: zoneName(timeZone, locale) })}
            </th>
          </tr>
        </thead>
        <tbody>
          {releases.map((release) => (
            <tr key={release.id}>
              <th scope="row" className="row-name">
                <a href={paths.release(slug, release.id)}>{release.purpose}</a>
              </th>
              <td>
                <Text en={release.from.nameEn} zh={release.from.nameZh} />
              </td>
              <td>
                <Groups columns={release.columns} />
              </td>
              <td>
                <When at={release.expiresAt} timeZone={timeZone} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Given({
  releases,
  slug,
  timeZone,
}: {
  releases: ReadonlyArray<GivenRelease>;
  slug: string;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("releases.given")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("releases.field.purpose")}</th>
            <th scope="col">{t("releases.field.state")}</th>
            <th scope="col">{t("releases.field.to")}</th>
            <th scope="col">{t("releases.field.people")}</th>
            <th scope="col">{t("releases.field.columns")}</th>
            <th scope="col">
              {t("releases.inZone", { heading: t("releases.field.until"), zone: zoneName(timeZone, locale) })}
            </th>
            <th scope="col">{t("releases.field.files")}</th>
          </tr>
        </thead>
        <tbody>
          {releases.map((release) => (
            <tr key={release.id}>
              <th scope="row" className="row-name">
                <a href={paths.release(slug, release.id)}>{release.purpose}</a>
                <span className="second-line muted">
                  <NativeName>{release.by}</NativeName> · <When at={release.releasedAt} timeZone={timeZone} />
                </span>
              </th>
              <td>
                <ReleaseStatus state={release.state} />
              </td>
              <td>
                {release.to === null ? (
                  <bdi>{release.recipient}</bdi>
                ) : (
                  <Text en={release.to.nameEn} zh={release.to.nameZh} />
                )}
              </td>
              <td>{t("releases.people", { count: release.people })}</td>
              <td>
                <Groups columns={release.columns} />
              </td>
              <td>
                <When at={release.revokedAt ?? release.expiresAt} timeZone={timeZone} />
              </td>
              <td>
                {t("releases.files", { count: release.takings.length })}
                {release.takings[0] === undefined ? null : (
                  <span className="second-line muted">
                    <NativeName>{release.takings[0].by}</NativeName> ·{" "}
                    <When at={release.takings[0].at} timeZone={timeZone} />
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

function Groups({ columns }: { columns: ReadonlyArray<ReleaseColumn> }) {
  const t = useT();
  const groups = [...new Set(columns.map((column) => columnOf(column).group))];
  return groups.map((group) => t(`releases.group.${group}`)).join(t("myProgramme.listSeparator"));
}

function When({ at, timeZone }: { at: number; timeZone: string }) {
  const locale = useLocale();
  return shortMoment(at, timeZone, locale);
}
