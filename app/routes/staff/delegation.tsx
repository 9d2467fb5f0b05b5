import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { CATEGORIES } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, FieldsOf, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames, ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { ApplyPlaces, ProtocolOrderTable } from "../../components/protocol-order.tsx";
import { Second, Text } from "../../components/text.tsx";
import { SeatBar } from "../../components/timeline.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { changeMember, orderDelegation } from "../../domain/delegation/commands.server.ts";
import { FORMER_HEADS, memberForm, orderWish, placeField } from "../../domain/delegation/form.ts";
import { type DelegationPage, delegationPage, type Member } from "../../domain/delegation/queries.server.ts";
import { orderAfter } from "../../domain/delegation/rules.ts";
import { LONGEST_REASON, takesPlace } from "../../domain/invitation/quota.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "delegation.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["invitations", "logistics"]);
  const found = delegationPage(ctx, args.params.delegation ?? "");
  if (found === null) throw notFound();
  return data({ locale, slug: edition.slug, delegation: found });
}

type Asked = { invitationId: string; delegationId: string; category: Member["category"] };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const delegationId = args.params.delegation ?? "";
  if (delegationPage(ctx, delegationId) === null) throw notFound();
  const formData = await args.request.formData();
  const here = paths.delegation(edition.slug, delegationId);

  if (formData.get("intent") === "member") {
    const parsed = parseForm(memberForm, formData);
    if (!parsed.ok) return data({ step: "wrong" as const }, { status: 422 });
    const { formerHead = null, overQuota = null, ...asked } = parsed.value;
    const changed = await changeMember(ctx, { ...asked, formerHead, overQuota });
    if (changed.ok) throw redirect(`${here}?done=member`, 303);
    switch (changed.refusal) {
      case "gone":
      case "forbidden":
        throw notFound();
      case "headTaken":
      case "quotaFull":
        return data({ step: changed.refusal, asked: asked satisfies Asked }, { status: 409 });
      default:
        return changed.refusal satisfies never;
    }
  }

  const asked = orderWish(formData);
  if (asked === null) return data({ step: "wrong" as const }, { status: 422 });
  const ordered = await orderDelegation(ctx, { delegationId, ...asked });
  if (!ordered.ok && ordered.refusal === "gone") throw notFound();
  const wanted = orderAfter(asked.from, asked.wish) ?? [];
  if (!ordered.ok) return data({ step: "conflict" as const, wanted }, { status: 409 });
  // The page opens where the person stands now, so that the next press of a key is about them.
  const moved = asked.wish.kind === "up" || asked.wish.kind === "down" ? asked.wish.invitationId : null;
  const place = moved === null ? "" : `&place=${wanted.indexOf(moved) + 1}`;
  throw redirect(`${here}?done=order${place}${moved === null ? "" : `#p-${moved}`}`, 303);
}

export default function Delegation() {
  const { slug, delegation } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const { members, mayWrite } = delegation;
  const done = outcome === undefined ? query.get("done") : null;
  const place = Number(query.get("place") ?? 0);
  return (
    <>
      <WorkHeading>
        <Text en={delegation.nameEn} zh={delegation.nameZh} />
      </WorkHeading>
      <p className="second-title">
        <Second en={delegation.nameEn} zh={delegation.nameZh} />
      </p>
      {done === "member" ? <Notice tone="good">{t("delegation.done.member")}</Notice> : null}
      {done === "order" ? (
        <Notice tone="good">
          {Number.isSafeInteger(place) && place > 0
            ? t("order.movedTo", { place })
            : t("delegation.done.order")}
        </Notice>
      ) : null}
      {outcome?.step === "wrong" ? <Notice tone="stop">{t("error.invalid")}</Notice> : null}
      {outcome?.step === "conflict" ? <Conflict delegation={delegation} wanted={outcome.wanted} /> : null}
      {outcome?.step === "headTaken" ? <OtherHead delegation={delegation} asked={outcome.asked} /> : null}
      {outcome?.step === "quotaFull" ? <Full delegation={delegation} asked={outcome.asked} /> : null}
      <section className="panel" aria-labelledby="places">
        <h2 id="places">{t("delegation.places")}</h2>
        <Places delegation={delegation} />
      </section>
      <section aria-labelledby="order" className="apart">
        <h2 id="order">{t("order.heading")}</h2>
        <p className="muted readable">{t(mayWrite ? "order.help" : "order.readOnly")}</p>
        {members.length === 0 ? (
          <p>{t("delegation.nobody")}</p>
        ) : (
          <>
            <ProtocolOrderTable
              label={t("order.heading")}
              placeField={mayWrite ? placeField : null}
              head={
                <>
                  <th scope="col">{t("people.column.name")}</th>
                  <th scope="col">{t("people.column.post")}</th>
                  <th scope="col">{t("people.column.category")}</th>
                  <th scope="col">{t("people.column.invitation")}</th>
                </>
              }
              rows={members.map((one) => ({
                id: one.invitationId,
                name: one.nameLatin || one.nameNative,
                cells: <MemberCells member={one} delegation={delegation} slug={slug} />,
              }))}
            />
            {mayWrite ? (
              <Toolbar>
                <ApplyPlaces />
              </Toolbar>
            ) : null}
          </>
        )}
      </section>
      <p className="apart">
        <a href={paths.delegations(slug)}>{t("delegation.all")}</a>
      </p>
    </>
  );
}

