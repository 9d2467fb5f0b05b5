import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { useEditionName } from "../../components/past-editions.tsx";
import { personLabels } from "../../components/person-fields.tsx";
import { notFound, requirePost, staffContactBook } from "../../context.server.ts";
import { type MergePreview, mergeContacts, mergePreview } from "../../domain/contact/merge.server.ts";
import { MERGED_FIELDS, type MergedField, type Which } from "../../domain/contact/rules.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "merge.title") },
];

function ids(args: LoaderFunctionArgs | ActionFunctionArgs) {
  return { keptId: args.params.person ?? "", otherId: args.params.other ?? "" };
}

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffContactBook(args);
  const preview = mergePreview(ctx, ids(args));
  if (preview === null) throw notFound();
  return { locale, slug: edition.slug, preview };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffContactBook(args);
  const form = await args.request.formData();
  const choices = Object.fromEntries(
    MERGED_FIELDS.flatMap((field): Array<[MergedField, Which]> => {
      const which = form.get(field);
      return which === "kept" || which === "other" ? [[field, which]] : [];
    }),
  );
  const merged = await mergeContacts(ctx, { ...ids(args), choices });
  if (merged.ok) throw redirect(`${paths.contact(edition.slug, ids(args).keptId)}?done=merged`, 303);
  if (merged.refusal === "gone") throw notFound();
  // The page says why: the same reason stands on it before anything is sent.
  return data(null, { status: 409 });
}

export default function MergeContacts() {
  const { slug, preview } = useLoaderData<typeof loader>();
  const { kept, other, fields, sameEditions } = preview;
  const t = useT();
  const nameOf = useEditionName();
  const possible = sameEditions.length === 0;
  return (
    <>
      <WorkHeading>{t("merge.title")}</WorkHeading>
      {possible ? (
        <p>{t("merge.intro")}</p>
      ) : (
        <Notice tone="stop">
          {t("merge.sameEdition", { editions: sameEditions.map(nameOf).join(t("audit.list")) })}
        </Notice>
      )}
      {kept.doNotInvite === null && other.doNotInvite === null ? null : (
        <Notice tone="wait">{t("merge.marked")}</Notice>
      )}
      <form method="post">
        <TableFrame label={t("merge.tableLabel")}>
          <table className="snug merge">
            <thead>
              <tr>
                <th scope="col">{t("merge.column.field")}</th>
                <th scope="col">{t("merge.column.kept")}</th>
                <th scope="col">{t("merge.column.other")}</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{t("people.column.name")}</th>
                {[kept, other].map((card) => (
                  <td key={card.personId}>
                    <a href={paths.contact(slug, card.personId)}>
                      <BothNames person={card.facts} />
                    </a>
                  </td>
                ))}
              </tr>
              {fields.map((row) => (
                <FieldRow key={row.field} row={row} choose={possible} />
              ))}
            </tbody>
          </table>
        </TableFrame>
        {fields.length === 0 ? <p className="muted">{t("merge.same")}</p> : null}
        <Moves preview={preview} />
        <Toolbar>
          {possible ? (
            <button className="button" type="submit">
              {t("merge.confirm")}
            </button>
          ) : null}
          <a className="button quiet" href={paths.mergeContacts(slug, other.personId, kept.personId)}>
            {t("merge.swap")}
          </a>
          <a className="button quiet" href={paths.contactDoubles(slug)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </form>
    </>
  );
}

/** One fact on which the cards differ; the value that is there is proposed to stay. */
function FieldRow({ row, choose }: { row: MergePreview["fields"][number]; choose: boolean }) {
  const t = useT();
  const own = personLabels(t)[row.field] ?? row.field;
  // Parts of a name are called the same in both scripts: beside each other the script has to be said.
  const label = /^(family|given|name)Latin$/.test(row.field)
    ? t("merge.part", { whole: t("person.legend.latin"), part: own })
    : /^(family|given|name)Native$/.test(row.field)
      ? t("merge.part", { whole: t("person.legend.native"), part: own })
      : own;
  const shown = (value: string) => {
    if (value === "") return <span className="muted">{t("merge.empty")}</span>;
    if (row.field === "locale") return t(value === "en" ? "person.locale.en" : "person.locale.zh-CN");
    return <bdi lang={/\p{Script=Han}/u.test(value) ? "zh-Hans" : undefined}>{value}</bdi>;
  };
  return (
    <tr>
      <th scope="row">{label}</th>
      {(["kept", "other"] as const).map((which) => (
        <td key={which}>
          {choose ? (
            <label className="merge-choice">
              <input
                type="radio"
                name={row.field}
                value={which}
                defaultChecked={row.proposed === which}
                aria-label={`${label}: ${row[which] || t("merge.empty")}`}
              />
              <span>{shown(row[which])}</span>
            </label>
          ) : (
            shown(row[which])
          )}
        </td>
      ))}
    </tr>
  );
}

function Moves({ preview: { moves } }: { preview: MergePreview }) {
  const t = useT();
  const nameOf = useEditionName();
  const lines = [
    ...moves.editions.map((each) => ({
      id: each.invitationId,
      text: t("merge.moves.edition", { edition: nameOf(each) }),
    })),
    ...moves.assistants.map(({ id, name }) => ({ id, text: t("merge.moves.assistant", { name }) })),
    ...moves.names.map(({ form, name }) => ({ id: form + name, text: t("merge.moves.name", { name }) })),
  ];
  return (
    <section aria-labelledby="moves" className="apart">
      <h2 id="moves">{t("merge.moves")}</h2>
      {lines.length === 0 ? <p>{t("merge.moves.nothing")}</p> : null}
      <ul>
        {lines.map(({ id, text }) => (
          <li key={id}>
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
      <p className="muted">{t("merge.joined")}</p>
    </section>
  );
}
