import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  asksSomething,
  type FormSection,
  isStandard,
  type RowQuestion,
} from "../../domain/registration/definition.ts";
import { changeForm, discardForm, publishForm } from "../../domain/registration-form/commands.server.ts";
import {
  moveForm,
  partForm,
  placeForm,
  publishForm as publishing,
} from "../../domain/registration-form/form.ts";
import {
  answersTo,
  type FormInBuilder,
  formInBuilder,
  formTargets,
} from "../../domain/registration-form/queries.server.ts";
import {
  type Difference,
  type Edit,
  findQuestion,
  moveQuestion,
  moveSection,
  placeQuestion,
  placeSection,
  removeQuestion,
  removeSection,
} from "../../domain/registration-form/rules.ts";
import { calendarDay, deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { Dragging, Grip, useDropPlace } from "./form-dragging.tsx";
import { conditionInWords, nameOfQuestion, nameOfSection } from "./form-words.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "builder.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    builder: formInBuilder(ctx),
    targets: formTargets(ctx),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const formData = await args.request.formData();
  const here = paths.form(edition.slug);
  const edited = async (seen: number, edit: Edit, done: string) => {
    const changed = await changeForm(ctx, { seen, edit });
    if (changed.ok) throw redirect(done, 303);
    if (changed.refusal === "noSuchPart") throw notFound();
    return data({ refusal: changed.refusal, asks: null }, { status: 409 });
  };
  switch (formData.get("intent")) {
    case "move": {
      const parsed = parseForm(moveForm, formData);
      if (!parsed.ok) throw notFound();
      const { revision, part, direction } = parsed.value;
      const edit = part.startsWith("q") ? moveQuestion(part, direction) : moveSection(part, direction);
      return edited(revision, edit, `${here}?done=moved#${part}`);
    }
    case "place": {
      const parsed = parseForm(placeForm, formData);
      if (!parsed.ok) throw notFound();
      const { revision, part, section, before = null } = parsed.value;
      const edit = part.startsWith("q")
        ? placeQuestion(part, { sectionKey: section, before })
        : placeSection(part, before);
      return edited(revision, edit, `${here}?done=moved#${part}`);
    }
    case "remove": {
      const parsed = parseForm(partForm, formData);
      if (!parsed.ok) throw notFound();
      const { revision, part, sure } = parsed.value;
      const answers = sure === undefined ? answersTo(ctx, part) : 0;
      if (answers > 0) return data({ refusal: null, asks: { part, answers } }, { status: 409 });
      const edit = part.startsWith("q") ? removeQuestion(part) : removeSection(part);
      return edited(revision, edit, `${here}?done=removed`);
    }
    case "discard": {
      const parsed = parseForm(publishing, formData);
      if (!parsed.ok) throw notFound();
      const discarded = await discardForm(ctx, { seen: parsed.value.revision });
      if (discarded.ok) throw redirect(`${here}?done=discarded`, 303);
      return data({ refusal: "changed" as const, asks: null }, { status: 409 });
    }
    case "publish": {
      const parsed = parseForm(publishing, formData);
      if (!parsed.ok) throw notFound();
      const { revision, loses } = parsed.value;
      const published = await publishForm(ctx, { seen: revision, loses });
      if (published.ok) throw redirect(`${here}?done=published`, 303);
      return data(
        {
          refusal: published.refusal === "gone" ? ("changed" as const) : published.refusal,
          asks: null,
        },
        { status: 409 },
      );
    }
    default:
      throw notFound();
  }
}

const REFUSALS = {
  changed: "builder.changed",
  tooMany: "builder.tooMany",
  unfinished: "builder.unfinished",
  loses: "builder.losesNow",
} as const;

const DONE = ["section", "question", "removed", "moved", "discarded", "published"] as const;

