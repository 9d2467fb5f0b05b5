import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary, fieldId, LongTextField, TextField } from "../../components/fields.tsx";
import { BilingualHeading, Notice, Status } from "../../components/page.tsx";
import { Second, Text } from "../../components/text.tsx";
import { invitationHolder, knownDevice, notFound, requirePost } from "../../context.server.ts";
import { type EditionFacts, editionFacts } from "../../domain/edition/queries.server.ts";
import {
  acknowledgeInvitation,
  answerInvitation,
  invitationLetter,
  type Letter,
} from "../../domain/invitation/reply.server.ts";
import { ANSWERS, type Answer, answerOf, replyForm } from "../../domain/invitation/reply.ts";
import { calendarDay, dayOf, moment } from "../../i18n/dates.ts";
import { chineseNumeral } from "../../i18n/numerals.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import {
  ClosedNotice,
  Deadline,
  DelegateSheet,
  letterhead,
  Sentences,
  useNames,
  usePhones,
} from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "letter.title") },
];

/**
 * Shows the letter and the reply that stands: all that a forwarded link shows. Looking at it any number of times, by
 * anybody or anything, changes nothing.
 */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await invitationHolder(args);
  const facts = editionFacts(ctx, holder.editionId);
  const letter = invitationLetter(ctx);
  if (letter === null) throw notFound();
  // What went with the reply (a reason, a colleague) is for the person's own browser, in which a code was typed.
  const { assistant } = holder;
  const withWords = assistant === null && knownDevice(args, holder) !== null;
  return {
    locale,
    token,
    letterhead: letterhead(facts, holder.sideId),
    edition: shown(facts),
    letter: withWords ? letter : { ...letter, note: "", askAgainOn: null },
    isAssistant: assistant !== null,
    mayReply: assistant?.mayReply ?? true,
  };
}

function shown(facts: EditionFacts) {
  const { cityEn, cityZh, startsOn, endsOn, travelFrom, travelTo, replyBy, registerBy, costsEn, costsZh } =
    facts;
  return {
    city: { en: cityEn, zh: cityZh },
    costs: { en: costsEn, zh: costsZh },
    startsOn,
    endsOn,
    travelFrom,
    travelTo,
    replyBy,
    registerBy,
  };
}

