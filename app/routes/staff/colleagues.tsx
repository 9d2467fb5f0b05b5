import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { NativeName, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { colleaguesOf, openInvitations, sidesOf } from "../../domain/access/colleague-list.server.ts";
import { inviteAgain, revokeInvitation } from "../../domain/access/colleagues.server.ts";
import { calendarDay, dayOf, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "staff.title") },
];

const DONE = ["invited", "again", "revoked", "changed", "ended"] as const;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const done = new URL(args.request.url).searchParams.get("done");
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    sides: sidesOf(ctx),
    leadsAll: ctx.scope.sideIds.every((sideId) => ctx.scope.bookSideIds.includes(sideId)),
    colleagues: colleaguesOf(ctx),
    open: openInvitations(ctx),
    done: DONE.find((what) => what === done) ?? null,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const formData = await args.request.formData();
  const linkId = String(formData.get("invitation") ?? "");
  const intent = formData.get("intent");
  if (intent !== "again" && intent !== "revoke") throw data(null, { status: 400 });
  const changed = await (intent === "again" ? inviteAgain : revokeInvitation)(ctx, linkId);
  if (changed.ok)
    return redirect(`${paths.staff(edition.slug)}?done=${intent === "again" ? "again" : "revoked"}`, 303);
  if (changed.refusal === "gone") throw notFound();
  return data({ refusal: changed.refusal }, { status: 409 });
}

/** Who works for the reader's side, who was invited to, and what each may do. */
export default function Colleagues() {
  const page = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const t = useT();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button" href={paths.newColleague(page.slug)}>
            {t("staff.invite")}
          </a>
        }
      >
        {t("staff.title")}
      </WorkHeading>
      {refused === undefined ? null : <Notice tone="stop">{t(`staff.error.${refused.refusal}`)}</Notice>}
      {page.done === null || refused !== undefined ? null : (
        <Notice tone="good">
          <p>{t(`staff.done.${page.done}`)}</p>
        </Notice>
      )}
      <section className="panel">
        <p className="muted">
          {t("staff.intro")} {page.leadsAll ? null : t("staff.introEdition")}
        </p>
        <ColleagueTable />
      </section>
      <section className="panel">
        <h2>{t("staff.open")}</h2>
        {page.open.length === 0 ? <p className="muted">{t("staff.openNone")}</p> : <OpenTable />}
      </section>
    </>
  );
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

