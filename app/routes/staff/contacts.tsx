import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Filters, TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField, TextField } from "../../components/fields.tsx";
import { ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { PastEditions, PostLines, useEditionName } from "../../components/past-editions.tsx";
import { requirePost, staffContactBook } from "../../context.server.ts";
import {
  BOOK_PARTS,
  type BookFilter,
  bookFilter,
  bookFilterFields,
  bookFilterQuery,
} from "../../domain/contact/form.ts";
import { bookPage, type ContactInList, editionsOfBook } from "../../domain/contact/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "contacts.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffContactBook(args);
  const query = new URL(args.request.url).searchParams;
  // A search is a POST: what people look for are names, and names have no place in addresses.
  const { search: _search, ...filter } = bookFilter(query);
  return {
    locale,
    slug: edition.slug,
    editions: editionsOfBook(ctx),
    filter: filter as BookFilter,
    ...bookPage(ctx, filter, query.get("after")),
  };
}

/** Searches, or goes to compare two chosen cards. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffContactBook(args);
  const form = await args.request.formData();
  if (form.get("intent") === "compare") {
    const [one, other, ...more] = form.getAll("person").filter((value) => typeof value === "string");
    if (one !== undefined && other !== undefined && more.length === 0)
      return redirect(paths.mergeContacts(edition.slug, one, other), 303);
    return data({ filter: {} as BookFilter, chooseTwo: true, ...bookPage(ctx, {}) }, { status: 422 });
  }
  const filter = bookFilter(form);
  if (filter.search === undefined)
    return redirect(paths.contacts(edition.slug) + bookFilterQuery(filter), 303);
  const after = form.get("after");
  return data({
    filter,
    chooseTwo: false,
    ...bookPage(ctx, filter, typeof after === "string" && after !== "" ? after : null),
  });
}

export default function Contacts() {
  const { slug, editions, ...listed } = useLoaderData<typeof loader>();
  const found = useActionData<typeof action>();
  const { filter, people, total, first, next } = found ?? listed;
  const t = useT();
  const narrowed = Object.keys(filter).length > 0;
  return (
    <>
      <WorkHeading
        actions={
          <>
            <a className="button quiet" href={paths.carryOver(slug)}>
              {t("carry.title")}
            </a>
            <a className="button quiet" href={paths.contactDoubles(slug)}>
              {t("contacts.doubles")}
            </a>
            <a className="button quiet" href={paths.newContact(slug)}>
              {t("contacts.add")}
            </a>
          </>
        }
      >
        {t("contacts.title")}
      </WorkHeading>
      {found?.chooseTwo === true ? <Notice tone="stop">{t("contacts.chooseTwo")}</Notice> : null}
      <p className="muted">{t("contacts.intro")}</p>
      <Narrow filter={filter} editions={editions} slug={slug} narrowed={narrowed} />
      <p className="muted">{t("contacts.count", { total, first: first + 1, last: first + people.length })}</p>
      {people.length === 0 ? (
        <p>{narrowed ? t("contacts.empty") : t("contacts.emptyBook")}</p>
      ) : (
        <form method="post" action={paths.carryOver(slug)}>
          <ContactTable people={people} slug={slug} />
          <Toolbar>
            <button className="button" type="submit">
              {t("contacts.carryChosen")}
            </button>
            <button
              className="button quiet"
              type="submit"
              name="intent"
              value="compare"
              formAction={paths.contacts(slug)}
            >
              {t("contacts.compareChosen")}
            </button>
          </Toolbar>
        </form>
      )}
      {next === null ? null : <NextPage filter={filter} after={next} slug={slug} />}
    </>
  );
}

/** The next page of a list is a link; of a search it is asked for again, with the words in the form. */
function NextPage({ filter, after, slug }: { filter: BookFilter; after: string; slug: string }) {
  const t = useT();
  if (filter.search === undefined) {
    const query = new URLSearchParams(bookFilterQuery(filter));
    query.set("after", after);
    return (
      <p>
        <a className="button quiet" href={`${paths.contacts(slug)}?${query}`} rel="next">
          {t("contacts.next")}
        </a>
      </p>
    );
  }
  return (
    <form method="post" className="apart">
      {Object.entries({ ...bookFilterFields(filter), after }).map(([name, value]) => (
        <input type="hidden" key={name} name={name} value={value} />
      ))}
      <button className="button quiet" type="submit">
        {t("contacts.next")}
      </button>
    </form>
  );
}

function Narrow({
  filter,
  editions,
  slug,
  narrowed,
}: {
  filter: BookFilter;
  editions: ReadonlyArray<{ id: string; cityEn: string; cityZh: string; startsOn: string }>;
  slug: string;
  narrowed: boolean;
}) {
  const t = useT();
  const nameOf = useEditionName();
  const form = { errors: {}, values: bookFilterFields(filter) };
  const all = t("people.filter.all");
  return (
    <form method="post" action={paths.contacts(slug)} className="narrow-list">
      <Filters>
        <TextField
          form={form}
          name="search"
          label={t("contacts.search")}
          type="search"
          maxLength={100}
          required
        />
        <SelectField
          form={form}
          name="edition"
          label={t("contacts.filter.edition")}
          blank={all}
          required
          options={editions.map((each) => ({ value: each.id, label: nameOf(each) }))}
        />
        <SelectField
          form={form}
          name="part"
          label={t("contacts.filter.part")}
          blank={all}
          required
          options={BOOK_PARTS.map((value) => ({ value, label: t(`contacts.part.${value}`) }))}
        />
        <button className="button quiet" type="submit">
          {t("people.filter.apply")}
        </button>
        {narrowed ? <a href={paths.contacts(slug)}>{t("people.filter.clear")}</a> : null}
      </Filters>
    </form>
  );
}

function ContactTable({ people, slug }: { people: ReadonlyArray<ContactInList>; slug: string }) {
  const t = useT();
  return (
    <TableFrame label={t("contacts.tableLabel")}>
      <table className="fit">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("contacts.chooseColumn")}</span>
            </th>
            <th scope="col">{t("people.column.name")}</th>
            <th scope="col">{t("people.column.post")}</th>
            <th scope="col">{t("contacts.column.editions")}</th>
            <th scope="col">{t("contacts.column.state")}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.personId}>
              <td>
                <input
                  type="checkbox"
                  name="person"
                  value={person.personId}
                  aria-label={t("contacts.choose", { name: person.nameLatin || person.nameNative })}
                />
              </td>
              <th scope="row" className="row-name">
                <a href={paths.contact(slug, person.personId)}>
                  <ListName person={person} />
                </a>
              </th>
              <td>
                <PostLines post={person} />
              </td>
              <td>
                <PastEditions editions={person.editions} earlier={person.earlier} />
              </td>
              <td>
                {person.doNotInvite ? <Status tone="stop">{t("contacts.doNotInvite")}</Status> : null}
                {person.postDue ? (
                  <span className="second-line">
                    <Status tone="wait">{t("contacts.postDue")}</Status>
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
