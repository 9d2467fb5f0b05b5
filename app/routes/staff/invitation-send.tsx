import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { TextField, TickField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { sendInvitations } from "../../domain/invitation/commands.server.ts";
import { type SendingEntry, sendingList } from "../../domain/invitation/queries.server.ts";
import { LONGEST_REASON } from "../../domain/invitation/quota.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ticked } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "sending.title") },
];

/** People are chosen on the list; who comes here without has chosen nobody. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  return { locale, slug: edition.slug, leads: allows(ctx.scope, "lead") };
}

/** First POST: who would get it, and who not. Second (`step=send`): off it goes, to exactly those who were shown. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const form = await args.request.formData();
  const invitationIds = ticked(form, "invitation");
  if (invitationIds === null) throw data(null, { status: 400 });
  const again = form.get("again") === "on";
  const overQuota = allows(ctx.scope, "lead") ? reasonIn(form) : null;
  const shown = { invitationIds, again, overQuota: overQuota !== null };
  if (invitationIds.length === 0) throw redirect(`${paths.people(edition.slug)}?nobody`, 303);
  if (form.get("step") === "send") {
    const sent = await sendInvitations(ctx, { invitationIds, again, overQuota });
    if (sent.ok) throw redirect(`${paths.people(edition.slug)}?sent=${sent.value.sent}`, 303);
    if (sent.refusal === "gone") throw notFound();
    return data({ ...sendingList(ctx, shown), overQuota, changed: true }, { status: 409 });
  }
  const list = sendingList(ctx, shown);
  if (list.missing) throw notFound();
  return data({ ...list, overQuota, changed: false });
}

/** Why a lead goes beyond the quota; null: nobody does. */
function reasonIn(form: FormData): string | null {
  const typed = form.get("overQuota");
  const reason = typeof typed === "string" ? typed.trim().slice(0, LONGEST_REASON) : "";
  return reason === "" ? null : reason;
}

export default function SendInvitations() {
  const { slug, leads } = useLoaderData<typeof loader>();
  const list = useActionData<typeof action>();
  const t = useT();
  if (list === undefined)
    return (
      <>
        <WorkHeading>{t("sending.title")}</WorkHeading>
        <p>{t("people.notice.nobody")}</p>
        <p>
          <a className="button quiet" href={paths.people(slug)}>
            {t("people.title")}
          </a>
        </p>
      </>
    );
  const { ready, blocked, again, overQuota, changed } = list;
  const isFull = blocked.some((entry) => entry.obstacle === "quotaFull");
  const mayRemind = blocked.some((entry) => entry.obstacle === "alreadySent");
  return (
    <>
      <WorkHeading>{t("sending.title")}</WorkHeading>
      {changed ? <Notice tone="stop">{t("sending.changed")}</Notice> : null}
      <section aria-labelledby="ready">
        <h2 id="ready">{t("sending.ready", { count: ready.length })}</h2>
        {ready.length === 0 ? null : (
          <>
            <p className="muted">{t("sending.readyHelp")}</p>
            <Ready entries={ready} slug={slug} />
          </>
        )}
      </section>
      {blocked.length === 0 ? null : (
        <section aria-labelledby="blocked" className="apart">
          <h2 id="blocked">{t("sending.blocked", { count: blocked.length })}</h2>
          <Blocked entries={blocked} slug={slug} />
        </section>
      )}
      {mayRemind || again ? (
        <form method="post" className="panel apart">
          <Chosen entries={[...ready, ...blocked]} />
          <TickField
            form={{ errors: {}, values: again ? { again: "on" } : {} }}
            name="again"
            label={t("sending.again")}
          />
          <button className="button quiet" type="submit">
            {t("sending.againShow")}
          </button>
        </form>
      ) : null}
      {leads && isFull ? (
        <form method="post" className="panel apart">
          <Chosen entries={[...ready, ...blocked]} />
          {again ? <input type="hidden" name="again" value="on" /> : null}
          <TextField
            form={emptyForm}
            name="overQuota"
            label={t("sending.overQuota")}
            help={t("sending.overQuotaHelp")}
            maxLength={LONGEST_REASON}
            required
          />
          <button className="button quiet" type="submit">
            {t("sending.overQuotaShow")}
          </button>
        </form>
      ) : null}
      <form method="post">
        <input type="hidden" name="step" value="send" />
        {overQuota === null ? null : <input type="hidden" name="overQuota" value={overQuota} />}
        {again ? <input type="hidden" name="again" value="on" /> : null}
        <Chosen entries={ready} />
        <Toolbar>
          {ready.length === 0 ? null : (
            <button className="button" type="submit">
              {t("sending.confirm", { count: ready.length })}
            </button>
          )}
          <a className="button quiet" href={paths.invitationText(slug)}>
            {t("sending.toText")}
          </a>
          <a className="button quiet" href={paths.people(slug)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </form>
    </>
  );
}

function Chosen({ entries }: { entries: ReadonlyArray<SendingEntry> }) {
  return entries.map(({ invitationId }) => (
    <input type="hidden" key={invitationId} name="invitation" value={invitationId} />
  ));
}

function Ready({ entries, slug }: { entries: ReadonlyArray<SendingEntry>; slug: string }) {
  const t = useT();
  return (
    <TableFrame label={t("sending.tableLabel")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("people.column.name")}</th>
            <th scope="col">{t("people.column.delegation")}</th>
            <th scope="col">{t("sending.column.address")}</th>
            <th scope="col">{t("sending.column.language")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.invitationId}>
              <Who entry={entry} slug={slug} />
              <td>
                <bdi>{entry.email}</bdi>
              </td>
              <td>
                {t(`person.locale.${entry.locale}`)}
                {entry.again ? (
                  <span className="second-line muted">{t("invitationEvent.reminded")}</span>
                ) : null}
                {entry.overQuota ? (
                  <span className="second-line">
                    <Status tone="wait">{t("sending.overQuotaMark")}</Status>
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Blocked({ entries, slug }: { entries: ReadonlyArray<SendingEntry>; slug: string }) {
  const t = useT();
  const placeholders = (names: ReadonlyArray<string>) => names.map((name) => `{${name}}`).join(" ");
  return (
    <TableFrame label={t("sending.blockedLabel")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("people.column.name")}</th>
            <th scope="col">{t("people.column.delegation")}</th>
            <th scope="col">{t("sending.column.why")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.invitationId}>
              <Who entry={entry} slug={slug} />
              <td>
                <Status tone="stop">
                  {entry.obstacle !== null
                    ? t(`obstacle.${entry.obstacle}`)
                    : entry.unknown.length > 0
                      ? t("obstacle.unknown", { placeholders: entry.unknown.join(" ") })
                      : t("obstacle.placeholder", { placeholders: placeholders(entry.empty) })}
                </Status>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Who({ entry, slug }: { entry: SendingEntry; slug: string }) {
  return (
    <>
      <th scope="row" className="row-name">
        <a href={paths.person(slug, entry.invitationId)}>
          <BothNames person={entry} />
        </a>
      </th>
      <td>
        <Text en={entry.delegationEn} zh={entry.delegationZh} />
      </td>
    </>
  );
}