/** How many places there are, are held, and are free: drawn, and in words. */
function Places({ delegation }: { delegation: DelegationPage }) {
  const t = useT();
  const { quota, held, accepted, members, heads } = delegation;
  const others = members.filter((one) => !takesPlace(one.category)).length;
  const words =
    quota === null
      ? t("delegation.heldOpen", { held, accepted })
      : t("delegation.held", { held, quota, accepted, free: Math.max(0, quota - held) });
  return (
    <>
      {quota === null ? null : <SeatBar taken={held} capacity={quota} waiting={0} label={words} />}
      <p className="seat-words">
        {words}{" "}
        {quota !== null && held > quota ? (
          <Status tone="stop">{t("delegation.over", { count: held - quota })}</Status>
        ) : null}
      </p>
      <p className="small muted">{t("delegations.takenHelp")}</p>
      {others === 0 ? null : <p className="small muted">{t("delegation.others", { count: others })}</p>}
      {heads === 1 || members.length === 0 ? null : (
        <p>
          <Status tone="wait">
            {heads === 0 ? t("delegation.noHead") : t("delegation.manyHeads", { heads })}
          </Status>
        </p>
      )}
    </>
  );
}

function MemberCells({
  member,
  delegation,
  slug,
}: {
  member: Member;
  delegation: DelegationPage;
  slug: string;
}) {
  const t = useT();
  return (
    <>
      <th scope="row" className="row-name">
        <a href={paths.person(slug, member.invitationId)}>
          <ListName person={member} />
        </a>
      </th>
      <td>
        <Text en={member.institutionEn} zh={member.institutionZh} />
        <span className="second-line muted">
          <Text en={member.positionEn} zh={member.positionZh} />
        </span>
      </td>
      <td>
        {delegation.mayWrite ? (
          <details>
            <summary>{t(`category.${member.category}`)}</summary>
            <FieldsOf of={member.invitationId}>
              <ChangeMember member={member} delegation={delegation} />
            </FieldsOf>
          </details>
        ) : (
          t(`category.${member.category}`)
        )}
      </td>
      <td>
        <Status tone={member.state === "sent" || member.state === "approved" ? "good" : "wait"}>
          {t(`delegation.state.${member.state}`)}
        </Status>
        {member.state === "sent" ? (
          <span className="second-line muted">{t(`reply.${member.reply}`)}</span>
        ) : null}
      </td>
    </>
  );
}

function ChangeMember({ member, delegation }: { member: Member; delegation: DelegationPage }) {
  const t = useT();
  const locale = useLocale();
  const form = { errors: {}, values: { category: member.category, delegationId: delegation.id } };
  return (
    <form method="post" className="member-form">
      <input type="hidden" name="invitationId" value={member.invitationId} />
      <SelectField
        form={form}
        name="category"
        label={t("people.column.category")}
        required
        options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
      />
      {delegation.siblings.length > 1 ? (
        <SelectField
          form={form}
          name="delegationId"
          label={t("people.column.delegation")}
          required
          options={delegation.siblings.map((one) => ({
            value: one.id,
            label: locale === "en" ? one.nameEn : one.nameZh,
          }))}
        />
      ) : (
        <input type="hidden" name="delegationId" value={delegation.id} />
      )}
      <button className="button small" type="submit" name="intent" value="member">
        {t("delegation.change")}
      </button>
    </form>
  );
}

