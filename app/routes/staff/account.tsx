import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { Desk, TableFrame } from "../../components/desk.tsx";
import { ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { LANGUAGE_COOKIE, notFound, requirePost, servicesOf, staffAtLarge } from "../../context.server.ts";
import {
  changeAccount,
  endOtherSessions,
  endSession,
  recordAccess,
} from "../../domain/access/commands.server.ts";
import { accountForm, changePasswordForm, passwordIn } from "../../domain/access/form.ts";
import { openSessions } from "../../domain/access/queries.server.ts";
import { deviceOf } from "../../domain/access/rules.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import { editionsOfStaff } from "../../domain/edition/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { withCookies } from "../../platform/cookies.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "account.title") },
];

const DONE = ["saved", "passwordChanged", "ended"] as const;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, account, locale } = await staffAtLarge(args);
  const query = new URL(args.request.url).searchParams;
  const sessions = openSessions(ctx, account.id).map(({ userAgent, ...session }) => ({
    ...session,
    device: deviceOf(userAgent),
    here: session.id === account.sessionId,
  }));
  const { name, email, twoFactorEnabled } = account;
  return {
    locale,
    profile: { name, locale: account.locale ?? "" },
    email,
    twoFactorEnabled,
    sessions,
    // An account has no zone of its own: the newest edition's is the one that its pages are read in.
    timeZone: editionsOfStaff(ctx, account.id).editions[0]?.timeZone ?? "UTC",
    done: DONE.find((what) => query.has(what)) ?? null,
  };
}

/** Each place that asks for the password has a field of its own, so that no two share an id. */
function passwordField(panel: "recovery" | "otherPhone"): string {
  return `${panel}Password`;
}

/** What an action leaves to be shown: a form with something wrong in it, or codes that are shown once. */
type Left =
  | { panel: "profile" | "password" | "recovery" | "otherPhone"; form: FormState }
  | { panel: "codes"; recoveryCodes: ReadonlyArray<string> };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, account } = await staffAtLarge(args);
  const { auth, limits } = servicesOf(args);
  const { headers } = args.request;
  const formData = await args.request.formData();
  const left = (body: Left, status: number) => data(body, { status });
  const done = (what: (typeof DONE)[number], cookies: ReadonlyArray<string> = []) =>
    redirect(`${paths.account()}?${what}`, { status: 303, headers: withCookies(cookies) });

  switch (formData.get("intent")) {
    case "profile": {
      const parsed = parseForm(accountForm, formData);
      if (!parsed.ok) return left({ panel: "profile", form: parsed.form }, 422);
      const { name, locale = null } = parsed.value;
      await changeAccount(ctx, { userId: account.id, name, locale });
      // The switch on a page comes before one's own language: forget it, so that this choice is seen.
      return done("saved", [`${LANGUAGE_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`]);
    }
    case "password": {
      const parsed = parseForm(changePasswordForm, formData, ["current", "password"]);
      if (!parsed.ok) return left({ panel: "password", form: parsed.form }, 422);
      const { current, password } = parsed.value;
      const cookies = await withPassword({ limits }, account.id, () =>
        auth.changePassword(headers, { current, next: password }),
      );
      if (cookies === null) {
        const form = withError(formData, "current", "account.passwordWrong", ["current", "password"]);
        return left({ panel: "password", form }, 422);
      }
      await recordAccess(ctx, "password.change", account.id);
      return done("passwordChanged", cookies);
    }
    case "recovery": {
      const codes = await confirmed("recovery", (password) => auth.newRecoveryCodes(headers, password));
      if (!codes.ok) return codes.answer;
      await recordAccess(ctx, "recovery_codes.renew", account.id);
      return left({ panel: "codes", recoveryCodes: codes.value }, 200);
    }
    case "otherPhone": {
      const cookies = await confirmed("otherPhone", (password) => auth.removeSecondStep(headers, password));
      if (!cookies.ok) return cookies.answer;
      await recordAccess(ctx, "second_step.off", account.id);
      return redirect(paths.secondStepSetUp(), { status: 303, headers: withCookies(cookies.value) });
    }
    case "endSession": {
      const ended = await endSession(ctx, {
        userId: account.id,
        sessionId: String(formData.get("session") ?? ""),
      });
      if (!ended.ok) throw notFound();
      return done("ended");
    }
    case "endOthers": {
      await endOtherSessions(ctx, { userId: account.id, keep: account.sessionId });
      return done("ended");
    }
    default:
      throw data(null, { status: 400 });
  }

  /** Does what needs the password again, or gives the page with what was wrong. */
  async function confirmed<T>(
    panel: "recovery" | "otherPhone",
    act: (password: string) => Promise<T | null>,
  ) {
    const field = passwordField(panel);
    const parsed = parseForm(passwordIn(field), formData, [field]);
    if (!parsed.ok) return { ok: false, answer: left({ panel, form: parsed.form }, 422) } as const;
    const value = await withPassword({ limits }, account.id, () => act(parsed.value));
    if (value !== null) return { ok: true, value } as const;
    const form = withError(formData, field, "account.passwordWrong", [field]);
    return { ok: false, answer: left({ panel, form }, 422) } as const;
  }
}

