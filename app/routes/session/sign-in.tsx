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
import { currentStaff, requirePost, servicesOf, visitor } from "../../context.server.ts";
import { signInForm } from "../../domain/access/form.ts";
import { signIn } from "../../domain/access/sign-in.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { ownPath, paths } from "../../paths.ts";
import { withCookies } from "../../platform/cookies.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "session.signIn") },
];

/** Where to go afterwards: a page of the secretariat that the address names, or its front page. */
function target(request: Request): string {
  return ownPath(new URL(request.url).searchParams.get("to"), paths.editions());
}

export async function loader(args: LoaderFunctionArgs) {
  if ((await currentStaff(args)) !== null) throw redirect(target(args.request), 303);
  const query = new URL(args.request.url).searchParams;
  const why = query.has("again") ? "again" : query.has("out") ? "signedOut" : null;
  return { locale: visitor(args).locale, why } as const;
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { request, context } = args;
  const { ctx } = visitor(args);
  const formData = await request.formData();
  const parsed = parseForm(signInForm, formData, ["password"]);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const { headers } = request;
  const answer = await signIn(ctx, servicesOf(args), { headers, client: context.client, ...parsed.value });
  if (answer.state === "refused")
    return data({ form: withError(formData, "", "session.refused", ["password"]) }, { status: 422 });
  const to = target(request);
  const next = answer.state === "signed_in" ? to : `${paths.secondStep()}?${new URLSearchParams({ to })}`;
  return redirect(next, { status: 303, headers: withCookies(answer.cookies) });
}

export default function SignInPage() {
  const { why } = useLoaderData<typeof loader>();
  const form = useActionData<typeof action>()?.form;
  const t = useT();
  return (
    <>
      <h1>{t("session.signIn")}</h1>
      <p className="muted">{t("session.signInLead")}</p>
      {why === null || form !== undefined ? null : (
        <Notice tone={why === "again" ? "wait" : "good"}>
          <p>{t(`session.${why}`)}</p>
        </Notice>
      )}
      <form method="post">
        <ErrorSummary
          form={form ?? emptyForm}
          labels={{ email: t("session.email"), password: t("session.password") }}
        />
        <TextField
          form={form ?? emptyForm}
          name="email"
          type="email"
          label={t("session.email")}
          autoComplete="username"
          required
        />
        <TextField
          form={form ?? emptyForm}
          name="password"
          type="password"
          label={t("session.password")}
          autoComplete="current-password"
          required
        />
        <button className="button" type="submit">
          {t("session.signIn")}
        </button>
      </form>
    </>
  );
}
