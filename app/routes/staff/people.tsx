import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { CATEGORIES, REGISTRATION_STATES, REPLIES, type Reply } from "#db/vocabulary.ts";
import { Filters, TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField, TextField } from "../../components/fields.tsx";
import { ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { INVITATION_STATES, type InvitationState } from "../../domain/invitation/rules.ts";
import { filterFields, filterQuery, type PeopleFilter, peopleFilter } from "../../domain/person/form.ts";
import {
  delegationsOfScope,
  mayInvite,
  type PersonInList,
  peoplePage,
} from "../../domain/person/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "people.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const query = new URL(args.request.url).searchParams;
  const filter = peopleFilter(query);
  return {
    locale,
    slug: edition.slug,
    mayWrite: mayInvite(ctx),
    delegations: delegationsOfScope(ctx),
    // A search is a POST: what people look for are names, and names have no place in addresses.
    filter: withoutSearch(filter),
    ...peoplePage(ctx, withoutSearch(filter), query.get("after")),
  };
}

/** Searches. Without words to look for, the other filters make an address that can be kept. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args);
  const filter = peopleFilter(await args.request.formData());
  if (filter.search === undefined) return redirect(paths.people(edition.slug) + filterQuery(filter), 303);
  return data({ filter, ...peoplePage(ctx, filter) });
}

function withoutSearch({ search: _search, ...filter }: PeopleFilter): PeopleFilter {
  return filter;
}

export default function People() {
  const { slug, mayWrite, delegations, ...listed } = useLoaderData<typeof loader>();
  const found = useActionData<typeof action>();
  const { filter, people, total, next } = found ?? listed;
  const t = useT();
  const narrowed = Object.keys(filter).length > 0;
  return (
    <>
      <WorkHeading
        actions={
          <>
            {mayWrite ? (
              <>
                <a className="button quiet" href={paths.newPerson(slug)}>
                  {t("people.add")}
                </a>
                <a className="button quiet" href={paths.importPeople(slug)}>
                  {t("people.import")}
                </a>
              </>
            ) : null}
            <form method="post" action={paths.peopleList(slug)}>
              {Object.entries(filterFields(filter)).map(([name, value]) =>
                value === "" ? null : <input type="hidden" key={name} name={name} value={value} />,
              )}
              <button className="button quiet" type="submit">
                {t("people.export")}
              </button>
            </form>
          </>
        }
      >
        {t("people.title")}
      </WorkHeading>
      <Done />
      <Narrow filter={filter} delegations={delegations} slug={slug} narrowed={narrowed} />
      <p className="muted">
        {t("people.count", { count: total })}
        {filter.delegationId === undefined ? null : (
          <span className="second-line small">{t("order.stated")}</span>
        )}
      </p>
      {people.length === 0 ? (
        <p>{narrowed ? t("people.empty") : t("people.emptyEdition")}</p>
      ) : (
        <form method="post" action={paths.sendInvitations(slug)}>
          <PeopleTable people={people} slug={slug} choose={mayWrite} several={delegations.length > 1} />
          <Toolbar>
            {mayWrite ? (
              <button className="button" type="submit">
                {t("people.sendToChosen")}
              </button>
            ) : null}
            {next === null || found !== undefined ? null : (
              <a className="button quiet" href={nextPage(slug, filter, next)} rel="next">
                {t("people.next")}
              </a>
            )}
          </Toolbar>
        </form>
      )}
    </>
  );
}

function nextPage(slug: string, filter: PeopleFilter, after: string): string {
  const query = new URLSearchParams(filterQuery(filter));
  query.set("after", after);
  return `${paths.people(slug)}?${query}`;
}

/** What the last act did: the address that it redirected to says so. */
function Done() {
  const t = useT();
  const [query] = useSearchParams();
  const sent = Number(query.get("sent") ?? 0);
  const imported = Number(query.get("imported") ?? 0);
  if (Number.isSafeInteger(sent) && sent > 0)
    return <Notice tone="good">{t("people.notice.sent", { count: sent })}</Notice>;
  if (Number.isSafeInteger(imported) && imported > 0)
    return <Notice tone="good">{t("import.done", { count: imported })}</Notice>;
  const carried = Number(query.get("carried") ?? 0);
  if (Number.isSafeInteger(carried) && carried > 0)
    return <Notice tone="good">{t("carry.done", { drafted: carried })}</Notice>;
  if (query.has("nobody")) return <Notice tone="wait">{t("people.notice.nobody")}</Notice>;
  return null;
}

