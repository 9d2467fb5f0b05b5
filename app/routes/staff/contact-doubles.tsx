import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { PastEditions } from "../../components/past-editions.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffContactBook } from "../../context.server.ts";
import { type DoubleCard, dismissDouble, doublesOfBook } from "../../domain/contact/doubles.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "doubles.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffContactBook(args);
  return { locale, slug: edition.slug, ...doublesOfBook(ctx) };
}

/** Somebody looked at a pair, and they are two people. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffContactBook(args);
  const form = await args.request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const done = await dismissDouble(ctx, { personId: text("person"), otherId: text("other") });
  if (!done.ok) throw notFound();
  return redirect(`${paths.contactDoubles(edition.slug)}?done=dismissed`, 303);
}

export default function ContactDoubles() {
  const { slug, pairs, total } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const t = useT();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.contacts(slug)}>
            {t("contacts.title")}
          </a>
        }
      >
        {t("doubles.title")}
      </WorkHeading>
      {query.get("done") === "dismissed" ? <Notice tone="good">{t("doubles.done.dismissed")}</Notice> : null}
      <p className="muted">{t("doubles.intro")}</p>
      <p>
        {t("doubles.count", { count: total })}{" "}
        {total > pairs.length ? t("doubles.more", { count: pairs.length }) : null}
      </p>
      {pairs.length === 0 ? null : (
        <TableFrame label={t("doubles.tableLabel")}>
          <table className="fit">
            <thead>
              <tr>
                <th scope="col">{t("doubles.column.older")}</th>
                <th scope="col">{t("doubles.column.newer")}</th>
                <th scope="col">{t("doubles.column.why")}</th>
                <th scope="col">{t("doubles.column.decide")}</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map(({ cards: [one, other], reasons }) => (
                <tr key={one.personId + other.personId}>
                  <Card card={one} slug={slug} />
                  <Card card={other} slug={slug} />
                  <td>
                    <ul className="plain">
                      {reasons.map((reason) => (
                        <li key={reason}>{t(`doubles.reason.${reason}`)}</li>
                      ))}
                    </ul>
                  </td>
                  <td>
                    <a
                      className="button small quiet"
                      href={paths.mergeContacts(slug, one.personId, other.personId)}
                    >
                      {t("doubles.compare")}
                    </a>
                    <form method="post" className="beneath">
                      <input type="hidden" name="person" value={one.personId} />
                      <input type="hidden" name="other" value={other.personId} />
                      <button className="button small quiet" type="submit">
                        {t("doubles.dismiss")}
                      </button>
                    </form>
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

function Card({ card, slug }: { card: DoubleCard; slug: string }) {
  return (
    <td>
      <a href={paths.contact(slug, card.personId)}>
        <BothNames person={card} />
      </a>
      <span className="second-line">
        <Text en={card.institutionEn} zh={card.institutionZh} />
      </span>
      {card.email === null ? null : (
        <span className="second-line muted">
          <bdi>{card.email}</bdi>
        </span>
      )}
      <PastEditions editions={card.editions} earlier={card.earlier} />
    </td>
  );
}