export default function AccountPage() {
  const { profile, email, twoFactorEnabled, sessions, timeZone, done } = useLoaderData<typeof loader>();
  const left: Left | undefined = useActionData<typeof action>();
  const t = useT();
  const formOf = (panel: Left["panel"]) => (left?.panel === panel && "form" in left ? left.form : undefined);
  const profileForm = formOf("profile") ?? { values: profile, errors: {} };
  const password = formOf("password") ?? emptyForm;
  return (
    <Desk>
      <h1>{t("account.title")}</h1>
      {done === null || left !== undefined ? null : (
        <Notice tone="good">
          <p>{done === "saved" ? t("common.saved") : t(`account.${done}`)}</p>
        </Notice>
      )}
      {left?.panel === "codes" ? (
        <section className="panel">
          <h2>{t("account.recovery")}</h2>
          <p>{t("account.recoveryLead")}</p>
          <ul className="codes">
            {left.recoveryCodes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <div className="panels">
        <Panel title={t("account.profile")}>
          <form method="post">
            <ErrorSummary
              form={profileForm}
              labels={{ name: t("session.name"), locale: t("account.language") }}
            />
            <p className="muted">{email}</p>
            <TextField
              form={profileForm}
              name="name"
              label={t("session.name")}
              help={t("session.nameHelp")}
              autoComplete="name"
              required
            />
            <SelectField
              form={profileForm}
              name="locale"
              label={t("account.language")}
              blank={t("account.languageOpen")}
              options={[
                { value: "en", label: "English", lang: "en" },
                { value: "zh-CN", label: "中文", lang: "zh-Hans" },
              ]}
            />
            <Submit intent="profile">{t("common.save")}</Submit>
          </form>
        </Panel>
        <Panel title={t("account.changePassword")}>
          <form method="post">
            <ErrorSummary
              form={password}
              labels={{ current: t("account.current"), password: t("session.newPassword") }}
            />
            <TextField
              form={password}
              name="current"
              type="password"
              label={t("account.current")}
              autoComplete="current-password"
              required
            />
            <TextField
              form={password}
              name="password"
              type="password"
              label={t("session.newPassword")}
              help={t("session.passwordHelp")}
              autoComplete="new-password"
              required
            />
            <p className="note">{t("account.passwordNote")}</p>
            <Submit intent="password">{t("account.passwordDo")}</Submit>
          </form>
        </Panel>
        <section className="panel span-12">
          <h2>{t("account.secondStep")}</h2>
          <p>
            <Status tone={twoFactorEnabled ? "good" : "wait"}>
              {twoFactorEnabled ? t("account.secondStepOn") : t("account.secondStepOff")}
            </Status>
          </p>
          <p className="readable">{t("account.secondStepWhy")}</p>
          {twoFactorEnabled ? (
            <div className="panels">
              <PasswordPanel
                intent="recovery"
                title={t("account.recovery")}
                lead={t("account.recoveryNew")}
                button={t("account.recoveryDo")}
                form={formOf("recovery")}
              />
              <PasswordPanel
                intent="otherPhone"
                title={t("account.otherPhone")}
                lead={t("account.otherPhoneLead")}
                button={t("account.otherPhoneDo")}
                form={formOf("otherPhone")}
              />
            </div>
          ) : (
            <a className="button" href={paths.secondStepSetUp()}>
              {t("account.secondStepDo")}
            </a>
          )}
        </section>
        <Sessions sessions={sessions} timeZone={timeZone} />
      </div>
    </Desk>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel span-6">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Submit({ intent, children }: { intent: string; children: ReactNode }) {
  return (
    <button className="button" type="submit" name="intent" value={intent}>
      {children}
    </button>
  );
}

/** Something that asks for the password again. */
function PasswordPanel({
  intent,
  title,
  lead,
  button,
  form = emptyForm,
}: {
  intent: "recovery" | "otherPhone";
  title: string;
  lead: string;
  button: string;
  form: FormState | undefined;
}) {
  const t = useT();
  return (
    <div className="span-6">
      <h3>{title}</h3>
      <p>{lead}</p>
      <form method="post">
        <ErrorSummary form={form} labels={{ [passwordField(intent)]: t("account.current") }} />
        <TextField
          form={form}
          name={passwordField(intent)}
          type="password"
          label={t("account.current")}
          autoComplete="current-password"
          required
        />
        <button className="button quiet" type="submit" name="intent" value={intent}>
          {button}
        </button>
      </form>
    </div>
  );
}

type SessionRow = {
  id: string;
  begunAt: number;
  usedAt: number;
  device: { browser: string; system: string };
  here: boolean;
};

function Sessions({ sessions, timeZone }: { sessions: ReadonlyArray<SessionRow>; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  const named = ({ browser, system }: SessionRow["device"]) =>
    browser !== "" && system !== ""
      ? t("account.deviceOn", { browser, system })
      : browser || system || t("account.deviceUnknown");
  return (
    <section className="panel span-12">
      <h2>{t("account.sessions")}</h2>
      <TableFrame label={t("account.sessions")}>
        <table className="stack">
          <thead>
            <tr>
              <th scope="col">{t("account.device")}</th>
              <th scope="col">{t("account.used")}</th>
              <th scope="col">{t("account.begun")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <th scope="row">{named(session.device)}</th>
                <td data-label={t("account.used")}>{deskMoment(session.usedAt, timeZone, locale)}</td>
                <td data-label={t("account.begun")}>{deskMoment(session.begunAt, timeZone, locale)}</td>
                <td>
                  {session.here ? (
                    <Status tone="good">{t("account.here")}</Status>
                  ) : (
                    <form method="post">
                      <input type="hidden" name="session" value={session.id} />
                      <button className="link" type="submit" name="intent" value="endSession">
                        {t("account.end")}
                      </button>
                    </form>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className="note">{t("account.sessionsNote")}</p>
      {sessions.length > 1 ? (
        <form method="post">
          <button className="button quiet" type="submit" name="intent" value="endOthers">
            {t("account.endOthers")}
          </button>
        </form>
      ) : null}
    </section>
  );
}
