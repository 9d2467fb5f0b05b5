import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { ReleaseCells, ReleaseStatus, WatermarkLines } from "../../components/release-table.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { releaseHeading, releaseText, watermarkLines } from "../../documents/release-list.ts";
import type { ReleaseTable } from "../../domain/privacy/release.ts";
import { revokeRelease } from "../../domain/privacy/release-commands.server.ts";
import {
  type GivenRelease,
  markOf,
  type ReleasePage,
  releasePage,
} from "../../domain/privacy/release-queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { releaseReader } from "./release-reader.server.ts";

/** The tab says no more than what kind of page it is. */
export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "releases.one") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, reader, edition, account, locale } = await releaseReader(args);
  const page = releasePage(ctx, reader, args.params.release ?? "");
  if (page === null) throw notFound();
  const mark = markOf(page, account.name, ctx.clock.now());
  return { locale, slug: edition.slug, page, mark };
}

/** `revoke` asks; `revoke` with `sure` does it. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const { reader } = await releaseReader(args);
  const releaseId = args.params.release ?? "";
  const page = releasePage(ctx, reader, releaseId);
  if (page === null || page.as !== "giver" || page.facts.state !== "open") throw notFound();
  const form = await args.request.formData();
  if (form.get("intent") !== "revoke") throw data(null, { status: 400 });
  if (form.get("sure") !== "yes") return { asked: true };
  const revoked = await revokeRelease(ctx, { releaseId });
  if (!revoked.ok) throw notFound();
  return redirect(`${paths.release(edition.slug, releaseId)}?revoked`, 303);
}

export default function ReleasePageView() {
  const { slug, page, mark } = useLoaderData<typeof loader>();
  const asked = useActionData<typeof action>()?.asked === true;
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const { table, timeZone } = page;
  const open = table !== null;
  return (
    <>
      <WorkHeading>{t("releases.one")}</WorkHeading>
      {asked ? (
        <AskRevoke slug={slug} releaseId={page.facts.id} />
      ) : query.has("revoked") && !open ? (
        <Notice tone="good">{t("releases.revoked")}</Notice>
      ) : query.has("released") && open ? (
        <Notice tone="good">{page.facts.to === null ? t("releases.doneOutside") : t("releases.done")}</Notice>
      ) : null}
      {query.has("again") && open ? <Notice tone="wait">{t("releases.takeAgain")}</Notice> : null}
      {open ? <WatermarkLines lines={watermarkLines(mark, locale)} /> : null}
      {page.as === "giver" ? <Facts facts={page.facts} timeZone={timeZone} /> : null}
      <section aria-labelledby="table">
        <h2 id="table">{t("releases.table")}</h2>
        {table === null ? (
          <Closed page={page} />
        ) : table.rows.length === 0 ? (
          <p>{t("releases.nobodyLeft")}</p>
        ) : (
          <Cells table={table} timeZone={timeZone} />
        )}
      </section>
      {page.as === "giver" ? (
        <>
          <People people={page.people} />
          <Takings facts={page.facts} timeZone={timeZone} />
        </>
      ) : null}
      {open ? (
        <div className="apart no-print">
          <p className="help">{t("releases.takeHelp")}</p>
          <Toolbar>
            <form method="post" action={paths.releaseList(slug, page.facts.id)}>
              <button className="button" type="submit">
                {t("releases.take")}
              </button>
            </form>
            <form method="post" action={paths.releasePdf(slug, page.facts.id)}>
              <button className="button quiet" type="submit">
                {t("releases.takePdf")}
              </button>
            </form>
            {page.as === "giver" && !asked ? (
              <form method="post">
                <input type="hidden" name="intent" value="revoke" />
                <button className="button quiet" type="submit">
                  {t("releases.revoke")}
                </button>
              </form>
            ) : null}
          </Toolbar>
        </div>
      ) : null}
      <p className="no-print apart">
        <a href={paths.releases(slug)}>{t("releases.all")}</a>
      </p>
    </>
  );
}

function AskRevoke({ slug, releaseId }: { slug: string; releaseId: string }) {
  const t = useT();
  return (
    <Notice tone="stop">
      <h2>{t("releases.revoke.title")}</h2>
      <p>{t("releases.revoke.lead")}</p>
      <form method="post">
        <input type="hidden" name="intent" value="revoke" />
        <input type="hidden" name="sure" value="yes" />
        <Toolbar>
          <button className="button" type="submit">
            {t("releases.revoke.sure")}
          </button>
          <a className="button quiet" href={paths.release(slug, releaseId)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </form>
    </Notice>
  );
}

function Cells({ table, timeZone }: { table: ReleaseTable; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <ReleaseCells
      label={t("releases.table")}
      headings={table.columns.map((column) => releaseHeading(column, timeZone, locale))}
      rows={table.rows.map((cells) =>
        table.columns.map((column, n) => {
          const value = cells[n] ?? { lacks: "answer" };
          return { column, value, text: releaseText(column, value, locale) };
        }),
      )}
    />
  );
}

/** A record of what was named, without a value. */
function Closed({ page }: { page: ReleasePage }) {
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <p className="readable">{t("releases.closed")}</p>
      <ul>
        {page.facts.columns.map((column) => (
          <li key={column}>{releaseHeading(column, page.timeZone, locale)}</li>
        ))}
      </ul>
    </>
  );
}

function Facts({ facts, timeZone }: { facts: GivenRelease; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{t("releases.facts")}</h2>
      <dl className="facts">
        <Fact name={t("releases.field.state")}>
          <ReleaseStatus state={facts.state} />
          {facts.revokedAt === null ? null : ` ${deskMoment(facts.revokedAt, timeZone, locale)}`}
        </Fact>
        <Fact name={t("releases.field.to")}>
          {facts.to === null ? (
            <bdi>{facts.recipient}</bdi>
          ) : (
            <Text en={facts.to.nameEn} zh={facts.to.nameZh} />
          )}
        </Fact>
        <Fact name={t("releases.field.purpose")}>
          <bdi>{facts.purpose}</bdi>
        </Fact>
        <Fact name={t("releases.field.released")}>
          {t("releases.by", { when: deskMoment(facts.releasedAt, timeZone, locale), who: facts.by })}
        </Fact>
        <Fact name={t("releases.field.until")}>{deskMoment(facts.expiresAt, timeZone, locale)}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function People({ people }: { people: Extract<ReleasePage, { as: "giver" }>["people"] }) {
  const t = useT();
  return (
    <section aria-labelledby="people" className="apart no-print">
      <h2 id="people">{t("releases.preview.who")}</h2>
      <ul>
        {people.map((one) => (
          <li key={one.invitationId}>
            <BothNames person={one} />
            {one.gone ? <span className="muted"> {t("releases.gone")}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Takings({ facts, timeZone }: { facts: GivenRelease; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="takings" className="apart no-print">
      <h2 id="takings">{t("releases.takings")}</h2>
      {facts.takings.length === 0 ? (
        <p>{t("releases.takings.none")}</p>
      ) : (
        <ul>
          {facts.takings.map(({ at, by, side, rows }) => (
            <li key={`${at} ${by}`}>
              {t("releases.by", {
                when: deskMoment(at, timeZone, locale),
                who:
                  side === null
                    ? by
                    : t("releases.bySide", {
                        who: by,
                        side: inLocale({ en: side.nameEn, zh: side.nameZh }, locale).text,
                      }),
              })}
              <span className="muted"> · {t("releases.rows", { count: rows })}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
