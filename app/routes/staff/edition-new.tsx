import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { MODES } from "#db/vocabulary.ts";
import { Desk, TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Second, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffAtLarge } from "../../context.server.ts";
import { createEdition } from "../../domain/edition/commands.server.ts";
import { confirmForm, DELEGATION_ROWS, editionForm } from "../../domain/edition/form.ts";
import { type FileProblem, LARGEST_FILE, planOfFile } from "../../domain/edition/programme-file.ts";
import { editionsOfStaff, sidesLedBy } from "../../domain/edition/queries.server.ts";
import type { EditionPlan } from "../../domain/edition/rules.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { calendarDay, clockTime24, deskMoment, shortDate, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { type Translate, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { newId } from "../../platform/crypto.server.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "edition.new") },
];

async function open(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const opened = await staffAtLarge(args);
  if (!editionsOfStaff(opened.ctx, opened.account.id).mayCreate) throw notFound();
  return opened;
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, account, locale } = await open(args);
  return data({ locale, id: newId(), ledSides: sidesLedBy(ctx, account.id) });
}

type Answer = {
  /** The form that was typed in, or the choices of the preview, as they go back. */
  form?: FormState;
  problems?: ReadonlyArray<FileProblem>;
  fileError?: MessageKey;
  refusal?: MessageKey;
  preview?: { plan: EditionPlan; text: string };
};

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await open(args);
  const formData = await args.request.formData();
  const answer = (body: Answer, status: number) => data<Answer>(body, { status });

  if (formData.get("intent") === "read") {
    const file = formData.get("file");
    if (!(file instanceof File) || file.size === 0) return answer({ fileError: "edition.error.noFile" }, 422);
    if (file.size > LARGEST_FILE * 3) return answer({ fileError: "programmeFile.error.large" }, 422);
    const text = await file.text();
    const read = planOfFile(text);
    if (!read.ok) return answer({ problems: read.problems }, 422);
    return answer({ preview: { plan: read.plan, text: compact(text) } }, 200);
  }

  if (formData.get("intent") === "confirm") {
    const typed = formData.get("text");
    const read = planOfFile(typeof typed === "string" ? typed : "");
    if (!read.ok) return answer({ problems: read.problems }, 422);
    const preview = { plan: read.plan, text: compact(String(typed)) };
    const parsed = parseForm(confirmForm, formData, ["text"]);
    if (!parsed.ok) return answer({ preview, form: parsed.form }, 422);
    const { id, ownHost, hostSide, ownSide, sides } = parsed.value;
    const numbers = [ownHost, hostSide, ...sides];
    if (sides.length !== read.plan.delegations.length || numbers.some((n) => n >= read.plan.coHosts.length))
      return answer({ preview, form: withError(formData, "", "error.choose", ["text"]) }, 422);
    const plan = {
      ...read.plan,
      hostSide,
      delegations: read.plan.delegations.map((entry, n) => ({ ...entry, coHost: sides[n] ?? hostSide })),
    };
    const made = await createEdition(ctx, {
      plan,
      ownCoHost: ownHost,
      ownSideId: ownSide === undefined || ownSide === "new" ? null : ownSide,
      editionId: id,
    });
    if (!made.ok) return answer({ preview, refusal: `edition.refused.${made.refusal}` }, 409);
    return redirect(paths.edition(made.value.slug), 303);
  }

  const parsed = parseForm(editionForm, formData);
  if (!parsed.ok) return answer({ form: parsed.form }, 422);
  const id = formData.get("id");
  const made = await createEdition(ctx, {
    ...parsed.value,
    ...(typeof id === "string" && /^[A-Za-z0-9_-]{20}$/.test(id) ? { editionId: id } : {}),
  });
  if (!made.ok)
    return answer(
      {
        form: withError(formData, "", `edition.refused.${made.refusal}`),
        refusal: `edition.refused.${made.refusal}`,
      },
      409,
    );
  return redirect(paths.edition(made.value.slug), 303);
}

/** The same JSON without its spaces, for the hidden field of the confirmation. */
function compact(text: string): string {
  return JSON.stringify(JSON.parse(text.replace(/^\uFEFF/, "")));
}

