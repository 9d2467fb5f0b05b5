import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useRevalidator, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";
import type { Locale } from "#db/vocabulary.ts";
import { DeliveryTally } from "../../components/delivery-state.tsx";
import { DeliveryTable } from "../../components/delivery-table.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, SelectField, TextField, TickField } from "../../components/fields.tsx";
import { MailSubject } from "../../components/mail-subject.tsx";
import { MessageFields } from "../../components/message-form.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { Verbatim } from "../../components/verbatim.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import {
  cancelDelivery,
  changeMessage,
  discardMessage,
  retryDelivery,
} from "../../domain/mail/commands.server.ts";
import { deliveryForm, messageForm, REGISTRATION_FILTERS, releaseForm } from "../../domain/mail/form.ts";
import { handMessageOver } from "../../domain/mail/hand-over.server.ts";
import {
  audienceChoices,
  homeZones,
  isUnderWay,
  type MessagePage,
  messagePage,
  previewMessage,
} from "../../domain/mail/queries.server.ts";
import {
  letGo,
  releaseMessage,
  sendTest,
  stopMessage,
  takeBackRequest,
} from "../../domain/mail/release.server.ts";
import { ALONE_UP_TO } from "../../domain/mail/rules.ts";
import { sideSettings } from "../../domain/mail/settings.server.ts";
import { deskMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "message.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, account, locale } = await staffEdition(args);
  const messageId = args.params.message ?? "";
  const query = new URL(args.request.url).searchParams;
  const after = query.get("after");
  const page = messagePage(ctx, messageId, after);
  if (page === null) throw notFound();
  const people = (page.state === "draft" ? page.recipients : page.deliveries.shown).flatMap(
    ({ invitationId, nameLatin, nameNative }) =>
      invitationId === null ? [] : [{ invitationId, nameLatin, nameNative }],
  );
  const wished = query.get("as");
  const as = people.find((one) => one.invitationId === wished)?.invitationId ?? people[0]?.invitationId;
  const preview = as === undefined ? null : previewMessage(ctx, { messageId, invitationId: as });
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "mail"),
    choices: audienceChoices(ctx),
    page,
    after,
    people: people.map(({ invitationId, nameLatin, nameNative }) => ({
      invitationId,
      nameLatin,
      nameNative,
    })),
    preview:
      preview === null || as === undefined
        ? null
        : { as, locale: preview.locale, subject: preview.subject, text: preview.text },
    underWay: page.state === "released" && isUnderWay(page.counts),
    ownAddress: account.email,
    secondPerson: sideSettings(ctx, page.sideId)?.secondPerson ?? false,
    zones: [...new Set([edition.timeZone, ...homeZones(ctx), "UTC"])],
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account, locale } = await staffEdition(args, "mail");
  const messageId = args.params.message ?? "";
  const formData = await args.request.formData();
  const done = (what: string) => redirect(`${paths.message(edition.slug, messageId)}?done=${what}`, 303);
  switch (formData.get("intent")) {
    case "change": {
      const parsed = parseForm(messageForm, formData);
      if (!parsed.ok) return data(answer({ change: parsed.form }), { status: 422 });
      const seen = formData.get("seen");
      const changed = await changeMessage(
        ctx,
        messageId,
        parsed.value,
        typeof seen === "string" ? seen : undefined,
      );
      if (changed.ok) throw done("saved");
      if (changed.refusal === "gone") throw notFound();
      // What was typed stays in the form; the page around it shows what the colleague saved.
      if (changed.refusal === "changed_meanwhile") {
        const change = { values: typedValues(formData), errors: {} };
        return data(answer({ change, refusal: changed.refusal }), { status: 409 });
      }
      return data(answer({ refusal: changed.refusal }), { status: 409 });
    }
    case "discard": {
      const discarded = await discardMessage(ctx, messageId);
      if (discarded.ok) throw redirect(`${paths.mail(edition.slug)}?done=discarded`, 303);
      if (discarded.refusal === "gone") throw notFound();
      return data(answer({ refusal: discarded.refusal }), { status: 409 });
    }
    case "release": {
      const parsed = parseForm(releaseForm, formData);
      if (!parsed.ok) return data(answer({ release: parsed.form }), { status: 422 });
      const released = await releaseMessage(ctx, { messageId, ...parsed.value });
      if (released.ok)
        throw released.value.asked ? done("asked") : redirect(paths.message(edition.slug, messageId), 303);
      if (released.refusal === "gone") throw notFound();
      return released.refusal === "count"
        ? data(answer({ release: withError(formData, "count", "message.error.count") }), { status: 409 })
        : data(answer({ refusal: released.refusal }), { status: 409 });
    }
    case "stop":
    case "let-go":
    case "take-back": {
      const intent = formData.get("intent");
      const way =
        intent === "stop"
          ? { act: stopMessage, says: "stopped" }
          : intent === "let-go"
            ? { act: letGo, says: "letGo" }
            : { act: takeBackRequest, says: "takenBack" };
      const changed = await way.act(ctx, messageId);
      if (changed.ok) throw done(way.says);
      if (changed.refusal === "gone") throw notFound();
      return data(answer({ refusal: changed.refusal }), { status: 409 });
    }
    case "hand-over": {
      const toSideId = String(formData.get("toSideId") ?? "");
      const handed = await handMessageOver(ctx, { messageId, toSideId });
      if (handed.ok) throw done("handedOver");
      if (handed.refusal === "gone") throw notFound();
      return data(answer({ refusal: handed.refusal }), { status: 409 });
    }
    case "test": {
      const to = { address: account.email, name: account.name, locale };
      const sent = await sendTest(ctx, { messageId, invitationId: String(formData.get("as") ?? ""), to });
      if (!sent.ok) throw notFound();
      throw done("tested");
    }
    case "retry":
    case "cancel": {
      const parsed = parseForm(deliveryForm, formData);
      if (!parsed.ok) throw notFound();
      const isRetry = formData.get("intent") === "retry";
      const changed = await (isRetry ? retryDelivery : cancelDelivery)(ctx, parsed.value.deliveryId);
      if (changed.ok) throw done(isRetry ? "retried" : "cancelled");
      if (changed.refusal === "gone") throw notFound();
      return data(answer({ refusal: changed.refusal }), { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

type Refusal =
  | "checks"
  | "behind"
  | "past"
  | "own_request"
  | "late"
  | "released"
  | "state"
  | "no_address"
  | "changed_meanwhile";

const DONE = [
  "saved",
  "retried",
  "cancelled",
  "stopped",
  "letGo",
  "asked",
  "takenBack",
  "copySaved",
  "handedOver",
] as const;
type Answer = { change: FormState | null; release: FormState | null; refusal: Refusal | null };

function answer(given: Partial<Answer>): Answer {
  return { change: null, release: null, refusal: null, ...given };
}

/** A message: as a draft its audience, checks and preview; released, what became of each mail. */
export default function Message() {
  const { slug, page, underWay, ownAddress } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const locale = useLocale();
  useReload(underWay);
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.mail(slug)}>
            {t("message.backToMail")}
          </a>
        }
      >
        {page.state === "draft"
          ? t("message.draftOf", { count: page.reachable })
          : page.heldUntil === null
            ? t("message.sentTo", { count: page.people })
            : t("message.sentToPeople", { count: page.people })}
      </WorkHeading>
      <p className="second-title">
        {t(`templateKind.${page.kind}`)}
        {" · "}
        <MailSubject {...page.shown} />
      </p>
      {DONE.filter((each) => each === done).map((each) => (
        <Notice tone="good" key={each}>
          {t(`message.done.${each}`)}
        </Notice>
      ))}
      {done === "tested" ? (
        <Notice tone="good">{t("message.done.tested", { address: ownAddress })}</Notice>
      ) : null}
      {sent === undefined || sent.refusal === null ? null : (
        <Notice tone="stop">{t(`message.refusal.${sent.refusal}`)}</Notice>
      )}
      {page.state === "draft" && page.handedBy !== null ? (
        <Notice tone="wait">
          {t("message.handedBy", {
            host: inLocale({ en: page.handedBy.nameEn, zh: page.handedBy.nameZh }, locale).text,
          })}
        </Notice>
      ) : null}
      {page.state === "draft" ? (
        <Draft draft={page} sent={sent ?? answer({})} />
      ) : (
        <Released released={page} />
      )}
    </>
  );
}

/** With JavaScript the page looks again by itself while mails are under way; without it there is a link. */
function useReload(underWay: boolean) {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(revalidate, 3_000);
    return () => clearInterval(timer);
  }, [underWay, revalidate]);
}

