import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, NativeName, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { clearanceHeading } from "../../documents/clearance-list.ts";
import { allows } from "../../domain/access/rules.ts";
import {
  freeRefused,
  freezeList,
  recordAnswer,
  releaseToList,
} from "../../domain/clearance/commands.server.ts";
import { answerForm } from "../../domain/clearance/form.ts";
import { clearancePage, type OwnEntry } from "../../domain/clearance/queries.server.ts";
import type { ClearanceState } from "../../domain/clearance/rules.ts";
import { calendarDay, deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { type MessageKey, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "clearance.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const page = clearancePage(ctx, args.params.visit ?? "");
  if (page === null) throw notFound();
  const { locale: listLocale, ...list } = page;
  return {
    locale,
    listLocale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayRelease: allows(ctx.scope, "lead"),
    isRefused: new URL(args.request.url).searchParams.get("refused") === "revoked",
    ...list,
  };
}

const FREEZE_REFUSALS = {
  nothing: "clearance.refusal.nothingReleased",
  unchanged: "clearance.refusal.unchanged",
  facts: "clearance.refusal.facts",
  changed: "clearance.refusal.changed",
  not_host: "clearance.refusal.not_host",
  purged: "clearance.refusal.purged",
} as const satisfies Record<string, MessageKey>;

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const visitId = args.params.visit ?? "";
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  const { ctx, edition } = await staffEdition(args, intent === "release" ? "lead" : "logistics");
  const done = (what: Record<string, string>) =>
    redirect(`${paths.clearance(edition.slug, visitId)}?${new URLSearchParams(what)}`, 303);
  const no = (refusal: MessageKey, status = 409) => data({ refusal }, { status });
  switch (intent) {
    case "release": {
      const released = await releaseToList(ctx, visitId);
      if (released.ok)
        throw done({ done: released.value.changed ? "released" : "same", n: String(released.value.people) });
      if (released.refusal === "gone") throw notFound();
      return no("clearance.refusal.nothing");
    }
    case "freeze": {
      const frozen = await freezeList(ctx, visitId);
      if (frozen.ok) throw done({ done: "frozen", n: String(frozen.value.number) });
      if (frozen.refusal === "gone") throw notFound();
      return no(FREEZE_REFUSALS[frozen.refusal]);
    }
    case "answer": {
      const parsed = parseForm(answerForm, formData);
      if (!parsed.ok) return no("clearance.refusal.answer", 422);
      const { row: rows, answer, version } = parsed.value;
      const said = await recordAnswer(ctx, {
        visitId,
        ...(version === undefined ? {} : { number: version }),
        rows,
        answer: answer === "none" ? null : answer,
      });
      if (said.ok) throw done({ done: "answered", n: String(said.value.people) });
      if (said.refusal === "not_host") return no("clearance.refusal.not_host");
      if (said.refusal === "new_version") return no("clearance.refusal.new_version");
      throw notFound();
    }
    case "free": {
      const freed = await freeRefused(ctx, {
        visitId,
        invitationId: String(formData.get("invitationId") ?? ""),
      });
      if (!freed.ok) throw notFound();
      throw done({ done: "freed" });
    }
    default:
      throw data(null, { status: 400 });
  }
}

const TONES = {
  not_ready: "wait",
  ready: "good",
  sent: "good",
  cleared: "good",
  refused: "stop",
  withdrawn: undefined,
} as const satisfies Record<ClearanceState, "good" | "wait" | "stop" | undefined>;

