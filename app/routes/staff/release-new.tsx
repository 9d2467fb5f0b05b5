import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { REPLIES } from "#db/vocabulary.ts";
import { Filters, TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, fieldId, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { ReleaseCells } from "../../components/release-table.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { WhoseFields } from "../../components/whose-fields.tsx";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { releaseHeading, releaseText } from "../../documents/release-list.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { filterFields, peopleFilter } from "../../domain/person/form.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import {
  endOfDay,
  lastReleaseDay,
  mayEndOn,
  RELEASE_COLUMNS,
  type ReleaseColumn,
} from "../../domain/privacy/release.ts";
import { createRelease } from "../../domain/privacy/release-commands.server.ts";
import { newReleaseForm, OUTSIDE, releaseNowForm } from "../../domain/privacy/release-form.ts";
import {
  type Candidate,
  candidates,
  previewRelease,
  type ReleaseDraft,
  type ReleasePreview,
  recipients,
} from "../../domain/privacy/release-queries.server.ts";
import { calendarDay, dayOf, deskMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { newId } from "../../platform/crypto.server.ts";
import { parseForm, ticked, typedValues, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "releases.new") },
];

/** The list of people to choose from; an address narrows it by what says nothing of anybody. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const filter = peopleFilter(new URL(args.request.url).searchParams);
  const { timeZone, travelTo } = editionFacts(ctx, edition.id);
  return {
    locale,
    slug: edition.slug,
    timeZone,
    today: dayOf(ctx.clock.now(), timeZone),
    last: lastReleaseDay({ travelTo }),
    filter,
    delegations: delegationsOfScope(ctx),
    recipients: recipients(ctx),
    people: candidates(ctx, filter),
  };
}

/** What is not to be sent back: the password. */
const HIDE = ["password"];

type Left =
  | { step: "choose"; form: FormState }
  | {
      step: "preview";
      form: FormState;
      chosen: FormState["values"];
      preview: ReleasePreview;
      releaseId: string;
      expiresAt: number;
      recipient: string;
      changed: boolean;
    };

/** First POST: exactly what would cross. Second (`step=release`): it crosses, if it still is what was shown. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account } = await staffEdition(args, "lead");
  const { auth, limits } = servicesOf(args);
  const formData = await args.request.formData();
  const answer = (body: Left, status: number) => data(body, { status });
  const step = formData.get("step");
  // People who were chosen in the list of everybody come along.
  if (step === "people") {
    const invitations = ticked(formData, "invitation") ?? [];
    return answer({ step: "choose", form: { values: { invitations }, errors: {} } }, 200);
  }
  if (step === "edit")
    return answer({ step: "choose", form: { values: typedValues(formData, HIDE), errors: {} } }, 200);

  const parsed = parseForm(newReleaseForm, formData, HIDE);
  if (!parsed.ok) return answer({ step: "choose", form: parsed.form }, 422);
  const { invitations, columns, to, recipient, purpose, until } = parsed.value;
  const { timeZone, travelTo } = editionFacts(ctx, edition.id);
  const again = (field: string, key: "releases.error.until" | "releases.error.sides") =>
    answer({ step: "choose", form: withError(formData, field, key, HIDE) }, 422);
  if (!mayEndOn(until, dayOf(ctx.clock.now(), timeZone), { travelTo }))
    return again("until", "releases.error.until");
  const draft: ReleaseDraft = {
    toSideId: to === OUTSIDE ? null : to,
    recipient: to === OUTSIDE ? recipient : "",
    purpose,
    columns,
    invitationIds: invitations,
    expiresAt: endOfDay(until, timeZone),
  };
  const show = (how: { form?: FormState; changed?: boolean; releaseId?: string }, status: number) => {
    const preview = previewOr404(ctx, draft);
    if (preview === "sides") return again("to", "releases.error.sides");
    const chosen = { invitations, columns: [...columns], to, recipient, purpose, until };
    const { form = emptyForm, changed = false, releaseId = newId() } = how;
    const { expiresAt } = draft;
    return answer(
      { step: "preview", form, chosen, preview, releaseId, expiresAt, recipient: draft.recipient, changed },
      status,
    );
  };
  if (step !== "release") return show({}, 200);

  const now = parseForm(releaseNowForm, formData, HIDE);
  const releaseId = String(formData.get("releaseId") ?? "");
  if (!now.ok) return show({ form: now.form, releaseId }, 422);
  const { password, ...seen } = now.value;
  const proved = await withPassword({ limits }, account.id, () =>
    auth.provePassword(args.request.headers, password),
  );
  if (proved === null)
    return show({ form: withError(formData, "password", "account.passwordWrong", HIDE), releaseId }, 422);
  const released = await createRelease(ctx, { ...draft, ...seen });
  if (released.ok) return redirect(`${paths.release(edition.slug, released.value.releaseId)}?released`, 303);
  switch (released.refusal) {
    case "changed":
      return show({ changed: true }, 409);
    case "count":
      return show({ form: withError(formData, "count", "releases.error.count", HIDE), releaseId }, 422);
    case "until":
      return again("until", "releases.error.until");
    case "sides":
      return again("to", "releases.error.sides");
    case "gone":
      throw notFound();
  }
}

/** Whoever names people that are not theirs, or a recipient who is none, asks for something that is not there. */
function previewOr404(ctx: StaffContext, draft: ReleaseDraft): ReleasePreview | "sides" {
  const preview = previewRelease(ctx, draft);
  if (preview.ok) return preview.value;
  if (preview.refusal === "gone") throw notFound();
  return "sides";
}

