/**
 * The wording of letters: per side, kind and language a title and a body with placeholders from a closed list, filled
 * in one pass as in the invitation (domain/invitation/text.ts). What the list names are the facts that consulates ask
 * for (DOMAIN §1.3): a letter in which one of them is empty is not issued.
 */
import type { LetterKind, Locale } from "#db/vocabulary.ts";

/** Facts that a text may name. */
export const LETTER_PLACEHOLDERS = [
  "addressee",
  "salutation",
  "name",
  "institution",
  "position",
  "function",
  "event",
  "dates",
  "city",
  "arrival",
  "departure",
  "costs",
  "senders",
  "number",
  "passportName",
  "gender",
  "birthDate",
  "birthPlace",
  "nationality",
  "passportNumber",
  "passportExpiry",
  "applyAt",
  "companions",
  "inviterName",
  "inviterAddress",
  "inviterPhone",
  "inviterEmail",
] as const;
export type LetterPlaceholder = (typeof LETTER_PLACEHOLDERS)[number];

/** Those that come from a passport (class C5). */
export const PASSPORT_FACTS = [
  "passportName",
  "gender",
  "birthDate",
  "birthPlace",
  "nationality",
  "passportNumber",
  "passportExpiry",
  "applyAt",
  "companions",
] as const satisfies ReadonlyArray<LetterPlaceholder>;

/** What stands in every letter, whatever its text says. */
export const HEAD_FACTS = [
  "inviterName",
  "inviterAddress",
  "inviterPhone",
  "inviterEmail",
  "signatory",
  "signatoryPost",
] as const;

export const LETTER_FACTS = [...LETTER_PLACEHOLDERS, "signatory", "signatoryPost"] as const;
export type LetterFact = (typeof LETTER_FACTS)[number];

export type LetterWording = { title: string; body: string };

/**
 * To whom a letter is addressed, line by line: in English the name, the position and the institution, in Chinese the
 * institution, and position and name. What is empty is left out, and what is known in one language only stands as it is.
 */
export function addressee(
  person: {
    nameLatin: string;
    nameNative: string;
    honorificEn: string;
    honorificZh: string;
    institutionEn: string;
    institutionZh: string;
    positionEn: string;
    positionZh: string;
  },
  locale: Locale,
): string {
  const joined = (separator: string, ...parts: ReadonlyArray<string>) =>
    parts.filter((part) => part !== "").join(separator);
  const inEnglish = joined(" ", person.honorificEn, person.nameLatin || person.nameNative);
  if (locale === "en")
    return joined(
      "\n",
      inEnglish,
      person.positionEn || person.positionZh,
      person.institutionEn || person.institutionZh,
    );
  const inChinese =
    person.nameNative !== ""
      ? `${person.nameNative}${person.honorificZh}`
      : person.honorificZh !== ""
        ? `${person.nameLatin} ${person.honorificZh}`
        : inEnglish;
  const position = person.positionZh || person.positionEn;
  const apart = /\p{Script=Latin}$/u.test(position) ? "\n" : " ";
  return joined("\n", person.institutionZh || person.institutionEn, joined(apart, position, inChinese));
}

/** What a letter says until a side words its own (DOMAIN §6.5). */
export function defaultLetter(kind: LetterKind, locale: Locale): LetterWording {
  return DEFAULTS[kind][locale];
}

function text(...paragraphs: ReadonlyArray<string>): string {
  return paragraphs.join("\n\n");
}

const DEFAULTS: Readonly<Record<LetterKind, Readonly<Record<Locale, LetterWording>>>> = {
  invitation_letter: {
    en: {
      title: "Letter of Invitation",
      body: text(
        "{addressee}",
        "{salutation}",
        "On behalf of {senders}, it is my honor to invite you to take part in the {event} as {function}. The dialogue will be held in {city} from {dates}.",
        "The working sessions are held under the Chatham House Rule. English and Chinese are the working languages, with interpretation.",
        "{costs}",
        "Should you need a visa or a travel permit, a separate letter with the facts that the authorities ask for will be issued to you. For any question please write to {inviterEmail} or call {inviterPhone}.",
        "I look forward to welcoming you.",
      ),
    },
    "zh-CN": {
      title: "邀请函",
      body: text(
        "{addressee}",
        "{salutation}",
        "谨代表{senders}，诚邀阁下以{function}身份出席{event}。会议定于{dates}在{city}举行。",
        "会议讨论适用查塔姆宫规则，工作语言为中文和英文，并提供口译。",
        "{costs}",
        "如需办理签证或出境手续，我方将另行出具签证邀请函。如有疑问，请致电{inviterPhone}或致函{inviterEmail}。",
        "诚盼阁下光临。",
      ),
    },
  },
  visa_letter: {
    en: {
      title: "Letter of Invitation for Visa Application",
      body: text(
        "To the visa section in {applyAt}:",
        "{inviterName} invites the person named below to visit {city} from {arrival} to {departure}, in order to take part in the {event} ({dates}) as {function}.",
        [
          "Name as in passport: {passportName}",
          "Gender: {gender}",
          "Date of birth: {birthDate}",
          "Nationality: {nationality}",
          "Passport number: {passportNumber}",
          "Position: {position}, {institution}",
          "Accompanying persons: {companions}",
        ].join("\n"),
        "{costs}",
        ["Inviter: {inviterName}", "Address: {inviterAddress}", "Telephone: {inviterPhone}"].join("\n"),
        "The invitation is made by one of the co-hosts of the dialogue. We would be grateful if a visa could be issued in time.",
      ),
    },
    "zh-CN": {
      title: "签证邀请函",
      body: text(
        "致{applyAt}签证处：",
        "兹邀请下列人员于{arrival}至{departure}访问{city}，以{function}身份出席{event}（会期：{dates}）。",
        [
          "护照姓名：{passportName}",
          "性别：{gender}",
          "出生日期：{birthDate}",
          "国籍：{nationality}",
          "护照号码：{passportNumber}",
          "单位及职务：{institution}，{position}",
          "随行人员：{companions}",
        ].join("\n"),
        "{costs}",
        ["邀请单位：{inviterName}", "地址：{inviterAddress}", "电话：{inviterPhone}"].join("\n"),
        "我单位系本次对话的主办方之一。敬请及时签发签证为荷。",
      ),
    },
  },
};
