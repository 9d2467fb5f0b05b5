import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Filters, TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Status } from "../../components/page.tsx";
import { VersionChanges } from "../../components/version-changes.tsx";
import { staffEdition } from "../../context.server.ts";
import { printedCode } from "../../domain/agenda/version-code.ts";
import { versionsPage } from "../../domain/agenda/versions.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "versions.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const query = new URL(args.request.url).searchParams;
  const number = (name: string) => {
    const typed = query.get(name) ?? "";
    return /^\d{1,6}$/.test(typed) ? Number(typed) : null;
  };
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    ...versionsPage(ctx, { from: number("from"), to: number("to") }),
  };
}

/** Every version that was ever published, and how any two differ. */
export default function AgendaVersions() {
  const { slug, timeZone, versions, comparison } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.agenda(slug)}>
            {t("agenda.backToAgenda")}
          </a>
        }
      >
        {t("versions.title")}
      </WorkHeading>
      {versions.length === 0 ? (
        <p>{t("versions.none")}</p>
      ) : (
        <TableFrame label={t("versions.title")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("versions.number")}</th>
                <th scope="col">{t("versions.published")}</th>
                <th scope="col">{t("versions.items")}</th>
                <th scope="col">{t("versions.code")}</th>
              </tr>
            </thead>
            <tbody>
              {versions.map((version, n) => (
                <tr key={version.number}>
                  <th scope="row">
                    {version.number} {n === 0 ? <Status tone="good">{t("versions.newest")}</Status> : null}
                  </th>
                  <td>{deskMoment(version.publishedAt, timeZone, locale)}</td>
                  <td>{version.items}</td>
                  <td>
                    {version.code === "" ? (
                      "–"
                    ) : (
                      <a href={paths.version(version.code)}>{printedCode(version.code)}</a>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {comparison === null ? null : (
        <>
          <Form method="get">
            <Filters>
              {(["from", "to"] as const).map((name) => (
                <label key={name}>
                  {t(`versions.${name}`)}
                  <select name={name} defaultValue={comparison[name]}>
                    {versions.map(({ number }) => (
                      <option key={number} value={number}>
                        {number}
                      </option>
                    ))}
                  </select>
                </label>
              ))}
              <button className="button quiet" type="submit">
                {t("versions.compare")}
              </button>
            </Filters>
          </Form>
          <section className="panel">
            <h2>{t("versions.difference", { from: comparison.from, to: comparison.to })}</h2>
            {comparison.changes.length === 0 ? (
              <p>{t("versions.same")}</p>
            ) : (
              <VersionChanges changes={comparison.changes} timeZone={timeZone} both />
            )}
          </section>
        </>
      )}
    </>
  );
}