export default function Clearance() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading
        actions={
          <>
            <a className="button quiet small" href={paths.clearanceColumns(page.slug, page.visitId)}>
              {t("clearance.editColumns")}
            </a>{" "}
            <a className="button quiet small" href={paths.visit(page.slug, page.visitId)}>
              {t("clearance.back")}
            </a>
          </>
        }
      >
        {t("clearance.of", { host: inLocale({ en: page.hostEn, zh: page.hostZh }, locale).text })}
      </WorkHeading>
      {sent === undefined ? null : <Notice tone="stop">{t(sent.refusal)}</Notice>}
      {page.isRefused ? <Notice tone="stop">{t("clearance.refusal.revoked")}</Notice> : null}
      <Done />
      <p>
        {page.deadline === null ? (
          <Status tone="wait">
            <span className="wrap">{t("clearance.noDeadline")}</span>
          </Status>
        ) : (
          <strong>{t("clearance.due", { when: deskMoment(page.deadline, page.timeZone, locale) })}</strong>
        )}
      </p>
      {page.columns.length === 0 ? (
        <Notice tone="wait">{t("clearance.noColumns")}</Notice>
      ) : (
        <p className="small readable">
          {t("clearance.columnsAre", {
            columns: page.columns
              .map((column) => clearanceHeading(column, page.listLocale))
              .join(t("agenda.listSeparator")),
          })}
        </p>
      )}
      <Own />
      <Release />
      {page.dealsWithHost ? <List /> : <p className="note readable">{t("clearance.notHost")}</p>}
      <Versions />
    </>
  );
}

function Done() {
  const t = useT();
  const [query] = useSearchParams();
  const n = Number(query.get("n"));
  const count = Number.isInteger(n) ? n : 0;
  switch (query.get("done")) {
    case "released":
      return <Notice tone="good">{t("clearance.done.released", { people: count })}</Notice>;
    case "same":
      return <Notice tone="good">{t("clearance.done.same")}</Notice>;
    case "frozen":
      return <Notice tone="good">{t("clearance.done.frozen", { number: count })}</Notice>;
    case "answered":
      return <Notice tone="good">{t("clearance.done.answered", { people: count })}</Notice>;
    case "freed":
      return <Notice tone="good">{t("clearance.done.freed")}</Notice>;
    case "columns":
      return <Notice tone="good">{t("clearance.done.columns")}</Notice>;
    default:
      return null;
  }
}

