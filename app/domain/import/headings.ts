/** The words that people put over columns, and the words that they put into the column of roles. */
import { CATEGORIES, type Category, SESSION_FUNCTIONS, type SessionFunction } from "#db/vocabulary.ts";
import { simplified } from "./closed-lists.ts";
import {
  type AnswerKind,
  type CardKind,
  type ColumnKind,
  isColumnKind,
  type LegKind,
  type RoomKind,
  type WishKind,
} from "./kinds.ts";

const CARD_HEADINGS: Readonly<Record<CardKind, string>> = {
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

const ANSWER_HEADINGS: Readonly<Record<AnswerKind, string>> = {
  "answer:personalCapacity": "personal capacity|in a personal capacity|个人身份|以个人身份|以个人身份参会",
  "answer:secondEmail":
    "second email|second e mail|alternative email|other email|backup email|备用邮箱|第二邮箱|备用电子邮箱",
  "answer:assistantName": "assistant|assistant name|name of assistant|助理|助理姓名|秘书|秘书姓名",
  "answer:assistantEmail": "assistant email|assistant e mail|助理邮箱|助理电子邮箱|秘书邮箱",
  "answer:emergencyName":
    "emergency contact|emergency contact name|name of emergency contact|紧急联系人|紧急联系人姓名|应急联系人",
  "answer:emergencyRelation":
    "emergency contact relation|emergency relation|emergency contact relationship|紧急联系人关系|与紧急联系人关系|与本人关系",
  "answer:emergencyPhone":
    "emergency phone|emergency contact phone|emergency number|紧急联系电话|紧急联系人电话|应急联系电话",
  "answer:diets":
    "diet|diets|dietary|dietary needs|dietary requirement|dietary requirements|dietary restrictions|meal preference|饮食|饮食要求|饮食禁忌|饮食习惯|用餐要求|餐食要求|忌口",
  "answer:dietText": "diet details|dietary details|dietary notes|饮食说明|饮食备注|饮食具体说明",
  "answer:allergies": "allergy|allergies|food allergies|过敏|过敏史|过敏源|过敏原|食物过敏|过敏情况",
  "answer:allergySeverity": "allergy severity|severity|severity of allergy|过敏程度|过敏严重程度",
  "answer:accessNeeds":
    "access needs|accessibility|accessibility needs|special needs|无障碍|无障碍需求|无障碍要求|特殊需求",
  "answer:accessText": "access details|accessibility details|accessibility notes|无障碍说明|特殊需求说明",
  "answer:workingLanguages": "working language|working languages|languages spoken|工作语言|语言能力|会议语言",
  "answer:otherLanguages": "other languages|其他语言",
  "answer:needsInterpretation":
    "interpretation|interpreting|needs interpretation|interpretation needed|需要翻译|是否需要翻译|需要口译|是否需要口译|口译需求|翻译需求",
  "answer:bookedBy": "booked by|tickets booked by|订票方|订票人|由谁订票|机票由谁预订",
  "answer:needsVisa": "visa|needs visa|visa needed|visa required|签证|需要签证|是否需要签证|签证需求",
};

const LEG_HEADINGS: Readonly<Record<LegKind, string>> = {
  "arrival:by":
    "arrival by|arrives by|means of arrival|arrival mode|抵达方式|到达方式|来程方式|来程交通|抵达交通方式",
  "arrival:number":
    "arrival flight|arrival flight number|arrival flight no|arrival flight or train|inbound flight|flight in|flight number|flight no|flight|arrival train|train number|航班号|航班|来程航班|来程航班号|抵达航班|抵达航班号|到达航班|到达航班号|抵京航班|抵京航班号|车次|来程车次|航班车次|航班号车次|抵达航班车次|来程航班车次",
  "arrival:far":
    "from|arrival from|arrives from|coming from|origin|city of departure|出发地|始发地|出发城市|来程出发地|来自",
  "arrival:on":
    "arrival date|date of arrival|arrival day|arrives on|arrival|arrives|抵达日期|到达日期|抵京日期|来程日期|抵达|到达|抵达日期时间|到达日期时间",
  "arrival:time":
    "arrival time|time of arrival|arrives at|eta|arrival date time|arrival date and time|抵达时间|到达时间|抵京时间|来程时间|落地时间|来程到达时间",
  "arrival:zone": "arrival time zone|time zone|抵达时区|到达时区|时区",
  "arrival:at":
    "arrival airport|airport of arrival|arrival airport terminal|arrival terminal|arrival station|airport|terminal|抵达机场|到达机场|落地机场|抵达航站楼|航站楼|抵达地点|到达地点|抵达车站|到达车站|抵达机场航站楼",
  "arrival:via":
    "connecting flight|connecting flights|connection|connections|transit flight|second flight|中转航班|转机航班|联程航班|中转|转机|抵达中转|来程中转|来程中转航班",
  "departure:by":
    "departure by|leaves by|means of departure|departure mode|离开方式|返程方式|返程交通|回程方式",
  "departure:number":
    "departure flight|departure flight number|departure flight no|departure flight or train|outbound flight|return flight|return flight number|flight out|departure train|返程航班|返程航班号|回程航班|回程航班号|离开航班|离京航班|离京航班号|离开航班号|返程车次|回程车次|返程航班车次|离开航班车次",
  "departure:far": "to|departure to|leaves for|going to|destination|目的地|返程目的地|返程城市|前往|到达城市",
  "departure:on":
    "departure date|date of departure|departure day|departs on|leaves on|departure|departs|return date|离开日期|离京日期|返程日期|回程日期|离会日期|返回日期|离开|离开日期时间",
  "departure:time":
    "departure time|time of departure|departs at|etd|departure date time|departure date and time|return time|离开时间|离京时间|返程时间|回程时间|返程起飞时间|离会时间",
  "departure:zone": "departure time zone|离开时区|返程时区",
  "departure:at":
    "departure airport|airport of departure|departure airport terminal|departure terminal|departure station|离开机场|返程机场|出发机场|返程航站楼|离开地点|返程车站|出发车站",
  "departure:via":
    "return connecting flight|return connection|onward flight|onward flights|返程中转航班|返程中转|回程中转|返程联程航班",
};

const ROOM_HEADINGS: Readonly<Record<RoomKind, string>> = {
  "room:hotel": "hotel|hotel name|酒店|宾馆|饭店|酒店名称|入住酒店|住宿酒店|下榻酒店",
  "room:type": "room type|type of room|room|房型|房间类型|客房类型|住房类型",
  "room:checkIn":
    "check in|check in date|checkin|hotel check in|first night|from night|入住|入住日期|入住时间|入住日|入住酒店日期|首晚",
  "room:checkOut":
    "check out|check out date|checkout|hotel check out|离店|离店日期|离店时间|退房|退房日期|离店日",
  "room:lastNight": "last night|until night|最后一晚|末晚",
  "room:nights": "nights|number of nights|no of nights|room nights|晚数|住宿晚数|入住晚数|间夜|间夜数|几晚",
  "room:payer": "payer|paid by|room paid by|who pays|付费方|房费|房费承担|房费承担方|费用承担|费用承担方",
  "room:smoking": "smoking|smoking room|smoker|吸烟|吸烟房|是否吸烟|吸烟与否",
  "room:early": "early check in|early checkin|early arrival at hotel|提前入住|是否提前入住",
};

const WISH_HEADINGS: Readonly<Record<WishKind, string>> = {
  "wish:lodging": "lodging|accommodation|where they stay|住宿方式|住宿安排方式|住宿意愿",
  "wish:mayShare":
    "single or twin|single twin|twin or single|may share|willing to share|room sharing|room preference|单双人间|单间或双人间|是否合住|可否合住|合住意愿|房型意愿",
  "wish:shareWith":
    "share with|shares with|sharing with|room mate|roommate|wishes to share with|合住人|同住人|希望同住人|希望合住人|与谁合住|同屋",
  "wish:address": "address of stay|private address|where privately|住宿地址|自住地址",
  "wish:note": "room wishes|room wish|wishes for the room|hotel wishes|住宿要求|住房要求|客房要求|住宿备注",
};

const KIND_OF: ReadonlyMap<string, ColumnKind> = new Map(
  Object.entries({
    ...CARD_HEADINGS,
    ...ANSWER_HEADINGS,
    ...LEG_HEADINGS,
    ...ROOM_HEADINGS,
    ...WISH_HEADINGS,
  }).flatMap(([kind, words]) =>
    isColumnKind(kind)
      ? words
          .split("|")
          .map((word): [string, ColumnKind] => [simplified(word), kind])
          .filter(([word]) => word !== "")
      : [],
  ),
);

/** What a column under this heading holds, or null when we know of no such column. */
export function columnKind(heading: string): ColumnKind | null {
  return KIND_OF.get(simplified(heading)) ?? null;
}

/**
 * The same heading a second time: on a list with both ways the second "航班号" is the way back.
 *
 * @returns null: a heading that comes again says nothing surer.
 */
export function kindAgain(kind: ColumnKind): ColumnKind | null {
  const [direction, part] = kind.split(":");
  const back = `departure:${part}`;
  return direction === "arrival" && isColumnKind(back) ? back : null;
}

const SEALED_WORDS =
  "passport|passportno|passportnumber|护照|护照号|护照号码|证件号|证件号码|身份证|身份证号|身份证号码|idnumber|idcard|idcardnumber|nationalid|dateofbirth|birthdate|birthday|dob|出生日期|生日|passportexpiry|passportexpirydate|passportexpires|护照有效期|护照到期日|护照签发日期|passportissued";
const SEALED: ReadonlySet<string> = new Set(SEALED_WORDS.split("|"));

/** Whether a column would hold what a passport says: no list brings that, whatever its columns are said to be. */
export function isOfPassport(heading: string): boolean {
  return SEALED.has(simplified(heading));
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
