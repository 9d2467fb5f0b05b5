import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { TextField } from "../../components/fields.tsx";
import { BothNames, ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { approvalRule } from "../../domain/edition/queries.server.ts";
import { approveInvitations, takeBackApproval } from "../../domain/invitation/approval.server.ts";
import {
  answerAsHost,
  askHost,
  type PutToHost,
  putToHost,
  type ToApprove,
  toApprove,
} from "../../domain/invitation/host-approval.server.ts";
import { LONGEST_REASON } from "../../domain/invitation/quota.ts";
import { pageOf } from "../../domain/page-of.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ticked } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "approvals.title") },
];

/** Who is approved at one go is looked at first: as many as can be. */
const PAGE = 25;
const idOf = ({ invitationId }: { invitationId: string }) => invitationId;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const query = new URL(args.request.url).searchParams;
  return data({
    locale,
    slug: edition.slug,
    ...approvalRule(ctx),
    own: pageOf(toApprove(ctx), { after: query.get("own"), size: PAGE, idOf }),
    theirs: pageOf(putToHost(ctx), { after: query.get("theirs"), size: PAGE, idOf }),
  });
}

const INTENTS = ["approve", "takeBack", "ask", "hostApproves", "hostRefuses"] as const;
type Intent = (typeof INTENTS)[number];

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const form = await args.request.formData();
  const intent = INTENTS.find((known) => known === form.get("intent"));
  if (intent === undefined) throw notFound();
  const invitationIds = ticked(form, "invitation");
  if (invitationIds === null) throw data(null, { status: 400 });
  const words = sentence(form.get("words"));
  const outcome = await act(ctx, intent, invitationIds, {
    words,
    overQuota: sentence(form.get("overQuota")),
  });
  if (outcome.ok)
    throw redirect(`${paths.approvals(edition.slug)}?${new URLSearchParams({ done: intent })}`, 303);
  if (outcome.refusal === "gone" || outcome.refusal === "forbidden") throw notFound();
  return data({ refusal: outcome.refusal, chosen: invitationIds, words }, { status: 409 });
}

function sentence(typed: FormDataEntryValue | null): string {
  return typeof typed === "string" ? typed.trim().slice(0, LONGEST_REASON) : "";
}

function act(
  ctx: Parameters<typeof askHost>[0],
  intent: Intent,
  invitationIds: ReadonlyArray<string>,
  { words, overQuota }: { words: string; overQuota: string },
) {
  switch (intent) {
    case "approve":
      return approveInvitations(ctx, { invitationIds, overQuota: overQuota === "" ? null : overQuota });
    case "takeBack":
      return takeBackApproval(ctx, invitationIds);
    case "ask":
      return askHost(ctx, invitationIds);
    case "hostApproves":
      return answerAsHost(ctx, { invitationIds, answer: "approved", words });
    case "hostRefuses":
      return answerAsHost(ctx, { invitationIds, answer: "refused", words });
    default:
      return intent satisfies never;
  }
}

const DONE: Readonly<Record<Intent, MessageKey>> = {
  approve: "approvals.done.approve",
  takeBack: "approvals.done.takeBack",
  ask: "approvals.done.ask",
  hostApproves: "approvals.done.hostApproves",
  hostRefuses: "approvals.done.hostRefuses",
};

export default function Approvals() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const [query] = useSearchParams();
  const done = INTENTS.find((intent) => intent === query.get("done"));
  const t = useT();
  return (
    <>
      <WorkHeading>{t("approvals.title")}</WorkHeading>
      {outcome === undefined ? null : (
        <Notice tone="stop">
          {outcome.refusal === "nobody"
            ? t("people.notice.nobody")
            : t(`approvals.refused.${outcome.refusal}`)}
        </Notice>
      )}
      {done === undefined || outcome !== undefined ? null : (
        <Notice tone="good">
          {t(DONE[done])}{" "}
          {page.own.shown.some((one) => one.obstacle === null) ? (
            <a href={paths.people(page.slug)}>{t("approvals.next")}</a>
          ) : null}
        </Notice>
      )}
      {page.theirs.total === 0 ? null : (
        <section className="panel" aria-labelledby="theirs">
          <h2 id="theirs">{t("approvals.theirs")}</h2>
          <p className="muted">{t("approvals.theirsHelp")}</p>
          <Theirs people={page.theirs.shown} chosen={outcome?.chosen ?? []} words={outcome?.words ?? ""} />
          <Paging page={page.theirs} address={(after) => pageAddress(page.slug, "theirs", after)} />
        </section>
      )}
      <section className="panel" aria-labelledby="own">
        <h2 id="own">{t("approvals.own")}</h2>
        <p>
          {t(`approval.${page.approval}`)} ·{" "}
          <a href={`${paths.delegations(page.slug)}#approval`}>{t("approvals.rule")}</a>
        </p>
        {page.own.total === 0 ? (
          <p className="muted">{t("approvals.ownNone")}</p>
        ) : (
          <Own
            people={page.own.shown}
            slug={page.slug}
            asksHost={page.approval === "side_then_host" && !page.isHost}
            isFull={outcome?.refusal === "quotaFull"}
            chosen={outcome?.chosen ?? []}
          />
        )}
        <Paging page={page.own} address={(after) => pageAddress(page.slug, "own", after)} />
      </section>
    </>
  );
}