/** Takes a reply. Declining asks once more before it counts. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, holder, token } = await invitationHolder(args);
  const facts = editionFacts(ctx, holder.editionId);
  const formData = await args.request.formData();
  if (formData.get("intent") === "received") {
    const noted = await acknowledgeInvitation(ctx);
    if (!noted.ok) throw notFound();
    return redirect(paths.invitation(token), 303);
  }
  const parsed = parseForm(
    replyForm({ today: dayOf(ctx.clock.now(), facts.timeZone), lastDay: facts.startsOn }),
    formData,
  );
  if (!parsed.ok) return data({ step: "form" as const, form: parsed.form }, { status: 422 });
  const form: FormState = { values: typedValues(formData), errors: {} };
  if (parsed.value.reply === "declined" && parsed.value.sure !== "yes")
    return data({ step: "sure" as const, form }, { status: 422 });
  const outcome = await answerInvitation(ctx, answerOf(parsed.value));
  if (outcome.ok) return redirect(paths.invitation(token), 303);
  if (outcome.refusal === "gone") throw notFound();
  return data({ step: "refused" as const, form }, { status: 409 });
}

export default function InvitationPage() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const { letter, edition } = page;
  const { timeZone } = page.letterhead;
  const phones = usePhones(page.letterhead);
  const hosts = useNames(page.letterhead.hosts);
  const dialogue =
    letter.ordinal === null
      ? t("letter.dialogue")
      : t("letter.dialogueNth", { ordinal: letter.ordinal, nth: chineseNumeral(letter.ordinal) });
  return (
    <DelegateSheet {...page} page="invitation">
      {outcome?.step === "sure" ? (
        <SureToDecline form={outcome.form} letter={letter} token={page.token} />
      ) : null}
      {outcome?.step === "refused" ? (
        <Notice tone="stop">
          <p>{t("answer.refused")}</p>
        </Notice>
      ) : null}
      {outcome?.step === "form" ? (
        <ErrorSummary
          form={outcome.form}
          labels={{
            reply: t("answer.legend"),
            askAgainOn: t("answer.askAgainOn"),
            declineNote: t("answer.declineNote"),
            colleagueName: t("answer.colleagueName"),
            colleagueContact: t("answer.colleagueContact"),
          }}
        />
      ) : null}
      {page.isAssistant ? (
        <p className="note">{page.mayReply ? t("assistant.youMayReply") : t("assistant.youMayNotReply")}</p>
      ) : null}
      {letter.reply === "none" ? null : <GivenReply letter={letter} token={page.token} timeZone={timeZone} />}
      <p className="muted small">{t("letter.number", { number: letter.number })}</p>
      <BilingualHeading {...page.letterhead.title} />
      <p className="salutation">
        <Text en={letter.salutationEn} zh={letter.salutationZh} />
      </p>
      <p>
        {letter.invitedAs === null
          ? t("letter.body", { hosts, dialogue })
          : t("letter.bodyAs", {
              hosts,
              dialogue,
              function: t(`function.${letter.invitedAs}`).toLocaleLowerCase("en"),
            })}
      </p>
      <dl className="facts">
        <dt>{t("letter.when")}</dt>
        <dd>
          {t("letter.days", {
            from: calendarDay(edition.startsOn, locale),
            to: calendarDay(edition.endsOn, locale),
          })}
          <span className="second-line small muted">
            {t("letter.travelWindow", {
              from: calendarDay(edition.travelFrom, locale),
              to: calendarDay(edition.travelTo, locale),
            })}
          </span>
        </dd>
        <dt>{t("letter.where")}</dt>
        <dd>
          <Text {...edition.city} /> <Second {...edition.city} />
        </dd>
        {edition.costs.en === "" && edition.costs.zh === "" ? null : (
          <>
            <dt>{t("letter.costs")}</dt>
            <dd>
              <Text {...edition.costs} />
            </dd>
          </>
        )}
        {edition.replyBy === null ? null : (
          <>
            <dt>{t("letter.replyBy")}</dt>
            <dd>
              <Deadline at={edition.replyBy} homeTimeZone={letter.homeTimeZone} timeZone={timeZone} />
            </dd>
          </>
        )}
        {edition.registerBy === null ? null : (
          <>
            <dt>{t("letter.registerBy")}</dt>
            <dd>
              <Deadline at={edition.registerBy} homeTimeZone={letter.homeTimeZone} timeZone={timeZone} />
            </dd>
          </>
        )}
      </dl>
      {!page.mayReply ? null : letter.closed === null ? (
        outcome?.step === "sure" ? null : letter.reply === "none" ? (
          <ReplyForm form={outcome?.form ?? emptyForm} />
        ) : (
          <details className="change-reply" open={outcome !== undefined}>
            <summary>{t("answer.change")}</summary>
            <ReplyForm form={outcome?.form ?? replyAsForm(letter)} />
          </details>
        )
      ) : (
        <ClosedNotice>
          {letter.closed === "withdrawn" ? t("letter.withdrawn", { phones }) : t("answer.late", { phones })}
        </ClosedNotice>
      )}
      {letter.closed === null && page.mayReply ? (
        <p className="note sheet-note">
          <Sentences>
            {[
              letter.reply === "none" ? t("answer.nothingSent") : null,
              edition.replyBy === null ? t("answer.canChangeLater") : t("answer.canChange"),
            ]}
          </Sentences>
        </p>
      ) : null}
      {letter.reply === "none" && letter.closed !== "withdrawn" ? (
        <Received seen={letter.seenAt !== null} />
      ) : null}
      <p className="small muted">
        {t("letter.forwarding")}{" "}
        <a className="no-print" href={paths.notMe(page.token)}>
          {t("notMe.link")}
        </a>
      </p>
    </DelegateSheet>
  );
}

/** The reply that stands, as the first state of the form that changes it. */
function replyAsForm(letter: Letter): FormState {
  const [colleagueName = "", ...contact] =
    letter.reply === "substitute_proposed" ? letter.note.split("\n") : [];
  return {
    values: {
      reply: letter.reply,
      declineNote: letter.reply === "declined" ? letter.note : "",
      askAgainOn: letter.askAgainOn ?? "",
      colleagueName,
      colleagueContact: contact.join(" "),
    },
    errors: {},
  };
}

