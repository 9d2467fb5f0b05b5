import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { AssistantFields, AssistantList, assistantLabels } from "../../components/assistant-fields.tsx";
import { WorkHeading } from "../../components/desk.tsx";
import { DeviceList } from "../../components/device-list.tsx";
import { ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { PersonTabs } from "../../components/person-tabs.tsx";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { accessPage } from "../../domain/access/access-page.server.ts";
import { assistantForm, assistantPlan } from "../../domain/access/assistant.ts";
import { endAssistantOf, nameAssistantFor } from "../../domain/access/assistants.server.ts";
import { type ToldCode, tellCode } from "../../domain/access/codes.server.ts";
import { removeDeviceOf } from "../../domain/access/devices.server.ts";
import { tellCodeForm } from "../../domain/access/form.ts";
import { allows, HELPS_WITH_LINK } from "../../domain/access/rules.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import { mayIssueLetters } from "../../domain/letter/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "access.title") },
];

/** The person themselves, among those for whom a code may be. */
const SELF = "self";
const DONE = ["deviceRemoved", "named", "ended"] as const;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, HELPS_WITH_LINK);
  const invitationId = args.params.invitation ?? "";
  const page = accessPage(ctx, invitationId);
  if (page === null) throw notFound();
  const query = new URL(args.request.url).searchParams;
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    invitationId,
    now: ctx.clock.now(),
    mayInvite: allows(ctx.scope, "invitations"),
    mayLetter: mayIssueLetters(ctx),
    done: DONE.find((each) => query.has(each)) ?? null,
    page,
  };
}

type Left = {
  panel: "code" | "assistant";
  form: FormState;
  told: ToldCode | null;
  refusal: "access.codeOften" | "access.codeRevoked" | null;
};

function left(panel: Left["panel"], form: FormState, more: Partial<Left>, status: number) {
  return data<Left>({ panel, form, told: null, refusal: null, ...more }, { status });
}

