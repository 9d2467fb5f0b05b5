/** The words that people put over columns, and the words that they put into the column of roles. */
import { CATEGORIES, type Category, SESSION_FUNCTIONS, type SessionFunction } from "#db/vocabulary.ts";

/** What a column holds. `family`, `given` and `name` leave open in which script; the content tells. */
export const COLUMN_KINDS = [
  "family",
  "given",
  "name",
  "familyLatin",
  "givenLatin",
  "nameLatin",
  "familyNative",
  "givenNative",
  "nameNative",
  "honorificEn",
  "honorificZh",
  "salutationEn",
  "salutationZh",
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
  "email",
  "phone",
  "locale",
  "role",
  "category",
  "invitedAs",
  "delegation",
  "sortKey",
  "note",
  "number",
  "own",
] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

const HEADINGS: Readonly<Record<ColumnKind, string>> = {
  family: "last name|family name|surname|last|family|姓|姓氏",
  given: "first name|given name|given names|forename|first|given|名|名字",
  name: "name|full name|display name|participant|invitee|姓名|全名|姓名全称",
  familyLatin:
    "姓拼音|拼音姓|姓氏拼音|姓英文|英文姓|family name pinyin|surname pinyin|family name latin|family name english",
  givenLatin: "名拼音|拼音名|名字拼音|名英文|given name pinyin|given name latin|given name english",
  nameLatin:
    "姓名拼音|拼音|拼音姓名|英文姓名|姓名英文|英文名|english name|latin name|name english|name en|name latin|pinyin",
  familyNative: "中文姓|姓中文|chinese family name|chinese surname|family name chinese|family name native",
  givenNative: "中文名字|名中文|chinese given name|given name chinese|given name native",
  nameNative: "中文姓名|姓名中文|中文名|汉字姓名|chinese name|native name|name chinese|name zh|name native",
  honorificEn: "title|honorific|prefix|title en|title english|英文称谓|称谓英文",
  honorificZh: "称谓|尊称|称呼|称谓中文|中文称谓|title zh|title chinese|chinese title",
  salutationEn: "salutation|salutation en|salutation english|英文抬头|抬头英文",
  salutationZh: "抬头|信函称呼|中文抬头|抬头中文|salutation zh|salutation chinese",
  institutionEn:
    "organization|organisation|institution|affiliation|company|employer|institution en|institution english|organization en|organization english|英文单位|单位英文|单位英文名称",
  institutionZh:
    "单位|工作单位|机构|所在单位|任职单位|单位名称|单位中文|中文单位|institution zh|institution chinese|organization zh|organization chinese",
  positionEn: "position|job title|post|position en|position english|英文职务|职务英文",
  positionZh: "职务|职位|职称|职务中文|中文职务|position zh|position chinese",
  email: "email|e mail|email address|e mail address|mail|电子邮箱|邮箱|电子邮件|邮件|邮箱地址|电邮|email地址",
  phone:
    "phone|mobile|telephone|cell|tel|mobile phone|phone number|手机|电话|联系电话|手机号|手机号码|移动电话",
  locale: "language|preferred language|mail language|语言|首选语言|通信语言",
  // Chosen by hand: under a heading like "category" stand words of both.
  category: "",
  invitedAs: "",
  delegation: "delegation|代表团|所属代表团",
  sortKey: "sort key|sorting key|sort by|排序拼音|排序字母",
  note: "note|notes|internal note|remark|remarks|备注|内部备注",
  number:
    "invitation number|invitation no|no of invitation|number of invitation|邀请编号|邀请函编号|邀请函号",
  // An answer to a question of the edition's own: chosen by hand, to find people by.
  own: "",
  role: "role|capacity|category|participant category|function|invited as|身份|角色|类别|参会身份|与会身份|人员类别",
};

/** A heading or a word as it is compared. */
export function simplified(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

const KIND_OF: ReadonlyMap<string, ColumnKind> = new Map(
  COLUMN_KINDS.flatMap((kind) =>
    HEADINGS[kind]
      .split("|")
      .map((word): [string, ColumnKind] => [simplified(word), kind])
      .filter(([word]) => word !== ""),
  ),
);

/** What a column under this heading holds, or null when we know of no such column. */
export function columnKind(heading: string): ColumnKind | null {
  return KIND_OF.get(simplified(heading)) ?? null;
}

export type Role = { category: Category; invitedAs: SessionFunction | null };

const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  head: "head|head of delegation|delegation head|团长|代表团团长",
  deputy_head: "deputy head|deputy head of delegation|deputy|vice head|副团长|代表团副团长",
  delegate: "delegate|participant|member|代表|与会代表|正式代表|参会代表|成员|与会人员",
  observer: "observer|观察员|列席|列席人员|列席代表",
  guest: "guest|guest of honor|guest of honour|嘉宾|主宾|贵宾",
  companion: "companion|accompanying person|spouse|partner|随行人员|随行|配偶",
  interpreter: "interpreter|translator|译员|翻译|口译|口译员|同传",
  note_taker: "note taker|notetaker|记录员",
  staff: "secretariat|staff|secretariat staff|秘书处|会务|会务人员|工作人员",
  liaison: "liaison|liaison officer|联络员|联络人",
};

const FUNCTION_WORDS: Readonly<Record<SessionFunction, string>> = {
  chair: "chair|session chair|chairperson|主持人|主持|主席",
  co_chair: "co chair|共同主持人|联合主持人",
  opening_speaker: "opening speaker|opening remarks|致辞人|致辞|致辞嘉宾",
  presenter: "presenter|speaker|paper presenter|发言人|主讲人|报告人|发言",
  discussant: "discussant|commentator|respondent|讨论人|评议人|与谈人|点评人",
  rapporteur: "rapporteur|报告起草人|记录人",
  moderator: "moderator|协调人",
  // By itself it says what somebody is, not what they do in one session.
  interpreter: "session interpreter|会场译员",
};

const ROLE_OF: ReadonlyMap<string, Role> = new Map([
  ...CATEGORIES.flatMap((category) => rolesNamed(CATEGORY_WORDS[category], { category, invitedAs: null })),
  ...SESSION_FUNCTIONS.flatMap((invitedAs) =>
    rolesNamed(FUNCTION_WORDS[invitedAs], { category: "delegate", invitedAs }),
  ),
]);

function rolesNamed(words: string, role: Role): Array<[string, Role]> {
  return words.split("|").map((word) => [simplified(word), role]);
}

/** The category, and the function that the letter names, which a word stands for; null when it is none that we know. */
export function roleOf(word: string): Role | null {
  return ROLE_OF.get(simplified(word)) ?? null;
}

/** A category by a word for it or its code name; null when it is none. */
export function categoryOf(word: string): Category | null {
  const named = CATEGORIES.find((known) => known === word.trim());
  const role = roleOf(word);
  return named ?? (role?.invitedAs === null ? role.category : null);
}

/** A function that a letter names, by a word for it or its code name; null when it is none. */
export function functionOf(word: string): SessionFunction | null {
  return SESSION_FUNCTIONS.find((known) => known === word.trim()) ?? roleOf(word)?.invitedAs ?? null;
}
