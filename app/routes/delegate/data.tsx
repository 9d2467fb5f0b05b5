import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { ErrorSummary, LongTextField } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { askAboutData } from "../../domain/data-request/commands.server.ts";
import { correctionForm } from "../../domain/data-request/form.ts";
import { ownData } from "../../domain/data-request/queries.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";
import { DelegateSheet, letterhead } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "myData.title") },
];

/** All that is held of a person, to be read and printed. What is under the seal is only said to be there. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args);
  const own = ownData(ctx);
  if (own === null) throw notFound();
  const { form, sealed, passport, ...held } = own;
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    held,
    isRegistered: form.state !== null,
    sealed: Object.keys(sealed).length + (passport === null ? 0 : 1),
    done: new URL(args.request.url).searchParams.get("asked"),
  };
}

/** `intent`: asks that something be corrected (`correction`), or that everything be deleted (`deletion`). */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await verifiedHolder(args);
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  if (intent === "deletion") {
    if (formData.get("sure") !== "yes") return data({ form: emptyForm, sure: true }, { status: 422 });
    const asked = await askAboutData(ctx, { kind: "deletion", words: "" });
    if (!asked.ok) throw notFound();
    return redirect(`${paths.myData(token)}?asked=deletion`, 303);
  }
  if (intent !== "correction") throw data(null, { status: 400 });
  const parsed = parseForm(correctionForm, formData);
  if (!parsed.ok) return data({ form: parsed.form, sure: false }, { status: 422 });
  const asked = await askAboutData(ctx, { kind: "correction", words: parsed.value.words });
  if (!asked.ok) throw notFound();
  return redirect(`${paths.myData(token)}?asked=correction`, 303);
}

