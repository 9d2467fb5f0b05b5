import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { TravelTabs } from "../../components/travel-tabs.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { type OpenCheck, travelChecks, travelColleagues } from "../../domain/travel/checks.server.ts";
import { acceptCheck, giveCheck, reopenCheck } from "../../domain/travel/commands.server.ts";
import { acceptForm, checkForm, ownerForm } from "../../domain/travel/form.ts";
import { shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "checks.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const checks = travelChecks(ctx);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    open: checks.filter((check) => check.acceptedBecause === ""),
    accepted: checks.filter((check) => check.acceptedBecause !== ""),
    colleagues: travelColleagues(ctx),
    mayWrite: allows(ctx.scope, "logistics"),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const formData = await args.request.formData();
  const outcome = await settle(ctx, formData);
  if (outcome === null) throw data(null, { status: 400 });
  if (outcome.ok) throw redirect(paths.travelChecks(edition.slug), 303);
  if (outcome.refusal === "gone") throw notFound();
  const typed = (name: string) => String(formData.get(name) ?? "");
  return data(
    // What was typed goes back to where it was typed.
    {
      problem: outcome.refusal,
      which: typed("invitationId") + typed("kind"),
      because: typed("because").slice(0, 300),
    },
    { status: outcome.refusal === "blank" ? 422 : 409 },
  );
}

type Refusal = "gone" | "over" | "unknown" | "changed" | "blank";

async function settle(
  ctx: Parameters<typeof giveCheck>[0],
  formData: FormData,
): Promise<{ ok: true } | { ok: false; refusal: Refusal } | null> {
  switch (formData.get("intent")) {
    case "give": {
      const parsed = parseForm(ownerForm, formData);
      if (!parsed.ok) return { ok: false, refusal: "gone" };
      const { ownerId, invitationId, kind } = parsed.value;
      return giveCheck(ctx, { invitationId, kind, ownerId: ownerId === "" ? null : ownerId });
    }
    case "accept": {
      const parsed = parseForm(acceptForm, formData);
      if (!parsed.ok) return { ok: false, refusal: "because" in parsed.form.errors ? "blank" : "gone" };
      return acceptCheck(ctx, parsed.value);
    }
    case "reopen": {
      const parsed = parseForm(checkForm, formData);
      return parsed.ok ? reopenCheck(ctx, parsed.value) : { ok: false, refusal: "gone" };
    }
    default:
      return null;
  }
}

export default function TravelChecks() {
  const { slug, open, accepted } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("checks.title")}</WorkHeading>
      <TravelTabs slug={slug} here="checks" open={open.length} />
      {sent === undefined ? null : (
        <Notice tone="stop">
          {sent.problem === "blank" ? t("error.required") : t(`checks.refusal.${sent.problem}`)}
        </Notice>
      )}
      <p className="readable">{t("checks.intro")}</p>
      <section className="visit-people">
        <h2>{t("checks.open")}</h2>
        {open.length === 0 ? <p>{t("checks.none")}</p> : <Checks label={t("checks.open")} checks={open} />}
      </section>
      {accepted.length === 0 ? null : (
        <section className="visit-people">
          <h2>{t("checks.accepted")}</h2>
          <Checks label={t("checks.accepted")} checks={accepted} />
        </section>
      )}
    </>
  );
}

