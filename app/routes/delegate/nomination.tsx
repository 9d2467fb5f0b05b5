import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { BilingualHeading, Notice, Sheet } from "../../components/page.tsx";
import { Second, Text } from "../../components/text.tsx";
import { focalPointHolder, requirePost } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { namesForm } from "../../domain/nomination/form.ts";
import { nominationRequest, proposeNames } from "../../domain/nomination/holder.server.ts";
import { NAMES_SHOWN } from "../../domain/nomination/rules.ts";
import { calendarDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { type Translate, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import { ClosedNotice, Deadline, letterhead, useNames, usePhones } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "nomination.page") },
];

/** What was asked for, and how many names came: no name, and nobody else. Looking changes nothing. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, locale } = await focalPointHolder(args);
  const facts = editionFacts(ctx, holder.editionId);
  const { cityEn, cityZh, startsOn, endsOn } = facts;
  return {
    locale,
    letterhead: letterhead(facts, holder.sideId),
    city: { en: cityEn, zh: cityZh },
    startsOn,
    endsOn,
    request: nominationRequest(ctx),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await focalPointHolder(args);
  const formData = await args.request.formData();
  const parsed = parseForm(namesForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const outcome = await proposeNames(ctx, parsed.value);
  if (outcome.ok) return redirect(`${paths.nomination(token)}?thanks`, 303);
  const form = withError(formData, "", `nomination.refused.${outcome.refusal}`);
  return data({ form }, { status: outcome.refusal === "nobody" ? 422 : 409 });
}

export default function NominationPage() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const locale = useLocale();
  const { request } = page;
  const form = outcome?.form ?? emptyForm;
  const hosts = useNames(page.letterhead.hosts);
  const phones = usePhones(page.letterhead);
  const left = Math.max(0, request.places - request.received);
  return (
    <Sheet hosts={page.letterhead.hosts}>
      <ErrorSummary form={form} labels={labels(form, t)} />
      {query.has("thanks") && outcome === undefined ? (
        <Notice tone="good">
          <p>{t("nomination.thanks")}</p>
        </Notice>
      ) : null}
      <BilingualHeading {...page.letterhead.title} />
      <p>
        {t("nomination.intro", { hosts, places: request.places })}
        <span className="second-line">
          <strong>
            <Text en={request.institutionEn} zh={request.institutionZh} />
          </strong>{" "}
          <Second en={request.institutionEn} zh={request.institutionZh} />
        </span>
      </p>
      <dl className="facts">
        <dt>{t("letter.when")}</dt>
        <dd>
          {t("letter.days", {
            from: calendarDay(page.startsOn, locale),
            to: calendarDay(page.endsOn, locale),
          })}
        </dd>
        <dt>{t("letter.where")}</dt>
        <dd>
          <Text {...page.city} /> <Second {...page.city} />
        </dd>
        {request.closesAt === null ? null : (
          <>
            <dt>{t("nomination.until")}</dt>
            <dd>
              <Deadline
                at={request.closesAt}
                homeTimeZone={request.homeTimeZone}
                timeZone={page.letterhead.timeZone}
              />
            </dd>
          </>
        )}
        <dt>{t("nomination.names")}</dt>
        <dd>{t("nomination.received", { received: request.received, places: request.places })}</dd>
      </dl>
      {request.closed ? (
        <ClosedNotice>{t("nomination.closed", { phones })}</ClosedNotice>
      ) : left === 0 ? (
        <ClosedNotice>{t("nomination.full", { phones })}</ClosedNotice>
      ) : (
        <NamesForm form={form} left={left} />
      )}
      <p className="note sheet-note">{t("nomination.blind")}</p>
      <footer className="small muted sheet-foot">
        {page.letterhead.phones === "" ? null : (
          <p>{t("letter.questions", { phones: page.letterhead.phones })}</p>
        )}
        <p>{t("letter.neverAsk")}</p>
      </footer>
    </Sheet>
  );
}

/** How many rows there are: as many as were typed, and otherwise a few. */
function rowsOf(form: FormState, left: number): Array<number> {
  const typed = Object.keys(form.values).map((name) => Number(/^names\[(\d{1,2})\]/.exec(name)?.[1] ?? -1));
  const shown = Math.max(Math.min(left, NAMES_SHOWN), ...typed.map((n) => n + 1));
  return Array.from({ length: shown }, (_, n) => n);
}

const FIELDS = [
  "familyLatin",
  "givenLatin",
  "nameNative",
  "honorific",
  "position",
  "email",
  "phone",
] as const;

function labels(form: FormState, t: Translate): Record<string, string> {
  return Object.fromEntries(
    Object.keys(form.errors).flatMap((name) => {
      const found = /^names\[(\d{1,2})\]\.(\w+)$/.exec(name);
      const field = FIELDS.find((known) => known === found?.[2]);
      if (found === null || field === undefined) return [];
      const number = Number(found[1]) + 1;
      return [[name, t("nomination.fieldOf", { number, field: t(`nomination.${field}`) })]];
    }),
  );
}

function NamesForm({ form, left }: { form: FormState; left: number }) {
  const t = useT();
  return (
    <form method="post">
      <p className="muted">
        {left > NAMES_SHOWN ? t("nomination.formMore", { left }) : t("nomination.form", { left })}
      </p>
      {rowsOf(form, left).map((n) => (
        <fieldset key={n}>
          <legend>{t("nomination.nth", { number: n + 1 })}</legend>
          <div className="pair">
            <TextField form={form} name={`names[${n}].familyLatin`} label={t("nomination.familyLatin")} />
            <TextField form={form} name={`names[${n}].givenLatin`} label={t("nomination.givenLatin")} />
          </div>
          <TextField
            form={form}
            name={`names[${n}].nameNative`}
            label={t("nomination.nameNative")}
            help={t("nomination.nameNativeHelp")}
          />
          <div className="pair">
            <TextField form={form} name={`names[${n}].honorific`} label={t("nomination.honorific")} />
            <TextField form={form} name={`names[${n}].position`} label={t("nomination.position")} />
          </div>
          <div className="pair">
            <TextField
              form={form}
              name={`names[${n}].email`}
              label={t("nomination.email")}
              inputMode="email"
              maxLength={254}
            />
            <TextField
              form={form}
              name={`names[${n}].phone`}
              label={t("nomination.phone")}
              inputMode="tel"
              maxLength={40}
            />
          </div>
        </fieldset>
      ))}
      <button className="button" type="submit">
        {t("nomination.send")}
      </button>
    </form>
  );
}
