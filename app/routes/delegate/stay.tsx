import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Notice, Status } from "../../components/page.tsx";
import { Run, Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { answerSharing, type OwnRoom, ownRooms } from "../../domain/lodging/own-room.server.ts";
import { ownNeedsView } from "../../domain/meal/own-needs.server.ts";
import { isPlain, severityOf } from "../../domain/meal/rules.ts";
import { calendarDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { DelegateSheet, letterhead } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "myStay.title") },
];

/** Where one sleeps and with whom, and what kitchens and the desk are told: with the way to correct it. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args);
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    rooms: ownRooms(ctx),
    needs: ownNeedsView(ctx),
  };
}

/** What this person says to sharing a room. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token } = await verifiedHolder(args);
  const formData = await args.request.formData();
  const answer = formData.get("answer");
  if (answer !== "agreed" && answer !== "refused") throw data(null, { status: 400 });
  const said = await answerSharing(ctx, { roomId: String(formData.get("room") ?? ""), answer });
  if (said.ok) throw redirect(`${paths.myStay(token)}?saved`, 303);
  if (said.refusal === "gone") throw notFound();
  return data({ begun: true }, { status: 409 });
}

export default function MyStay() {
  const { letterhead: head, token, rooms } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  return (
    <DelegateSheet letterhead={head} token={token} page="stay">
      {query.has("saved") && sent === undefined ? (
        <Notice tone="good">
          <p>{t("myStay.saved")}</p>
        </Notice>
      ) : null}
      {sent?.begun ? (
        <Notice tone="stop">
          <p>{t("myStay.begun")}</p>
        </Notice>
      ) : null}
      <h1>{t("myStay.title")}</h1>
      <section aria-labelledby="room">
        <h2 id="room">{t("myStay.room")}</h2>
        {rooms.length === 0 ? <p>{t("myStay.noRoom")}</p> : null}
        {rooms.map((room) => (
          <Room key={room.roomId} room={room} />
        ))}
      </section>
      <Kitchen />
      <Access />
      <p>
        <a href={paths.registrationSection(token, "needs")}>{t("myStay.correct")}</a>
      </p>
    </DelegateSheet>
  );
}

function Room({ room }: { room: OwnRoom }) {
  const t = useT();
  const locale = useLocale();
  const names = room.mates
    .map(({ nameLatin, nameNative }) => `${nameLatin} ${nameNative}`.trim())
    .join(t("agenda.listSeparator"));
  return (
    <div className="given">
      <p>
        <strong>
          <Text en={room.hotelEn} zh={room.hotelZh} />
        </strong>
        <span className="second-line small muted">
          <Text en={room.addressEn} zh={room.addressZh} />
        </span>
        <span className="second-line">
          {t("myStay.nights", {
            from: calendarDay(room.checkIn, locale),
            to: calendarDay(room.checkOut, locale),
          })}
        </span>
      </p>
      {room.mates.length === 0 ? null : room.settled ? (
        <p>{t("myStay.settled", { names })}</p>
      ) : (
        <>
          <p>{t("myStay.ask", { names })}</p>
          {room.answer === "alone" ? null : (
            <p>
              <Status tone={room.answer === "agreed" ? "good" : room.answer === "refused" ? "stop" : "wait"}>
                {t(`myStay.you.${room.answer}`)}
              </Status>
              {room.answer === "agreed" ? (
                <span className="second-line small muted">{t("myStay.waits")}</span>
              ) : null}
            </p>
          )}
        </>
      )}
      {room.mates.length === 0 ? null : room.begun ? (
        <p className="small">{t("myStay.begun")}</p>
      ) : (
        <form method="post" className="buttons">
          <input type="hidden" name="room" value={room.roomId} />
          {room.answer === "agreed" ? null : (
            <button className="button" type="submit" name="answer" value="agreed">
              {t("myStay.agree")}
            </button>
          )}
          {room.answer === "refused" ? null : (
            <button className="button quiet" type="submit" name="answer" value="refused">
              {t("myStay.refuse")}
            </button>
          )}
          <span className="small muted">{t("myStay.changeable")}</span>
        </form>
      )}
    </div>
  );
}

function Kitchen() {
  const { needs } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section aria-labelledby="kitchen">
      <h2 id="kitchen">{t("myStay.kitchen")}</h2>
      {needs === null ? (
        <p>{t("myStay.notSent")}</p>
      ) : isPlain(needs.food) ? (
        <p>{t("myStay.nothing")}</p>
      ) : (
        <>
          <Told needs={needs} />
          <p className="small muted">{t("myStay.kitchenHow")}</p>
        </>
      )}
    </section>
  );
}

type Needs = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>["needs"]>;

function Told({ needs: { food, words } }: { needs: Needs }) {
  const t = useT();
  const diets = food.diets.filter((diet) => diet !== "none");
  const severity = severityOf(food);
  return (
    <dl className="facts">
      {diets.length === 0 && food.dietText === "" ? null : (
        <div className="fact">
          <dt>{t("myStay.food")}</dt>
          <dd>
            {diets.map((diet) => (
              <span className="second-line" key={diet}>
                {t(`diet.${diet}`)}
              </span>
            ))}
            {food.dietText === "" ? null : <span className="second-line">{food.dietText}</span>}
          </dd>
        </div>
      )}
      {severity === null ? null : (
        <div className="fact">
          <dt>{t("myStay.allergy")}</dt>
          <dd>
            {food.allergies}
            <span className="second-line">{t(`severity.${severity}`)}</span>
          </dd>
        </div>
      )}
      {words === null ? null : (
        <div className="fact">
          <dt>{t("myStay.words")}</dt>
          <dd>
            <span className="second-line">
              <Run locale="en">{words.en}</Run>
            </span>
            <span className="second-line">
              <Run locale="zh-CN">{words.zh}</Run>
            </span>
            <span className="second-line small muted">{t("myStay.wordsWrong")}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Access() {
  const { needs } = useLoaderData<typeof loader>();
  const t = useT();
  if (needs === null) return null;
  return (
    <section aria-labelledby="access">
      <h2 id="access">{t("myStay.access")}</h2>
      {needs.access.length === 0 && needs.accessText === "" ? (
        <p>{t("myStay.accessNone")}</p>
      ) : (
        <>
          <ul>
            {needs.access.map((need) => (
              <li key={need}>{t(`access.${need}`)}</li>
            ))}
            {needs.accessText === "" ? null : <li>{needs.accessText}</li>}
          </ul>
          <p className="small muted">{t("myStay.accessHow")}</p>
        </>
      )}
    </section>
  );
}
