import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { CountWords } from "../../components/meal-counts.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { staffEdition } from "../../context.server.ts";
import { countLines } from "../../domain/meal/kitchen-sheet.ts";
import { type MealInList, mealList } from "../../domain/meal/queries.server.ts";
import { deskRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "meals.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const list = mealList(ctx);
  return {
    locale,
    slug: edition.slug,
    ...list,
    meals: list.meals.map((meal) => ({ ...meal, lines: countLines(meal.counts) })),
  };
}

export default function Meals() {
  const { slug, isHost, meals, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading>{t("meals.title")}</WorkHeading>
      <p className="readable">{t(isHost ? "meals.introHost" : "meals.introGuest")}</p>
      {meals.length === 0 ? (
        <p>{t("meals.none")}</p>
      ) : (
        <TableFrame label={t("meals.title")}>
          <table className="fit stack">
            <thead>
              <tr>
                <th scope="col">{t("meals.column.when")}</th>
                <th scope="col">{t("meals.column.meal")}</th>
                <th scope="col" className="num">
                  {t("meals.column.covers")}
                </th>
                <th scope="col">{t("meals.column.special")}</th>
                <th scope="col">{t("meals.column.open")}</th>
              </tr>
            </thead>
            <tbody>
              {meals.map((meal) => (
                <tr key={meal.itemId}>
                  <td>{deskRange(meal.startsAt, meal.endsAt, timeZone, locale)}</td>
                  <th scope="row">
                    <a href={paths.meal(slug, meal.itemId)}>
                      <Text en={meal.titleEn} zh={meal.titleZh} />
                    </a>
                    <span className="second-line muted small">
                      <Text en={meal.placeEn} zh={meal.placeZh} />
                    </span>
                  </th>
                  <td className="num" data-label={t("meals.column.covers")}>
                    {meal.counts.covers}
                  </td>
                  <td data-label={t("meals.column.special")}>
                    <CountWords lines={meal.lines} />
                  </td>
                  <td data-label={t("meals.column.open")}>
                    <ToDo meal={meal} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </>
  );
}

function ToDo({ meal }: { meal: MealInList }) {
  const t = useT();
  const open = [
    meal.counts.unknown > 0 ? t("meals.unknown", { count: meal.counts.unknown }) : null,
    meal.tables === 0 ? t("meals.noTables") : null,
    meal.away > 0 ? t("meals.away", { count: meal.away }) : null,
    meal.unseated > 0 ? t("meals.unseated", { count: meal.unseated }) : null,
  ].filter((word) => word !== null);
  return (
    <>
      {open.length === 0 ? <Status tone="good">{t("meals.nothingOpen")}</Status> : null}
      {open.map((word) => (
        <span className="second-line" key={word}>
          <Status tone="wait">
            <span className="wrap">{word}</span>
          </Status>
        </span>
      ))}
      {meal.absent > 0 ? (
        <span className="second-line small muted">{t("meals.absent", { count: meal.absent })}</span>
      ) : null}
    </>
  );
}