function Narrow({
  filter,
  delegations,
  slug,
  narrowed,
}: {
  filter: PeopleFilter;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  slug: string;
  narrowed: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const form = { errors: {}, values: filterFields(filter) };
  const all = t("people.filter.all");
  return (
    <form method="post" className="narrow-list">
      <Filters>
        <TextField
          form={form}
          name="search"
          label={t("people.search")}
          type="search"
          maxLength={100}
          required
        />
        {delegations.length > 1 ? (
          <SelectField
            form={form}
            name="delegation"
            label={t("people.filter.delegation")}
            blank={all}
            required
            options={delegations.map((each) => ({
              value: each.id,
              label: locale === "en" ? each.nameEn : each.nameZh,
            }))}
          />
        ) : null}
        <SelectField
          form={form}
          name="category"
          label={t("people.filter.category")}
          blank={all}
          required
          options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
        />
        <SelectField
          form={form}
          name="reply"
          label={t("people.filter.reply")}
          blank={all}
          required
          options={REPLIES.map((value) => ({ value, label: t(`reply.${value}`) }))}
        />
        <SelectField
          form={form}
          name="invitation"
          label={t("people.filter.invitation")}
          blank={all}
          required
          options={INVITATION_STATES.map((value) => ({ value, label: t(`invitationState.${value}`) }))}
        />
        <SelectField
          form={form}
          name="registration"
          label={t("people.filter.state")}
          blank={all}
          required
          options={[
            { value: "none", label: t("people.filter.none") },
            ...REGISTRATION_STATES.map((value) => ({ value, label: t(`registration.${value}`) })),
          ]}
        />
        <button className="button quiet" type="submit">
          {t("people.filter.apply")}
        </button>
        {narrowed ? <a href={paths.people(slug)}>{t("people.filter.clear")}</a> : null}
      </Filters>
    </form>
  );
}

function PeopleTable({
  people,
  slug,
  choose,
  several,
}: {
  people: ReadonlyArray<PersonInList>;
  slug: string;
  choose: boolean;
  /** Whether the side has more than one delegation: else the column says the same in each row. */
  several: boolean;
}) {
  const t = useT();
  return (
    <TableFrame label={t("people.tableLabel")}>
      <table className="fit">
        <thead>
          <tr>
            {choose ? (
              <th scope="col">
                <span className="visually-hidden">{t("people.chooseColumn")}</span>
              </th>
            ) : null}
            <th scope="col">{t("people.column.name")}</th>
            <th scope="col">{t("people.column.post")}</th>
            {several ? <th scope="col">{t("people.column.delegation")}</th> : null}
            <th scope="col">{t("people.column.category")}</th>
            <th scope="col">{t("people.column.invitation")}</th>
            <th scope="col">{t("people.column.reply")}</th>
            <th scope="col">{t("people.column.registration")}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.invitationId}>
              {choose ? (
                <td>
                  <input
                    type="checkbox"
                    name="invitation"
                    value={person.invitationId}
                    aria-label={t("people.choose", { name: person.nameLatin || person.nameNative })}
                  />
                </td>
              ) : null}
              <th scope="row" className="row-name">
                <a href={paths.person(slug, person.invitationId)}>
                  <ListName person={person} />
                </a>
              </th>
              <td>
                <Text en={person.institutionEn} zh={person.institutionZh} />
                <span className="second-line muted">
                  <Text en={person.positionEn} zh={person.positionZh} />
                </span>
              </td>
              {several ? (
                <td>
                  <Text en={person.delegationEn} zh={person.delegationZh} />
                </td>
              ) : null}
              <td>
                {t(`category.${person.category}`)}
                {person.invitedAs === null ? null : (
                  <span className="second-line muted">{t(`function.${person.invitedAs}`)}</span>
                )}
              </td>
              <td>
                <Status tone={invitationTone(person.invitation)}>
                  {t(`invitationState.${person.invitation}`)}
                </Status>
              </td>
              <td>
                <Status tone={replyTone(person.reply)}>{t(`reply.${person.reply}`)}</Status>
              </td>
              <td>
                {person.registration === null ? (
                  <Status>{t("people.filter.none")}</Status>
                ) : (
                  <Status tone={person.registration === "submitted" ? "good" : "wait"}>
                    {t(`registration.${person.registration}`)}
                  </Status>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function invitationTone(state: InvitationState) {
  switch (state) {
    case "sent":
    case "seen":
    case "confirmed":
    case "attended":
      return "good" as const;
    case "queued":
      return "wait" as const;
    case "failed":
    case "bounced":
    case "withdrawn":
    case "replaced":
    case "no_show":
    case "noAddress":
      return "stop" as const;
    case "draft":
    case "approved":
      return undefined;
  }
}

function replyTone(reply: Reply) {
  switch (reply) {
    case "accepted":
      return "good" as const;
    case "tentative":
    case "substitute_proposed":
      return "wait" as const;
    case "declined":
      return "stop" as const;
    case "none":
      return undefined;
  }
}
