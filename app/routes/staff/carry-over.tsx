import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CATEGORIES } from "#db/vocabulary.ts";
import { Filters, TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { EditionName, PostLines, useEditionName } from "../../components/past-editions.tsx";
import { notFound, requirePost, staffContactBook } from "../../context.server.ts";
import {
  type Carried,
  type CarryTarget,
  carryOver,
  carryOverList,
} from "../../domain/contact/carry-over.server.ts";
import { editionsOfBook } from "../../domain/contact/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ticked } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "carry.title") },
];

type Listed = {
  people: ReadonlyArray<Carried>;
  targets: ReadonlyArray<CarryTarget>;
  /** Who is ticked; null: everybody who can be. */
  ticked: ReadonlyArray<string> | null;
  /** Where the next page begins; null: this is the last, or these were chosen by hand. */
  next: string | null;
  refusal: "nobody" | "problem" | "headTaken" | null;
};

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffContactBook(args);
  const query = new URL(args.request.url).searchParams;
  const from = query.get("edition") ?? "";
  const listed: Listed | null =
    from === ""
      ? null
      : { ...carryOverList(ctx, { editionId: from, after: query.get("after") }), ticked: [], refusal: null };
  return {
    locale,
    slug: edition.slug,
    from,
    editions: editionsOfBook(ctx).filter((each) => each.id !== edition.id),
    listed,
  };
}

/** First POST: the people chosen in the book, with what would become of them. Second (`step=draft`): it is done. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffContactBook(args);
  const form = await args.request.formData();
  const persons = ticked(form, "person");
  const others = ticked(form, "shown");
  if (persons === null || others === null) throw data(null, { status: 400 });
  const chosen = [...new Set(persons)];
  const shown = [...new Set([...others, ...chosen])];
  const list = (refusal: Listed["refusal"], ticked: Listed["ticked"], status: 200 | 409 | 422) => {
    const found = carryOverList(ctx, { personIds: shown });
    if (found.people.length !== shown.length) throw notFound();
    const typed = found.people.map((person) => ({ ...person, ...wishFor(form, person) }));
    return data<Listed>({ ...found, people: typed, ticked, refusal }, { status });
  };
  if (form.get("step") !== "draft") return list(chosen.length === 0 ? "nobody" : null, null, 200);
  if (chosen.length === 0) return list("nobody", [], 422);
  const { people } = carryOverList(ctx, { personIds: chosen });
  const drafted = await carryOver(ctx, {
    people: chosen.map((personId) => {
      const card = people.find((one) => one.personId === personId);
      if (card === undefined) throw notFound();
      const { delegationId, category } = wishFor(form, card);
      return { personId, delegationId: delegationId ?? "", category };
    }),
  });
  if (drafted.ok) throw redirect(`${paths.people(edition.slug)}?carried=${drafted.value.drafted}`, 303);
  if (drafted.refusal === "gone") throw notFound();
  return list(drafted.refusal, chosen, 409);
}

/** What was chosen for somebody; as last time when nothing was. */
function wishFor(form: FormData, card: Carried): Pick<Carried, "delegationId" | "category"> {
  const delegationId = form.get(`delegation.${card.personId}`);
  const category = CATEGORIES.find((known) => known === form.get(`category.${card.personId}`));
  return {
    delegationId: typeof delegationId === "string" ? delegationId : card.delegationId,
    category: category ?? card.category,
  };
}

export default function CarryOver() {
  const { slug, from, editions, listed } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const nameOf = useEditionName();
  const shown = sent ?? listed;
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.contacts(slug)}>
            {t("contacts.title")}
          </a>
        }
      >
        {t("carry.title")}
      </WorkHeading>
      {shown?.refusal == null ? null : <Notice tone="stop">{t(`carry.refusal.${shown.refusal}`)}</Notice>}
      <p>{t("carry.intro")}</p>
      <form method="get" className="narrow-list">
        <Filters>
          <SelectField
            form={{ errors: {}, values: { edition: from } }}
            name="edition"
            label={t("carry.from")}
            required
            options={editions.map((each) => ({ value: each.id, label: nameOf(each) }))}
          />
          <button className="button quiet" type="submit">
            {t("carry.show")}
          </button>
        </Filters>
      </form>
      {shown === null ? (
        <p>
          <a href={paths.contacts(slug)}>{t("carry.byHand")}</a>
        </p>
      ) : (
        <Choose listed={shown} />
      )}
    </>
  );
}

