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
import { SheetForms } from "../../components/sheet-forms.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { handOutForm } from "../../domain/interpretation/form.ts";
import {
  type HeadsetPerson,
  handOut,
  headsetHolder,
  headsetPage,
  notHandedOut,
  takeBack,
} from "../../domain/interpretation/headsets.server.ts";
import { clockTime24, dayHeading, deskRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "headset.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const { searchParams } = new URL(args.request.url);
  return {
    locale,
    slug: edition.slug,
    onlyOut: searchParams.has("out"),
    ...headsetPage(ctx, searchParams.get("day")),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, ["logistics", "duty_desk"]);
  const formData = await args.request.formData();
  const parsed = parseForm(handOutForm, formData);
  if (!parsed.ok) throw data(null, { status: 400 });
  const { invitationId, day } = parsed.value;
  const intent = formData.get("intent");
  const outcome =
    intent === "hand"
      ? await handOut(ctx, parsed.value)
      : intent === "return" || intent === "undoReturn"
        ? await takeBack(ctx, { invitationId, day, undo: intent === "undoReturn" })
        : intent === "undoHand"
          ? await notHandedOut(ctx, { invitationId, day })
          : null;
  if (outcome === null) throw data(null, { status: 400 });
  if (!outcome.ok) {
    if (outcome.refusal === "gone") throw notFound();
    const { number } = parsed.value;
    return data({ invitationId, number, holder: headsetHolder(ctx, parsed.value) }, { status: 409 });
  }
  const only = formData.get("only") === "out" ? "&out" : "";
  throw redirect(`${paths.headsets(edition.slug)}?day=${day}${only}#p-${invitationId}`, 303);
}

export default function Headsets() {
  const { slug, days, day, sessions, people, out, onlyOut, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const here = paths.headsets(slug);
  const sent = useActionData<typeof action>();
  const shown = onlyOut
    ? people.filter(({ handedAt, returnedAt }) => handedAt !== null && returnedAt === null)
    : people;
  return (
    <>
      <WorkHeading>{t("headset.title")}</WorkHeading>
      {sent === undefined ? null : (
        <Notice tone="stop">
          {sent.holder === null
            ? t("headset.takenElsewhere")
            : t("headset.taken", { person: sent.holder.nameLatin || sent.holder.nameNative })}
        </Notice>
      )}
      {days.length === 0 ? (
        <p>{t("headset.noDay")}</p>
      ) : (
        <>
          <nav className="pages no-print" aria-label={t("headset.days")}>
            {days.map((each) => (
              <a key={each} href={`${here}?day=${each}`} aria-current={each === day ? "page" : undefined}>
                {dayHeading(each, locale)}
              </a>
            ))}
          </nav>
          <section className="panel">
            <h2>{t("headset.counts")}</h2>
            <TableFrame label={t("headset.counts")}>
              <table className="fit">
                <thead>
                  <tr>
                    <th scope="col">{t("needs.column.item")}</th>
                    <th scope="col">{t("headset.column.channels")}</th>
                    <th scope="col" className="num">
                      {t("headset.column.unknown")}
                    </th>
                    <th scope="col" className="num">
                      {t("headset.column.ready")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {sessions.map((session) => (
                    <tr key={session.itemId}>
                      <th scope="row">
                        {deskRange(session.startsAt, session.endsAt, timeZone, locale)}
                        <span className="second-line">
                          <Text en={session.titleEn} zh={session.titleZh} />
                        </span>
                      </th>
                      <td>
                        {session.channels.map(([tongue, count]) => (
                          <span className="second-line" key={tongue}>
                            {t("meals.countOf", { what: t(`register.language.${tongue}`), count })}
                          </span>
                        ))}
                      </td>
                      <td className="num">{session.unknown}</td>
                      <td className="num">{session.ready}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
            <p className="small muted">{t("headset.countsNote")}</p>
          </section>
          <section className="panel">
            <h2>{t("headset.people")}</h2>
            {people.length === 0 ? (
              <p>{t("headset.nobody")}</p>
            ) : (
              <>
                <p>
                  <Status tone={out === 0 ? "good" : "wait"}>{t("headset.out", { count: out })}</Status>{" "}
                  <a className="no-print" href={`${here}?day=${day}${onlyOut ? "" : "&out"}`}>
                    {t(onlyOut ? "needs.all" : "headset.onlyOut")}
                  </a>
                </p>
                <ul className="plain">
                  {shown.map((one) => (
                    <li key={one.invitationId} id={`p-${one.invitationId}`} className="manifest-edit">
                      <Person one={one} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </section>
          <SheetForms
            slug={slug}
            note={null}
            fields={{ day }}
            files={[
              ["headsets.pdf", t("headset.sheet.pdf")],
              ["headsets.xlsx", t("headset.sheet.xlsx")],
            ]}
          />
        </>
      )}
    </>
  );
}

function Person({ one }: { one: HeadsetPerson }) {
  const { slug, day, onlyOut, timeZone } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const person = one.nameLatin || one.nameNative;
  const refused = sent?.invitationId === one.invitationId ? sent : undefined;
  const at = (instant: number) => clockTime24(instant, timeZone);
  return (
    <>
      <span>
        <BothNames person={one} />
        <span className="second-line small muted">
          <Text en={one.delegationEn} zh={one.delegationZh} />
        </span>
      </span>
      {one.handedAt === null ? (
        <Status>{t("headset.state.none")}</Status>
      ) : one.returnedAt === null ? (
        <Status tone="wait">{t("headset.state.out", { at: at(one.handedAt) })}</Status>
      ) : (
        <Status tone="good">{t("headset.state.back", { at: at(one.returnedAt) })}</Status>
      )}
      {/* A refusal is drawn on the day that it is about. */}
      <Form
        method="post"
        action={`${paths.headsets(slug)}?day=${day}${onlyOut ? "&out" : ""}`}
        className="inline-form no-print"
      >
        <input type="hidden" name="invitationId" value={one.invitationId} />
        <input type="hidden" name="day" value={day} />
        {onlyOut ? <input type="hidden" name="only" value="out" /> : null}
        {one.handedAt === null ? (
          <>
            <input
              name="number"
              size={6}
              maxLength={20}
              autoComplete="off"
              key={refused?.number ?? ""}
              defaultValue={refused?.number ?? ""}
              aria-invalid={refused === undefined ? undefined : true}
              aria-label={t("headset.numberOf", { person })}
            />{" "}
            <button
              className="button small"
              type="submit"
              name="intent"
              value="hand"
              aria-label={t("headset.handWhom", { person })}
            >
              {t("headset.hand")}
            </button>
          </>
        ) : (
          <>
            {one.number === "" ? null : <strong>{one.number} </strong>}
            {one.returnedAt === null ? (
              <>
                <button
                  className="button small"
                  type="submit"
                  name="intent"
                  value="return"
                  aria-label={t("headset.returnWhom", { person })}
                >
                  {t("headset.return")}
                </button>{" "}
                <button className="link" type="submit" name="intent" value="undoHand">
                  {t("headset.undoHand")}
                  <span className="visually-hidden"> {person}</span>
                </button>
              </>
            ) : (
              <button className="link" type="submit" name="intent" value="undoReturn">
                {t("headset.undoReturn")}
                <span className="visually-hidden"> {person}</span>
              </button>
            )}
          </>
        )}
      </Form>
    </>
  );
}
