import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { ATTENDANCES } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  type AttendanceList,
  type AttendancePerson,
  attendanceList,
  recordAttendance,
} from "../../domain/invitation/attendance.server.ts";
import { attendanceChanges, attendanceField, shownField } from "../../domain/invitation/attendance.ts";
import { calendarDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "attendance.title") },
];

const MAY = ["invitations", "duty_desk"] as const;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, MAY);
  return { locale, slug: edition.slug, list: attendanceList(ctx) };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, MAY);
  const recorded = await recordAttendance(ctx, attendanceChanges(await args.request.formData()));
  if (recorded.ok) return redirect(`${paths.attendance(edition.slug)}?saved=${recorded.value.changed}`, 303);
  if (recorded.refusal === "gone") throw notFound();
  return data({ refusal: recorded.refusal }, { status: 409 });
}

/** Who came: a tick list for each delegation. */
export default function Attendance() {
  const { list } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const saved = Number(useSearchParams()[0].get("saved") ?? 0);
  return (
    <>
      <WorkHeading>{t("attendance.title")}</WorkHeading>
      {refused === undefined ? null : (
        <Notice tone="stop">{t(`attendance.refusal.${refused.refusal}`)}</Notice>
      )}
      {refused === undefined && Number.isSafeInteger(saved) && saved > 0 ? (
        <Notice tone="good">{t("attendance.saved", { count: saved })}</Notice>
      ) : null}
      <p className="readable">
        {list.open
          ? t("attendance.intro")
          : t("attendance.later", { day: calendarDay(list.startsOn, locale) })}
      </p>
      {list.delegations.length === 0 ? <p>{t("attendance.nobody")}</p> : null}
      {list.delegations.map((delegation) => (
        <Delegation key={delegation.id} delegation={delegation} open={list.open} />
      ))}
    </>
  );
}

function Delegation({
  delegation,
  open,
}: {
  delegation: AttendanceList["delegations"][number];
  open: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const name = { en: delegation.nameEn, zh: delegation.nameZh };
  const came = delegation.people.filter((person) => person.attendance === "attended").length;
  return (
    <form method="post" className="panel apart" aria-labelledby={`d-${delegation.id}`}>
      <h2 id={`d-${delegation.id}`}>
        <Text {...name} />
      </h2>
      <p className="muted">{t("attendance.tally", { came, people: delegation.people.length })}</p>
      <ul className="plain tick-list">
        {delegation.people.map((person) => (
          <li key={person.invitationId}>
            <Person person={person} open={open} />
          </li>
        ))}
      </ul>
      {open ? (
        <Toolbar>
          <button className="button" type="submit">
            {t("attendance.saveOf", { delegation: inLocale(name, locale).text })}
          </button>
        </Toolbar>
      ) : null}
    </form>
  );
}

function Person({ person, open }: { person: AttendancePerson; open: boolean }) {
  const t = useT();
  const name = (
    <>
      <ListName person={person} />{" "}
      <span className="small muted">
        {t(`category.${person.category}`)}
        {person.confirmed ? null : <> · {t("attendance.unconfirmed")}</>}
      </span>
    </>
  );
  if (!open) return name;
  return (
    <fieldset className="ticks">
      <legend>{name}</legend>
      <input type="hidden" name={shownField(person.invitationId)} value={person.attendance ?? ""} />
      {[...ATTENDANCES, null].map((value) => (
        <label key={value ?? ""}>
          <input
            type="radio"
            name={attendanceField(person.invitationId)}
            value={value ?? ""}
            defaultChecked={person.attendance === value}
          />
          <Status tone={value === "attended" ? "good" : value === "no_show" ? "stop" : undefined}>
            {t(`attendance.${value ?? "unknown"}`)}
          </Status>
        </label>
      ))}
    </fieldset>
  );
}