function pageAddress(slug: string, list: "own" | "theirs", after: string | null): string {
  return paths.approvals(slug) + (after === null ? "" : `?${new URLSearchParams({ [list]: after })}`);
}

function Own({
  people,
  slug,
  asksHost,
  isFull,
  chosen,
}: {
  people: ReadonlyArray<ToApprove>;
  slug: string;
  asksHost: boolean;
  isFull: boolean;
  chosen: ReadonlyArray<string>;
}) {
  const t = useT();
  return (
    <form method="post">
      <TableFrame label={t("approvals.own")}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t("people.chooseColumn")}</span>
              </th>
              <th scope="col">{t("people.column.name")}</th>
              <th scope="col">{t("people.column.post")}</th>
              <th scope="col">{t("people.column.delegation")}</th>
              <th scope="col">{t("people.column.category")}</th>
              <th scope="col">{t("approvals.column.state")}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.invitationId}>
                <Choice person={one} chosen={chosen} />
                <th scope="row" className="row-name">
                  <a href={paths.person(slug, one.invitationId)}>
                    <ListName person={one} />
                  </a>
                </th>
                <Post person={one} />
                <td>
                  <Text en={one.delegationEn} zh={one.delegationZh} />
                </td>
                <td>{t(`category.${one.category}`)}</td>
                <td>
                  <OwnState person={one} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {isFull ? (
        <TextField
          form={emptyForm}
          name="overQuota"
          label={t("approvals.overQuota")}
          help={t("approvals.overQuotaHelp")}
          maxLength={LONGEST_REASON}
        />
      ) : null}
      <Toolbar>
        <button className="button" type="submit" name="intent" value="approve">
          {t("approvals.approve")}
        </button>
        {asksHost ? (
          <button className="button" type="submit" name="intent" value="ask">
            {t("approvals.ask")}
          </button>
        ) : null}
        <button className="button quiet" type="submit" name="intent" value="takeBack">
          {t("approvals.takeBack")}
        </button>
      </Toolbar>
      {asksHost ? <p className="small muted">{t("approvals.askHelp")}</p> : null}
    </form>
  );
}

function OwnState({ person }: { person: ToApprove }) {
  const t = useT();
  const tone = person.obstacle === null ? "good" : person.obstacle === "hostRefused" ? "stop" : "wait";
  return (
    <>
      <Status tone={tone}>
        {person.obstacle === null ? t("approvals.state.ready") : t(`approvals.state.${person.obstacle}`)}
      </Status>
      {person.words === "" ? null : (
        <span className="second-line as-typed">{t("approvals.words", { words: person.words })}</span>
      )}
    </>
  );
}

function Theirs({
  people,
  chosen,
  words,
}: {
  people: ReadonlyArray<PutToHost>;
  chosen: ReadonlyArray<string>;
  words: string;
}) {
  const t = useT();
  const someOpen = people.some((one) => one.answer === "asked");
  return (
    <form method="post">
      <TableFrame label={t("approvals.theirs")}>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t("people.chooseColumn")}</span>
              </th>
              <th scope="col">{t("people.column.name")}</th>
              <th scope="col">{t("people.column.post")}</th>
              <th scope="col">{t("people.column.category")}</th>
              <th scope="col">{t("approvals.column.asks")}</th>
              <th scope="col">{t("approvals.column.answer")}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.invitationId}>
                {one.answer === "asked" ? <Choice person={one} chosen={chosen} /> : <td />}
                <th scope="row" className="row-name">
                  <BothNames person={one} />
                </th>
                <Post person={one} />
                <td>{t(`category.${one.category}`)}</td>
                <td>
                  <Text en={one.sideEn} zh={one.sideZh} />
                </td>
                <td>
                  <Status
                    tone={one.answer === "approved" ? "good" : one.answer === "refused" ? "stop" : "wait"}
                  >
                    {t(`approvals.answer.${one.answer}`)}
                  </Status>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {someOpen ? (
        <>
          <TextField
            form={{ values: { words }, errors: {} }}
            name="words"
            label={t("approvals.hostWords")}
            help={t("approvals.hostWordsHelp")}
            maxLength={LONGEST_REASON}
          />
          <Toolbar>
            <button className="button" type="submit" name="intent" value="hostApproves">
              {t("approvals.hostApproves")}
            </button>
            <button className="button quiet" type="submit" name="intent" value="hostRefuses">
              {t("approvals.hostRefuses")}
            </button>
          </Toolbar>
        </>
      ) : null}
    </form>
  );
}

function Choice({
  person,
  chosen,
}: {
  person: { invitationId: string; nameLatin: string; nameNative: string };
  chosen: ReadonlyArray<string>;
}) {
  const t = useT();
  return (
    <td>
      <input
        type="checkbox"
        name="invitation"
        value={person.invitationId}
        defaultChecked={chosen.includes(person.invitationId)}
        aria-label={t("people.choose", { name: person.nameLatin || person.nameNative })}
      />
    </td>
  );
}

function Post({
  person,
}: {
  person: Pick<PutToHost, "institutionEn" | "institutionZh" | "positionEn" | "positionZh">;
}) {
  return (
    <td>
      <Text en={person.institutionEn} zh={person.institutionZh} />
      <span className="second-line muted">
        <Text en={person.positionEn} zh={person.positionZh} />
      </span>
    </td>
  );
}
