import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { LETTER_KINDS, LOCALES } from "#db/vocabulary.ts";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary } from "../../components/fields.tsx";
import { ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { glyphCheck } from "../../documents/pdf.server.ts";
import { issueLetters } from "../../domain/letter/commands.server.ts";
import { issueAllForm } from "../../domain/letter/form.ts";
import {
  LETTER_ACT,
  type LetterStanding,
  letterBoard,
  namesInLetters,
  type PersonInLetters,
} from "../../domain/letter/queries.server.ts";
import { dayOf, writtenDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "letters.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, LETTER_ACT);
  const after = new URL(args.request.url).searchParams.get("after");
  return { locale, slug: edition.slug, timeZone: edition.timeZone, board: letterBoard(ctx, after) };
}

type Answer = {
  form: FormState;
  /** Names of those in whose letters something cannot be printed. */
  unprintable: ReadonlyArray<string>;
  issued: number;
};

/** Issues a kind of letter to all who are complete. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, LETTER_ACT);
  const parsed = parseForm(issueAllForm, await args.request.formData());
  if (!parsed.ok) return data<Answer>({ form: parsed.form, unprintable: [], issued: 0 }, { status: 422 });
  const issued = await issueLetters(ctx, { ...parsed.value, unprintable: await glyphCheck() });
  if (!issued.ok) throw new Error("Letters cannot be refused as a whole");
  const count = issued.value.issued;
  if (issued.value.unprintable.length > 0)
    return data<Answer>({
      form: emptyForm,
      unprintable: namesInLetters(ctx, issued.value.unprintable),
      issued: count,
    });
  return redirect(`${paths.letters(edition.slug)}?issued=${count}`, 303);
}

export default function Letters() {
  const { slug, timeZone, board } = useLoaderData<typeof loader>();
  const { shown: people, coming, having, hasHead } = board;
  const sent = useActionData<typeof action>();
  const asked = useSearchParams()[0].get("issued");
  const t = useT();
  const form = sent?.form ?? emptyForm;
  const warned = sent?.unprintable ?? [];
  return (
    <>
      <WorkHeading
        actions={
          <>
            <a className="button quiet" href={paths.letterhead(slug)}>
              {t("letters.toHead")}
            </a>
            <a className="button quiet" href={paths.letterTemplates(slug)}>
              {t("letters.toTemplates")}
            </a>
          </>
        }
      >
        {t("letters.title")}
      </WorkHeading>
      {asked !== null && /^\d{1,4}$/.test(asked) && sent === undefined ? (
        <Notice tone={asked === "0" ? "wait" : "good"}>
          {t("letters.issuedCount", { count: Number(asked) })}
        </Notice>
      ) : null}
      {warned.length === 0 ? null : (
        <Notice tone="stop">
          {t("letters.issuedCount", { count: sent?.issued ?? 0 })}{" "}
          {t("letters.unprintable", {
            names: warned.join(t("letters.separator")),
          })}
        </Notice>
      )}
      <p>{t("letters.intro")}</p>
      {hasHead ? null : (
        <Notice tone="wait">
          <p>{t("letters.noHead")}</p>
        </Notice>
      )}
      <ErrorSummary form={form} labels={{ kind: t("letters.kind"), locales: t("letters.locales") }} />
      <form method="post" className="panel" aria-labelledby="issue-all">
        <h2 id="issue-all">{t("letters.issueAll")}</h2>
        <p className="muted">{t("letters.issueAllHelp")}</p>
        <div className="two-up">
          <ChoiceField
            form={form}
            name="kind"
            type="radio"
            label={t("letters.kind")}
            required
            options={LETTER_KINDS.map((kind) => ({
              value: kind,
              label: t("letters.having", { kind: t(`letterKind.${kind}`), count: having[kind], coming }),
            }))}
          />
          <ChoiceField
            form={form}
            name="locales"
            type="checkbox"
            label={t("letters.locales")}
            options={LOCALES.map((each) => ({ value: each, label: t(`letterLocale.${each}`) }))}
          />
        </div>
        <Toolbar>
          <button className="button" type="submit">
            {t("letters.issue")}
          </button>
        </Toolbar>
      </form>
      {people.length === 0 ? (
        <p className="muted">{t("letters.nobody")}</p>
      ) : (
        <TableFrame label={t("letters.title")}>
          <table className="fit letter-board stack">
            <thead>
              <tr>
                <th scope="col">{t("letters.person")}</th>
                <th scope="col">{t("letters.passport")}</th>
                {LETTER_KINDS.map((kind) => (
                  <th scope="col" key={kind}>
                    {t(`letterKind.${kind}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.invitationId}>
                  <th scope="row" className="row-name">
                    <a href={paths.personLetters(slug, person.invitationId)}>
                      <ListName person={person} />
                    </a>
                  </th>
                  <td data-label={t("letters.passport")}>
                    <PassportState person={person} />
                  </td>
                  {person.obstacle !== null ? (
                    <td colSpan={LETTER_KINDS.length}>
                      <Status tone="stop">{t(`letters.obstacle.${person.obstacle}`)}</Status>
                    </td>
                  ) : (
                    LETTER_KINDS.map((kind) => (
                      <td key={kind} data-label={t(`letterKind.${kind}`)}>
                        {person.letters
                          .filter((letter) => letter.kind === kind)
                          .map((letter) => (
                            <Standing key={letter.locale} letter={letter} timeZone={timeZone} />
                          ))}
                      </td>
                    ))
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <Paging
        page={board}
        address={(after) =>
          paths.letters(slug) + (after === null ? "" : `?${new URLSearchParams({ after })}`)
        }
      />
    </>
  );
}

function PassportState({ person: { passport } }: { person: PersonInLetters }) {
  const t = useT();
  const locale = useLocale();
  switch (passport.state) {
    case "none":
      return <span className="muted">{t("letters.passport.none")}</span>;
    case "pending":
      return (
        <Status tone="wait">
          {passport.expectedOn === ""
            ? t("passport.pendingOpen")
            : t("letters.passport.pending", { date: writtenDay(passport.expectedOn, locale) })}
        </Status>
      );
    case "known":
      return (
        <>
          <Status tone={passport.expiry === null ? "good" : "stop"}>
            {passport.expiry === null
              ? t("letters.passport.known")
              : t(`letters.passport.${passport.expiry}`)}
          </Status>
          <span className="second-line muted">{passport.number}</span>
        </>
      );
  }
}

/** One language of one kind: issued and good, to be issued again, can be, or what is missing. */
function Standing({ letter, timeZone }: { letter: LetterStanding; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  const names = (facts: LetterStanding["missing"]) =>
    facts.map((fact) => t(`letterFact.${fact}`)).join(t("letters.separator"));
  const { issued, missing } = letter;
  return (
    <div className="letter-standing">
      <span className="muted">{t(`letterLocale.${letter.locale}`)}</span>{" "}
      {issued === null ? (
        missing.length === 0 ? (
          <Status tone="wait">{t("letters.ready")}</Status>
        ) : (
          <details>
            <summary>
              <Status>{t("letters.lacks")}</Status>
            </summary>
            {t("letters.missing", { facts: names(missing) })}
          </details>
        )
      ) : (
        <>
          <Status tone={issued.changed.length === 0 ? "good" : "stop"}>
            {t(issued.changed.length === 0 ? "letters.issued" : "letters.redo")}
          </Status>
          <span className="second-line muted">
            {t("letters.version", {
              number: issued.number,
              version: issued.version,
              date: writtenDay(dayOf(issued.issuedAt, timeZone), locale),
            })}
          </span>
          {issued.changed.length === 0 ? null : (
            <span className="second-line">{t("letters.changed", { facts: names(issued.changed) })}</span>
          )}
        </>
      )}
    </div>
  );
}