export default function MyData() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const { held, token, letterhead: head } = page;
  const t = useT();
  const locale = useLocale();
  const when = (at: number) => moment(at, head.timeZone, locale);
  const form = outcome?.form ?? emptyForm;
  return (
    <DelegateSheet letterhead={head} token={token} page="data">
      {page.done === "correction" || page.done === "deletion" ? (
        <Notice tone="good">
          <p>{t(`myData.asked.${page.done}`)}</p>
        </Notice>
      ) : null}
      <ErrorSummary form={form} labels={{ words: t("myData.words") }} />
      <h1>{t("myData.title")}</h1>
      <p>{t("myData.intro")}</p>
      <p className="no-print">
        <a href={paths.myConsents(token)}>{t("myConsents.title")}</a>
      </p>
      {held.requests.length === 0 ? null : (
        <section aria-labelledby="requests">
          <h2 id="requests">{t("myData.requests")}</h2>
          <ul className="plain">
            {held.requests.map((request) => (
              <li key={request.kind + request.askedAt}>
                {t(`dataRequest.${request.kind}`)}{" "}
                <Status tone={request.state === "open" ? "wait" : request.state === "done" ? "good" : "stop"}>
                  {t(`dataRequestState.${request.state}`)}
                </Status>
                <span className="second-line small muted">
                  {request.decidedAt === null
                    ? t("myData.due", { when: when(request.dueAt) })
                    : when(request.decidedAt)}
                </span>
                {request.words === "" ? null : <span className="second-line as-typed">{request.words}</span>}
                {request.word === "" ? null : <span className="second-line as-typed">{request.word}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="no-print" aria-labelledby="take">
        <h2 id="take">{t("myData.take")}</h2>
        <p>{t("myData.takeHelp")}</p>
        <form method="post" action={paths.myDataFile(token)}>
          <button className="button quiet" type="submit">
            {t("myData.takeButton")}
          </button>
        </form>
      </section>
      <section className="no-print" aria-labelledby="correct">
        <h2 id="correct">{t("myData.correct")}</h2>
        <p>
          {t("myData.correctHelp")} <a href={paths.registration(token)}>{t("letter.toRegistration")}</a>
        </p>
        <form method="post">
          <input type="hidden" name="intent" value="correction" />
          <LongTextField
            form={form}
            name="words"
            label={t("myData.words")}
            rows={3}
            required
            maxLength={2_000}
          />
          <button className="button quiet" type="submit">
            {t("myData.correctSend")}
          </button>
        </form>
      </section>
      <section className="no-print" aria-labelledby="delete">
        <h2 id="delete">{t("myData.delete")}</h2>
        {outcome?.sure === true ? (
          <div className="given sure">
            <p>{t("myData.deleteSure")}</p>
            <form method="post" className="buttons">
              <input type="hidden" name="intent" value="deletion" />
              <input type="hidden" name="sure" value="yes" />
              <button className="button" type="submit">
                {t("myData.deleteSend")}
              </button>
              <a className="button quiet" href={paths.myData(token)}>
                {t("myConsents.sureBack")}
              </a>
            </form>
          </div>
        ) : (
          <>
            <p>{t("myData.deleteHelp")}</p>
            <form method="post">
              <input type="hidden" name="intent" value="deletion" />
              <button className="button quiet" type="submit">
                {t("myData.deleteAsk")}
              </button>
            </form>
          </>
        )}
      </section>
      <h2>{t("myData.held")}</h2>
      <p className="muted">{t("myData.heldNot")}</p>
      <Part title={t("myData.part.card")}>
        <Facts
          facts={[
            [t("register.nameLatin"), held.card?.nameLatin],
            [t("register.nameNative"), held.card?.nameNative],
            [t("register.honorificEn"), held.card?.honorificEn],
            [t("register.honorificZh"), held.card?.honorificZh],
            [t("register.positionEn"), held.card?.positionEn],
            [t("register.positionZh"), held.card?.positionZh],
            [t("register.institutionEn"), held.card?.institutionEn],
            [t("register.institutionZh"), held.card?.institutionZh],
            [t("register.email"), held.card?.email],
            [t("register.mobile"), held.card?.phone],
          ]}
        />
      </Part>
      <Part title={t("myData.part.registration")}>
        {page.isRegistered ? (
          <p>
            <a href={paths.registrationReview(token)}>{t("receipt.answers")}</a>
          </p>
        ) : (
          <p className="muted">{t("myData.nothing")}</p>
        )}
        {page.sealed === 0 ? null : <p>{t("myData.sealed")}</p>}
      </Part>
      <Part title={t("myData.part.life")}>
        <List
          items={held.life.map(({ at, kind, channel, note }) => (
            <>
              {when(at)} · {t(`invitationEvent.${kind}`)} ·{" "}
              {channel === "self" ? t("myData.byYou") : t(`channel.${channel}`)}
              {note === "" ? null : <span className="second-line as-typed">{note}</span>}
            </>
          ))}
        />
      </Part>
      <Part title={t("myData.part.visits")}>
        <List
          items={held.visits.map(({ titleEn, titleZh }) => (
            <Text key={titleEn + titleZh} en={titleEn} zh={titleZh} />
          ))}
        />
      </Part>
      <Part title={t("myData.part.letters")}>
        <List items={held.letters.map(({ number, issuedAt }) => `${number} · ${when(issuedAt)}`)} />
      </Part>
      <Part title={t("myData.part.mails")}>
        <List
          items={held.mails.map(({ at, kind, to }) => `${when(at)} · ${t(`mailKind.${kind}`)} · ${to}`)}
        />
      </Part>
      <Part title={t("myData.part.releases")}>
        <List
          items={held.releases.map(({ recipient, purpose, releasedAt, until, revokedAt }) => (
            <>
              {recipient === "" ? t("myData.otherSide") : recipient} · {purpose}
              <span className="second-line small muted">
                {when(releasedAt)} – {when(revokedAt ?? until)}
              </span>
            </>
          ))}
        />
      </Part>
      <Part title={t("myData.part.reveals")}>
        <List items={held.reveals.map(({ at }) => `${when(at)} · ${t("myData.revealed")}`)} />
      </Part>
      <Part title={t("myData.part.devices")}>
        <List
          items={[
            ...held.devices.map(
              ({ browser, system, createdAt }) => `${browser} ${system} · ${when(createdAt)}`,
            ),
            ...held.assistants.map(({ name, email }) => `${name} · ${email}`),
          ]}
        />
      </Part>
    </DelegateSheet>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h3>{title}</h3>
      {children}
    </>
  );
}

function Facts({ facts }: { facts: ReadonlyArray<readonly [string, string | null | undefined]> }) {
  return (
    <dl className="given-answers">
      {facts.map(([label, value]) =>
        value === undefined || value === null || value === "" ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function List({ items }: { items: ReadonlyArray<ReactNode> }) {
  const t = useT();
  if (items.length === 0) return <p className="muted">{t("myData.nothing")}</p>;
  return (
    <ul className="plain small">
      {items.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn once and never moved
        <li key={n}>{item}</li>
      ))}
    </ul>
  );
}
