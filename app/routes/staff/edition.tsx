import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Outlet, useLoaderData } from "@remix-run/react";
import type { Permission } from "#db/vocabulary.ts";
import { Desk, RailLink, RailSection } from "../../components/desk.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { mayOpenContactBook, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { deskView } from "../../domain/edition/queries.server.ts";
import { carsAstray } from "../../domain/vehicle/flights.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  {
    title:
      page === undefined
        ? translate("en", "common.product")
        : page.locale === "en"
          ? page.edition.titleEn
          : page.edition.titleZh,
  },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return data({
    locale,
    edition,
    desk: deskView(ctx),
    astray: allows(ctx.scope, ["logistics", "duty_desk"]) ? carsAstray(ctx) : 0,
    book: await mayOpenContactBook(args),
  });
}

/** Who has to do with releases, either way. */
const RELEASING: ReadonlyArray<Permission> = ["lead", "logistics", "documents"];

/** Who works on travel, cars and rooms. */
const TRAVELLING: ReadonlyArray<Permission> = ["lead", "logistics", "duty_desk"];

/** Who prints badges and place cards. */
const PRINTING: ReadonlyArray<Permission> = ["lead", "documents", "logistics", "duty_desk"];

/** The rail beside every page of an edition. */
export default function EditionLayout() {
  const { edition, desk, astray, book, locale } = useLoaderData<typeof loader>();
  const t = useT();
  const { slug } = edition;
  return (
    <Desk
      title={t("edition.short", {
        city: locale === "en" ? edition.cityEn : edition.cityZh,
        year: edition.startsOn.slice(0, 4),
      })}
      note={
        <>
          {desk.sides.map((side) => (
            <span className="rail-side" key={side.nameEn + side.nameZh}>
              <Text en={side.nameEn} zh={side.nameZh} />
            </span>
          ))}
          {desk.permissions.map((permission) => t(`permission.${permission}`)).join(" · ")}
        </>
      }
      rail={
        <>
          <RailSection heading={t("edition.rail.people")}>
            <RailLink to={paths.edition(slug)} end>
              {t("edition.rail.overview")}
            </RailLink>
            <RailLink to={paths.tasks(slug)}>{t("tasks.title")}</RailLink>
            <RailLink to={paths.people(slug)} note={desk.people}>
              {t("edition.rail.everybody")}
            </RailLink>
            <RailLink to={paths.completeness(slug)}>{t("completeness.title")}</RailLink>
            <RailLink to={paths.invitationText(slug)}>{t("edition.rail.invitation")}</RailLink>
            {desk.permissions.includes("lead") ? (
              <RailLink to={paths.form(slug)}>{t("builder.rail")}</RailLink>
            ) : null}
            {desk.permissions.some((permission) =>
              ["lead", "invitations", "logistics"].includes(permission),
            ) ? (
              <RailLink to={paths.changes(slug)}>{t("changes.title")}</RailLink>
            ) : null}
            {desk.permissions.some((permission) =>
              ["lead", "invitations", "logistics", "documents"].includes(permission),
            ) ? (
              <RailLink to={paths.redo(slug)}>{t("redo.title")}</RailLink>
            ) : null}
            {desk.permissions.some((permission) =>
              ["lead", "documents", "logistics"].includes(permission),
            ) ? (
              <RailLink to={paths.letters(slug)}>{t("letters.rail")}</RailLink>
            ) : null}
            {desk.permissions.some((permission) => PRINTING.includes(permission)) ? (
              <RailLink to={paths.badges(slug)}>{t("cards.rail")}</RailLink>
            ) : null}
            {desk.permissions.some((permission) => permission === "lead" || permission === "invitations") ? (
              <RailLink to={paths.reminders(slug)}>{t("reminders.title")}</RailLink>
            ) : null}
            {desk.permissions.some((permission) => permission === "lead" || permission === "invitations") ? (
              <RailLink to={paths.importPeople(slug)}>{t("edition.rail.import")}</RailLink>
            ) : null}
            <RailLink to={paths.exportPeople(slug)}>{t("export.rail")}</RailLink>
            {book ? <RailLink to={paths.contacts(slug)}>{t("edition.rail.contacts")}</RailLink> : null}
            <RailLink to={paths.delegations(slug)}>{t("edition.rail.delegations")}</RailLink>
            {desk.permissions.some((permission) => permission === "lead" || permission === "invitations") ? (
              <RailLink to={paths.nominations(slug)}>{t("edition.rail.nominations")}</RailLink>
            ) : null}
            {desk.permissions.includes("lead") ? (
              <RailLink to={paths.approvals(slug)}>{t("edition.rail.approvals")}</RailLink>
            ) : null}
            {desk.permissions.some(
              (permission) =>
                permission === "lead" || permission === "invitations" || permission === "duty_desk",
            ) ? (
              <RailLink to={paths.attendance(slug)}>{t("attendance.rail")}</RailLink>
            ) : null}
          </RailSection>
          <RailSection heading={t("edition.rail.programme")}>
            <RailLink
              to={paths.agenda(slug)}
              note={
                desk.agendaVersion === null
                  ? t("edition.rail.unpublished")
                  : t("edition.rail.version", { number: desk.agendaVersion })
              }
            >
              {t("edition.rail.agenda")}
            </RailLink>
            <RailLink to={paths.runOfShow(slug)}>{t("cue.title")}</RailLink>
            <RailLink to={paths.visits(slug)}>{t("edition.rail.visits")}</RailLink>
          </RailSection>
          {desk.permissions.some((permission) => TRAVELLING.includes(permission)) ? (
            <RailSection heading={t("travel.section")}>
              <RailLink to={paths.travel(slug)}>{t("travel.rail")}</RailLink>
              <RailLink
                to={paths.vehicles(slug)}
                note={
                  astray === 0 ? undefined : <Status tone="stop">{t("cars.rail", { count: astray })}</Status>
                }
              >
                {t("vehicles.rail")}
              </RailLink>
              <RailLink to={paths.rooms(slug)}>{t("rooms.rail")}</RailLink>
              {desk.permissions.some((permission) => ["lead", "logistics"].includes(permission)) ? (
                <>
                  <RailLink to={paths.meals(slug)}>{t("meals.rail")}</RailLink>
                  <RailLink to={paths.accessNeeds(slug)}>{t("needs.rail")}</RailLink>
                  <RailLink to={paths.interpretation(slug)}>{t("interp.rail")}</RailLink>
                </>
              ) : null}
              <RailLink to={paths.headsets(slug)}>{t("headset.rail")}</RailLink>
            </RailSection>
          ) : null}
          <RailSection heading={t("edition.rail.mail")}>
            <RailLink
              to={paths.mail(slug)}
              note={
                desk.undelivered === 0 ? undefined : (
                  <Status tone="stop">{t("edition.rail.undelivered", { count: desk.undelivered })}</Status>
                )
              }
            >
              {t("edition.rail.allMail")}
            </RailLink>
          </RailSection>
          {desk.permissions.some((permission) => RELEASING.includes(permission)) ? (
            <RailSection heading={t("edition.rail.side")}>
              <RailLink to={paths.releases(slug)}>{t("releases.rail")}</RailLink>
              {desk.permissions.includes("lead") ? (
                <>
                  <RailLink to={paths.staff(slug)}>{t("staff.title")}</RailLink>
                  <RailLink to={paths.auditTrail(slug)}>{t("audit.title")}</RailLink>
                  <RailLink to={paths.retention(slug)}>{t("retention.title")}</RailLink>
                  <RailLink to={paths.dataRequests(slug)}>{t("dataRequests.title")}</RailLink>
                </>
              ) : null}
            </RailSection>
          ) : null}
        </>
      }
    >
      <Outlet />
    </Desk>
  );
}