function Choose({ listed }: { listed: Listed }) {
  const t = useT();
  const { slug, from } = useLoaderData<typeof loader>();
  const { people, targets, next } = listed;
  const possible = people.some((one) => one.problem === null && one.delegationId !== null);
  return (
    <>
      <p className="muted">{t("carry.count", { count: people.length })}</p>
      {targets.length === 0 ? <Notice tone="wait">{t("carry.noDelegation")}</Notice> : null}
      {people.length === 0 ? null : (
        <form method="post">
          <input type="hidden" name="step" value="draft" />
          <TableFrame label={t("carry.tableLabel")}>
            <table className="fit">
              <thead>
                <tr>
                  <th scope="col">{t("carry.column.take")}</th>
                  <th scope="col">{t("people.column.name")}</th>
                  <th scope="col">{t("people.column.post")}</th>
                  <th scope="col">{t("carry.column.last")}</th>
                  <th scope="col">{t("carry.column.into")}</th>
                  <th scope="col">{t("carry.column.category")}</th>
                  <th scope="col">{t("carry.column.contact")}</th>
                </tr>
              </thead>
              <tbody>
                {people.map((person) => (
                  <CarryRow key={person.personId} person={person} listed={listed} />
                ))}
              </tbody>
            </table>
          </TableFrame>
          <Toolbar>
            {possible ? (
              <>
                <button className="button" type="submit">
                  {t("carry.confirm")}
                </button>
                <span className="muted">{t("carry.confirmHelp")}</span>
              </>
            ) : null}
            {next === null ? null : (
              <a
                className="button quiet"
                href={`${paths.carryOver(slug)}?${new URLSearchParams({ edition: from, after: next })}`}
                rel="next"
              >
                {t("contacts.next")}
              </a>
            )}
          </Toolbar>
        </form>
      )}
    </>
  );
}

function CarryRow({ person, listed }: { person: Carried; listed: Listed }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const name = person.nameLatin || person.nameNative;
  const targets = listed.targets.filter((target) => target.sideId === person.sideId);
  const possible = person.problem === null && targets.length > 0;
  const ticked = listed.ticked === null || listed.ticked.includes(person.personId);
  return (
    <tr>
      <td>
        <input type="hidden" name="shown" value={person.personId} />
        {possible ? (
          <input
            type="checkbox"
            name="person"
            value={person.personId}
            defaultChecked={ticked}
            aria-label={t("carry.take", { name })}
          />
        ) : null}
      </td>
      <th scope="row" className="row-name">
        <a href={paths.contact(slug, person.personId)}>
          <BothNames person={person} />
        </a>
        {person.problem === null ? null : (
          <span className="second-line">
            <Status tone="stop">{t(`carry.problem.${person.problem}`)}</Status>
          </span>
        )}
      </th>
      <td>
        <PostLines post={person} />
        {person.postDue ? <Status tone="wait">{t("contacts.postDue")}</Status> : null}
      </td>
      <td>
        {person.last === null ? (
          <span className="muted">{t("contacts.neverInvited")}</span>
        ) : (
          <>
            <EditionName edition={person.last} />
            <span className="second-line muted">{t(`category.${person.last.category}`)}</span>
          </>
        )}
      </td>
      <td>
        {possible ? (
          <select
            name={`delegation.${person.personId}`}
            defaultValue={person.delegationId ?? ""}
            aria-label={t("carry.into", { name })}
          >
            {targets.map((target) => (
              <option key={target.id} value={target.id}>
                {locale === "en" ? target.nameEn : target.nameZh}
              </option>
            ))}
          </select>
        ) : null}
      </td>
      <td>
        {possible ? (
          <select
            name={`category.${person.personId}`}
            defaultValue={person.category}
            aria-label={t("carry.category", { name })}
          >
            {CATEGORIES.map((category) => (
              <option key={category} value={category}>
                {t(`category.${category}`)}
              </option>
            ))}
          </select>
        ) : null}
      </td>
      <td>
        {person.problem === "invited" ? null : (
          <span className={person.contact === "kept" ? "muted" : undefined}>
            {t(`carry.contact.${person.contact}`)}
          </span>
        )}
      </td>
    </tr>
  );
}