export default function NewReleasePage() {
  const { slug } = useLoaderData<typeof loader>();
  const left: Left | undefined = useActionData<typeof action>();
  const t = useT();
  return left?.step === "preview" ? (
    <>
      <WorkHeading>{t("releases.preview.title")}</WorkHeading>
      <Preview left={left} />
    </>
  ) : (
    <>
      <WorkHeading>{t("releases.new")}</WorkHeading>
      <p className="readable muted">{t("releases.lead")}</p>
      <Choose form={left?.form ?? emptyForm} />
      <p className="no-print apart">
        <a href={paths.releases(slug)}>{t("releases.all")}</a>
      </p>
    </>
  );
}

const GROUPS = [...new Set(RELEASE_COLUMNS.map(({ group }) => group))];
/** Without a name nobody can be met at an airport: these are ticked to begin with. */
const NAMES: ReadonlyArray<ReleaseColumn> = ["nameLatin", "nameNative"];

function Choose({ form }: { form: FormState }) {
  const page = useLoaderData<typeof loader>();
  const { slug, filter, delegations, people, recipients, timeZone, today, last } = page;
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const narrowed = Object.keys(filter).length > 0;
  const typed = form.values.purpose !== undefined;
  const isTicked = (name: string, otherwise: boolean) => (value: string) => {
    const values = form.values[name];
    if (!typed && values === undefined) return otherwise;
    return typeof values === "string" ? values === value : (values ?? []).includes(value);
  };
  const labels = {
    invitations: t("releases.field.people"),
    columns: t("releases.field.columns"),
    to: t("releases.field.to"),
    recipient: t("releases.choose.recipient"),
    purpose: t("releases.field.purpose"),
    until: t("releases.choose.until"),
  };
  const fields = { errors: {}, values: filterFields(filter) };
  const columnTicked = isTicked("columns", false);
  return (
    <>
      <ErrorSummary form={form} labels={labels} />
      <section aria-labelledby="whose">
        <h2 id="whose">{t("releases.choose.people")}</h2>
        <p className="readable muted">{t("releases.choose.peopleHelp")}</p>
        <form method="get" className="narrow-list">
          <Filters>
            {/* Of those who have declined nothing is told. */}
            <WhoseFields
              form={fields}
              delegations={delegations}
              replies={REPLIES.filter((value) => value !== "declined")}
            />
            <button className="button quiet" type="submit">
              {t("people.filter.apply")}
            </button>
            {narrowed ? <a href={paths.newRelease(slug)}>{t("people.filter.clear")}</a> : null}
          </Filters>
        </form>
      </section>
      <form method="post" key={query.toString()}>
        <People people={people} ticked={isTicked("invitations", narrowed)} wrong={form.errors.invitations} />
        <section aria-labelledby="what" className="apart">
          <h2 id="what">{t("releases.choose.columns")}</h2>
          <p className="readable muted">{t("releases.choose.columnsHelp")}</p>
          <div id={fieldId("columns")} tabIndex={-1}>
            <FieldErrors keys={form.errors.columns} />
            <div className="column-groups">
              {GROUPS.map((group) => {
                const columns = RELEASE_COLUMNS.filter((column) => column.group === group);
                const dataClass = columns[0]?.dataClass ?? "C4";
                return (
                  <fieldset className="choices" key={group}>
                    <legend>{t(`releases.group.${group}`)}</legend>
                    <p className={dataClass === "C4" ? "help warns" : "help"}>
                      {t(`releases.class.${dataClass}`)}
                    </p>
                    {columns.map(({ name }) => (
                      <label className="choice" key={name}>
                        <input
                          type="checkbox"
                          name="columns"
                          value={name}
                          defaultChecked={typed ? columnTicked(name) : NAMES.includes(name)}
                        />
                        <span>{releaseHeading(name, timeZone, locale)}</span>
                      </label>
                    ))}
                  </fieldset>
                );
              })}
            </div>
          </div>
        </section>
        <section aria-labelledby="terms" className="apart readable">
          <h2 id="terms">{t("releases.choose.terms")}</h2>
          <ChoiceField
            form={form}
            type="radio"
            name="to"
            label={t("releases.field.to")}
            required
            options={[
              ...recipients.map((side) => ({
                value: side.id,
                label: inLocale({ en: side.nameEn, zh: side.nameZh }, locale).text,
              })),
              { value: OUTSIDE, label: t("releases.choose.outside") },
            ]}
          />
          <TextField
            form={form}
            name="recipient"
            label={t("releases.choose.recipient")}
            help={t("releases.choose.recipientHelp")}
            maxLength={200}
          />
          <TextField
            form={form}
            name="purpose"
            label={t("releases.field.purpose")}
            help={t("releases.choose.purposeHelp")}
            maxLength={200}
            required
          />
          <TextField
            form={form}
            name="until"
            type="date"
            label={t("releases.choose.until")}
            help={t("releases.choose.untilHelp", {
              zone: zoneName(timeZone, locale),
              last: calendarDay(last, locale),
            })}
            min={today}
            max={last}
            narrow
            required
          />
          <Toolbar>
            <button className="button" type="submit">
              {t("releases.toPreview")}
            </button>
            <a className="button quiet" href={paths.releases(slug)}>
              {t("common.cancel")}
            </a>
          </Toolbar>
        </section>
      </form>
    </>
  );
}

