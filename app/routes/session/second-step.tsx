import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { requirePost, servicesOf, visitor } from "../../context.server.ts";
import { secondStepForm } from "../../domain/access/form.ts";
import { takeSecondStep } from "../../domain/access/sign-in.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { ownPath, paths } from "../../paths.ts";
import { withCookies } from "../../platform/cookies.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "session.secondStep") },
];

export function loader(args: LoaderFunctionArgs) {
  return { locale: visitor(args).locale };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { request, context } = args;
  const { ctx } = visitor(args);
  const formData = await request.formData();
  const parsed = parseForm(secondStepForm, formData, ["code"]);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const { headers } = request;
  const { code } = parsed.value;
  const answer = await takeSecondStep(ctx, servicesOf(args), { headers, client: context.client, code });
  const to = ownPath(new URL(request.url).searchParams.get("to"), paths.editions());
  switch (answer.state) {
    case "signed_in":
      return redirect(to, { status: 303, headers: withCookies(answer.cookies) });
    case "expired":
      return redirect(`${paths.signIn()}?${new URLSearchParams({ to, again: "" })}`, 303);
    case "refused":
      return data({ form: withError(formData, "code", "session.codeRefused", ["code"]) }, { status: 422 });
  }
}

export default function SecondStepPage() {
  const form = useActionData<typeof action>()?.form ?? emptyForm;
  const t = useT();
  return (
    <>
      <h1>{t("session.secondStep")}</h1>
      <p className="muted">{t("session.secondStepLead")}</p>
      <form method="post">
        <ErrorSummary form={form} labels={{ code: t("session.code") }} />
        <TextField
          form={form}
          name="code"
          label={t("session.code")}
          help={t("session.codeHelp")}
          autoComplete="one-time-code"
          required
          narrow
        />
        <p>
          <button className="button" type="submit">
            {t("session.signIn")}
          </button>
        </p>
      </form>
      <p>
        <a href={paths.signIn()}>{t("session.startAgain")}</a>
      </p>
    </>
  );
}