/** `intent`: `code` (with the password), `removeDevice`, `assistant`, `endAssistant`. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  const isInviting = intent === "assistant" || intent === "endAssistant";
  const { ctx, edition, account } = await staffEdition(args, isInviting ? "invitations" : HELPS_WITH_LINK);
  const invitationId = args.params.invitation ?? "";
  if (accessPage(ctx, invitationId) === null) throw notFound();
  const here = paths.personAccess(edition.slug, invitationId);
  switch (intent) {
    case "code": {
      const parsed = parseForm(tellCodeForm, formData, ["password"]);
      if (!parsed.ok) return left("code", parsed.form, {}, 422);
      const { auth, limits } = servicesOf(args);
      const { password, link } = parsed.value;
      const proved = await withPassword({ limits }, account.id, () =>
        auth.provePassword(args.request.headers, password),
      );
      if (proved === null)
        return left("code", withError(formData, "password", "account.passwordWrong", ["password"]), {}, 422);
      const told = await tellCode(ctx, { invitationId, linkId: link === SELF ? null : link });
      // Shown with this answer alone: an address that shows it again would be an address that holds it.
      if (told.ok) return left("code", emptyForm, { told: told.value }, 200);
      if (told.refusal === "gone") throw notFound();
      const refusal = told.refusal === "often" ? "access.codeOften" : "access.codeRevoked";
      return left("code", emptyForm, { refusal }, 409);
    }
    case "removeDevice": {
      const deviceId = String(formData.get("device") ?? "");
      const removed = await removeDeviceOf(ctx, { invitationId, deviceId });
      if (!removed.ok) throw notFound();
      return redirect(`${here}?deviceRemoved`, 303);
    }
    case "assistant": {
      const parsed = parseForm(assistantForm, formData);
      if (!parsed.ok) return left("assistant", parsed.form, {}, 422);
      const named = await nameAssistantFor(ctx, { invitationId, ...assistantPlan(parsed.value) });
      if (named.ok) return redirect(`${here}?named`, 303);
      if (named.refusal === "gone") throw notFound();
      return left("assistant", withError(formData, "name", "assistant.many"), {}, 409);
    }
    case "endAssistant": {
      const linkId = String(formData.get("link") ?? "");
      const ended = await endAssistantOf(ctx, { invitationId, linkId });
      if (!ended.ok) throw notFound();
      return redirect(`${here}?ended`, 303);
    }
    default:
      throw notFound();
  }
}

export default function PersonAccess() {
  const view = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const { page, timeZone, slug, invitationId, done } = view;
  const assistant = outcome?.panel === "assistant" ? outcome.form : null;
  return (
    <>
      <WorkHeading>
        <BothNames person={page} />
      </WorkHeading>
      <PersonTabs slug={slug} invitationId={invitationId} here="access" access letters={view.mayLetter} />
      {done === null || outcome !== undefined ? null : (
        <Notice tone="good">
          <p>{done === "deviceRemoved" ? t("devices.removed") : t(`assistant.${done}`)}</p>
        </Notice>
      )}
      <LinkState />
      <div className="two-up">
        <TellCode left={outcome?.panel === "code" ? outcome : null} />
        <section className="panel" aria-labelledby="devices">
          <h2 id="devices">{t("devices.title")}</h2>
          <p className="muted small">{t("access.devicesLead")}</p>
          <DeviceList inWords={deskMoment} devices={page.devices} timeZone={timeZone} />
        </section>
      </div>
      <section className="panel" aria-labelledby="assistants">
        <h2 id="assistants">{t("access.assistants")}</h2>
        <AssistantList assistants={page.assistants} mayEnd={view.mayInvite} />
      </section>
      {view.mayInvite ? (
        <details className="panel" open={assistant !== null}>
          <summary>{t("access.assistantAdd")}</summary>
          {assistant === null ? null : <ErrorSummary form={assistant} labels={assistantLabels(t)} />}
          <form method="post">
            <input type="hidden" name="intent" value="assistant" />
            <AssistantFields form={assistant ?? { values: { locale: view.locale }, errors: {} }} />
            <button className="button" type="submit">
              {t("assistant.send")}
            </button>
          </form>
        </details>
      ) : null}
    </>
  );
}

/** Whether the link works, and what stands in the way. */
function LinkState() {
  const { page, timeZone, now } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const when = (at: number) => deskMoment(at, timeZone, locale);
  return (
    <>
      {page.notMeAt === null || page.revokedAt === null ? null : (
        <Notice tone="stop">
          <p>{t("access.notMe", { when: when(page.notMeAt) })}</p>
        </Notice>
      )}
      {page.hasAddress ? null : (
        <Notice tone="wait">
          <p>{t("access.noAddress")}</p>
        </Notice>
      )}
      <p className="link-state">
        {t("common.label", { label: t("access.link") })}
        {page.revokedAt !== null ? (
          <Status tone="stop">{t("access.linkStopped", { when: when(page.revokedAt) })}</Status>
        ) : page.expiresAt <= now ? (
          <Status tone="stop">{t("access.linkExpired", { when: when(page.expiresAt) })}</Status>
        ) : (
          <Status tone="good">{t("access.linkWorks", { when: when(page.expiresAt) })}</Status>
        )}
      </p>
    </>
  );
}

/** A code to read out on the phone. */
function TellCode({ left: outcome }: { left: Left | null }) {
  const { page, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const form = outcome?.form ?? emptyForm;
  return (
    <section className="panel" aria-labelledby="code">
      <h2 id="code">{t("access.code")}</h2>
      {outcome?.told == null ? null : (
        <Notice tone="good">
          <p className="told-code">{t("access.codeIs", { code: outcome.told.digits })}</p>
          <p>{t("access.codeUntil", { when: deskMoment(outcome.told.expiresAt, timeZone, locale) })}</p>
        </Notice>
      )}
      {outcome?.refusal == null ? null : (
        <Notice tone="stop">
          <p>{t(outcome.refusal)}</p>
        </Notice>
      )}
      <ErrorSummary form={form} labels={{ password: t("access.password") }} />
      <p className="muted small">{t("access.codeLead")}</p>
      <form method="post">
        <input type="hidden" name="intent" value="code" />
        {page.assistants.length === 0 ? null : (
          <SelectField
            form={form}
            name="link"
            label={t("access.codeFor")}
            required
            options={[
              { value: SELF, label: t("access.codeForSelf") },
              ...page.assistants.map(({ linkId, name }) => ({
                value: linkId,
                label: t("access.codeForAssistant", { name }),
              })),
            ]}
          />
        )}
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("access.password")}
          autoComplete="current-password"
          required
          narrow
        />
        <button className="button" type="submit">
          {t("access.codeShow")}
        </button>
      </form>
    </section>
  );
}