function ColleagueTable() {
  const { slug, timeZone, colleagues } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const withTime = (at: number) => shortMoment(at, timeZone, locale);
  return (
    <TableFrame label={t("staff.title")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("staff.column.name")}</th>
            <th scope="col">{t("staff.column.where")}</th>
            <th scope="col">{t("staff.column.permissions")}</th>
            <th scope="col">{t("staff.column.since")}</th>
            <th scope="col">{t("staff.column.until")}</th>
            <th scope="col">{t("staff.column.act")}</th>
            <th scope="col">{t("staff.column.secondStep")}</th>
            <th scope="col">{t("staff.column.used")}</th>
          </tr>
        </thead>
        {colleagues.map((person) => (
          <tbody key={person.userId}>
            {person.access.map((access, n) => (
              <tr key={`${access.sideId} ${access.everywhere} ${access.endsAt}`}>
                {n > 0 ? null : (
                  <th scope="rowgroup" className="row-name" rowSpan={person.access.length}>
                    <NativeName>{person.name}</NativeName>
                    {person.isSelf ? <span className="muted">{t("staff.youMark")}</span> : null}
                    <span className="second-line">
                      <bdi>{person.email}</bdi>
                    </span>
                  </th>
                )}
                <td>
                  <Reach {...access} />
                </td>
                <td>{access.permissions.map((permission) => t(`permission.${permission}`)).join(" · ")}</td>
                <td>
                  {calendarDay(dayOf(access.since, timeZone), locale)}
                  <span className="second-line">
                    {access.grantedBy === null
                      ? t("staff.byOperator")
                      : t("staff.by", { name: access.grantedBy })}
                  </span>
                </td>
                <td>
                  <LastDay endsAt={access.endsAt} />
                  {access.isLive ? null : <Status tone="stop">{t("staff.expired")}</Status>}
                </td>
                <td>
                  {access.mayChange ? (
                    <a
                      href={`${paths.colleague(slug, person.userId)}?${accessQuery(access)}`}
                      aria-label={t("staff.changeOf", { name: person.name })}
                    >
                      {t("staff.change")}
                    </a>
                  ) : null}
                </td>
                {n > 0 ? null : (
                  <>
                    <td rowSpan={person.access.length}>
                      {person.secondStep ? (
                        <Status tone="good">{t("account.secondStepOn")}</Status>
                      ) : (
                        <Status tone="wait">{t("account.secondStepOff")}</Status>
                      )}
                    </td>
                    <td rowSpan={person.access.length}>
                      {person.usedAt === null ? (
                        <span className="muted">{t("staff.notSignedIn")}</span>
                      ) : (
                        withTime(person.usedAt)
                      )}
                    </td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </TableFrame>
  );
}

/** Which of somebody's accesses is meant, as the page that changes it is asked. */
function accessQuery({ sideId, everywhere }: { sideId: string; everywhere: boolean }): URLSearchParams {
  return new URLSearchParams({ side: sideId, reach: everywhere ? "all" : "edition" });
}

/** This edition or all; with the side where the reader leads several. */
function Reach({ sideId, everywhere }: { sideId: string; everywhere: boolean }) {
  const { sides } = useLoaderData<typeof loader>();
  const t = useT();
  const side = sides.length < 2 ? undefined : sides.find((each) => each.id === sideId);
  return (
    <>
      {everywhere ? t("staff.reach.all") : t("staff.reach.edition")}
      {side === undefined ? null : (
        <span className="second-line">
          <Text en={side.nameEn} zh={side.nameZh} />
        </span>
      )}
    </>
  );
}

function LastDay({ endsAt }: { endsAt: number | null }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (endsAt === null) return <span className="muted">{t("staff.noEnd")}</span>;
  return <>{calendarDay(dayOf(endsAt - 1, timeZone), locale)} </>;
}

function OpenTable() {
  const { open, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("staff.open")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">{t("staff.column.name")}</th>
            <th scope="col">{t("staff.column.where")}</th>
            <th scope="col">{t("staff.column.permissions")}</th>
            <th scope="col">{t("staff.column.until")}</th>
            <th scope="col">{t("staff.column.invited")}</th>
            <th scope="col">{t("staff.column.link")}</th>
            <th scope="col">{t("staff.column.act")}</th>
          </tr>
        </thead>
        <tbody>
          {open.map((invitation) => (
            <tr key={invitation.linkId}>
              <th scope="row" className="row-name">
                <NativeName>{invitation.name}</NativeName>
                <span className="second-line">
                  <bdi>{invitation.email}</bdi>
                </span>
              </th>
              <td>
                <Reach {...invitation} />
              </td>
              <td>{invitation.permissions.map((permission) => t(`permission.${permission}`)).join(" · ")}</td>
              <td>
                <LastDay endsAt={invitation.endsAt} />
              </td>
              <td>
                {calendarDay(dayOf(invitation.invitedAt, timeZone), locale)}
                {invitation.invitedBy === null ? null : (
                  <span className="second-line">{t("staff.invitedBy", { name: invitation.invitedBy })}</span>
                )}
              </td>
              <td>
                {invitation.hasExpired ? (
                  <Status tone="stop">{t("staff.expired")}</Status>
                ) : (
                  t("staff.linkUntil", {
                    when: shortMoment(invitation.expiresAt, timeZone, locale),
                  })
                )}
              </td>
              <td>{invitation.mayChange ? <OpenActs invitation={invitation} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function OpenActs({ invitation: { linkId, name, email } }: { invitation: Page["open"][number] }) {
  const t = useT();
  return (
    <form method="post" className="buttons">
      <input type="hidden" name="invitation" value={linkId} />
      {email === "" ? null : (
        <button
          className="link"
          type="submit"
          name="intent"
          value="again"
          aria-label={t("staff.againOf", { name })}
        >
          {t("staff.again")}
        </button>
      )}
      <button
        className="link"
        type="submit"
        name="intent"
        value="revoke"
        aria-label={t("staff.revokeOf", { name })}
      >
        {t("staff.revoke")}
      </button>
    </form>
  );
}
