import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { AccessFields, OwnPassword } from "../../components/access-fields.tsx";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TickField } from "../../components/fields.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { findColleagueAccess, sidesOf } from "../../domain/access/colleague-list.server.ts";
import {
  type AccessChange,
  type AccessRefusal,
  changeAccess,
  endAccess,
  hasJustEnded,
} from "../../domain/access/colleagues.server.ts";
import { changeAccessForm, endAccessForm } from "../../domain/access/form.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import type { Result } from "../../domain/result.ts";
import { dayOf } from "../../i18n/dates.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "staff.title") },
];

/** The access that the address names: whose, on which side, in this edition or in all; 404 when it is not the reader's to change. */
async function openAccess(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const opened = await staffEdition(args, "lead");
  const query = new URL(args.request.url).searchParams;
  const userId = args.params.colleague ?? "";
  const asked = query.get("reach");
  const everywhere = asked === null ? null : asked === "all";
  const found = findColleagueAccess(opened.ctx, { userId, sideId: query.get("side"), everywhere });
  if (found === null) {
    if (args.request.method === "POST" && hasJustEnded(opened.ctx, { userId }))
      throw redirect(`${paths.staff(opened.edition.slug)}?done=ended`, 303);
    throw notFound();
  }
  const { access } = found;
  const reach = { sideId: access.sideId, editionId: access.everywhere ? null : opened.edition.id };
  return { ...opened, ...found, reach };
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale, colleague, access } = await openAccess(args);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    sides: sidesOf(ctx),
    colleague,
    access,
  };
}

/** What an action leaves to be shown; `asksSure`: it is one's own lead, and the box for that is wanted. */
type Left = { panel: "change" | "end"; form: FormState; asksSure: boolean };

const SECRET = ["password", "endPassword"];

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account, colleague, reach } = await openAccess(args);
  const { auth, limits } = servicesOf(args);
  const formData = await args.request.formData();
  const { userId } = colleague;
  const isEnd = formData.get("intent") === "end";
  const panel = isEnd ? "end" : "change";
  const left = (form: FormState, status: number, asksSure = formData.has("asksSure")) =>
    data<Left>({ panel, form, asksSure }, { status });
  const isOwnPassword = (password: string) =>
    withPassword({ limits }, account.id, () => auth.provePassword(args.request.headers, password));

  if (isEnd) {
    const parsed = parseForm(endAccessForm, formData, SECRET);
    if (!parsed.ok) return left(parsed.form, 422);
    if ((await isOwnPassword(parsed.value.endPassword)) === null)
      return left(withError(formData, "endPassword", "account.passwordWrong", SECRET), 422);
    const sure = parsed.value.sure === "on";
    return finish(await endAccess(ctx, { ...reach, userId, sure }), "ended");
  }
  const parsed = parseForm(changeAccessForm(edition.timeZone), formData, SECRET);
  if (!parsed.ok) return left(parsed.form, 422);
  if ((await isOwnPassword(parsed.value.password)) === null)
    return left(withError(formData, "password", "account.passwordWrong", SECRET), 422);
  const { permissions, endsAt = null, sure } = parsed.value;
  const wanted = { ...reach, userId, permissions, endsAt, sure: sure === "on" };
  return finish(await changeAccess(ctx, wanted), "changed");

  function finish(done: Result<AccessChange, AccessRefusal>, what: "changed" | "ended") {
    if (done.ok)
      return redirect(
        done.value.ownLead ? paths.editions() : `${paths.staff(edition.slug)}?done=${what}`,
        303,
      );
    switch (done.refusal) {
      case "gone":
        throw notFound();
      case "past":
      case "longer":
        return left(withError(formData, "endsAt", `staff.error.${done.refusal}`, SECRET), 422);
      case "last_lead":
        return left(withError(formData, "", "staff.error.last_lead", SECRET), 409);
      case "own_lead":
        return left(withError(formData, "sure", "staff.error.own_lead", SECRET), 409, true);
    }
  }
}

/** What one colleague may do, on one side and as far as one grant reaches. */
export default function ColleaguePage() {
  const { slug, timeZone, sides, colleague, access } = useLoaderData<typeof loader>();
  const left: Left | undefined = useActionData<typeof action>();
  const t = useT();
  const change: FormState =
    left?.panel === "change"
      ? left.form
      : {
          values: {
            permissions: access.permissions,
            endsAt: access.endsAt === null ? "" : dayOf(access.endsAt - 1, timeZone),
          },
          errors: {},
        };
  const end = left?.panel === "end" ? left.form : emptyForm;
  const side = sides.length < 2 ? undefined : sides.find((each) => each.id === access.sideId);
  const labels = {
    permissions: t("staff.field.permissions"),
    endsAt: t("staff.field.endsAt"),
    sure: t("staff.field.sure"),
    password: t("staff.field.password"),
    endPassword: t("staff.field.password"),
  };
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.staff(slug)}>
            {t("staff.back")}
          </a>
        }
      >
        <bdi>{colleague.name}</bdi>
      </WorkHeading>
      <section className="panel">
        <p>
          <bdi>{colleague.email}</bdi>
          {" · "}
          {access.everywhere ? t("staff.reach.all") : t("staff.reach.edition")}
          {side === undefined ? null : (
            <>
              {" · "}
              <Text en={side.nameEn} zh={side.nameZh} />
            </>
          )}
          {access.isLive ? null : (
            <>
              {" "}
              <Status tone="stop">{t("staff.expired")}</Status>
            </>
          )}
        </p>
        <form method="post" className="narrow">
          <ErrorSummary form={change} labels={labels} />
          <AccessFields form={change} />
          <Sure left={left} panel="change" />
          <OwnPassword form={change} name="password" />
          <button className="button" type="submit" name="intent" value="change">
            {t("common.save")}
          </button>
        </form>
      </section>
      <section className="panel">
        <h2>{t("staff.end")}</h2>
        <p>{t("staff.endIntro")}</p>
        <form method="post" className="narrow">
          <ErrorSummary form={end} labels={labels} />
          <Sure left={left} panel="end" />
          <OwnPassword form={end} name="endPassword" />
          <button className="button danger" type="submit" name="intent" value="end">
            {t("staff.endDo")}
          </button>
        </form>
      </section>
    </>
  );
}

/** The box that whoever gives up their own lead ticks, once it has been asked for. */
function Sure({ left, panel }: { left: Left | undefined; panel: Left["panel"] }) {
  const t = useT();
  if (left === undefined || left.panel !== panel || !left.asksSure) return null;
  return (
    <>
      <input type="hidden" name="asksSure" value="yes" />
      <TickField form={left.form} name="sure" label={t("staff.field.sure")} />
    </>
  );
}
