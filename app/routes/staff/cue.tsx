import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { CUE_ANCHORS } from "#db/vocabulary.ts";
import { CueFields, useCueLabels, useItemChoices } from "../../components/cue-fields.tsx";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { MergeNotice } from "../../components/merge-notice.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { carriedValues, mergeForms, standsAlready } from "../../domain/agenda/merging.ts";
import type { StaffContext } from "../../domain/context.ts";
import { changeCue, removeCue } from "../../domain/cue/commands.server.ts";
import { cueForm } from "../../domain/cue/form.ts";
import { cueValues, runOfShow } from "../../domain/cue/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "cue.one") },
];

function cueOf(ctx: StaffContext, cueId: string) {
  const show = runOfShow(ctx);
  const found = show.cues.find(({ id }) => id === cueId);
  if (found === undefined) throw notFound();
  return { show, cue: found, values: cueValues(found, show.timeZone) };
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "agenda");
  const { show, cue, values } = cueOf(ctx, args.params.cue ?? "");
  const form: FormState = { values, errors: {} };
  const { items, timeZone } = show;
  return { locale, slug: edition.slug, items, timeZone, seenAt: String(cue.updatedAt), form };
}

const seenForm = z.object({ seenAt: z.coerce.number().int() });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const cueId = args.params.cue ?? "";
  cueOf(ctx, cueId);
  const formData = await args.request.formData();
  const list = paths.runOfShow(edition.slug);
  if (formData.get("intent") === "remove") {
    const removed = await removeCue(ctx, { cueId });
    if (!removed.ok) throw notFound();
    throw redirect(`${list}?done=removed`, 303);
  }
  const parsed = parseForm(cueForm, formData, ["base"]);
  if (!parsed.ok) return data({ form: parsed.form, merge: null }, { status: 422 });
  const seen = parseForm(seenForm, formData);
  const seenAt = seen.ok ? seen.value.seenAt : 0;
  const changed = await changeCue(ctx, { cueId, seenAt, input: parsed.value });
  if (changed.ok) throw redirect(`${list}?done=changed`, 303);
  switch (changed.refusal) {
    case "not_found":
      throw notFound();
    case "unknown_item":
      return data(
        { form: withError(formData, "itemId", "cue.error.item", ["base"]), merge: null },
        { status: 409 },
      );
    case "changed_meanwhile": {
      const { cue, values: theirs } = cueOf(ctx, cueId);
      const typed = typedValues(formData, ["base"]);
      if (standsAlready(theirs, typed)) throw redirect(`${list}?done=changed`, 303);
      const { values, differences } = mergeForms(carriedValues(formData.get("base")), theirs, typed);
      const form = { values: { ...values, seenAt: String(cue.updatedAt) }, errors: {} };
      return data({ form, merge: { base: JSON.stringify(theirs), differences } }, { status: 409 });
    }
    default:
      return changed.refusal satisfies never;
  }
}

export default function Cue() {
  const { slug, items, timeZone, seenAt: stored, form } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useCueLabels();
  const choices = useItemChoices(items, timeZone);
  const merge = sent?.merge ?? null;
  const typed = sent?.form.values.seenAt;
  const seenAt = typeof typed === "string" ? typed : stored;
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.runOfShow(slug)}>
            {t("cue.back")}
          </a>
        }
      >
        {t("cue.one")}
      </WorkHeading>
      {merge === null ? null : (
        <MergeNotice
          by={null}
          differences={merge.differences}
          labels={labels}
          shown={(name, value) => {
            const anchor = CUE_ANCHORS.find((one) => one === value);
            if (name === "anchor" && anchor !== undefined) return t(`cueAnchor.${anchor}`);
            if (name === "itemId") return choices.find((one) => one.value === value)?.label ?? value;
            return name === "shared" ? t("cue.shared") : value;
          }}
        />
      )}
      <ErrorSummary form={sent?.form ?? emptyForm} labels={labels} />
      <Form method="post" noValidate className="agenda-form" key={seenAt}>
        <input type="hidden" name="seenAt" value={seenAt} />
        <input type="hidden" name="base" value={merge?.base ?? JSON.stringify(form.values)} />
        <CueFields form={sent?.form ?? form} items={items} timeZone={timeZone} />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="save">
            {t("cue.save")}
          </button>
          <button className="button danger" type="submit" name="intent" value="remove">
            {t("cue.remove")}
          </button>
        </Toolbar>
      </Form>
    </>
  );
}
