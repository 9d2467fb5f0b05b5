import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Desk } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { QrCode } from "../../components/qr-code.tsx";
import { requirePost, servicesOf, staffAccount, staffAtLarge } from "../../context.server.ts";
import type { NewSecret } from "../../domain/access/auth.server.ts";
import { recordAccess } from "../../domain/access/commands.server.ts";
import { passwordForm, secondStepForm } from "../../domain/access/form.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { withCookies } from "../../platform/cookies.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

/*
 * Three steps on one address: the password, the secret with a first code, the recovery codes. What is secret stands
 * only in the answer to a POST, so that going back or opening the page again does not show it.
 */

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "secondStep.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { account, locale } = await staffAccount(args);
  const required = servicesOf(args).environment.secondStepRequired;
  return { locale, on: account.twoFactorEnabled, required };
}

type Step =
  | { step: "password"; form: FormState }
  | { step: "code"; form: FormState; secret: NewSecret | null }
  | { step: "done"; recoveryCodes: ReadonlyArray<string> };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, account } = await staffAtLarge(args);
  const { auth, limits } = servicesOf(args);
  const { headers } = args.request;
  const formData = await args.request.formData();
  const answer = (body: Step, init: { status: number; headers?: Headers }) => data(body, init);

  if (formData.get("intent") === "code") {
    const parsed = parseForm(secondStepForm, formData, ["code"]);
    if (!parsed.ok) return answer({ step: "code", form: parsed.form, secret: null }, { status: 422 });
    const done = await auth.confirmSecondStep(headers, parsed.value.code);
    if (done === null) {
      const form = withError(formData, "code", "secondStep.wrong", ["code"]);
      return answer({ step: "code", form, secret: null }, { status: 422 });
    }
    await recordAccess(ctx, "second_step.on", account.id);
    const { recoveryCodes, cookies } = done;
    return answer({ step: "done", recoveryCodes }, { status: 200, headers: withCookies(cookies) });
  }

  const parsed = parseForm(passwordForm, formData, ["password"]);
  if (!parsed.ok) return answer({ step: "password", form: parsed.form }, { status: 422 });
  const secret = await withPassword({ limits }, account.id, () =>
    auth.beginSecondStep(headers, parsed.value.password),
  );
  if (secret === null) {
    const form = withError(formData, "password", "account.passwordWrong", ["password"]);
    return answer({ step: "password", form }, { status: 422 });
  }
  return answer({ step: "code", form: emptyForm, secret }, { status: 200 });
}

export default function SecondStepSetUpPage() {
  const { on, required } = useLoaderData<typeof loader>();
  const now: Step | undefined = useActionData<typeof action>();
  const t = useT();
  return (
    <Desk>
      <div className="readable">
        <h1>{t("secondStep.title")}</h1>
        {now?.step === "done" ? (
          <RecoveryCodes codes={now.recoveryCodes} />
        ) : on ? (
          <>
            <Notice tone="good">
              <p>{t("secondStep.on")}</p>
            </Notice>
            <p>
              <a href={paths.account()}>{t("account.title")}</a>
            </p>
          </>
        ) : now?.step === "code" ? (
          <CodeStep form={now.form} secret={now.secret} />
        ) : (
          <PasswordStep form={now?.form ?? emptyForm} required={required} />
        )}
      </div>
    </Desk>
  );
}

function PasswordStep({ form, required }: { form: FormState; required: boolean }) {
  const t = useT();
  return (
    <form method="post">
      <p>{required ? t("secondStep.required") : t("account.secondStepWhy")}</p>
      <p>{t("secondStep.need")}</p>
      <ErrorSummary form={form} labels={{ password: t("account.current") }} />
      <input type="hidden" name="intent" value="password" />
      <TextField
        form={form}
        name="password"
        type="password"
        label={t("account.current")}
        autoComplete="current-password"
        required
      />
      <button className="button" type="submit">
        {t("session.continue")}
      </button>
    </form>
  );
}

function CodeStep({ form, secret }: { form: FormState; secret: NewSecret | null }) {
  const t = useT();
  return (
    <>
      {secret === null ? null : (
        <section>
          <h2>{t("secondStep.scan")}</h2>
          <QrCode text={secret.uri} label={t("secondStep.qr")} />
          <p>
            {t("secondStep.type")} <span className="secret">{secret.secret}</span>
          </p>
        </section>
      )}
      <form method="post">
        <h2>{t("secondStep.prove")}</h2>
        <ErrorSummary form={form} labels={{ code: t("session.code") }} />
        <input type="hidden" name="intent" value="code" />
        <TextField
          form={form}
          name="code"
          label={t("session.code")}
          help={t("secondStep.sixDigits")}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          narrow
        />
        <p className="toolbar">
          <button className="button" type="submit">
            {t("secondStep.turnOn")}
          </button>
          <a className="button quiet" href={paths.secondStepSetUp()}>
            {t("session.startAgain")}
          </a>
        </p>
      </form>
    </>
  );
}

function RecoveryCodes({ codes }: { codes: ReadonlyArray<string> }) {
  const t = useT();
  return (
    <>
      <Notice tone="good">
        <p>{t("secondStep.on")}</p>
      </Notice>
      <h2>{t("account.recovery")}</h2>
      <p>{t("account.recoveryLead")}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p>
        <a className="button" href={paths.editions()}>
          {t("secondStep.kept")}
        </a>
      </p>
    </>
  );
}
