import type { Category, Locale, RegistrationState, Reply, SessionFunction } from "#db/vocabulary.ts";
import type { InvitationState } from "../domain/invitation/rules.ts";
import { translator } from "../i18n/translate.ts";
import { csvFile } from "./csv.ts";

export type PersonInTable = {
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  delegationEn: string;
  delegationZh: string;
  category: Category;
  invitedAs: SessionFunction | null;
  invitation: InvitationState;
  reply: Reply;
  registration: RegistrationState | null;
};

/** A list of people, as spreadsheets open it safely. */
export function peopleTable(people: ReadonlyArray<PersonInTable>, locale: Locale): string {
  const t = translator(locale);
  const headings = [
    t("person.legend.latin"),
    t("person.legend.native"),
    t("person.institutionEn"),
    t("person.institutionZh"),
    t("person.positionEn"),
    t("person.positionZh"),
    t("person.delegation"),
    t("person.category"),
    t("person.invitedAs"),
    t("people.column.invitation"),
    t("people.column.reply"),
    t("people.column.registration"),
  ];
  const rows = people.map((person) => [
    person.nameLatin,
    person.nameNative,
    person.institutionEn,
    person.institutionZh,
    person.positionEn,
    person.positionZh,
    locale === "en" ? person.delegationEn : person.delegationZh,
    t(`category.${person.category}`),
    person.invitedAs === null ? "" : t(`function.${person.invitedAs}`),
    t(`invitationState.${person.invitation}`),
    t(`reply.${person.reply}`),
    person.registration === null ? t("people.filter.none") : t(`registration.${person.registration}`),
  ]);
  return csvFile([headings, ...rows]);
}
