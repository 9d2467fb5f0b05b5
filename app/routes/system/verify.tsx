import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { TextField } from "../../components/fields.tsx";
import { Notice, Sheet } from "../../components/page.tsx";
import { requestLocale, requirePost, servicesOf } from "../../context.server.ts";
import { confirmForm } from "../../domain/letter/form.ts";
import { type Confirmation, confirmLetter } from "../../domain/letter/queries.server.ts";
import { writtenDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const handle = { scripts: false };

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "verify.title") },
];

export async function loader({ request }: LoaderFunctionArgs) {
  return { locale: requestLocale(request) };
}

type Answer = { form: typeof emptyForm; found: Confirmation | { state: "tooMany" } | null };

/** Asks for nothing but the code, and tells nothing but whether a letter is genuine. Wrong codes are counted. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { limits, db } = servicesOf(args);
  const { client } = args.context;
  const parsed = parseForm(confirmForm, await args.request.formData());
  if (!parsed.ok) return data<Answer>({ form: parsed.form, found: null }, { status: 422 });
  const form = { values: { code: parsed.value.code.slice(0, 100) }, errors: {} };
  // Counted before the code is looked at and forgiven when it is one: codes tried all at once are counted like others.
  await limits.letterCodes.count(client);
  if (await limits.letterCodes.blocked(client))
    return data<Answer>({ form, found: { state: "tooMany" } }, { status: 429 });
  const found = confirmLetter({ db }, parsed.value.code);
  if (found.state !== "unknown") await limits.letterCodes.forgive(client);
  return data<Answer>({ form, found });
}

export default function Verify() {
  const sent = useActionData<typeof action>();
  const t = useT();
  const form = sent?.form ?? emptyForm;
  return (
    <Sheet hosts={[]}>
      <h1>{t("verify.title")}</h1>
      {sent?.found == null ? null : <Found found={sent.found} />}
      <p>{t("verify.intro")}</p>
      <form method="post">
        <TextField
          form={form}
          name="code"
          label={t("verify.code")}
          help={t("verify.codeHelp")}
          maxLength={100}
          required
        />
        <button className="button" type="submit">
          {t("verify.check")}
        </button>
      </form>
    </Sheet>
  );
}

function Found({ found }: { found: NonNullable<Answer["found"]> }) {
  const t = useT();
  const locale = useLocale();
  if (found.state !== "genuine")
    return (
      <Notice tone={found.state === "void" ? "wait" : "stop"}>
        <p>{t(`verify.${found.state}`)}</p>
      </Notice>
    );
  return (
    <Notice tone="good">
      <p>{t("verify.genuine", { date: writtenDay(found.day, locale) })}</p>
    </Notice>
  );
}
