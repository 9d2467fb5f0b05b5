import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { Filters, TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { type BoardRow, completenessBoard, isLackingIn } from "../../domain/completeness/board.server.ts";
import { CHASE_ACT } from "../../domain/completeness/chase.server.ts";
import { boardFilter, boardQuery } from "../../domain/completeness/form.ts";
import { PROGRESSES } from "../../domain/completeness/rules.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { calendarDay, deskMoment, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate, translator } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import type { FormState } from "../../platform/form-state.ts";
import { allLabels, sectionName } from "../delegate/registration-fields.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "completeness.title") },
];

/** What is missing of whom. The filters stand in the address, and no names do. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const query = new URL(args.request.url).searchParams;
  const filter = boardFilter(query);
  const whole = query.has("whole");
  const { sections, page, registerBy } = completenessBoard(ctx, filter, { after: query.get("after"), whole });
  const t = translator(locale);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    registerBy,
    filter,
    whole,
    mayChase: allows(ctx.scope, CHASE_ACT),
    delegations: delegationsOfScope(ctx),
    sections: sections.map(({ key, deadline }) => ({
      key,
      deadline,
      name: sectionName(t, locale, sections, key),
    })),
    page: { ...page, shown: page.shown.map((row) => inWords(t, locale, row)) },
  };
}

/** A row as it is drawn: words for what is missing, and nothing of the form itself. */
function inWords(t: ReturnType<typeof translator>, locale: Parameters<typeof allLabels>[1], row: BoardRow) {
  const { asked, cells, ...rest } = row;
  const labels = allLabels(t, locale, asked);
  return {
    ...rest,
    lacks: cells.some(isLackingIn(row.state)),
    cells: cells.map(({ section, state, missing }) => ({ section, state, missing: missing.length })),
    missing: cells
      .filter(({ missing }) => missing.length > 0)
      .map(({ section, missing }) => ({
        section: sectionName(t, locale, asked, section),
        things: [...new Set(missing.map((field) => labels[field] ?? field))],
      })),
  };
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>["page"]["shown"][number];

export default function CompletenessBoard() {
  const { page, filter, slug, registerBy, timeZone, whole, mayChase, sections } =
    useLoaderData<typeof loader>();
  const sent = useSearchParams()[0].get("sent");
  const t = useT();
  const locale = useLocale();
  const address = paths.completeness(slug);
  return (
    <>
      <WorkHeading
        actions={
          <a
            className="button quiet no-print"
            href={address + boardQuery(filter, whole ? {} : { whole: "" })}
          >
            {t(whole ? "completeness.paged" : "completeness.whole")}
          </a>
        }
      >
        {t("completeness.title")}
      </WorkHeading>
      {sent !== null && /^\d{1,4}$/.test(sent) ? (
        <Notice tone="good">
          <p>{t("chase.sent", { count: Number(sent) })}</p>
        </Notice>
      ) : null}
      <p className="readable">{t("completeness.intro")}</p>
      <p>
        {registerBy === null
          ? t("completeness.noDeadline")
          : t("completeness.registerBy", { when: deskMoment(registerBy, timeZone, locale) })}{" "}
        {t("completeness.people", { count: page.total })}
      </p>
      <Narrowing />
      {page.shown.length === 0 ? (
        <p className="muted">{t("completeness.none")}</p>
      ) : (
        <form method="post" action={paths.chase(slug)}>
          <TableFrame label={t("completeness.title")}>
            <table className="board">
              <thead>
                <tr>
                  {mayChase ? (
                    <th scope="col" className="no-print">
                      {t("completeness.column.choose")}
                    </th>
                  ) : null}
                  <th scope="col">{t("completeness.column.person")}</th>
                  {sections.map(({ key, name, deadline }) => (
                    <th scope="col" key={key}>
                      {name}
                      {deadline === null ? null : (
                        <span className="second-line small muted">
                          {t("completeness.by", { day: calendarDay(deadline, locale) })}
                        </span>
                      )}
                    </th>
                  ))}
                  <th scope="col">{t("completeness.column.blocks")}</th>
                </tr>
              </thead>
              <tbody>
                {page.shown.map((row) => (
                  <Person key={row.invitationId} row={row} />
                ))}
              </tbody>
            </table>
          </TableFrame>
          {mayChase ? (
            <Toolbar>
              <button className="button" type="submit">
                {t("completeness.preview")}
              </button>
              <button className="button quiet" type="submit" name="all" value="page">
                {t("completeness.chooseAll")}
              </button>
              {page.shown
                .filter(({ lacks }) => lacks)
                .map(({ invitationId }) => (
                  <input key={invitationId} type="hidden" name="onPage" value={invitationId} />
                ))}
            </Toolbar>
          ) : null}
        </form>
      )}
      <Paging
        page={page}
        address={(after) => address + boardQuery(filter, after === null ? {} : { after })}
      />
    </>
  );
}

function Narrowing() {
  const { filter, delegations, sections, slug } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const form: FormState = { values: { ...filter }, errors: {} };
  return (
    <form method="get" action={paths.completeness(slug)} className="no-print" key={JSON.stringify(filter)}>
      <Filters>
        <SelectField
          form={form}
          name="delegation"
          label={t("completeness.filter.delegation")}
          required
          blank={t("completeness.filter.all")}
          options={delegations.map(({ id, nameEn, nameZh }) => ({
            value: id,
            label: inLocale({ en: nameEn, zh: nameZh }, locale).text,
          }))}
        />
        <SelectField
          form={form}
          name="progress"
          label={t("completeness.filter.progress")}
          required
          blank={t("completeness.filter.all")}
          options={PROGRESSES.map((value) => ({ value, label: t(`completeness.progress.${value}`) }))}
        />
        <SelectField
          form={form}
          name="section"
          label={t("completeness.filter.section")}
          required
          blank={t("completeness.filter.all")}
          options={sections.map(({ key, name }) => ({ value: key, label: name }))}
        />
        <button className="button quiet" type="submit">
          {t("completeness.filter.do")}
        </button>
      </Filters>
    </form>
  );
}

function Person({ row }: { row: Row }) {
  const { slug, sections, timeZone, mayChase, registerBy } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const name = row.nameLatin || row.nameNative;
  return (
    <tr>
      {mayChase ? (
        <td className="no-print">
          {row.lacks && row.hasMailbox ? (
            <input
              type="checkbox"
              name="invitation"
              value={row.invitationId}
              aria-label={t("completeness.choose", { name })}
            />
          ) : null}
        </td>
      ) : null}
      <th scope="row">
        <a href={paths.person(slug, row.invitationId)}>
          <BothNames person={row} />
        </a>
        <span className="second-line small muted">
          <Text en={row.delegationEn} zh={row.delegationZh} />
        </span>
        {row.hasMailbox ? null : (
          <span className="second-line small">
            <Status tone="wait">{t("completeness.noMailbox")}</Status>
          </span>
        )}
        {row.chasedAt === null ? null : (
          <span className="second-line small muted">
            {t("completeness.chasedAt", { when: shortMoment(row.chasedAt, timeZone, locale) })}
          </span>
        )}
        {row.missing.length === 0 ? null : (
          <details className="small">
            <summary>{t("completeness.missing")}</summary>
            {row.missing.map(({ section, things }) => (
              <p key={section}>
                <strong>{section}</strong>: {things.join(t("myProgramme.listSeparator"))}
              </p>
            ))}
          </details>
        )}
      </th>
      {sections.map(({ key }) => (
        <td key={key}>
          <Cell cell={row.cells.find(({ section }) => section === key)} />
        </td>
      ))}
      <td>
        {row.blocks.length === 0 ? null : (
          <>
            {row.blocks.map((each) => t(`blocked.${each}`)).join(t("myProgramme.listSeparator"))}
            {registerBy === null ? null : (
              <span className="second-line small muted">
                {t("completeness.by", { day: shortMoment(registerBy, timeZone, locale) })}
              </span>
            )}
          </>
        )}
        {row.papers.map((visit) => (
          <span className="second-line" key={visit.visitId}>
            <Status tone="stop">
              {t("completeness.papers", {
                visit: inLocale({ en: visit.titleEn, zh: visit.titleZh }, locale).text,
                what: visit.lacks
                  .map((each) => t(`completeness.lacks.${each}`))
                  .join(t("myProgramme.listSeparator")),
              })}
            </Status>
            {visit.deadline === null ? null : (
              <span className="second-line small muted">
                {t("completeness.papersBy", { when: shortMoment(visit.deadline, timeZone, locale) })}
              </span>
            )}
          </span>
        ))}
      </td>
    </tr>
  );
}

/** A word and a shape; how many things are missing where the reader may know. */
function Cell({ cell }: { cell: Row["cells"][number] | undefined }) {
  const t = useT();
  if (cell === undefined) return <span className="muted small">{t("completeness.cell.notAsked")}</span>;
  const { state, missing } = cell;
  const isIn = state === "submitted" || state === "verified";
  return (
    <Status tone={isIn && missing === 0 ? "good" : state === "empty" ? undefined : isIn ? "stop" : "wait"}>
      {missing > 0 && state !== "empty"
        ? t("completeness.cell.missing", { count: missing })
        : t(
            isIn
              ? "completeness.cell.done"
              : state === "empty"
                ? "completeness.cell.empty"
                : "completeness.cell.draft",
          )}
    </Status>
  );
}
