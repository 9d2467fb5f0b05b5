import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { saveLetterhead } from "../../domain/letter/commands.server.ts";
import { letterheadForm } from "../../domain/letter/form.ts";
import { LETTER_ACT, sideLetters } from "../../domain/letter/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "letterhead.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, LETTER_ACT);
  const sides = sideLetters(ctx).map(({ templates: _templates, ...side }) => side);
  const asked = new URL(args.request.url).searchParams.get("side");
  const side = sides.find(({ sideId }) => sideId === asked) ?? sides[0];
  if (side === undefined) throw notFound();
  return { locale, slug: edition.slug, sides, side };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, LETTER_ACT);
  const formData = await args.request.formData();
  const parsed = parseForm(letterheadForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const sideId = String(formData.get("side") ?? "");
  const saved = await saveLetterhead(ctx, { sideId, head: parsed.value });
  if (!saved.ok) throw notFound();
  const query = new URLSearchParams({ side: sideId, done: "saved" });
  throw redirect(`${paths.letterhead(edition.slug)}?${query}`, 303);
}

/** Rows of two: the English one and the Chinese one of each fact. */
const PAIRS = [
  ["nameEn", "nameZh"],
  ["addressEn", "addressZh"],
  ["signatoryEn", "signatoryZh"],
  ["signatoryPostEn", "signatoryPostZh"],
] as const;

export default function Letterhead() {
  const { slug, sides, side } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const form: FormState = sent?.form ?? { values: side.head, errors: {} };
  const fields = [...PAIRS.flat(), "phone", "email"] as const;
  return (
    <>
      <WorkHeading actions={<a href={paths.letters(slug)}>{t("letters.title")}</a>}>
        {t("letterhead.title")}
      </WorkHeading>
      {done === "saved" && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <p>{t("letterhead.intro")}</p>
      {sides.length > 1 ? (
        <ul className="plain">
          {sides.map((each) => (
            <li key={each.sideId}>
              <a
                href={`${paths.letterhead(slug)}?side=${each.sideId}`}
                aria-current={each.sideId === side.sideId ? "true" : undefined}
              >
                <Text en={each.nameEn} zh={each.nameZh} />
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      <ErrorSummary
        form={form}
        labels={Object.fromEntries(fields.map((name) => [name, t(`letterhead.${name}`)]))}
      />
      <form method="post" className="panel" key={side.sideId}>
        <input type="hidden" name="side" value={side.sideId} />
        {PAIRS.map(([en, zh]) => (
          <div className="two-up" key={en}>
            <TextField
              form={form}
              name={en}
              label={t(`letterhead.${en}`)}
              lang="en"
              maxLength={300}
              required={en === "nameEn" || en === "signatoryEn"}
            />
            <TextField
              form={form}
              name={zh}
              label={t(`letterhead.${zh}`)}
              lang="zh-Hans"
              maxLength={300}
              required={zh === "nameZh" || zh === "signatoryZh"}
            />
          </div>
        ))}
        <div className="two-up">
          <TextField form={form} name="phone" type="tel" label={t("letterhead.phone")} maxLength={60} />
          <TextField form={form} name="email" type="email" label={t("letterhead.email")} maxLength={200} />
        </div>
        <p className="note">{t("letterhead.effect")}</p>
        <Toolbar>
          <button className="button" type="submit">
            {t("common.save")}
          </button>
        </Toolbar>
      </form>
    </>
  );
}