function FieldErrors({ keys = [] }: { keys: FormState["errors"][string] | undefined }) {
  const t = useT();
  return keys.length === 0 ? null : <p className="error">{keys.map((key) => t(key)).join(" ")}</p>;
}

function People({
  people,
  ticked,
  wrong,
}: {
  people: ReadonlyArray<Candidate>;
  ticked: (invitationId: string) => boolean;
  wrong: FormState["errors"][string] | undefined;
}) {
  const t = useT();
  return (
    <div id={fieldId("invitations")} tabIndex={-1}>
      <FieldErrors keys={wrong} />
      {people.length === 0 ? (
        <p>{t("releases.choose.nobody")}</p>
      ) : (
        <TableFrame label={t("releases.choose.tableLabel")}>
          <table className="fit">
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">{t("people.chooseColumn")}</span>
                </th>
                <th scope="col">{t("people.column.name")}</th>
                <th scope="col">{t("people.column.delegation")}</th>
                <th scope="col">{t("people.column.category")}</th>
                <th scope="col">{t("people.column.reply")}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((one) => (
                <tr key={one.invitationId}>
                  <td>
                    <input
                      type="checkbox"
                      name="invitations"
                      value={one.invitationId}
                      defaultChecked={ticked(one.invitationId)}
                      aria-label={t("releases.choose.person", { name: one.nameLatin || one.nameNative })}
                    />
                  </td>
                  <th scope="row" className="row-name">
                    <BothNames person={one} />
                  </th>
                  <td>
                    <Text en={one.delegationEn} zh={one.delegationZh} />
                  </td>
                  <td>{t(`category.${one.category}`)}</td>
                  <td>{t(`reply.${one.reply}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </div>
  );
}

function Preview({ left }: { left: Extract<Left, { step: "preview" }> }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const { form, chosen, preview, releaseId, expiresAt, recipient, changed } = left;
  const { table, people, gone } = preview;
  const t = useT();
  const locale = useLocale();
  const to =
    preview.to === null ? recipient : inLocale({ en: preview.to.nameEn, zh: preview.to.nameZh }, locale).text;
  const lacking = people.filter((one) => one.leftOut.length > 0);
  const nameOf = ({ nameLatin, nameNative }: { nameLatin: string; nameNative: string }) =>
    locale === "en" ? nameLatin || nameNative : nameNative || nameLatin;
  return (
    <>
      {changed ? <Notice tone="stop">{t("releases.preview.changed")}</Notice> : null}
      <ErrorSummary
        form={form}
        labels={{ count: t("releases.preview.count"), password: t("releases.preview.password") }}
      />
      <dl className="facts">
        <Fact name={t("releases.field.from")}>
          <Text en={preview.from.nameEn} zh={preview.from.nameZh} />
        </Fact>
        <Fact name={t("releases.field.to")}>{to}</Fact>
        <Fact name={t("releases.field.purpose")}>{chosen.purpose}</Fact>
        <Fact name={t("releases.field.until")}>{deskMoment(expiresAt, timeZone, locale)}</Fact>
      </dl>
      <p className="readable">{t("releases.preview.exact", { to })}</p>
      {people.length === 0 ? (
        <p>{t("releases.preview.nobody")}</p>
      ) : (
        <ReleaseCells
          label={t("releases.preview.table")}
          headings={table.columns.map((column) => releaseHeading(column, timeZone, locale))}
          rows={table.rows.map((cells) =>
            table.columns.map((column, n) => {
              const value = cells[n] ?? { lacks: "answer" };
              return { column, value, text: releaseText(column, value, locale) };
            }),
          )}
        />
      )}
      <p className="readable apart">
        {t("releases.preview.follow", { until: deskMoment(expiresAt, timeZone, locale) })}
      </p>
      {lacking.length === 0 ? null : (
        <Notice tone="wait">
          <h2>{t("releases.preview.leftOut")}</h2>
          <ul>
            {lacking.map((one) => (
              <li key={one.invitationId}>
                {t("releases.preview.leftOutOf", {
                  name: nameOf(one),
                  groups: one.leftOut
                    .map((group) => t(`releases.group.${group}`))
                    .join(t("myProgramme.listSeparator")),
                })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {gone.length === 0 ? null : (
        <Notice tone="wait">
          <h2>{t("releases.preview.goneTitle")}</h2>
          <p>{gone.map(nameOf).join(t("myProgramme.listSeparator"))}</p>
        </Notice>
      )}
      {table.columns.some((column) => NAMES.includes(column)) ? null : (
        <>
          <h2>{t("releases.preview.who")}</h2>
          <p className="readable">{people.map(nameOf).join(t("myProgramme.listSeparator"))}</p>
        </>
      )}
      {people.length === 0 ? null : (
        <form method="post" className="panel apart readable">
          <h2>{t("releases.preview.confirm")}</h2>
          <Chosen values={chosen} />
          <input type="hidden" name="step" value="release" />
          <input type="hidden" name="releaseId" value={releaseId} />
          <input type="hidden" name="hash" value={preview.hash} />
          <TextField
            form={form}
            name="count"
            label={t("releases.preview.count")}
            inputMode="numeric"
            narrow
            required
          />
          <TextField
            form={form}
            name="password"
            type="password"
            label={t("releases.preview.password")}
            autoComplete="current-password"
            required
          />
          <button className="button" type="submit">
            {t("releases.preview.release")}
          </button>
        </form>
      )}
      <form method="post" className="no-print">
        <Chosen values={chosen} />
        <input type="hidden" name="step" value="edit" />
        <button className="button quiet" type="submit">
          {t("releases.preview.back")}
        </button>
      </form>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What was put together, to be sent again with what is typed beneath. */
function Chosen({ values }: { values: FormState["values"] }) {
  return Object.entries(values).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((one) => (
      <input type="hidden" key={`${name} ${one}`} name={name} value={one} />
    )),
  );
}
