import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, LongTextField, TickField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { answerDataRequest, DATA_ACT } from "../../domain/data-request/commands.server.ts";
import { answerForm } from "../../domain/data-request/form.ts";
import { type DataRequestView, dataRequests } from "../../domain/data-request/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "dataRequests.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, DATA_ACT);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    now: ctx.clock.now(),
    said: new URL(args.request.url).searchParams.get("said"),
    ...dataRequests(ctx),
  };
}

type Answer = { requestId: string; form: FormState; isGone: boolean };

/** `decision`: it was seen to (`done`), is refused, or everything of theirs is deleted now (`delete`). */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, DATA_ACT);
  const formData = await args.request.formData();
  const parsed = parseForm(answerForm, formData);
  const requestId = String(formData.get("request") ?? "");
  if (!parsed.ok) return data<Answer>({ requestId, form: parsed.form, isGone: false }, { status: 422 });
  const { decision, word, sure } = parsed.value;
  if (decision === "delete" && sure !== "on")
    return data<Answer>(
      { requestId, form: withError(formData, "sure", "dataRequests.error.sure"), isGone: false },
      { status: 422 },
    );
  const answered = await answerDataRequest(ctx, { requestId, decision, word });
  if (answered.ok) {
    const said = decision === "delete" && !answered.value.cleaned ? "unclean" : decision;
    return redirect(`${paths.dataRequests(edition.slug)}?said=${said}`, 303);
  }
  // Not there, and not yours: the same. Only who may see it learns that it was answered meanwhile.
  const { open, answered: before } = dataRequests(ctx);
  if (![...open, ...before].some(({ id }) => id === requestId)) throw notFound();
  return data<Answer>({ requestId, form: emptyForm, isGone: true }, { status: 409 });
}

const SAID = ["done", "refused", "delete", "unclean"] as const;

export default function DataRequests() {
  const { open, answered, timeZone, said } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const told = SAID.find((each) => each === said);
  return (
    <>
      <WorkHeading>{t("dataRequests.title")}</WorkHeading>
      {told === undefined || outcome !== undefined ? null : (
        <Notice tone={told === "unclean" ? "wait" : "good"}>
          <p>{t(`dataRequests.said.${told}`)}</p>
        </Notice>
      )}
      {outcome?.isGone === true ? (
        <Notice tone="stop">
          <p>{t("changes.gone")}</p>
        </Notice>
      ) : null}
      <p className="readable">{t("dataRequests.intro")}</p>
      <h2>{t("changes.open")}</h2>
      {open.length === 0 ? <p className="muted">{t("dataRequests.none")}</p> : null}
      {open.map((request) => (
        <FieldsOf key={request.id} of={request.id}>
          <Request request={request} form={outcome?.requestId === request.id ? outcome.form : emptyForm} />
        </FieldsOf>
      ))}
      {answered.length === 0 ? null : (
        <section aria-labelledby="answered">
          <h2 id="answered">{t("dataRequests.answered")}</h2>
          <ul className="plain">
            {answered.map((request) => (
              <li key={request.id}>
                <BothNames person={request} /> · {t(`dataRequest.${request.kind}`)}{" "}
                <Status tone={request.state === "done" ? "good" : undefined}>
                  {t(`dataRequestState.${request.state}`)}
                </Status>
                <span className="second-line small muted">
                  {request.decidedAt === null ? null : deskMoment(request.decidedAt, timeZone, locale)}
                </span>
                {request.word === "" ? null : <span className="second-line as-typed">{request.word}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Request({ request, form }: { request: DataRequestView; form: FormState }) {
  const { slug, timeZone, now } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const isLate = request.dueAt < now;
  return (
    <section className="panel" aria-labelledby={`r-${request.id}`}>
      <h3 id={`r-${request.id}`}>
        {t(`dataRequest.${request.kind}`)} ·{" "}
        <a href={paths.person(slug, request.invitationId)}>
          <BothNames person={request} />
        </a>
      </h3>
      <p>
        <Status tone={isLate ? "stop" : "wait"}>
          <span className="wrap">
            {t(isLate ? "dataRequests.late" : "myData.due", {
              when: deskMoment(request.dueAt, timeZone, locale),
            })}
          </span>
        </Status>{" "}
        <span className="muted">
          {t("changes.askedOn", { when: deskMoment(request.askedAt, timeZone, locale) })}
        </span>
      </p>
      {request.words === "" ? null : <p className="as-typed">{request.words}</p>}
      {request.kind === "deletion" ? <p className="note">{t("dataRequests.deletes")}</p> : null}
      <ErrorSummary
        form={form}
        labels={{ word: t("dataRequests.word"), sure: t("dataRequests.sureShort") }}
      />
      <form method="post">
        <input type="hidden" name="request" value={request.id} />
        <LongTextField
          form={form}
          name="word"
          label={t("dataRequests.word")}
          rows={2}
          required
          maxLength={2_000}
        />
        {request.kind === "deletion" ? (
          <TickField form={form} name="sure" label={t("dataRequests.sure")} />
        ) : null}
        <Toolbar>
          {request.kind === "deletion" ? (
            <button className="button" type="submit" name="decision" value="delete">
              {t("dataRequests.delete")}
            </button>
          ) : (
            <button className="button" type="submit" name="decision" value="done">
              {t("dataRequests.done")}
            </button>
          )}
          <button className="button quiet" type="submit" name="decision" value="refused">
            {t("dataRequests.refuse")}
          </button>
        </Toolbar>
      </form>
    </section>
  );
}
