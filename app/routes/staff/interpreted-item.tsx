import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { LANGUAGE_PAIRS } from "#db/vocabulary.ts";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { useGapWords } from "../../components/interpretation-gaps.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { removePost, savePost } from "../../domain/interpretation/commands.server.ts";
import { postForm } from "../../domain/interpretation/form.ts";
import { interpretationPlan, type PostView } from "../../domain/interpretation/queries.server.ts";
import { WORKING_LANGUAGES } from "../../domain/registration/rules.ts";
import { deskRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "interp.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const plan = interpretationPlan(ctx);
  const item = plan.items.find(({ itemId }) => itemId === args.params.item);
  if (item === undefined) throw notFound();
  const overlapping = new Set(item.gaps.flatMap((gap) => (gap.kind === "twice" ? [gap.otherId] : [])));
  return {
    locale,
    slug: edition.slug,
    timeZone: plan.timeZone,
    item,
    others: plan.items.filter(({ itemId }) => overlapping.has(itemId)),
    outsiders: plan.outsiders,
    invited: plan.invited,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const itemId = args.params.item ?? "";
  const here = paths.interpretedItem(edition.slug, itemId);
  const formData = await args.request.formData();
  if (formData.get("intent") === "remove") {
    const removed = await removePost(ctx, { itemId, postId: String(formData.get("postId") ?? "") });
    if (!removed.ok) throw notFound();
    throw redirect(`${here}?saved`, 303);
  }
  if (formData.get("intent") !== "post") throw data(null, { status: 400 });
  const parsed = parseForm(postForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const saved = await savePost(ctx, { ...parsed.value, itemId });
  if (!saved.ok) throw notFound();
  throw redirect(`${here}?saved`, 303);
}

export default function InterpretedItem() {
  const { slug, timeZone, item, others } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const locale = useLocale();
  const words = useGapWords([item, ...others]);
  const listeners = WORKING_LANGUAGES.flatMap((tongue) => {
    const people = item.need.channels[tongue];
    return people === undefined ? [] : [[tongue, people] as const];
  });
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.interpretation(slug)}>
            {t("interp.back")}
          </a>
        }
      >
        <Text en={item.titleEn} zh={item.titleZh} />
      </WorkHeading>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <p className="muted">
        {deskRange(item.startsAt, item.endsAt, timeZone, locale)} <Text en={item.placeEn} zh={item.placeZh} />
        <span className="second-line">
          {item.mode === null ? t("interp.notSaid") : t(`interpretation.${item.mode}`)}
          {item.pairs.map((pair) => ` · ${t(`languagePair.${pair}`)}`).join("")}{" "}
          <a href={paths.agendaItem(slug, item.itemId)}>{t("interp.toAgenda")}</a>
        </span>
      </p>
      {item.gaps.length === 0 ? (
        <p>
          <Status tone="good">{t("interp.gaps.none")}</Status>
        </p>
      ) : (
        <ul className="plain">
          {item.gaps.map((gap) => (
            <li key={JSON.stringify(gap)}>
              <Status tone={gap.kind === "unknown" || gap.kind === "booth" ? "wait" : "stop"}>
                <span className="wrap">{words(gap)}</span>
              </Status>
            </li>
          ))}
        </ul>
      )}
      <section className="panel">
        <h2>{t("interp.room")}</h2>
        {listeners.length === 0 ? <p>{t("interp.nobodyListens")}</p> : null}
        <ul className="plain">
          {listeners.map(([tongue, people]) => (
            <li key={tongue}>
              {t("meals.countOf", {
                what: t("interp.listenIn", { tongue: t(`register.language.${tongue}`) }),
                count: people,
              })}
            </li>
          ))}
        </ul>
      </section>
      <section className="panel">
        <h2>{t("interp.here")}</h2>
        {item.posts.length === 0 ? <p className="muted">{t("interp.nobody")}</p> : null}
        <ul className="plain">
          {item.posts.map((post, n) => (
            <li key={post.key ?? `other ${n}`} className="manifest-edit">
              <Post post={post} />
            </li>
          ))}
        </ul>
      </section>
      <Assign />
    </>
  );
}

function Post({ post }: { post: PostView }) {
  const { slug, item } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <span>
        <strong>{post.key === null ? t("interp.ofOthers") : post.name}</strong>{" "}
        {post.pair === null ? null : t(`languagePair.${post.pair}`)}
        {post.booth === "" ? null : ` · ${t("interp.booth", { booth: post.booth })}`}
        {post.key !== null && post.postId === null ? (
          <span className="small muted"> {t("interp.fromProgramme")}</span>
        ) : null}
      </span>
      {post.postId === null ? null : (
        <Form method="post" action={paths.interpretedItem(slug, item.itemId)}>
          <input type="hidden" name="postId" value={post.postId} />
          <button
            className="link"
            type="submit"
            name="intent"
            value="remove"
            aria-label={t("interp.removePostWhom", { name: post.name })}
          >
            {t("interp.removePost")}
          </button>
        </Form>
      )}
    </>
  );
}

function Assign() {
  const { slug, item, outsiders, invited } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const usual: FormState = {
    errors: {},
    values: { pair: item.pairs[0] ?? LANGUAGE_PAIRS.find((pair) => item.need.pairs[pair]) ?? "" },
  };
  const form = sent?.form ?? usual;
  return (
    <section className="panel">
      <h2>{t("interp.add")}</h2>
      <Form
        method="post"
        action={paths.interpretedItem(slug, item.itemId)}
        noValidate
        className="wide"
        key={item.posts.length}
      >
        <ErrorSummary
          form={form}
          labels={{
            who: t("interp.field.who"),
            pair: t("interp.field.pair"),
            booth: t("interp.field.booth"),
          }}
        />
        <SelectField
          form={form}
          name="who"
          label={t("interp.field.who")}
          required
          blank={t("manifest.choose")}
          options={[
            ...invited.map((one) => ({
              value: `i:${one.invitationId}`,
              label: `${one.nameLatin} ${one.nameNative}`.trim(),
            })),
            ...outsiders.map((one) => ({
              value: `o:${one.outsiderId}`,
              label: t("interp.hired", { name: one.name }),
            })),
          ]}
        />
        <div className="row-fields">
          <SelectField
            form={form}
            name="pair"
            label={t("interp.field.pair")}
            required
            blank={t("manifest.choose")}
            options={LANGUAGE_PAIRS.map((pair) => ({ value: pair, label: t(`languagePair.${pair}`) }))}
          />
          <TextField
            form={form}
            name="booth"
            label={t("interp.field.booth")}
            help={t("interp.field.boothHelp")}
            narrow
          />
        </div>
        <button className="button" type="submit" name="intent" value="post">
          {t("interp.assign")}
        </button>
      </Form>
    </section>
  );
}
