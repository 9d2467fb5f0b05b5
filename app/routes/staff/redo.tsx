import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { CONSENTS, type ConsentKind } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { REDO_ACT, settleRedo } from "../../domain/redo/commands.server.ts";
import { type RedoView, redoList } from "../../domain/redo/queries.server.ts";
import { PASSPORT_FIELD } from "../../domain/redo/rules.ts";
import { shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { FIELD_LABELS, isField } from "../delegate/registration-fields.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "redo.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, REDO_ACT);
  const { searchParams } = new URL(args.request.url);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    done: searchParams.has("done"),
    ...redoListed(redoList(ctx, { after: searchParams.get("after") })),
  };
}

function redoListed({ open, done }: ReturnType<typeof redoList>) {
  return { open, settled: done };
}

/** Something was done again. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, REDO_ACT);
  const formData = await args.request.formData();
  const settled = await settleRedo(ctx, String(formData.get("redo") ?? ""));
  if (!settled.ok) throw notFound();
  return redirect(`${paths.redo(edition.slug)}?done`, 303);
}

export default function ToBeRedone() {
  const { open, settled, slug, done } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("redo.title")}</WorkHeading>
      {done ? (
        <Notice tone="good">
          <p>{t("redo.doneNow")}</p>
        </Notice>
      ) : null}
      <p className="readable">{t("redo.intro")}</p>
      {open.shown.length === 0 ? <p className="muted">{t("redo.none")}</p> : <Things things={open.shown} />}
      <Paging
        page={open}
        address={(after) => (after === null ? paths.redo(slug) : `${paths.redo(slug)}?after=${after}`)}
      />
      {settled.length === 0 ? null : (
        <section aria-labelledby="settled">
          <h2 id="settled">{t("redo.settled")}</h2>
          <Things things={settled} />
        </section>
      )}
    </>
  );
}

function Things({ things }: { things: ReadonlyArray<RedoView> }) {
  const { slug, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("redo.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("redo.person")}</th>
            <th scope="col">{t("redo.what")}</th>
            <th scope="col">{t("redo.why")}</th>
            <th scope="col">{t("redo.since")}</th>
            <th scope="col">{t("redo.state")}</th>
          </tr>
        </thead>
        <tbody>
          {things.map((thing) => (
            <tr key={thing.id}>
              <th scope="row">
                <a href={paths.person(slug, thing.invitationId)}>
                  <BothNames person={thing} />
                </a>
              </th>
              <td>
                {t(`redoKind.${thing.kind}`)}
                <span className="second-line small">
                  <Text {...thing.subject} />
                </span>
              </td>
              <td>
                <Why thing={thing} />
              </td>
              <td>{shortMoment(thing.since, timeZone, locale)}</td>
              <td>
                {thing.doneAt !== null ? (
                  <>
                    <Status tone="good">{t("redo.isDone")}</Status>
                    <span className="second-line small muted">
                      {shortMoment(thing.doneAt, timeZone, locale)}
                    </span>
                  </>
                ) : (
                  <form method="post">
                    <input type="hidden" name="redo" value={thing.id} />
                    <button
                      className="button quiet small"
                      type="submit"
                      aria-label={t("redo.doneOf", {
                        what: t(`redoKind.${thing.kind}`),
                        name: thing.nameLatin || thing.nameNative,
                      })}
                    >
                      {t("redo.done")}
                    </button>
                  </form>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function isConsent(kind: string): kind is ConsentKind {
  return CONSENTS.some((each) => each === kind);
}

/** What is different now; of a consent that was taken back, what there is to do. */
function Why({ thing: { kind, subjectId, fields } }: { thing: RedoView }) {
  const t = useT();
  if (kind === "consent")
    return <>{isConsent(subjectId) ? t(`consentRedo.${subjectId}`) : t("consentRedo.own")}</>;
  const labels = fields.map((field) =>
    field === PASSPORT_FIELD ? t("redo.passport") : isField(field) ? t(FIELD_LABELS[field]) : t("kept.own"),
  );
  return <>{[...new Set(labels)].join(t("myProgramme.listSeparator"))}</>;
}