function GivenReply({ letter, token, timeZone }: { letter: Letter; token: string; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  if (letter.reply === "none") return null;
  const tone = letter.reply === "accepted" ? "good" : letter.reply === "declined" ? "stop" : "wait";
  return (
    <section className="given" aria-labelledby="given">
      <h2 id="given">
        {letter.repliedAt === null
          ? t("answer.legend")
          : t("answer.given", { when: moment(letter.repliedAt, timeZone, locale) })}
      </h2>
      <p>
        <Status tone={tone}>{t(`reply.${letter.reply}`)}</Status>
      </p>
      {letter.note === "" ? null : <p className="as-typed">{letter.note}</p>}
      {letter.closed === "withdrawn" ? null : (
        <>
          <p>{thanks(t, letter, locale)}</p>
          {letter.reply === "accepted" ? (
            <p>
              <a className="button" href={paths.registration(token)}>
                {letter.registration === "submitted" ? t("answer.toRegistration") : t("answer.register")}
              </a>
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}

function thanks(t: ReturnType<typeof useT>, letter: Letter, locale: ReturnType<typeof useLocale>): string {
  switch (letter.reply) {
    case "accepted":
      return letter.registration === "submitted" ? t("answer.thanksRegistered") : t("answer.thanksAccepted");
    case "declined":
      return t("answer.thanksDeclined");
    case "tentative":
      return letter.askAgainOn === null
        ? ""
        : t("answer.thanksTentative", { day: calendarDay(letter.askAgainOn, locale) });
    case "substitute_proposed":
      return t("answer.thanksSubstitute");
    case "none":
      return "";
    default:
      return letter.reply satisfies never;
  }
}

function ReplyForm({ form }: { form: FormState }) {
  const t = useT();
  const errors = form.errors.reply ?? [];
  return (
    <form method="post" className="reply">
      <fieldset
        className={errors.length > 0 ? "choices wrong" : "choices"}
        id={fieldId("reply")}
        tabIndex={-1}
        aria-describedby={errors.length > 0 ? "reply-error" : undefined}
      >
        <legend>{t("answer.legend")}</legend>
        {errors.length > 0 ? (
          <span className="error" id="reply-error">
            {errors.map((key) => t(key)).join(" ")}
          </span>
        ) : null}
        {ANSWERS.map((answer) => (
          <div className="answer" key={answer}>
            <label className="choice">
              <input type="radio" name="reply" value={answer} defaultChecked={form.values.reply === answer} />
              <span>
                {t(`answer.${answer}`)}
                {answer === "tentative" ? <span className="help">{t("answer.tentativeHelp")}</span> : null}
              </span>
            </label>
            <ReplyDetails answer={answer} form={form} />
          </div>
        ))}
      </fieldset>
      <button className="button" type="submit">
        {t("answer.send")}
      </button>
    </form>
  );
}

/** What goes with an answer: open when that answer is chosen, where the browser can tell; always open elsewhere. */
function ReplyDetails({ answer, form }: { answer: Answer; form: FormState }) {
  const t = useT();
  switch (answer) {
    case "accepted":
      return null;
    case "declined":
      return (
        <div className="answer-more">
          <LongTextField form={form} name="declineNote" label={t("answer.declineNote")} rows={2} required />
        </div>
      );
    case "tentative":
      return (
        <div className="answer-more">
          <TextField
            form={form}
            name="askAgainOn"
            label={t("answer.askAgainOn")}
            type="date"
            narrow
            required
          />
        </div>
      );
    case "substitute_proposed":
      return (
        <div className="answer-more">
          <TextField form={form} name="colleagueName" label={t("answer.colleagueName")} required />
          <TextField
            form={form}
            name="colleagueContact"
            label={t("answer.colleagueContact")}
            help={t("answer.colleagueHelp")}
          />
        </div>
      );
    default:
      return answer satisfies never;
  }
}

/** For those who cannot say yet: that the letter has come. Looking at it tells us nothing, since machines look too. */
function Received({ seen }: { seen: boolean }) {
  const t = useT();
  if (seen) return <p className="small muted">{t("received.known")}</p>;
  return (
    <form method="post" className="received">
      <input type="hidden" name="intent" value="received" />
      <button className="button quiet" type="submit">
        {t("received.button")}
      </button>
      <p className="small muted">{t("received.help")}</p>
    </form>
  );
}

/** The second step of declining: the same answer, said once more. */
function SureToDecline({ form, letter, token }: { form: FormState; letter: Letter; token: string }) {
  const t = useT();
  const note = form.values.declineNote;
  return (
    <section className="given sure" aria-labelledby="sure">
      <h2 id="sure">{t("answer.sureTitle")}</h2>
      <p>{t("answer.sure")}</p>
      {letter.registration === null ? null : <p>{t("answer.sureLoses")}</p>}
      <form method="post" className="buttons">
        <input type="hidden" name="reply" value="declined" />
        <input type="hidden" name="sure" value="yes" />
        <input type="hidden" name="declineNote" value={typeof note === "string" ? note : ""} />
        <button className="button" type="submit">
          {t("answer.sureSend")}
        </button>
        <a className="button quiet" href={paths.invitation(token)}>
          {t("answer.sureBack")}
        </a>
      </form>
    </section>
  );
}