function Draft({ draft, sent }: { draft: Extract<MessagePage, { state: "draft" }>; sent: Answer }) {
  const { choices, mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  const { filter } = draft;
  const stored: FormState = {
    errors: {},
    values: {
      subjectEn: draft.subjectEn,
      subjectZh: draft.subjectZh,
      bodyEn: draft.bodyEn,
      bodyZh: draft.bodyZh,
      delegationIds: filter.delegationIds,
      categories: filter.categories,
      replies: filter.replies,
      registration: filter.registration,
      visitId: filter.visitId ?? "",
      vehicleId: filter.vehicleId ?? "",
      hotelId: filter.hotelId ?? "",
      functions: filter.functions,
      notReachedBy: filter.notReachedBy ?? "",
      unseenVersion:
        filter.unseenVersion === null || filter.unseenVersion === undefined
          ? ""
          : String(filter.unseenVersion),
      pickedIds: filter.pickedIds,
    },
  };
  return (
    <>
      <div className="panels">
        <section className="panel span-4">
          <h2>{t("message.checks")}</h2>
          <Checks draft={draft} />
          <Asked draft={draft} />
          {mayWrite && draft.checks.length === 0 && draft.asked?.byOneself !== true ? (
            <Release draft={draft} form={sent.release ?? emptyForm} />
          ) : null}
        </section>
        <Preview />
      </div>
      <Recipients recipients={draft.recipients} />
      <OtherSides draft={draft} />
      {mayWrite ? (
        <section className="panel">
          <details className="mail-more" open={sent.change !== null || draft.checks.length > 0}>
            <summary>
              <h2 className="mail-more-heading">{t("message.change")}</h2>
            </summary>
            <Form method="post" noValidate key={JSON.stringify(stored.values)}>
              <input type="hidden" name="seen" value={draft.mark} />
              <MessageFields
                form={sent.change ?? stored}
                choices={choices}
                registrations={REGISTRATION_FILTERS}
                fixedSide={draft.sideId}
                kind={draft.kind}
              />
              <button className="button" type="submit" name="intent" value="change">
                {t("common.save")}
              </button>
            </Form>
          </details>
          <Form method="post">
            <button className="button danger small" type="submit" name="intent" value="discard">
              {t("message.discard")}
            </button>
          </Form>
        </section>
      ) : null}
    </>
  );
}

function Checks({ draft }: { draft: Extract<MessagePage, { state: "draft" }> }) {
  const t = useT();
  const leftOut = draft.recipients.filter((one) => one.obstacle !== null);
  const copies = draft.recipients
    .filter((one) => one.obstacle === null)
    .reduce((sum, { assistants }) => sum + assistants.length, 0);
  return (
    <ul className="plain checks">
      {draft.checks.length === 0 ? (
        <li>
          <Status tone="good">{t("message.ready")}</Status>
        </li>
      ) : null}
      {draft.checks.map(({ check, names }) => (
        <li key={check}>
          <Status tone="stop">
            {t(`message.check.${check}`, { names: names.join(t("agenda.listSeparator")) })}
          </Status>
        </li>
      ))}
      {draft.remarks.map(({ remark, names }) => (
        <li key={remark}>
          <Status tone="wait">
            {t(`message.remark.${remark}`, { names: names.join(t("agenda.listSeparator")) })}
          </Status>
        </li>
      ))}
      {copies === 0 ? null : (
        <li>
          <Status>{t("message.copiesTo", { count: copies })}</Status>
        </li>
      )}
      {leftOut.length === 0 ? null : (
        <li>
          <Status tone="wait">{t("message.leftOut", { count: leftOut.length })}</Status>
          <ul>
            {leftOut.map((one) => (
              <li key={one.invitationId}>
                <BothNames person={one} />
                {one.obstacle === null ? null : (
                  <span className="muted"> {t(`message.obstacle.${one.obstacle}`)}</span>
                )}
              </li>
            ))}
          </ul>
        </li>
      )}
    </ul>
  );
}

/** Somebody wants it to go; whoever did cannot release it. */
function Asked({ draft }: { draft: Extract<MessagePage, { state: "draft" }> }) {
  const { timeZone, mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (draft.asked === null) return null;
  const when = deskMoment(draft.asked.at, timeZone, locale);
  return (
    <>
      <Notice tone="wait">
        {draft.asked.byOneself
          ? t("message.askedByYou", { when })
          : t("message.asked", { name: draft.asked.by, when })}
        {draft.scheduledFor === null ? null : (
          <>
            {" "}
            {t("message.scheduled", {
              when: deskMoment(draft.scheduledFor, draft.scheduleZone ?? timeZone, locale),
            })}
          </>
        )}
      </Notice>
      {mayWrite ? (
        <Form method="post">
          <button className="button quiet small" type="submit" name="intent" value="take-back">
            {t("message.takeBack")}
          </button>
        </Form>
      ) : null}
    </>
  );
}

function Release({ draft, form }: { draft: Extract<MessagePage, { state: "draft" }>; form: FormState }) {
  const { secondPerson, zones, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const isWrong = (form.errors.count ?? []).length > 0;
  const needsSecond = secondPerson && draft.reachable > ALONE_UP_TO;
  const isBehind = draft.remarks.some(({ remark }) => /^(?:behind|missing)_/.test(remark));
  const given: FormState =
    form.values.scheduleZone === undefined
      ? { ...form, values: { ...form.values, scheduleZone: timeZone } }
      : form;
  return (
    <Form method="post" noValidate>
      <h2>{t("message.release")}</h2>
      <ErrorSummary
        form={form}
        labels={{ count: t("message.count"), scheduleDay: t("message.scheduleDay") }}
      />
      {isWrong ? (
        <p className="error-line">{t("message.refusal.count", { count: draft.reachable })}</p>
      ) : null}
      {isBehind ? <TickField form={form} name="behindAnyway" label={t("message.behindAnyway")} /> : null}
      <TextField
        form={form}
        name="count"
        label={t("message.count")}
        help={needsSecond && draft.asked === null ? t("message.secondHelp") : t("message.countHelp")}
        inputMode="numeric"
        required
        narrow
      />
      <details open={(form.errors.scheduleDay ?? []).length > 0}>
        <summary>{t("message.schedule")}</summary>
        <p className="muted small">{t("message.scheduleHelp")}</p>
        <TextField form={given} name="scheduleDay" type="date" label={t("message.scheduleDay")} narrow />
        <TextField form={given} name="scheduleTime" type="time" label={t("message.scheduleTime")} narrow />
        <SelectField
          form={given}
          name="scheduleZone"
          label={t("message.scheduleZone")}
          required
          options={zones.map((zone) => ({
            value: zone,
            label: `${zoneName(zone, locale)} (${zone})`,
            ofPlatform: true,
          }))}
        />
      </details>
      <button className="button" type="submit" name="intent" value="release">
        {needsSecond && draft.asked === null ? t("message.askButton") : t("message.releaseButton")}
      </button>
    </Form>
  );
}

/** Whom this message cannot go to, and what can be done instead. */
function OtherSides({ draft }: { draft: Extract<MessagePage, { state: "draft" }> }) {
  const { mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (draft.others.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t("message.otherSide")}</h2>
      <p className="readable">{t("message.otherSideHelp")}</p>
      {mayWrite && !draft.checks.some(({ check }) => check === "empty" || check === "close_data") ? (
        <>
          {draft.others.map((host) => (
            <Form method="post" key={host.id}>
              <input type="hidden" name="toSideId" value={host.id} />
              <button className="button quiet small" type="submit" name="intent" value="hand-over">
                {t("message.handOver", { host: inLocale({ en: host.nameEn, zh: host.nameZh }, locale).text })}
              </button>
            </Form>
          ))}
          <p className="muted small readable">{t("message.handOverWhat")}</p>
        </>
      ) : null}
    </section>
  );
}

function Recipients({ recipients }: { recipients: Extract<MessagePage, { state: "draft" }>["recipients"] }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  if (recipients.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t("message.recipients")}</h2>
      <TableFrame label={t("message.recipients")}>
        <table className="stack">
          <thead>
            <tr>
              <th scope="col">{t("message.person")}</th>
              <th scope="col">{t("message.delegation")}</th>
              <th scope="col">{t("message.language")}</th>
              <th scope="col">{t("message.state")}</th>
            </tr>
          </thead>
          <tbody>
            {recipients.map((one) => (
              <tr key={one.invitationId}>
                <th scope="row">
                  <a href={paths.person(slug, one.invitationId)}>
                    <BothNames person={one} />
                  </a>
                </th>
                <td>
                  <Text en={one.delegationEn} zh={one.delegationZh} />
                </td>
                <td>{t(`message.language.${one.locale}`)}</td>
                <td>
                  {one.obstacle === null ? null : (
                    <Status tone={isFine(one.obstacle) ? undefined : "stop"}>
                      {t(`message.obstacle.${one.obstacle}`)}
                    </Status>
                  )}
                  {one.ownCopy ? <Status>{t("message.byHand")}</Status> : null}
                  {one.assistants.length === 0 ? null : (
                    <span className="small muted">
                      {t("message.copyFor")} <bdi>{one.assistants.join(t("agenda.listSeparator"))}</bdi>
                    </span>
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

/** Nothing is wrong with those who are left out because the mail is not for them. */
function isFine(obstacle: string): boolean {
  return obstacle === "not_affected" || obstacle === "nothing_missing";
}

/** Held: it can still be stopped. */
function Held({ until }: { until: number }) {
  const { timeZone, mayWrite, page } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const zone = page.scheduleZone ?? timeZone;
  return (
    <div className="notice wait" role="status">
      <p>{t("message.held", { when: deskMoment(until, zone, locale) })}</p>
      {mayWrite ? (
        <Form method="post" className="toolbar">
          <button className="button danger" type="submit" name="intent" value="stop">
            {t("message.stop")}
          </button>
          <button className="button quiet" type="submit" name="intent" value="let-go">
            {t("message.letGo")}
          </button>
        </Form>
      ) : null}
    </div>
  );
}

function Released({ released }: { released: Extract<MessagePage, { state: "released" }> }) {
  const { slug, timeZone, mayWrite, underWay } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      {released.heldUntil === null ? null : <Held until={released.heldUntil} />}
      {released.releasedAt === null ? null : (
        <p className="muted">
          {t("message.releasedAt", { when: deskMoment(released.releasedAt, timeZone, locale) })}
        </p>
      )}
      <section className="panel">
        <h2>{t("message.deliveries")}</h2>
        <DeliveryTally counts={released.counts} />
        {released.seen === null ? null : (
          <p>
            <Status tone={released.seen < released.people ? "wait" : "good"}>
              {t("message.seen.count", { seen: released.seen, all: released.people })}
            </Status>
          </p>
        )}
        {underWay ? (
          <p>
            <a href={paths.message(slug, released.id)}>{t("message.look")}</a>
          </p>
        ) : null}
        <DeliveryTable
          label={t("message.deliveries")}
          deliveries={released.deliveries.shown}
          slug={slug}
          timeZone={timeZone}
          mayWrite={mayWrite}
        />
        <Paging
          page={released.deliveries}
          address={(from) =>
            paths.message(slug, released.id) +
            (from === null ? "" : `?${new URLSearchParams({ after: from })}`)
          }
        />
        <p className="muted small">{t("message.accepted")}</p>
      </section>
      <div className="panels">
        <Preview />
      </div>
    </>
  );
}

/** The mail as a chosen person gets it: in frames where nothing of it can run, and as text. */
function Preview() {
  const { slug, page, people, preview, after, mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  if (preview === null) return null;
  const at = people.findIndex(({ invitationId }) => invitationId === preview.as);
  const frame = (part: Locale | null) =>
    paths.messagePreview(slug, page.id, preview.as) + (part === null ? "" : `?part=${part}`);
  return (
    <section className={page.state === "draft" ? "panel span-8" : "panel span-12"}>
      <h2>{t("message.preview")}</h2>
      <Form method="get" className="filters">
        {after === null ? null : <input type="hidden" name="after" value={after} />}
        <label className="field">
          <span className="label">{t("message.previewAs")}</span>
          <select name="as" defaultValue={preview.as} key={preview.as}>
            {people.map((one) => (
              <option key={one.invitationId} value={one.invitationId}>
                {`${one.nameLatin} ${one.nameNative}`.trim()}
              </option>
            ))}
          </select>
        </label>
        <button className="button quiet small" type="submit">
          {t("message.preview")}
        </button>
        <span className="muted small">
          {at + 1} / {people.length}
        </span>
      </Form>
      {page.state === "draft" && mayWrite ? (
        <div className="toolbar">
          <Form method="post">
            <input type="hidden" name="as" value={preview.as} />
            <button className="button quiet small" type="submit" name="intent" value="test">
              {t("message.test")}
            </button>
          </Form>
          <a className="button quiet small" href={paths.messageCopy(slug, page.id, preview.as)}>
            {t("message.copy")}
          </a>
        </div>
      ) : null}
      <p>
        <span className="muted">{t("message.subject")}</span>{" "}
        <strong lang={htmlLang(preview.locale)}>{preview.subject}</strong>
      </p>
      <h3>{t("message.sideBySide")}</h3>
      <div className="mail-pair">
        <MailFrame title={t("message.english")} src={frame("en")} />
        <MailFrame title={t("message.chinese")} src={frame("zh-CN")} />
      </div>
      <details className="mail-more">
        <summary>{t("message.onPaper")}</summary>
        <MailFrame title={t("message.onPaper")} src={frame(null)} width="paper" />
      </details>
      <details className="mail-more">
        <summary>{t("message.onPhone")}</summary>
        <MailFrame title={t("message.onPhone")} src={frame(null)} width="phone" />
      </details>
      <details className="mail-more">
        <summary>{t("message.previewText")}</summary>
        <Verbatim label={t("message.previewText")} lang={htmlLang(preview.locale)} text={preview.text} />
      </details>
      <p className="muted small">{t("message.previewHelp")}</p>
    </section>
  );
}

function MailFrame({ title, src, width }: { title: string; src: string; width?: "paper" | "phone" }) {
  return (
    <iframe
      className={width === undefined ? "mail-frame" : `mail-frame ${width}`}
      title={title}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      src={src}
      loading="lazy"
      key={src}
    />
  );
}
