import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { notFound, requirePost, servicesOf, visitor } from "../../context.server.ts";
import { acceptSetUpLink, redeemSetUpLink } from "../../domain/access/commands.server.ts";
import { setUpForm, setUpWithNewSideForm, setUpWithSideForm } from "../../domain/access/form.ts";
import { findSetUpLink } from "../../domain/access/set-up.server.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { withCookies } from "../../platform/cookies.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "session.setUp") },
];

/** The link in the URL, or 404: the same for a wrong, used and expired one. Wrong ones are counted. */
async function openLink(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const { ctx, locale } = visitor(args);
  const { limits } = servicesOf(args);
  const { client } = args.context;
  if (await limits.linkGuesses.blocked(client)) throw data(null, { status: 429 });
  const token = args.params.token ?? "";
  const link = findSetUpLink(ctx, token);
  if (link === null) {
    await limits.linkGuesses.count(client);
    throw notFound();
  }
  // Which form: the address has a login already, the link names the side, there are sides to choose from, or none yet.
  const asks =
    link.loginId !== null
      ? "yes"
      : link.grant.access !== undefined
        ? "nothing"
        : link.sides.length > 0
          ? "side"
          : "newSide";
  return { ctx, locale, token, link, asks } as const;
}

export async function loader(args: LoaderFunctionArgs) {
  const { locale, link, asks } = await openLink(args);
  const { name = "", email = "" } = link.grant;
  const hasAddress = link.grant.email !== undefined;
  return { locale, asks, sides: link.sides, suggested: { name, email }, hasAddress };
}

const SECRET = ["password"];

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token, link, asks } = await openLink(args);
  if (asks === "yes") {
    const accepted = await acceptSetUpLink(ctx, { token });
    if (!accepted.ok) throw notFound();
    return redirect(paths.signIn(), 303);
  }
  const formData = await args.request.formData();
  const refusal = (name: string, key: MessageKey, status: number) =>
    data({ form: withError(formData, name, key, SECRET) }, { status });

  // A link that was mailed makes the login of the address that it went to, whatever the form says.
  if (link.grant.email !== undefined) formData.set("email", link.grant.email);
  const parsed = readForm(asks, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const { email, password } = parsed.value;
  const done = await redeemSetUpLink(ctx, { token, ...parsed.value });
  if (!done.ok) {
    switch (done.refusal) {
      case "link_dead":
        throw notFound();
      case "email_taken":
        return refusal("email", "session.emailTaken", 409);
      case "password_length":
        return refusal("password", "session.passwordTooShort", 422);
      case "side_missing":
        return refusal("coHostId", "error.choose", 422);
    }
  }
  const { auth } = servicesOf(args);
  const answer = await auth.signIn(args.request.headers, { email, password });
  return redirect(paths.editions(), {
    status: 303,
    headers: withCookies(answer.state === "signed_in" ? answer.cookies : []),
  });
}

function readForm(asks: "nothing" | "side" | "newSide", formData: FormData) {
  if (asks === "side") {
    const parsed = parseForm(setUpWithSideForm, formData, SECRET);
    if (!parsed.ok) return parsed;
    const { coHostId, ...login } = parsed.value;
    return { ok: true, value: { ...login, side: { coHostId } } } as const;
  }
  if (asks === "newSide") {
    const parsed = parseForm(setUpWithNewSideForm, formData, SECRET);
    if (!parsed.ok) return parsed;
    const { coHostEn, coHostZh, ...login } = parsed.value;
    return { ok: true, value: { ...login, side: { nameEn: coHostEn, nameZh: coHostZh } } } as const;
  }
  const parsed = parseForm(setUpForm, formData, SECRET);
  return parsed.ok ? ({ ok: true, value: { ...parsed.value, side: null } } as const) : parsed;
}

export default function SetUpPage() {
  const { asks, sides, suggested, hasAddress } = useLoaderData<typeof loader>();
  const form: FormState = useActionData<typeof action>()?.form ?? { values: suggested, errors: {} };
  const t = useT();
  const locale = useLocale();
  const labels = {
    name: t("session.name"),
    email: t("session.email"),
    password: t("session.newPassword"),
    coHostId: t("session.coHost"),
    coHostEn: t("session.coHostEn"),
    coHostZh: t("session.coHostZh"),
  };
  if (asks === "yes")
    return (
      <>
        <h1>{t("session.accept")}</h1>
        <p>
          {t("session.acceptLead")} <bdi>{suggested.email}</bdi>
        </p>
        <form method="post">
          <button className="button" type="submit">
            {t("session.acceptDo")}
          </button>
        </form>
      </>
    );
  return (
    <>
      <h1>{t("session.setUp")}</h1>
      <p className="muted">{t("session.setUpLead")}</p>
      <form method="post">
        <ErrorSummary form={form} labels={labels} />
        <TextField
          form={form}
          name="name"
          label={labels.name}
          help={t("session.nameHelp")}
          autoComplete="name"
          required
        />
        {hasAddress ? (
          <p>
            {labels.email}: <bdi>{suggested.email}</bdi>
          </p>
        ) : (
          <TextField
            form={form}
            name="email"
            type="email"
            label={labels.email}
            autoComplete="username"
            required
          />
        )}
        <TextField
          form={form}
          name="password"
          type="password"
          label={labels.password}
          help={t("session.passwordHelp")}
          autoComplete="new-password"
          required
        />
        {asks === "nothing" ? null : (
          <fieldset>
            <legend>{t("session.side")}</legend>
            <p className="muted">{t("session.sideLead")}</p>
            {asks === "side" ? (
              <SelectField
                form={form}
                name="coHostId"
                label={labels.coHostId}
                options={sides.map((side) => ({
                  value: side.id,
                  label: locale === "en" ? side.nameEn : side.nameZh,
                }))}
                blank=""
                required
              />
            ) : (
              <>
                <TextField
                  form={form}
                  name="coHostEn"
                  label={labels.coHostEn}
                  lang="en"
                  autoComplete="organization"
                  required
                />
                <TextField form={form} name="coHostZh" label={labels.coHostZh} lang="zh-Hans" required />
              </>
            )}
          </fieldset>
        )}
        <button className="button" type="submit">
          {t("session.setUpDo")}
        </button>
      </form>
    </>
  );
}