export default function NewEditionPage() {
  const { id, ledSides } = useLoaderData<typeof loader>();
  const answer: Answer = useActionData<typeof action>() ?? {};
  const t = useT();
  return (
    <Desk>
      {answer.preview === undefined ? (
        <>
          <WorkHeading>{t("edition.new")}</WorkHeading>
          <p>{t("edition.newIntro")}</p>
          {answer.problems === undefined ? null : <Problems problems={answer.problems} />}
          <FileForm error={answer.fileError} />
          <TypedForm id={id} ledSides={ledSides} form={answer.form} />
        </>
      ) : (
        <>
          <WorkHeading>{t("edition.preview")}</WorkHeading>
          <p>{t("edition.previewHelp")}</p>
          {answer.refusal === undefined ? null : <Notice tone="stop">{t(answer.refusal)}</Notice>}
          <Preview id={id} ledSides={ledSides} preview={answer.preview} form={answer.form} />
        </>
      )}
    </Desk>
  );
}

/** Everything that is wrong with a file, with the place where it stands. */
function Problems({ problems }: { problems: ReadonlyArray<FileProblem> }) {
  const t = useT();
  return (
    <section className="panel">
      <Notice tone="stop">
        <p>
          <strong>{t("edition.problems", { count: problems.length })}</strong>
        </p>
        <p>{t("edition.problemsHelp")}</p>
      </Notice>
      <TableFrame label={t("edition.problems", { count: problems.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("edition.column.place")}</th>
              <th scope="col">{t("edition.column.problem")}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map((problem) => (
              <tr key={problem.path + problem.key}>
                <td>
                  {problem.path === "" ? t("edition.wholeFile") : <code lang="en">{problem.path}</code>}
                </td>
                <td>{t(problem.key, problem.values)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function FileForm({ error }: { error: MessageKey | undefined }) {
  const t = useT();
  return (
    <section className="panel">
      <h2>{t("edition.byFile")}</h2>
      <p>{t("edition.byFileHelp")}</p>
      <form method="post" encType="multipart/form-data">
        <label className={error === undefined ? "field" : "field wrong"}>
          <span className="label">{t("edition.file")}</span>
          {error === undefined ? null : (
            <span className="error" id="file-error">
              {t(error)}
            </span>
          )}
          <input
            type="file"
            name="file"
            accept=".json,application/json"
            aria-invalid={error === undefined ? undefined : true}
            aria-describedby={error === undefined ? undefined : "file-error"}
          />
        </label>
        <button className="button" type="submit" name="intent" value="read">
          {t("edition.readFile")}
        </button>
      </form>
    </section>
  );
}

type LedSides = ReturnType<typeof useLoaderData<typeof loader>>["ledSides"];

/** What the names of the typed form's fields are called, for the fields and for the summary of errors alike. */
function typedLabels(t: Translate): Record<string, string> {
  const labels: Record<string, string> = {
    titleEn: t("edition.titleEn"),
    titleZh: t("edition.titleZh"),
    seriesEn: t("edition.seriesEn"),
    seriesZh: t("edition.seriesZh"),
    ordinal: t("edition.ordinal"),
    cityEn: t("edition.cityEn"),
    cityZh: t("edition.cityZh"),
    country: t("edition.country"),
    timeZone: t("edition.zone"),
    startsOn: t("edition.startsOn"),
    endsOn: t("edition.endsOn"),
    travelFrom: t("edition.travelFrom"),
    travelTo: t("edition.travelTo"),
    mode: t("edition.mode"),
    replyOn: t("edition.replyOn"),
    replyTime: t("edition.replyTime"),
    ownHost: t("edition.ownHost"),
    hostSide: t("edition.hostSide"),
  };
  for (const n of [1, 2]) {
    labels[`host${n}En`] = `${t("edition.host", { n })}: ${t("edition.nameEn")}`;
    labels[`host${n}Zh`] = `${t("edition.host", { n })}: ${t("edition.nameZh")}`;
  }
  for (const n of DELEGATION_ROWS) {
    labels[`delegation${n}En`] = `${t("edition.delegation", { n })}: ${t("edition.nameEn")}`;
    labels[`delegation${n}Zh`] = `${t("edition.delegation", { n })}: ${t("edition.nameZh")}`;
    labels[`delegation${n}Quota`] = `${t("edition.delegation", { n })}: ${t("edition.quota")}`;
    labels[`delegation${n}Host`] = `${t("edition.delegation", { n })}: ${t("edition.answersFor")}`;
  }
  return labels;
}

function TypedForm({
  id,
  ledSides,
  form: typed,
}: {
  id: string;
  ledSides: LedSides;
  form: FormState | undefined;
}) {
  const t = useT();
  const [own] = ledSides;
  const form: FormState = typed ?? {
    values: {
      mode: "in_person",
      country: "CN",
      timeZone: "Asia/Shanghai",
      host1En: own?.nameEn ?? "",
      host1Zh: own?.nameZh ?? "",
      ownHost: "1",
      delegation1Host: "1",
    },
    errors: {},
  };
  const labels = typedLabels(t);
  const hosts = [
    { value: "1", label: t("edition.first") },
    { value: "2", label: t("edition.second") },
  ];
  const label = (name: string) => labels[name] ?? name;
  return (
    <section className="panel">
      <h2>{t("edition.byForm")}</h2>
      <form method="post" className="wide">
        <ErrorSummary form={form} labels={labels} />
        <input type="hidden" name="id" value={id} />
        <fieldset>
          <legend>{t("edition.group.title")}</legend>
          <div className="two-up">
            <TextField
              form={form}
              name="titleEn"
              label={label("titleEn")}
              lang="en"
              maxLength={200}
              required
            />
            <TextField
              form={form}
              name="titleZh"
              label={label("titleZh")}
              lang="zh-Hans"
              maxLength={200}
              required
            />
            <TextField
              form={form}
              name="seriesEn"
              label={label("seriesEn")}
              help={t("edition.seriesHelp")}
              lang="en"
              maxLength={200}
            />
            <TextField form={form} name="seriesZh" label={label("seriesZh")} lang="zh-Hans" maxLength={200} />
          </div>
          <TextField
            form={form}
            name="ordinal"
            label={label("ordinal")}
            help={t("edition.ordinalHelp")}
            inputMode="numeric"
            narrow
          />
        </fieldset>
        <fieldset>
          <legend>{t("edition.group.when")}</legend>
          <div className="two-up">
            <TextField form={form} name="cityEn" label={label("cityEn")} lang="en" maxLength={80} required />
            <TextField
              form={form}
              name="cityZh"
              label={label("cityZh")}
              lang="zh-Hans"
              maxLength={80}
              required
            />
            <TextField
              form={form}
              name="country"
              label={label("country")}
              help={t("edition.countryHelp")}
              maxLength={2}
              required
            />
            <TextField
              form={form}
              name="timeZone"
              label={label("timeZone")}
              help={t("edition.zoneHelp")}
              required
            />
            <TextField form={form} name="startsOn" type="date" label={label("startsOn")} required />
            <TextField form={form} name="endsOn" type="date" label={label("endsOn")} required />
            <TextField
              form={form}
              name="travelFrom"
              type="date"
              label={label("travelFrom")}
              help={t("edition.travelHelp")}
            />
            <TextField form={form} name="travelTo" type="date" label={label("travelTo")} />
            <TextField
              form={form}
              name="replyOn"
              type="date"
              label={label("replyOn")}
              help={t("edition.replyHelp")}
            />
            <TextField form={form} name="replyTime" type="time" label={label("replyTime")} />
          </div>
          <ChoiceField
            form={form}
            name="mode"
            type="radio"
            label={label("mode")}
            required
            options={MODES.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
          />
        </fieldset>
        <fieldset>
          <legend>{t("edition.group.hosts")}</legend>
          <div className="two-up">
            <TextField
              form={form}
              name="host1En"
              label={label("host1En")}
              lang="en"
              maxLength={160}
              required
            />
            <TextField
              form={form}
              name="host1Zh"
              label={label("host1Zh")}
              lang="zh-Hans"
              maxLength={160}
              required
            />
            <TextField form={form} name="host2En" label={label("host2En")} lang="en" maxLength={160} />
            <TextField form={form} name="host2Zh" label={label("host2Zh")} lang="zh-Hans" maxLength={160} />
            <SelectField
              form={form}
              name="ownHost"
              label={label("ownHost")}
              help={t("edition.ownHostHelp")}
              options={hosts}
              required
            />
            <SelectField
              form={form}
              name="hostSide"
              label={label("hostSide")}
              help={t("edition.hostSideHelp")}
              options={hosts}
              blank={t("edition.choose")}
              required
            />
          </div>
        </fieldset>
        <fieldset>
          <legend>{t("edition.group.delegations")}</legend>
          <p className="muted">{t("edition.group.delegationsHelp")}</p>
          {DELEGATION_ROWS.map((n) => (
            <fieldset className="row-fields" key={n}>
              <legend>{t("edition.delegation", { n })}</legend>
              <TextField
                form={form}
                name={`delegation${n}En`}
                label={t("edition.nameEn")}
                lang="en"
                maxLength={120}
                required={n === 1}
              />
              <TextField
                form={form}
                name={`delegation${n}Zh`}
                label={t("edition.nameZh")}
                lang="zh-Hans"
                maxLength={120}
                required={n === 1}
              />
              <TextField
                form={form}
                name={`delegation${n}Quota`}
                label={t("edition.quota")}
                inputMode="numeric"
              />
              <SelectField
                form={form}
                name={`delegation${n}Host`}
                label={t("edition.answersFor")}
                options={hosts}
                blank={t("edition.choose")}
                required={n === 1}
              />
            </fieldset>
          ))}
        </fieldset>
        <button className="button" type="submit" name="intent" value="form">
          {t("edition.create")}
        </button>
      </form>
    </section>
  );
}

function Preview({
  id,
  ledSides,
  preview: { plan, text },
  form: typed,
}: {
  id: string;
  ledSides: LedSides;
  preview: { plan: EditionPlan; text: string };
  form: FormState | undefined;
}) {
  const t = useT();
  const locale = useLocale();
  const hosts = plan.coHosts.map((host, n) => ({
    value: String(n),
    label: locale === "en" ? host.nameEn : host.nameZh,
  }));
  const sameName = plan.coHosts.findIndex((host) =>
    ledSides.some((side) => side.nameEn === host.nameEn && side.nameZh === host.nameZh),
  );
  const ownHost = Math.max(0, sameName);
  const form: FormState = typed ?? {
    values: {
      ownHost: String(ownHost),
      ownSide:
        ledSides.find((side) => side.nameEn === plan.coHosts[ownHost]?.nameEn)?.id ??
        ledSides[0]?.id ??
        "new",
      hostSide: String(plan.hostSide),
      ...Object.fromEntries(plan.delegations.map((entry, n) => [`sides[${n}]`, String(entry.coHost)])),
    },
    errors: {},
  };
  const sideLabel = (n: number) => {
    const entry = plan.delegations[n];
    return entry === undefined ? "" : locale === "en" ? entry.nameEn : entry.nameZh;
  };
  const labels: Record<string, string> = {
    ownHost: t("edition.ownHost"),
    ownSide: t("edition.ownSide"),
    hostSide: t("edition.hostSide"),
    ...Object.fromEntries(
      plan.delegations.map((_, n) => [`sides[${n}]`, `${t("edition.answersFor")}: ${sideLabel(n)}`]),
    ),
  };
  return (
    <>
      <section className="panel">
        <h2>
          <Text en={plan.titleEn} zh={plan.titleZh} />
        </h2>
        <p>
          <Second en={plan.titleEn} zh={plan.titleZh} />
        </p>
        <dl className="facts">
          <dt>{t("edition.fact.series")}</dt>
          <dd>
            <Text en={plan.seriesEn} zh={plan.seriesZh} />
          </dd>
          <dt>{t("edition.fact.where")}</dt>
          <dd>
            <Text en={plan.cityEn} zh={plan.cityZh} /> · {zoneName(plan.timeZone, locale)}
          </dd>
          <dt>{t("edition.fact.programme")}</dt>
          <dd>
            {t("edition.span", {
              from: calendarDay(plan.startsOn, locale),
              to: calendarDay(plan.endsOn, locale),
            })}
          </dd>
          <dt>{t("edition.fact.travel")}</dt>
          <dd>
            {t("edition.span", {
              from: calendarDay(plan.travelFrom, locale),
              to: calendarDay(plan.travelTo, locale),
            })}
          </dd>
          <dt>{t("edition.fact.mode")}</dt>
          <dd>{t(`mode.${plan.mode}`)}</dd>
          {plan.replyBy === null ? null : (
            <>
              <dt>{t("edition.fact.replyBy")}</dt>
              <dd>{deskMoment(plan.replyBy, plan.timeZone, locale)}</dd>
            </>
          )}
          <dt>{t("edition.fact.hosts")}</dt>
          <dd>
            {plan.coHosts.map((host) => (
              <div key={host.nameEn + host.nameZh}>
                <Text en={host.nameEn} zh={host.nameZh} />
              </div>
            ))}
          </dd>
          <dt>{t("edition.fact.address")}</dt>
          <dd>
            <code lang="en">{paths.edition(plan.slug)}</code>
          </dd>
        </dl>
      </section>
      <section className="panel">
        <form method="post" encType="multipart/form-data" className="wide">
          <ErrorSummary form={form} labels={labels} />
          <input type="hidden" name="id" value={id} />
          <input type="hidden" name="text" value={text} />
          <div className="two-up">
            <SelectField
              form={form}
              name="ownHost"
              label={t("edition.ownHost")}
              help={t("edition.ownHostHelp")}
              options={hosts}
              required
            />
            {ledSides.length === 0 ? null : (
              <SelectField
                form={form}
                name="ownSide"
                label={t("edition.ownSide")}
                help={t("edition.ownSideHelp")}
                options={[
                  ...ledSides.map((side) => ({
                    value: side.id,
                    label: locale === "en" ? side.nameEn : side.nameZh,
                  })),
                  { value: "new", label: t("edition.ownSideNew") },
                ]}
                required
              />
            )}
            <SelectField
              form={form}
              name="hostSide"
              label={t("edition.hostSide")}
              help={t("edition.hostSideHelp")}
              options={hosts}
              required
            />
          </div>
          <fieldset>
            <legend>{t("edition.group.delegations")}</legend>
            {plan.delegations.map((entry, n) => (
              <SelectField
                key={entry.key}
                form={form}
                name={`sides[${n}]`}
                label={
                  <>
                    <Text en={entry.nameEn} zh={entry.nameZh} />{" "}
                    <span className="muted">
                      {entry.quota === null
                        ? t("overview.noLimit")
                        : t("overview.places", { count: entry.quota })}
                    </span>
                  </>
                }
                options={hosts}
                required
              />
            ))}
          </fieldset>
          <div className="toolbar">
            <button className="button" type="submit" name="intent" value="confirm">
              {t("edition.create")}
            </button>
            <a className="button quiet" href={paths.newEdition()}>
              {t("edition.otherFile")}
            </a>
          </div>
        </form>
      </section>
      <section className="panel">
        <h2>{t("edition.agenda", { count: plan.items.length })}</h2>
        <TableFrame label={t("edition.agenda", { count: plan.items.length })}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("edition.column.when")}</th>
                <th scope="col">{t("edition.column.item")}</th>
                <th scope="col">{t("edition.column.kind")}</th>
                <th scope="col">{t("edition.column.audience")}</th>
                <th scope="col">{t("edition.column.seats")}</th>
                <th scope="col">{t("edition.column.due")}</th>
              </tr>
            </thead>
            <tbody>
              {plan.items.map((item) => (
                <tr key={`${item.startsAt} ${item.titleEn}`}>
                  <td>
                    {shortDate(item.startsAt, plan.timeZone, locale)}
                    <br />
                    {clockTime24(item.startsAt, plan.timeZone)}–{clockTime24(item.endsAt, plan.timeZone)}
                  </td>
                  <td>
                    <Text en={item.titleEn} zh={item.titleZh} />
                    <br />
                    <Second en={item.titleEn} zh={item.titleZh} />
                  </td>
                  <td>{t(`agendaKind.${item.kind}`)}</td>
                  <td>{t(`audience.${item.audience}`)}</td>
                  <td>
                    {item.visit === null
                      ? null
                      : [
                          String(item.visit.capacity),
                          ...item.visit.seats.map((entry) => `${entry.delegationKey} ${entry.seats}`),
                        ].join(" · ")}
                  </td>
                  <td>
                    {item.visit === null || item.visit.clearanceDeadline === null
                      ? null
                      : deskMoment(item.visit.clearanceDeadline, plan.timeZone, locale)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </section>
    </>
  );
}
