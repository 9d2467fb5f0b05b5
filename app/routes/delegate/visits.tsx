import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, Second, Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { registrationForm } from "../../domain/registration/queries.server.ts";
import { wishOrder } from "../../domain/visit/form.ts";
import { acceptOffer, declineOffer } from "../../domain/visit/offers.server.ts";
import { type OwnVisit, orderWishes, ownVisits } from "../../domain/visit/wishes.server.ts";
import { moment, zonedRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ClosedNotice, Deadline, DelegateSheet, letterhead, usePhones } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "myVisits.title") },
];

/** What the address after an act says was done. */
const DONE = ["accepted", "declined", "order"] as const;

/** The invited person, or an assistant to whom they opened their visits. */
async function visitor(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const found = await verifiedHolder(args, { assistants: true });
  const { assistant } = found.ctx;
  if (assistant !== null && !assistant.sections.includes("visits")) throw notFound();
  return found;
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await visitor(args);
  const facts = editionFacts(ctx, holder.editionId);
  const form = registrationForm(ctx);
  if (form === null) throw notFound();
  const away = form.closed === "withdrawn" || form.closed === "declined" ? form.closed : null;
  const done = new URL(args.request.url).searchParams.get("done");
  return {
    locale,
    token,
    isAssistant: ctx.assistant !== null,
    letterhead: letterhead(facts, holder.sideId),
    homeTimeZone: form.homeTimeZone,
    away,
    visits: away === null ? ownVisits(ctx) : [],
    done: DONE.find((each) => each === done) ?? null,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await visitor(args);
  const formData = await args.request.formData();
  const visitId = String(formData.get("visitId") ?? "");
  const done = (what: string) => redirect(`${paths.myVisits(token)}?done=${what}`, 303);
  switch (formData.get("intent")) {
    case "accept": {
      const accepted = await acceptOffer(ctx, visitId);
      if (accepted.ok) throw done("accepted");
      if (accepted.refusal === "gone") throw notFound();
      return data({ refusal: accepted.refusal }, { status: 409 });
    }
    case "decline": {
      const declined = await declineOffer(ctx, visitId);
      if (declined.ok) throw done("declined");
      return data({ refusal: "late" as const }, { status: 409 });
    }
    case "order": {
      const ordered = await orderWishes(ctx, wishOrder(formData));
      if (!ordered.ok) throw notFound();
      throw done("order");
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function MyVisits() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const phones = usePhones(page.letterhead);
  const wishes = page.visits.filter(({ mine }) => mine !== null && mine !== "withdrawn");
  return (
    <DelegateSheet
      letterhead={page.letterhead}
      token={page.token}
      page="visits"
      isAssistant={page.isAssistant}
    >
      {sent === undefined ? null : (
        <Notice tone="stop">
          <p>{t(`myVisits.refusal.${sent.refusal}`, { phones })}</p>
        </Notice>
      )}
      {sent !== undefined || page.done === null ? null : (
        <Notice tone="good">
          <p>{t(`myVisits.done.${page.done}`)}</p>
        </Notice>
      )}
      <h1>{t("myVisits.title")}</h1>
      {page.away !== null ? (
        <ClosedNotice>
          {page.away === "withdrawn" ? t("letter.withdrawn", { phones }) : t("myProgramme.declined")}
        </ClosedNotice>
      ) : page.visits.length === 0 ? (
        <p>{t("myVisits.none")}</p>
      ) : (
        <>
          <p>
            {t("myVisits.intro")} <a href={paths.registration(page.token)}>{t("myVisits.toRegistration")}</a>
          </p>
          {page.visits.map((visit) => (
            <Visit key={visit.visitId} visit={visit} />
          ))}
          {wishes.length < 2 ? null : <Order wishes={wishes} />}
        </>
      )}
    </DelegateSheet>
  );
}

function Visit({ visit }: { visit: OwnVisit }) {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { timeZone } = page.letterhead;
  return (
    <section className="panel" aria-labelledby={`v-${visit.visitId}`}>
      <h2 id={`v-${visit.visitId}`}>
        <Text en={visit.titleEn} zh={visit.titleZh} />
      </h2>
      <p className="second-title small">
        <Second en={visit.titleEn} zh={visit.titleZh} />
      </p>
      <p>
        {zonedRange(visit.startsAt, visit.endsAt, timeZone, locale)} ·{" "}
        <Text en={visit.hostEn} zh={visit.hostZh} />
      </p>
      <p>
        <PlaceNow visit={visit} />
      </p>
      <Why visit={visit} />
      {visit.mine !== "offered" || visit.offerEndsAt === null ? null : (
        <form method="post" action={paths.myVisits(page.token)}>
          <input type="hidden" name="visitId" value={visit.visitId} />
          <p>
            {t("myVisits.heldUntil")}{" "}
            <strong>
              <Deadline at={visit.offerEndsAt} homeTimeZone={page.homeTimeZone} timeZone={timeZone} />
            </strong>
          </p>
          {visit.collisions
            .filter((other) => other.visitId !== null)
            .map((other) => (
              <p className="note" key={other.itemId}>
                {t("myVisits.givesUp", {
                  visit: inLocale({ en: other.titleEn, zh: other.titleZh }, locale).text,
                })}
              </p>
            ))}
          <div className="buttons">
            <button className="button" type="submit" name="intent" value="accept">
              {t("myVisits.accept")}
            </button>
            <button className="button quiet" type="submit" name="intent" value="decline">
              {t("myVisits.decline")}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}

/** The state in a word and a shape. */
function PlaceNow({ visit }: { visit: OwnVisit }) {
  const t = useT();
  switch (visit.mine) {
    case "granted":
      return <Status tone="good">{t("register.placeGranted")}</Status>;
    case "offered":
      return <Status tone="wait">{t("place.offered")}</Status>;
    case "waiting":
      return (
        <Status tone="wait">
          {!visit.automatic
            ? t("myVisits.asked")
            : visit.position === null
              ? t("place.waiting")
              : t("register.placeWaiting", { position: visit.position })}
        </Status>
      );
    case "withdrawn":
      return <Status>{t("myVisits.notOn")}</Status>;
    default:
      return <Status>{t("myVisits.notAsked")}</Status>;
  }
}

/** How it came about, and what can be done. */
function Why({ visit }: { visit: OwnVisit }) {
  const { letterhead: head } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const phones = usePhones(head);
  const lines: Array<string> = [];
  if (visit.mine === "waiting" && visit.allotment === "staff") lines.push(t("myVisits.byStaff"));
  if (visit.mine === "waiting" && visit.allotment === "draw" && !visit.automatic)
    lines.push(t("myVisits.byLot"));
  if (visit.cause === "offer_expired") lines.push(t("myVisits.expired"));
  if (visit.cause === "host_refused") lines.push(t("myVisits.hostRefused", { phones }));
  if (visit.draw !== null) {
    const { ticket, tickets, rank, seed, drawnAt } = visit.draw;
    const words = { ticket, tickets, rank, when: moment(drawnAt, head.timeZone, locale) };
    lines.push(t("myVisits.drawn", words));
    if (visit.mine === "waiting") lines.push(t("myVisits.drawnNone"));
    lines.push(t("myVisits.drawnHow", { ticket, seed }));
  }
  for (const obstacle of visit.obstacles)
    lines.push(
      obstacle === "clash"
        ? t("myVisits.obstacle.clash", {
            items: visit.collisions
              .map((other) => inLocale({ en: other.titleEn, zh: other.titleZh }, locale).text)
              .join(t("agenda.listSeparator")),
            phones,
          })
        : t(`myVisits.obstacle.${obstacle}`),
    );
  return lines.map((line) => (
    <p className="small wrap" key={line}>
      {line}
    </p>
  ));
}

function Order({ wishes }: { wishes: ReadonlyArray<OwnVisit> }) {
  const { token } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <section className="panel" aria-labelledby="order">
      <h2 id="order">{t("myVisits.order")}</h2>
      <p className="small">{t("myVisits.orderHelp")}</p>
      <form method="post" action={paths.myVisits(token)}>
        {wishes.map((visit, index) => (
          <label className="field" key={visit.visitId}>
            <span className="label">{inLocale({ en: visit.titleEn, zh: visit.titleZh }, locale).text}</span>
            <select name={`rank.${visit.visitId}`} defaultValue={String(index + 1)}>
              {wishes.map((_, place) => (
                <option key={wishes[place]?.visitId} value={place + 1}>
                  {t("myVisits.wish", { number: place + 1 })}
                </option>
              ))}
            </select>
          </label>
        ))}
        <button className="button quiet" type="submit" name="intent" value="order">
          {t("myVisits.saveOrder")}
        </button>
      </form>
    </section>
  );
}
