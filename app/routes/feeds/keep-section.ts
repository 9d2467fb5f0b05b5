import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { answersFromForm } from "../../domain/registration/answers.ts";
import { saveRegistration } from "../../domain/registration/commands.server.ts";
import { registrationForm } from "../../domain/registration/queries.server.ts";
import { clockTime } from "../../i18n/dates.ts";
import { translate } from "../../i18n/translate.ts";
import { clearedIn } from "../delegate/own-questions.tsx";

/** There is nothing to look at here. */
export async function loader(args: LoaderFunctionArgs): Promise<never> {
  await verifiedHolder(args, { assistants: true });
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/**
 * Keeps a section of a draft while it is being filled in, for the page's script: what happened, in words, and the mark of
 * what stands now. It never sends anything, so a registration that was sent is changed by its page's buttons alone.
 */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, holder, locale } = await verifiedHolder(args, { assistants: true });
  const section = args.params.section ?? "";
  const form = registrationForm(ctx);
  if (form === null || !form.sections.some((each) => each.section === section)) throw notFound();
  const formData = await args.request.formData();
  const mark = formData.get("mark");
  const saved = await saveRegistration(ctx, {
    answers: answersFromForm(formData),
    cleared: clearedIn(formData),
    only: [section],
    ...(typeof mark === "string" && mark !== "" ? { marks: { [section]: mark } } : {}),
  });
  if (saved.ok) {
    const now = registrationForm(ctx, { withMarks: true });
    const { timeZone } = editionFacts(ctx, holder.editionId);
    return Response.json({
      words: translate(locale, "step.kept", {
        time: clockTime(ctx.clock.now(), form.homeTimeZone === "" ? timeZone : form.homeTimeZone, locale),
      }),
      mark: now?.marks[section] ?? null,
    });
  }
  if (saved.refusal === "gone") throw notFound();
  const words = translate(
    locale,
    saved.refusal === "invalid"
      ? "step.notKept.invalid"
      : saved.refusal === "changed"
        ? "step.notKept.changed"
        : "step.notKept.other",
  );
  return Response.json({ words, mark: null }, { status: saved.refusal === "invalid" ? 422 : 409 });
}
