import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useRevalidator, useSearchParams } from "@remix-run/react";
import { useEffect } from "react";
import { DeliveryTally } from "../../components/delivery-state.tsx";
import { DeliveryTable } from "../../components/delivery-table.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { MessageFields } from "../../components/message-form.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { inLocale, Run, Text } from "../../components/text.tsx";
import { Verbatim } from "../../components/verbatim.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { PLACEHOLDERS } from "../../domain/invitation/text.ts";
import {
  cancelDelivery,
  changeMessage,
  discardMessage,
  releaseMessage,
  retryDelivery,
} from "../../domain/mail/commands.server.ts";
import { deliveryForm, messageForm, REGISTRATION_FILTERS, releaseForm } from "../../domain/mail/form.ts";
import {
  audienceChoices,
  isUnderWay,
  type MessagePage,
  messagePage,
  previewMessage,
} from "../../domain/mail/queries.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "message.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
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
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const messageId = args.params.message ?? "";
  const formData = await args.request.formData();
  const done = (what: string) => redirect(`${paths.message(edition.slug, messageId)}?done=${what}`, 303);
  switch (formData.get("intent")) {
    case "change": {
      const parsed = parseForm(messageForm, formData);
      if (!parsed.ok) return data(answer({ change: parsed.form }), { status: 422 });
      const changed = await changeMessage(ctx, messageId, parsed.value);
      if (changed.ok) throw done("saved");
      if (changed.refusal === "gone") throw notFound();
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
      const released = await releaseMessage(ctx, { messageId, count: parsed.value.count });
      if (released.ok) throw redirect(paths.message(edition.slug, messageId), 303);
      if (released.refusal === "gone") throw notFound();
      return released.refusal === "count"
        ? data(answer({ release: withError(formData, "count", "message.error.count") }), { status: 409 })
        : data(answer({ refusal: released.refusal }), { status: 409 });
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

type Refusal = "checks" | "released" | "state" | "no_address";
type Answer = { change: FormState | null; release: FormState | null; refusal: Refusal | null };

function answer(given: Partial<Answer>): Answer {
  return { change: null, release: null, refusal: null, ...given };
}

/** A message: as a draft its audience, checks and preview; released, what became of each mail. */
export default function Message() {
  const { slug, page, underWay } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const locale = useLocale();
  const subject = inLocale({ en: page.subjectEn, zh: page.subjectZh }, locale);
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
          : t("message.sentTo", { count: page.deliveries.total })}
      </WorkHeading>
      <p className="second-title">
        {subject.text === "" ? t("message.untitled") : <Run locale={subject.locale}>{subject.text}</Run>}
      </p>
      {done === "saved" || done === "retried" || done === "cancelled" ? (
        <Notice tone="good">{t(`message.done.${done}`)}</Notice>
      ) : null}
      {sent === undefined || sent.refusal === null ? null : (
        <Notice tone="stop">{t(`message.refusal.${sent.refusal}`)}</Notice>
      )}
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
    },
  };
  return (
    <>
      <div className="panels">
        <section className="panel span-4">
          <h2>{t("message.checks")}</h2>
          <Checks draft={draft} />
          {mayWrite && draft.checks.length === 0 ? (
            <Release draft={draft} form={sent.release ?? emptyForm} />
          ) : null}
        </section>
        <Preview />
      </div>
      <Recipients recipients={draft.recipients} />
      {mayWrite ? (
        <section className="panel">
          <details className="mail-more" open={sent.change !== null || draft.checks.length > 0}>
            <summary>
              <h2 className="mail-more-heading">{t("message.change")}</h2>
            </summary>
            <Form method="post" noValidate key={JSON.stringify(stored.values)}>
              <MessageFields
                form={sent.change ?? stored}
                choices={choices}
                registrations={REGISTRATION_FILTERS}
                placeholders={PLACEHOLDERS}
                fixedSide={draft.sideId}
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

function Release({ draft, form }: { draft: { reachable: number }; form: FormState }) {
  const t = useT();
  const isWrong = (form.errors.count ?? []).length > 0;
  return (
    <Form method="post" noValidate>
      <h2>{t("message.release")}</h2>
      <ErrorSummary form={form} labels={{ count: t("message.count") }} />
      {isWrong ? (
        <p className="error-line">{t("message.refusal.count", { count: draft.reachable })}</p>
      ) : null}
      <TextField
        form={form}
        name="count"
        label={t("message.count")}
        help={t("message.countHelp")}
        inputMode="numeric"
        required
        narrow
      />
      <button className="button" type="submit" name="intent" value="release">
        {t("message.releaseButton")}
      </button>
    </Form>
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
        <table>
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
                    <Status tone="stop">{t(`message.obstacle.${one.obstacle}`)}</Status>
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

function Released({ released }: { released: Extract<MessagePage, { state: "released" }> }) {
  const { slug, timeZone, mayWrite, underWay } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      {released.releasedAt === null ? null : (
        <p className="muted">
          {t("message.releasedAt", { when: moment(released.releasedAt, timeZone, locale) })}
        </p>
      )}
      <section className="panel">
        <h2>{t("message.deliveries")}</h2>
        <DeliveryTally counts={released.counts} />
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

/** The mail as a chosen person gets it: in a frame where nothing of it can run, and as text. */
function Preview() {
  const { slug, page, people, preview, after } = useLoaderData<typeof loader>();
  const t = useT();
  if (preview === null) return null;
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
      </Form>
      <p>
        <span className="muted">{t("message.subject")}</span>{" "}
        <strong lang={htmlLang(preview.locale)}>{preview.subject}</strong>
      </p>
      <iframe
        className="mail-frame"
        title={t("message.previewHtml")}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        src={paths.messagePreview(slug, page.id, preview.as)}
        key={preview.as}
      />
      <details className="mail-more">
        <summary>{t("message.previewText")}</summary>
        <Verbatim label={t("message.previewText")} lang={htmlLang(preview.locale)} text={preview.text} />
      </details>
      <p className="muted small">{t("message.previewHelp")}</p>
    </section>
  );
}