export default function FormBuilder() {
  const { slug, timeZone, builder } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const locale = useLocale();
  const done = outcome === undefined ? DONE.find((each) => each === query.get("done")) : undefined;
  const when = builder.changedAt === null ? "" : deskMoment(builder.changedAt, timeZone, locale);
  return (
    <>
      <WorkHeading
        actions={
          <>
            <a href={paths.formPreview(slug)}>{t("builder.preview")}</a>
            <a className="button quiet" href={paths.formSection(slug, "new")}>
              {t("builder.addSection")}
            </a>
          </>
        }
      >
        {t("builder.title")}
      </WorkHeading>
      {done === undefined ? null : (
        <Notice tone="good">
          <p>{t(`builder.done.${done}`)}</p>
        </Notice>
      )}
      {outcome === undefined || outcome.refusal === null ? null : (
        <Notice tone="stop">
          <p>{t(REFUSALS[outcome.refusal])}</p>
        </Notice>
      )}
      {outcome === undefined || outcome.asks === null ? null : (
        <SureToRemove builder={builder} {...outcome.asks} />
      )}
      <p className="readable">{t("builder.intro")}</p>
      <p>
        {builder.isStandard
          ? t("builder.inForceStandard")
          : t("builder.inForce", { version: builder.version })}{" "}
        {builder.draftVersion === null
          ? null
          : builder.changedBy === null
            ? t("builder.draft", { version: builder.draftVersion, when })
            : t("builder.draftBy", { version: builder.draftVersion, when, name: builder.changedBy })}
      </p>
      <Problems builder={builder} />
      <Dragging revision={builder.revision}>
        {builder.definition.sections.map((section, index) => (
          <Section key={section.key} section={section} index={index} />
        ))}
      </Dragging>
      {builder.draftVersion === null ? null : <Publish builder={builder} />}
      <Versions builder={builder} timeZone={timeZone} />
    </>
  );
}

/** Removing a question that was answered asks first, and says what goes with it. */
function SureToRemove({ builder, part, answers }: { builder: FormInBuilder; part: string; answers: number }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const question = findQuestion(builder.definition, part)?.question;
  const section = builder.definition.sections.find(({ key }) => key === part);
  const name =
    question !== undefined
      ? nameOfQuestion(t, locale, question)
      : section === undefined
        ? ""
        : nameOfSection(t, locale, section);
  return (
    <Notice tone="stop">
      <p>{t("builder.removeLoses", { name, count: answers })}</p>
      <form method="post" className="inline-form">
        <input type="hidden" name="intent" value="remove" />
        <input type="hidden" name="revision" value={builder.revision} />
        <input type="hidden" name="part" value={part} />
        <input type="hidden" name="sure" value="on" />
        <button className="button" type="submit">
          {t("builder.removeSure")}
        </button>
        <a className="button quiet" href={paths.form(slug)}>
          {t("builder.removeKeep")}
        </a>
      </form>
    </Notice>
  );
}

function Differences({ differences }: { differences: ReadonlyArray<Difference> }) {
  const t = useT();
  const locale = useLocale();
  const nameOf = ({ key, label }: Difference) =>
    key.startsWith("q")
      ? nameOfQuestion(t, locale, { label })
      : nameOfSection(t, locale, nameable(key, label));
  return differences.length === 0 ? (
    <p className="muted">{t("builder.differences.none")}</p>
  ) : (
    <ul>
      {differences.map((each) => (
        <li key={`${each.key} ${each.what}`}>
          {t(`builder.differences.${each.what}`)} {nameOf(each)}
        </li>
      ))}
    </ul>
  );
}

function nameable(key: string, title: Difference["label"]): Parameters<typeof nameOfSection>[2] {
  return isStandard(key) ? { key, title } : { key: key as `s${string}`, title };
}

