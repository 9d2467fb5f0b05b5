import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Desk, TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Second, Text } from "../../components/text.tsx";
import { staffAtLarge } from "../../context.server.ts";
import { editionsOfStaff } from "../../domain/edition/queries.server.ts";
import { calendarDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "edition.list") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, account, locale } = await staffAtLarge(args);
  return data({ locale, ...editionsOfStaff(ctx, account.id) });
}

export default function EditionsPage() {
  const { editions, mayCreate } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <Desk>
      <WorkHeading
        actions={
          mayCreate && editions.length > 0 ? (
            <a className="button" href={paths.newEdition()}>
              {t("edition.new")}
            </a>
          ) : undefined
        }
      >
        {t("edition.list")}
      </WorkHeading>
      {editions.length === 0 ? (
        <section className="panel">
          {mayCreate ? (
            <>
              <h2>{t("edition.none")}</h2>
              <p>{t("edition.noneHelp")}</p>
              <p>
                <a className="button" href={paths.newEdition()}>
                  {t("edition.new")}
                </a>
              </p>
            </>
          ) : (
            <p>{t("edition.noneForYou")}</p>
          )}
        </section>
      ) : (
        <TableFrame label={t("edition.list")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("edition.column.edition")}</th>
                <th scope="col">{t("edition.column.days")}</th>
                <th scope="col">{t("edition.column.side")}</th>
                <th scope="col">{t("edition.column.people")}</th>
              </tr>
            </thead>
            <tbody>
              {editions.map((edition) => (
                <tr key={edition.slug}>
                  <td>
                    <a href={paths.edition(edition.slug)}>
                      <Text en={edition.titleEn} zh={edition.titleZh} />
                    </a>
                    <br />
                    <Second en={edition.titleEn} zh={edition.titleZh} />
                  </td>
                  <td>
                    {t("edition.span", {
                      from: calendarDay(edition.startsOn, locale),
                      to: calendarDay(edition.endsOn, locale),
                    })}
                  </td>
                  <td>
                    {edition.sides.map((side) => (
                      <div key={side.nameEn + side.nameZh}>
                        <Text en={side.nameEn} zh={side.nameZh} />
                      </div>
                    ))}
                    <span className="muted">
                      {edition.permissions.map((permission) => t(`permission.${permission}`)).join(" · ")}
                    </span>
                  </td>
                  <td>{t("edition.people", { count: edition.people })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Desk>
  );
}
