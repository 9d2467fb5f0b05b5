import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import {
  invitationHolder,
  knownDevice,
  notFound,
  rememberDevice,
  requirePost,
  servicesOf,
} from "../../context.server.ts";
import { codeSentAt, sendCode, typeCode } from "../../domain/access/codes.server.ts";
import { codeForm } from "../../domain/access/form.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { invitationLetter } from "../../domain/invitation/reply.server.ts";
import { clockTime, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { ownPath, paths } from "../../paths.ts";
import { newToken } from "../../platform/crypto.server.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import { openKeptForm } from "../../platform/kept-form.server.ts";
import { DelegateSheet, letterhead, usePhones } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "code.title") },
];

/** Shows where a code is asked for and typed, and nothing of what it opens. Who has typed one goes on. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await invitationHolder(args);
  if (knownDevice(args, holder) !== null) throw redirect(target(args.request, token), 303);
  const letter = invitationLetter(ctx);
  if (letter === null) throw notFound();
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    homeTimeZone: letter.homeTimeZone,
    isAssistant: holder.assistant !== null,
    sentAt: codeSentAt(ctx),
    attempt: newToken(),
  };
}

/** Where the browser was going: a page of this very link. */
function target(request: Request, token: string): string {
  const fallback = paths.registration(token);
  const to = ownPath(new URL(request.url).searchParams.get("to"), fallback);
  return to.startsWith(`${paths.invitation(token)}/`) ? to : fallback;
}

/** `intent=send` has a code sent; anything else is a code that was typed. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, holder, token } = await invitationHolder(args);
  const { request, context } = args;
  const { client } = context;
  const { limits } = servicesOf(args);
  const { search } = new URL(request.url);
  const formData = await request.formData();
  // A form that came from a browser in which no code was typed any more: it is carried along until one is.
  const sealed = formData.get("kept");
  const waiting = openKeptForm(ctx.keys, token, sealed);
  const nothing = {
    often: false,
    form: emptyForm,
    kept: waiting === null || typeof sealed !== "string" ? null : sealed,
    again: null as typeof waiting,
  };
  if (formData.get("intent") === "send") {
    const sent = await sendCode(ctx, { limits }, { client });
    if (sent.ok) return waiting === null ? redirect(paths.code(token) + search, 303) : data(nothing);
    if (sent.refusal === "gone") throw notFound();
    return data({ ...nothing, often: true }, { status: 429 });
  }
  const parsed = parseForm(codeForm, formData, ["code", "kept"]);
  if (!parsed.ok) return data({ ...nothing, form: parsed.form }, { status: 422 });
  const taken = await typeCode(
    ctx,
    { limits },
    {
      client,
      typed: parsed.value.code,
      attempt: parsed.value.attempt,
      userAgent: request.headers.get("User-Agent") ?? "",
    },
  );
  if (taken.ok) {
    const headers = rememberDevice(args, holder, taken.value);
    return waiting === null
      ? redirect(target(request, token), { status: 303, headers })
      : data({ ...nothing, again: waiting }, { headers });
  }
  if (taken.refusal === "gone") throw notFound();
  if (taken.refusal === "often") return data({ ...nothing, often: true }, { status: 429 });
  return data(
    { ...nothing, form: withError(formData, "code", "code.wrong", ["code", "kept"]) },
    { status: 422 },
  );
}

export default function CodePage() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const form: FormState = outcome?.form ?? emptyForm;
  const t = useT();
  const locale = useLocale();
  const phones = usePhones(page.letterhead);
  const { timeZone } = page.letterhead;
  const clock = (at: number, zone: string) =>
    t("code.clock", { time: clockTime(at, zone, locale), zone: zoneName(zone, locale) });
  const when = (at: number) =>
    page.homeTimeZone === timeZone
      ? clock(at, timeZone)
      : t("mail.alsoAt", { here: clock(at, timeZone), home: clock(at, page.homeTimeZone) });
  const kept = outcome?.kept ?? null;
  if (outcome !== undefined && outcome.again !== null)
    return (
      <DelegateSheet {...page} page="code">
        <SendAgain {...outcome.again} />
      </DelegateSheet>
    );
  return (
    <DelegateSheet {...page} page="code">
      {outcome?.often === true ? (
        <Notice tone="stop">
          <p>{t("code.often", { phones })}</p>
        </Notice>
      ) : null}
      <ErrorSummary form={form} labels={{ code: t("code.code") }} />
      <h1>{t("code.title")}</h1>
      <p>{page.isAssistant ? t("code.leadAssistant") : t("code.lead")}</p>
      {kept === null ? null : <p className="note">{t("kept.carried")}</p>}
      {page.sentAt === null ? (
        <SendForm first kept={kept} />
      ) : (
        <Notice tone="good">
          <p>{t("code.sent", { when: when(page.sentAt) })}</p>
        </Notice>
      )}
      <form method="post" className="code">
        {page.sentAt === null ? <p>{t("code.phoned")}</p> : null}
        <input type="hidden" name="attempt" value={page.attempt} />
        {kept === null ? null : <input type="hidden" name="kept" value={kept} />}
        <TextField
          form={form}
          name="code"
          label={t("code.code")}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={20}
          required
          narrow
        />
        <button className={page.sentAt === null ? "button quiet" : "button"} type="submit">
          {t("code.type")}
        </button>
      </form>
      {page.sentAt === null ? null : <SendForm first={false} kept={kept} />}
      <p className="small">{t("code.nothingComes", { phones })}</p>
      <p className="small">
        {t("code.without")} <a href={paths.invitation(page.token)}>{t("code.backToInvitation")}</a>
      </p>
    </DelegateSheet>
  );
}

/** The code was right: what was typed before can be sent now, with one more press. */
function SendAgain({ path, texts }: { path: string; texts: ReadonlyArray<[string, string]> }) {
  const t = useT();
  return (
    <>
      <h1>{t("kept.title")}</h1>
      <p>{t("kept.nowSend")}</p>
      <form method="post" action={path}>
        {texts.map(([name, text], n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may stand there twice, and nothing is moved
          <textarea hidden key={n} name={name} defaultValue={text} />
        ))}
        <button className="button" type="submit">
          {t("kept.send")}
        </button>
      </form>
    </>
  );
}

function SendForm({ first, kept }: { first: boolean; kept: string | null }) {
  const t = useT();
  return (
    <form method="post">
      <input type="hidden" name="intent" value="send" />
      {kept === null ? null : <input type="hidden" name="kept" value={kept} />}
      <p>
        <button className={first ? "button" : "button quiet"} type="submit">
          {first ? t("code.send") : t("code.sendAgain")}
        </button>
      </p>
    </form>
  );
}