function Checks({ label, checks }: { label: string; checks: ReadonlyArray<OpenCheck> }) {
  const { slug, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={label}>
      <table className="fit stack">
        <thead>
          <tr>
            <th scope="col">{t("travel.column.person")}</th>
            <th scope="col">{t("checks.column.what")}</th>
            <th scope="col">{t("checks.column.owner")}</th>
            <th scope="col">{t("checks.column.accept")}</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={check.traveller.invitationId + check.kind}>
              <th scope="row">
                <a href={paths.journey(slug, check.traveller.invitationId)}>
                  <BothNames person={check.traveller} />
                </a>
              </th>
              <td>
                <Status tone={check.acceptedBecause === "" ? "stop" : "good"}>
                  <span className="wrap">{t(`check.${check.kind}`)}</span>
                </Status>
                {check.at === null ? null : (
                  <span className="second-line muted small">{shortMoment(check.at, timeZone, locale)}</span>
                )}
                <Others check={check} />
              </td>
              <td data-label={t("checks.column.owner")}>
                <Owner check={check} />
              </td>
              <td data-label={t("checks.column.accept")}>
                <Acceptance check={check} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** As many as fit beside one line; the others are on the list of arrivals. */
const MOST_NAMED = 5;

function Others({ check: { others } }: { check: OpenCheck }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const more = others.length - MOST_NAMED;
  return (
    <>
      {others.slice(0, MOST_NAMED).map(({ traveller, at, place }) => (
        <span className="second-line small" key={traveller.invitationId}>
          {t("checks.otherwise", {
            person: traveller.nameLatin || traveller.nameNative,
            told: [at === null ? "" : shortMoment(at, timeZone, locale), place].filter(Boolean).join(" · "),
          })}
        </span>
      ))}
      {more > 0 ? (
        <span className="second-line small">{t("checks.otherwiseMore", { count: more })}</span>
      ) : null}
    </>
  );
}

function Which({ check }: { check: OpenCheck }) {
  return (
    <>
      <input type="hidden" name="invitationId" value={check.traveller.invitationId} />
      <input type="hidden" name="kind" value={check.kind} />
      <input type="hidden" name="about" value={check.about} />
    </>
  );
}

function Owner({ check }: { check: OpenCheck }) {
  const { slug, colleagues, mayWrite } = useLoaderData<typeof loader>();
  const t = useT();
  const { traveller, owner } = check;
  const left = owner?.left ? <Status tone="wait">{t("tasks.ownerLeft", { name: owner.name })}</Status> : null;
  if (!mayWrite) return left ?? <>{owner?.name ?? t("checks.nobodys")}</>;
  return (
    <>
      {left}
      <Form method="post" action={paths.travelChecks(slug)} className="inline-form">
        <Which check={check} />
        <select
          name="ownerId"
          defaultValue={owner?.id ?? ""}
          aria-label={t("checks.giveWhom", { person: traveller.nameLatin || traveller.nameNative })}
        >
          <option value="">{t("checks.nobodys")}</option>
          {colleagues.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>{" "}
        <button className="button quiet small" type="submit" name="intent" value="give">
          {t("checks.give")}
        </button>
      </Form>
    </>
  );
}

function Acceptance({ check }: { check: OpenCheck }) {
  const { slug, timeZone, mayWrite } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const refused = sent?.which === check.traveller.invitationId + check.kind ? sent : undefined;
  const { traveller, acceptedBecause } = check;
  if (acceptedBecause !== "")
    return (
      <>
        {acceptedBecause}
        {check.accepted === null ? null : (
          <span className="second-line muted small">
            {t("checks.acceptedBy", {
              who: check.accepted.by ?? t("journey.someone"),
              when: shortMoment(check.accepted.at, timeZone, locale),
            })}
          </span>
        )}
        {mayWrite ? (
          <Form method="post" action={paths.travelChecks(slug)}>
            <Which check={check} />
            <button className="link" type="submit" name="intent" value="reopen">
              {t("checks.reopen")}
            </button>
          </Form>
        ) : null}
      </>
    );
  if (!mayWrite) return null;
  return (
    <Form method="post" action={paths.travelChecks(slug)} className="inline-form">
      <Which check={check} />
      <input
        name="because"
        key={refused?.because ?? ""}
        defaultValue={refused?.because ?? ""}
        aria-invalid={refused === undefined ? undefined : true}
        maxLength={300}
        autoComplete="off"
        aria-label={t("checks.becauseWhom", { person: traveller.nameLatin || traveller.nameNative })}
      />{" "}
      <button className="button quiet small" type="submit" name="intent" value="accept">
        {t("checks.accept")}
      </button>
    </Form>
  );
}