/** What was published when and by whom, and what changed with it. */
function Versions({ builder, timeZone }: { builder: FormInBuilder; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  if (builder.versions.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="versions">
      <h2 id="versions">{t("builder.versions")}</h2>
      <p className="help">{t("builder.versionsHelp")}</p>
      {builder.versions.map(({ version, publishedAt, by, differences }) => (
        <details key={version}>
          <summary>
            {t("builder.versionOf", {
              version,
              when: deskMoment(publishedAt, timeZone, locale),
              name: by ?? t("builder.somebody"),
            })}
          </summary>
          <Differences differences={differences} />
        </details>
      ))}
    </section>
  );
}

function Problems({ builder }: { builder: FormInBuilder }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (builder.problems.length === 0) return null;
  const stops = builder.problems.some((problem) => problem.stops);
  return (
    <div className={stops ? "notice stop" : "notice wait"}>
      <strong>{t("builder.problems")}</strong>
      <ul>
        {builder.problems.map(({ key, problem, stops }) => {
          const question = findQuestion(builder.definition, key)?.question;
          const section = builder.definition.sections.find((each) => each.key === key);
          const name =
            question !== undefined
              ? nameOfQuestion(t, locale, question)
              : section === undefined
                ? ""
                : nameOfSection(t, locale, section);
          return (
            <li key={`${key} ${problem}`}>
              <a href={question === undefined ? paths.formSection(slug, key) : paths.formQuestion(slug, key)}>
                {name}
              </a>{" "}
              {t(problem)}{" "}
              <Status tone={stops ? "stop" : "wait"}>{t(stops ? "builder.stops" : "builder.warns")}</Status>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Section({ section, index }: { section: FormSection; index: number }) {
  const { slug, builder, targets } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const name = nameOfSection(t, locale, section);
  const { audience } = section;
  const who = [
    ...targets.delegations
      .filter(({ id }) => audience.delegationIds.includes(id))
      .map((each) => (locale === "en" ? each.nameEn || each.nameZh : each.nameZh || each.nameEn)),
    ...audience.categories.map((category) => t(`category.${category}`)),
    ...targets.visits
      .filter(({ id }) => audience.visitIds.includes(id))
      .map((each) => (locale === "en" ? each.titleEn || each.titleZh : each.titleZh || each.titleEn)),
    ...(audience.joinsVisit ? [t("builder.section.joinsVisit")] : []),
    ...(audience.needsVisa ? [t("builder.section.needsVisa")] : []),
  ];
  const last = builder.definition.sections.length - 1;
  const isFixed = section.key === "consents";
  return (
    <section
      className="panel"
      aria-labelledby={`h-${section.key}`}
      id={section.key}
      {...useDropPlace({ kind: "section", section: section.key, key: section.key })}
    >
      <h2 id={`h-${section.key}`}>
        {isFixed ? null : <Grip part={section.key} name={name} kind="section" />}
        {name}
      </h2>
      <Toolbar>
        {isFixed ? null : (
          <Move part={section.key} name={name} isFirst={index === 0} isLast={index >= last - 1} />
        )}
        <a href={paths.formSection(slug, section.key)} aria-label={t("builder.changeOf", { name })}>
          {t("builder.change")}
        </a>
        {isStandard(section.key) ? null : <Remove part={section.key} name={name} />}
        <a
          href={`${paths.formQuestion(slug, "new")}?${new URLSearchParams({ in: section.key })}`}
          aria-label={t("builder.addQuestionTo", { name })}
        >
          {t("builder.addQuestion")}
        </a>
      </Toolbar>
      {section.help.en === "" && section.help.zh === "" ? null : (
        <p className="muted">
          <Text {...section.help} />
        </p>
      )}
      {who.length === 0 ? null : (
        <p className="note">{t("builder.onlyFor", { who: who.join(t("myProgramme.listSeparator")) })}</p>
      )}
      {section.deadline === null ? null : (
        <p className="note">{t("builder.until", { day: calendarDay(section.deadline, locale) })}</p>
      )}
      {isStandard(section.key) ? (
        <p className="muted">{t("builder.standardAsked", { count: section.left.length })}</p>
      ) : null}
      {section.questions.length === 0 ? (
        isStandard(section.key) ? null : (
          <p className="muted">{t("builder.noOwn")}</p>
        )
      ) : (
        <TableFrame label={name}>
          <table className="fit questions">
            <thead>
              <tr>
                <th scope="col">{t("builder.column.question")}</th>
                <th scope="col">{t("builder.column.type")}</th>
                <th scope="col">{t("builder.column.rules")}</th>
                <th scope="col">{t("builder.column.class")}</th>
                <th scope="col">{t("builder.column.act")}</th>
              </tr>
            </thead>
            <tbody>
              {section.questions.map((question, at) => [
                <Question
                  key={question.key}
                  question={question}
                  isFirst={at === 0}
                  isLast={at === section.questions.length - 1}
                  sectionKey={section.key}
                />,
                ...question.questions.map((each, row) => (
                  <Question
                    key={each.key}
                    question={each}
                    isFirst={row === 0}
                    isLast={row === question.questions.length - 1}
                    sectionKey={section.key}
                    inGroup
                  />
                )),
              ])}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Question({
  question,
  isFirst,
  isLast,
  sectionKey,
  inGroup = false,
}: {
  question: RowQuestion;
  isFirst: boolean;
  isLast: boolean;
  sectionKey: string;
  inGroup?: boolean;
}) {
  const { slug, builder, targets } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const name = nameOfQuestion(t, locale, question);
  const asks = asksSomething(question.type);
  const rules = [
    question.by !== null
      ? t("builder.neededBy", { day: calendarDay(question.by, locale) })
      : question.required
        ? t("builder.required")
        : null,
    question.pending ? t("builder.mayPend") : null,
  ].filter((each) => each !== null);
  return (
    <tr
      id={question.key}
      {...useDropPlace({ kind: inGroup ? "row" : "question", section: sectionKey, key: question.key })}
    >
      <th scope="row" className={inGroup ? "in-group" : undefined}>
        <Grip part={question.key} name={name} kind={inGroup ? "row" : "question"} />
        <Text {...question.label} />
        {rules.length === 0 ? null : (
          <span className="second-line muted">{rules.join(t("myProgramme.listSeparator"))}</span>
        )}
      </th>
      <td>{t(`fieldType.${question.type}`)}</td>
      <td suppressHydrationWarning>
        {question.condition === null
          ? t("builder.always")
          : conditionInWords(t, locale, question.condition, {
              form: builder.definition,
              visits: targets.visits,
            })}
      </td>
      <td>{asks && question.type !== "group" ? t(`builder.classInShort.${question.dataClass}`) : null}</td>
      <td>
        <div className="place-controls">
          <Move part={question.key} name={name} isFirst={isFirst} isLast={isLast} />
          <a href={paths.formQuestion(slug, question.key)} aria-label={t("builder.changeOf", { name })}>
            {t("builder.change")}
          </a>
          {question.type === "group" ? (
            <a
              href={`${paths.formQuestion(slug, "new")}?${new URLSearchParams({ in: sectionKey, group: question.key })}`}
              aria-label={t("builder.addQuestionTo", { name })}
            >
              {t("builder.addQuestion")}
            </a>
          ) : null}
          <Remove part={question.key} name={name} />
        </div>
      </td>
    </tr>
  );
}

function Move({
  part,
  name,
  isFirst,
  isLast,
}: {
  part: string;
  name: string;
  isFirst: boolean;
  isLast: boolean;
}) {
  const { builder } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <form method="post" className="inline-form">
      <input type="hidden" name="intent" value="move" />
      <input type="hidden" name="revision" value={builder.revision} />
      <input type="hidden" name="part" value={part} />
      <button
        className="button quiet small"
        type="submit"
        name="direction"
        value="up"
        disabled={isFirst}
        aria-label={t("builder.up", { name })}
      >
        <span aria-hidden="true">↑</span>
      </button>
      <button
        className="button quiet small"
        type="submit"
        name="direction"
        value="down"
        disabled={isLast}
        aria-label={t("builder.down", { name })}
      >
        <span aria-hidden="true">↓</span>
      </button>
    </form>
  );
}

function Remove({ part, name }: { part: string; name: string }) {
  const { builder } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <form method="post" className="inline-form">
      <input type="hidden" name="intent" value="remove" />
      <input type="hidden" name="revision" value={builder.revision} />
      <input type="hidden" name="part" value={part} />
      <button className="link" type="submit" aria-label={t("builder.removeOf", { name })}>
        {t("builder.remove")}
      </button>
    </form>
  );
}

function Publish({ builder }: { builder: FormInBuilder }) {
  const t = useT();
  const loses = builder.lost.reduce((sum, { answers }) => sum + answers, 0);
  const stops = builder.problems.some((problem) => problem.stops);
  return (
    <section className="panel" aria-labelledby="publish">
      <h2 id="publish">{t("builder.publish")}</h2>
      <p>{t("builder.publishHelp")}</p>
      <Differences differences={builder.changes} />
      {builder.lost.length === 0 ? null : (
        <>
          <p>{t("builder.publishLoses")}</p>
          <ul>
            {builder.lost.map(({ key, label, answers }) => (
              <li key={key}>
                <Text {...label} />: {t("builder.answers", { count: answers })}
              </li>
            ))}
          </ul>
        </>
      )}
      <form method="post">
        <input type="hidden" name="revision" value={builder.revision} />
        <input type="hidden" name="loses" value={loses} />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="publish" disabled={stops}>
            {loses === 0 ? t("builder.publish") : t("builder.publishLosing", { count: loses })}
          </button>
          <button className="button quiet" type="submit" name="intent" value="discard">
            {t("builder.discard")}
          </button>
        </Toolbar>
      </form>
    </section>
  );
}
