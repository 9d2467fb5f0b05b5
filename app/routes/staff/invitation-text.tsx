import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, LongTextField, SelectField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { changeInvitationText } from "../../domain/invitation/commands.server.ts";
import { invitationTextForm } from "../../domain/invitation/form.ts";
import { letterPreview } from "../../domain/invitation/queries.server.ts";
import { sideWordings } from "../../domain/invitation/sending.server.ts";
import { PLACEHOLDERS } from "../../domain/invitation/text.ts";
import { mayInvite, peopleToPreview } from "../../domain/person/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "wording.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const query = new URL(args.request.url).searchParams;
  const sides = sideWordings(ctx);
  const side = sides.find(({ sideId }) => sideId === query.get("side")) ?? sides[0];
  if (side === undefined) throw notFound();
  const people = peopleToPreview(ctx, side.sideId);
  const person = people.find(({ invitationId }) => invitationId === query.get("person")) ?? people[0];
  return {
    locale,
    slug: edition.slug,
    mayWrite: mayInvite(ctx),
    sides: sides.map(({ sideId, nameEn, nameZh }) => ({ sideId, nameEn, nameZh })),
    side,
    people,
    personId: person?.invitationId ?? null,
    preview: person === undefined ? null : letterPreview(ctx, person.invitationId),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const formData = await args.request.formData();
  const parsed = parseForm(invitationTextForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const sideId = String(formData.get("side") ?? "");
  const after = formData.get("after");
  const saved = await changeInvitationText(ctx, {
    sideId,
    texts: parsed.value,
    after: typeof after === "string" && /^\d{1,15}$/.test(after) ? Number(after) : undefined,
  });
  if (!saved.ok && saved.refusal === "changed") {
    // From now on they have seen what stands there: it is above the form.
    formData.delete("after");
    return data({ form: withError(formData, "", "wording.error.changed") }, { status: 409 });
  }
  if (!saved.ok) throw notFound();
  const query = new URLSearchParams({ side: sideId, done: "saved" });
  throw redirect(`${paths.invitationText(edition.slug)}?${query}`, 303);
}

/** What a colleague has saved meanwhile. */
function Stands({
  texts,
}: {
  texts: { subjectEn: string; bodyEn: string; subjectZh: string; bodyZh: string };
}) {
  const t = useT();
  return (
    <section className="panel" aria-labelledby="now">
      <h2 id="now">{t("wording.now")}</h2>
      <div className="two-up">
        <div lang="en">
          <p>{texts.subjectEn}</p>
          <p className="as-typed">{texts.bodyEn}</p>
        </div>
        <div lang="zh-Hans">
          <p>{texts.subjectZh}</p>
          <p className="as-typed">{texts.bodyZh}</p>
        </div>
      </div>
    </section>
  );
}

type Preview = NonNullable<ReturnType<typeof letterPreview>>;

export default function InvitationText() {
  const { slug, mayWrite, sides, side, people, personId, preview } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const form: FormState = sent?.form ?? { errors: {}, values: side.texts };
  return (
    <>
      <WorkHeading>{t("wording.title")}</WorkHeading>
      {done === "saved" && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <p>{t("wording.intro")}</p>
      {sides.length > 1 ? (
        <ul className="plain">
          {sides.map((each) => (
            <li key={each.sideId}>
              <a
                href={`${paths.invitationText(slug)}?side=${each.sideId}`}
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
        labels={{
          subjectEn: t("wording.subjectEn"),
          bodyEn: t("wording.bodyEn"),
          subjectZh: t("wording.subjectZh"),
          bodyZh: t("wording.bodyZh"),
        }}
      />
      {form.errors[""]?.includes("wording.error.changed") ? <Stands texts={side.texts} /> : null}
      {mayWrite ? (
        <form method="post" className="panel" key={side.sideId}>
          {side.saved ? null : <p className="note">{t("wording.default")}</p>}
          <input type="hidden" name="side" value={side.sideId} />
          <input type="hidden" name="after" value={form.values.after ?? side.savedAt} />
          <div className="two-up">
            <div>
              <TextField
                form={form}
                name="subjectEn"
                label={t("wording.subjectEn")}
                lang="en"
                maxLength={200}
                required
              />
              <LongTextField
                form={form}
                name="bodyEn"
                label={t("wording.bodyEn")}
                lang="en"
                rows={16}
                required
              />
            </div>
            <div>
              <TextField
                form={form}
                name="subjectZh"
                label={t("wording.subjectZh")}
                lang="zh-Hans"
                maxLength={200}
                required
              />
              <LongTextField
                form={form}
                name="bodyZh"
                label={t("wording.bodyZh")}
                lang="zh-Hans"
                rows={16}
                required
              />
            </div>
          </div>
          <Placeholders />
          <Toolbar>
            <button className="button" type="submit">
              {t("common.save")}
            </button>
          </Toolbar>
        </form>
      ) : (
        <p className="note">{t("wording.readOnly")}</p>
      )}
      <section aria-labelledby="preview">
        <h2 id="preview">{t("wording.preview")}</h2>
        {preview === null || personId === null ? (
          <p className="muted">{t("wording.previewNobody")}</p>
        ) : (
          <>
            <form method="get" className="narrow-list">
              <input type="hidden" name="side" value={side.sideId} />
              <div className="filters">
                <SelectField
                  form={{ errors: {}, values: { person: personId } }}
                  name="person"
                  label={t("wording.previewAs")}
                  help={t("wording.previewSaved")}
                  required
                  options={people.map((each) => ({
                    value: each.invitationId,
                    label: [each.nameLatin, each.nameNative].filter((name) => name !== "").join(" "),
                  }))}
                />
                <button className="button quiet" type="submit">
                  {t("wording.previewShow")}
                </button>
              </div>
            </form>
            {preview.empty.length === 0 ? null : (
              <Notice tone="stop">
                {t("wording.empty", { placeholders: preview.empty.map((name) => `{${name}}`).join(" ") })}
              </Notice>
            )}
            <Letters preview={preview} />
          </>
        )}
      </section>
    </>
  );
}

function Placeholders() {
  const t = useT();
  return (
    <details className="placeholders">
      <summary>{t("wording.placeholders")}</summary>
      <p>{t("wording.placeholdersHelp")}</p>
      <dl className="facts">
        {PLACEHOLDERS.map((name) => (
          <div key={name} className="fact">
            <dt>
              <code>{`{${name}}`}</code>
            </dt>
            <dd>{t(`wording.placeholder.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Both letters as text: what a name contains is shown, never run. */
function Letters({ preview }: { preview: Preview }) {
  const { texts, salutationEn, salutationZh } = preview;
  const letters = [
    { lang: htmlLang("en"), subject: texts.subjectEn, salutation: salutationEn, body: texts.bodyEn },
    { lang: htmlLang("zh-CN"), subject: texts.subjectZh, salutation: salutationZh, body: texts.bodyZh },
  ];
  return (
    <div className="two-up">
      {letters.map(({ lang, subject, salutation, body }) => (
        <article className="panel letter-preview" lang={lang} key={lang}>
          <p className="muted">{subject}</p>
          <p>{salutation}</p>
          <p className="as-typed">{body}</p>
        </article>
      ))}
    </div>
  );
}