/** Somebody else has changed the order since: both orders, and a choice. Nothing has been written. */
function Conflict({ delegation, wanted }: { delegation: DelegationPage; wanted: ReadonlyArray<string> }) {
  const t = useT();
  const now = delegation.members;
  const mine = wanted.flatMap((id) => now.filter((one) => one.invitationId === id));
  const came = now.filter((one) => !wanted.includes(one.invitationId));
  return (
    <section className="panel" aria-labelledby="conflict">
      <Notice tone="stop">{t("order.conflict")}</Notice>
      <h2 id="conflict">{t("order.conflictHeading")}</h2>
      <div className="columns">
        <div>
          <h3>{t("order.now")}</h3>
          <Names people={now} />
        </div>
        <div>
          <h3>{t("order.wanted")}</h3>
          <Names people={[...mine, ...came]} />
        </div>
      </div>
      <form method="post">
        {now.map((one) => (
          <input type="hidden" key={`f${one.invitationId}`} name="from" value={one.invitationId} />
        ))}
        {[...mine, ...came].map((one) => (
          <input type="hidden" key={`t${one.invitationId}`} name="to" value={one.invitationId} />
        ))}
        <Toolbar>
          <button className="button" type="submit">
            {t("order.useMine")}
          </button>
          <a className="button quiet" href="?">
            {t("order.keepTheirs")}
          </a>
        </Toolbar>
      </form>
    </section>
  );
}

function Names({ people }: { people: ReadonlyArray<Member> }) {
  return (
    <ol>
      {people.map((one) => (
        <li key={one.invitationId}>
          <BothNames person={one} />
        </li>
      ))}
    </ol>
  );
}

/** There is a head: what becomes of them? */
function OtherHead({ delegation, asked }: { delegation: DelegationPage; asked: Asked }) {
  const t = useT();
  const head = delegation.members.find(
    (one) => one.category === "head" && one.invitationId !== asked.invitationId,
  );
  return (
    <section className="panel" aria-labelledby="other-head">
      <h2 id="other-head">{t("delegation.otherHead")}</h2>
      {head === undefined ? null : (
        <p>
          <BothNames person={head} />
        </p>
      )}
      <form method="post">
        <AskedFields asked={asked} />
        <ChoiceField
          form={{ errors: {}, values: { formerHead: "deputy_head" } }}
          name="formerHead"
          type="radio"
          required
          label={t("delegation.formerHead")}
          options={FORMER_HEADS.map((value) => ({ value, label: t(`category.${value}`) }))}
        />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="member">
            {t("delegation.changeHead")}
          </button>
          <a className="button quiet" href="?">
            {t("common.cancel")}
          </a>
        </Toolbar>
      </form>
    </section>
  );
}

/** There is no place: a lead may say why they are to have one all the same. */
function Full({ delegation, asked }: { delegation: DelegationPage; asked: Asked }) {
  const t = useT();
  return (
    <section className="panel" aria-labelledby="full">
      <Notice tone="stop">{t("obstacle.quotaFull")}</Notice>
      <h2 id="full">{t("delegation.full")}</h2>
      {delegation.leads ? (
        <form method="post">
          <AskedFields asked={asked} />
          <TextField
            form={emptyForm}
            name="overQuota"
            label={t("delegation.overQuota")}
            help={t("approvals.overQuotaHelp")}
            maxLength={LONGEST_REASON}
            required
          />
          <button className="button" type="submit" name="intent" value="member">
            {t("delegation.change")}
          </button>
        </form>
      ) : (
        <p>{t("delegation.fullHelp")}</p>
      )}
    </section>
  );
}

function AskedFields({ asked }: { asked: Asked }) {
  return Object.entries(asked).map(([name, value]) => (
    <input type="hidden" key={name} name={name} value={value} />
  ));
}