function Own() {
  const { slug, visitId, own } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section className="visit-people">
      <h2>{t("clearance.own")}</h2>
      <p className="muted small">{t("clearance.ownHelp")}</p>
      {own.some((one) => one.state === "refused") ? (
        <p className="note readable">{t("clearance.freeHelp")}</p>
      ) : null}
      {own.length === 0 ? (
        <p className="muted">{t("clearance.nobody")}</p>
      ) : (
        <TableFrame label={t("clearance.own")}>
          <table>
            <thead>
              <tr>
                <th scope="col" className="num">
                  {t("clearance.column.row")}
                </th>
                <th scope="col">{t("agenda.person")}</th>
                <th scope="col">{t("clearance.column.state")}</th>
                <th scope="col">{t("clearance.column.missing")}</th>
                <th scope="col">
                  <span className="visually-hidden">{t("clearance.column.do")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {own.map((one) => (
                <tr key={one.invitationId}>
                  <td className="num">{one.row}</td>
                  <th scope="row">
                    <a href={paths.person(slug, one.invitationId)}>
                      {one.nameLatin} <NativeName>{one.nameNative}</NativeName>
                    </a>
                  </th>
                  <td>
                    <Status tone={TONES[one.state]}>{t(`clearanceState.${one.state}`)}</Status>
                    {one.unreleased === null ? null : (
                      <span className="second-line small">
                        <Status tone="wait">{t(`clearance.unreleased.${one.unreleased}`)}</Status>
                      </span>
                    )}
                  </td>
                  <td>
                    <Missing one={one} />
                  </td>
                  <td>
                    {one.state !== "refused" || !one.hasSeat ? null : (
                      <>
                        <Form method="post" action={paths.clearance(slug, visitId)}>
                          <input type="hidden" name="invitationId" value={one.invitationId} />
                          <button
                            className="link"
                            type="submit"
                            name="intent"
                            value="free"
                            aria-label={t("clearance.freeWhom", { person: one.nameLatin || one.nameNative })}
                          >
                            {t("clearance.free")}
                          </button>
                        </Form>
                        <a href={paths.substitute(slug, one.invitationId)}>{t("clearance.replace")}</a>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Missing({ one }: { one: OwnEntry }) {
  const { deadline, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const lines = [
    ...(one.agrees ? [] : [t("clearance.lacksConsent")]),
    ...one.lacks.map(({ fact }) => t(`fact.${fact}`)),
  ];
  if (lines.length === 0) return null;
  const expected = one.lacks.find(({ expectedOn }) => expectedOn !== null)?.expectedOn ?? null;
  return (
    <>
      {lines.join(t("agenda.listSeparator"))}
      {expected === null ? null : (
        <span className="second-line small">
          {t("clearance.lacksPending", { day: calendarDay(expected, locale) })}
        </span>
      )}
      {deadline === null ? null : (
        <span className="second-line small muted">
          {t("clearance.lacksBy", { when: deskMoment(deadline, timeZone, locale) })}
        </span>
      )}
    </>
  );
}

function Release() {
  const { slug, visitId, own, columns, mayRelease } = useLoaderData<typeof loader>();
  const t = useT();
  const seated = own.filter((one) => one.hasSeat);
  const ready = seated.filter((one) => one.agrees && one.lacks.length === 0).length;
  if (columns.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t("clearance.release")}</h2>
      <p className="readable">{t("clearance.releaseHelp")}</p>
      {ready === seated.length ? null : (
        <p>
          <Status tone="wait">
            <span className="wrap">{t("clearance.releaseFew", { missing: seated.length - ready })}</span>
          </Status>
        </p>
      )}
      {ready === 0 ? null : mayRelease ? (
        <Form method="post" action={paths.clearance(slug, visitId)}>
          <button className="button" type="submit" name="intent" value="release">
            {t("clearance.releaseDo", { people: ready })}
          </button>
        </Form>
      ) : (
        <p className="muted">{t("clearance.releaseBy")}</p>
      )}
    </section>
  );
}

/** For whoever deals with the host: what each side released, the next version, and what the host said. */
function List() {
  const { slug, visitId, timeZone, parts, others, due, versions, own } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const newest = versions[0]?.number ?? 0;
  const isDue = due !== null && due.added + due.removed + due.changed > 0;
  const onList = [...own, ...others]
    .filter((one) => one.row !== null)
    .sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  return (
    <>
      <section className="panel">
        <h2>{t("clearance.list")}</h2>
        <ul className="plain">
          {parts.map((part) => (
            <li key={part.sideId}>
              <strong>
                <Text en={part.nameEn} zh={part.nameZh} />
              </strong>
              <span className="second-line">
                {t("clearance.part", {
                  people: part.people,
                  number: part.number,
                  when: deskMoment(part.releasedAt, timeZone, locale),
                })}{" "}
                {part.isOpen ? null : <Status tone="stop">{t("clearance.partClosed")}</Status>}
              </span>
            </li>
          ))}
        </ul>
        <p>
          {due === null ? (
            <Status tone="wait">
              <span className="wrap">{t("clearance.first")}</span>
            </Status>
          ) : isDue ? (
            <Status tone="wait">
              <span className="wrap">{t("clearance.amend", { ...due, number: newest })}</span>
            </Status>
          ) : (
            <Status tone="good">
              <span className="wrap">{t("clearance.upToDate")}</span>
            </Status>
          )}
        </p>
        <p className="muted small readable">{t("clearance.freezeHelp")}</p>
        <Form method="post" action={paths.clearance(slug, visitId)}>
          <button className="button" type="submit" name="intent" value="freeze">
            {t("clearance.freeze", { number: newest + 1 })}
          </button>
        </Form>
      </section>
      {others.length === 0 ? null : (
        <section className="visit-people">
          <h2>{t("clearance.others")}</h2>
          <p className="muted small">{t("clearance.othersHelp")}</p>
          <TableFrame label={t("clearance.others")}>
            <table>
              <thead>
                <tr>
                  <th scope="col" className="num">
                    {t("clearance.column.row")}
                  </th>
                  <th scope="col">{t("agenda.person")}</th>
                  <th scope="col">{t("clearance.column.state")}</th>
                </tr>
              </thead>
              <tbody>
                {others.map((one) => (
                  <tr key={`${one.row} ${one.nameLatin} ${one.nameNative}`}>
                    <td className="num">{one.row}</td>
                    <th scope="row">
                      {one.nameLatin} <NativeName>{one.nameNative}</NativeName>
                    </th>
                    <td>
                      <Status tone={TONES[one.state]}>{t(`clearanceState.${one.state}`)}</Status>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </section>
      )}
      {onList.length === 0 ? null : (
        <section className="panel">
          <h2>{t("clearance.answer")}</h2>
          <p className="small muted">{t("clearance.answerHelp")}</p>
          <Form method="post" action={paths.clearance(slug, visitId)}>
            <input type="hidden" name="version" value={newest} />
            <fieldset className="choices">
              <legend>{t("clearance.column.row")}</legend>
              {onList.map((one) => (
                <label className="choice" key={one.row}>
                  <input type="checkbox" name="row" value={one.row ?? ""} />
                  <span>
                    {one.row}. {one.nameLatin} <NativeName>{one.nameNative}</NativeName>
                  </span>
                </label>
              ))}
            </fieldset>
            <label className="field narrow">
              <span className="label">{t("clearance.answer")}</span>
              <select name="answer" defaultValue="cleared">
                {(["cleared", "refused", "none"] as const).map((answer) => (
                  <option key={answer} value={answer}>
                    {t(`clearance.answer.${answer}`)}
                  </option>
                ))}
              </select>
            </label>
            <button className="button quiet" type="submit" name="intent" value="answer">
              {t("clearance.answerDo")}
            </button>
          </Form>
        </section>
      )}
    </>
  );
}

function Versions() {
  const { slug, visitId, timeZone, versions, dealsWithHost } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (versions.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t("clearance.versions")}</h2>
      {versions.map((version) => (
        <div className="version" key={version.number}>
          <h3>{t("clearance.version", { number: version.number })}</h3>
          <p>
            {t("clearance.versionIs", {
              people: version.people,
              when: deskMoment(version.frozenAt, timeZone, locale),
            })}
            {version.number === 1 ? null : (
              <span className="second-line small">
                {t("clearance.versionChanges", {
                  added: version.added,
                  removed: version.removed,
                  changed: version.changed,
                })}
              </span>
            )}
          </p>
          <dl className="facts small">
            <dt>{t("clearance.hash")}</dt>
            <dd className="wrap">
              <code>{version.sha256}</code>
            </dd>
            {version.amendmentSha256 === null ? null : (
              <>
                <dt>{t("clearance.amendmentHash")}</dt>
                <dd className="wrap">
                  <code>{version.amendmentSha256}</code>
                </dd>
              </>
            )}
          </dl>
          {version.isPurged ? <p className="muted">{t("clearance.purged")}</p> : null}
          {version.isPurged || !dealsWithHost ? null : (
            <>
              <Files slug={slug} visitId={visitId} number={version.number} part="list" />
              {version.amendmentSha256 === null ? null : (
                <Files slug={slug} visitId={visitId} number={version.number} part="amendment" />
              )}
            </>
          )}
        </div>
      ))}
      {dealsWithHost ? <p className="muted small">{t("clearance.takeNote")}</p> : null}
    </section>
  );
}

function Files({
  slug,
  visitId,
  number,
  part,
}: {
  slug: string;
  visitId: string;
  number: number;
  part: "list" | "amendment";
}) {
  const t = useT();
  const name = part === "list" ? "clearance.takeList" : "clearance.takeAmendment";
  return (
    <form className="buttons" method="post" action={paths.clearanceFile(slug, visitId, number)}>
      <input type="hidden" name="part" value={part} />
      {(["xlsx", "pdf", "csv"] as const).map((format) => (
        <button className="button quiet small" type="submit" name="format" value={format} key={format}>
          {t(name, { format: format.toUpperCase() })}
          <span className="visually-hidden"> {t("clearance.version", { number })}</span>
        </button>
      ))}
    </form>
  );
}
