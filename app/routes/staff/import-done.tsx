import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { listedQuestions } from "../../domain/import/answers.server.ts";
import { isCellColumn } from "../../domain/import/cells.ts";
import { importDetails } from "../../domain/import/queries.server.ts";
import { undoImport } from "../../domain/import/undo.server.ts";
import { mateNames } from "../../domain/import/wishes.server.ts";
import { roomTypesOf } from "../../domain/lodging/listed.server.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { cellInWords, entryInWords } from "./import-words.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "import.done.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const details = importDetails(ctx, args.params.import ?? "");
  if (details === null) throw notFound();
  const { searchParams } = new URL(args.request.url);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    delegations: delegationsOfScope(ctx),
    asked: listedQuestions(ctx),
    roomTypes: roomTypesOf(ctx.db.orm, ctx),
    mates: mateNames(
      ctx,
      details.changes.flatMap((cell) => [cell, { ...cell, after: cell.now }]),
    ),
    details,
    isNew: searchParams.has("done"),
    isPartly: searchParams.has("partly"),
  };
}

/** Takes the import back. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const importId = args.params.import ?? "";
  const done = await undoImport(ctx, importId);
  if (!done.ok) throw notFound();
  throw redirect(
    done.value.left === 0
      ? `${paths.importPeople(edition.slug)}?undone`
      : `${paths.importDone(edition.slug, importId)}?partly`,
    303,
  );
}

export default function ImportDone() {
  const { slug, timeZone, details, isNew, isPartly } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <div className="import-steps">
      <WorkHeading
        actions={
          <>
            <a className="button quiet" href={paths.people(slug)}>
              {t("import.people")}
            </a>
            <a className="button quiet" href={paths.importPeople(slug)}>
              {t("import.title")}
            </a>
          </>
        }
      >
        {t("import.done.title")}
      </WorkHeading>
      {isNew && !isPartly ? (
        <Notice tone="good">
          {t("import.done", {
            count: new Set([...details.people, ...details.changes].map(({ invitationId }) => invitationId))
              .size,
          })}
        </Notice>
      ) : null}
      {isPartly ? <Notice tone="wait">{t("import.undonePartly")}</Notice> : null}
      <p className="muted">
        {t("import.when", {
          when: shortMoment(details.at, timeZone, locale),
          by: details.by,
          rows: details.rows,
        })}
      </p>
      <form method="post" className="panel">
        <p className="readable">{t("import.undoNote")}</p>
        <Toolbar>
          <button className="button quiet" type="submit">
            {t("import.undo")}
          </button>
        </Toolbar>
      </form>
      {details.people.length === 0 ? null : <Made />}
      {details.changes.length === 0 ? null : <Changed />}
    </div>
  );
}

function Made() {
  const { slug, details } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section aria-labelledby="made">
      <h2 id="made">{t("import.madeTitle")}</h2>
      <TableFrame label={t("import.madeLabel")}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">{t("import.column.person")}</th>
              <th scope="col">{t("import.column.made")}</th>
              <th scope="col">{t("import.column.now")}</th>
            </tr>
          </thead>
          <tbody>
            {details.people.map((one) => (
              <tr key={one.invitationId}>
                <th scope="row" className="row-name">
                  <a href={paths.person(slug, one.invitationId)}>
                    <BothNames person={one} />
                  </a>
                </th>
                <td>{t(`import.state.made.${one.made}`)}</td>
                <td>
                  {one.isUntouched ? (
                    <Status>{t("import.state.untouched")}</Status>
                  ) : (
                    <Status tone="wait">{t("import.state.touched")}</Status>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Changed() {
  const { slug, details, delegations, asked, roomTypes, mates } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="changed">
      <h2 id="changed">{t("import.changedTitle")}</h2>
      <TableFrame label={t("import.changedTitle")}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">{t("import.column.person")}</th>
              <th scope="col">{t("import.column.entry")}</th>
              <th scope="col">{t("import.column.before")}</th>
              <th scope="col">{t("import.column.after")}</th>
              <th scope="col">{t("import.column.now")}</th>
            </tr>
          </thead>
          <tbody>
            {details.changes.map((cell) => {
              const column = isCellColumn(cell.column) ? cell.column : null;
              const words = (value: string) =>
                column === null
                  ? value
                  : cellInWords(t, { column, value }, { delegations, locale, asked, roomTypes, mates });
              return (
                <tr key={cell.invitationId + cell.column}>
                  <th scope="row" className="row-name">
                    <a href={paths.person(slug, cell.invitationId)}>
                      <BothNames person={cell} />
                    </a>
                  </th>
                  <td>{column === null ? cell.column : entryInWords(t, column, { locale, asked })}</td>
                  <td>
                    <bdi>{words(cell.before)}</bdi>
                  </td>
                  <td>
                    <bdi>{words(cell.after)}</bdi>
                  </td>
                  <td>
                    {cell.now === cell.after ? (
                      <Status>{t("import.state.untouched")}</Status>
                    ) : (
                      <>
                        <bdi>{words(cell.now)}</bdi>
                        <span className="second-line">
                          <Status tone="wait">{t("import.state.touched")}</Status>
                        </span>
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
