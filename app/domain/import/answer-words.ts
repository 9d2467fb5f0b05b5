/** What a cell says in answer to a question of the form, by the words that people put into spreadsheets. Pure. */
import type { AccessNeed, Diet } from "#db/vocabulary.ts";
import { countryName } from "../../i18n/countries.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { COUNTRIES } from "../registration/countries.ts";
import type { RowQuestion } from "../registration/definition.ts";
import type { OwnValue } from "../registration/own-answers.ts";
import type { LEG_MEANS, PAYERS, Part, ROOMS } from "../registration/parts.ts";
import type { ALLERGY_SEVERITIES, BOOKERS, WORKING_LANGUAGES } from "../registration/rules.ts";
import { entriesOf, finderOf, simplified, yesOrNo } from "./closed-lists.ts";
import type { AnswerField } from "./kinds.ts";
import { type Around, momentOf, zoneOf } from "./moments.ts";

export type Answered = { ok: true; value: OwnValue } | { ok: false; key: MessageKey; word: string };

const dietOf = finderOf<Diet>({
  none: "no special needs|no restrictions|no requirements|normal|regular|no|n/a|无|无特殊要求|无禁忌|无忌口|没有|普通|正常",
  vegetarian: "veg|veggie|vegetarian meal|no meat|素食|吃素|素",
  vegan: "plant based|纯素|全素|严格素食",
  halal: "muslim|halal food|清真|清真餐|清真饮食|穆斯林",
  kosher: "jewish|犹太洁食|犹太餐|洁食",
  no_pork: "without pork|pork free|不吃猪肉|忌猪肉|不食猪肉|无猪肉",
  no_beef: "without beef|beef free|不吃牛肉|忌牛肉|不食牛肉",
  no_seafood: "without seafood|seafood free|no fish|不吃海鲜|忌海鲜|不食海鲜",
  no_alcohol: "without alcohol|alcohol free|不饮酒|不喝酒|忌酒|禁酒",
  gluten_free: "gluten free|no gluten|celiac|coeliac|无麸质|不含麸质|无谷蛋白",
  lactose_free: "lactose free|no lactose|dairy free|no dairy|lactose intolerant|无乳糖|乳糖不耐受|不吃奶制品",
  no_nuts: "without nuts|nut free|nuts free|不吃坚果|忌坚果|无坚果",
  other: "其他|其它",
});

const needOf = finderOf<AccessNeed>({
  step_free:
    "step free access|wheelchair|wheelchair access|no steps|ramp|无台阶通道|轮椅|轮椅通道|无障碍通道",
  hearing: "hearing aid|induction loop|hard of hearing|听力|助听|助听设备|听力障碍",
  sight: "vision|visual|large print|blind|视力|视障|大字|视力障碍",
  sign_language: "sign language interpreter|手语|手语翻译",
  quiet_room: "quiet room|rest room for quiet|安静房间|休息室",
  visit_mobility: "mobility|limited mobility|cannot walk far|行动不便|不便久行",
  fridge: "refrigerator|fridge for medicine|冰箱|药品冷藏",
  other: "其他|其它",
});

const severityOf = finderOf<(typeof ALLERGY_SEVERITIES)[number]>({
  mild: "mild unpleasant|light|slight|轻微|轻度|轻",
  severe: "serious|strong|needs treatment|严重|重度|中度",
  life_threatening: "life threatening|anaphylaxis|anaphylactic|fatal|危及生命|致命|过敏性休克",
});

const languageOf = finderOf<(typeof WORKING_LANGUAGES)[number]>({
  english: "en|eng|英文|英语",
  chinese: "zh|chn|mandarin|putonghua|chinese mandarin|中文|汉语|普通话|中文普通话",
  other: "another language|其他|其他语言|其它",
});

const bookerOf = finderOf<(typeof BOOKERS)[number]>({
  self: "i do|me|myself|own|traveller|delegate|本人|自己|自订|自行订票|个人",
  institution:
    "my institution|institute|university|employer|organization|organisation|本人单位|单位|所在单位|本单位",
  secretariat: "the secretariat|host|organizer|organiser|committee|秘书处|会务组|主办方|组委会",
});

const LISTS: Readonly<Partial<Record<AnswerField, (word: string) => string | null>>> = {
  diets: dietOf,
  accessNeeds: needOf,
  workingLanguages: languageOf,
};
const CHOICES: Readonly<Partial<Record<AnswerField, (word: string) => string | null>>> = {
  allergySeverity: severityOf,
  bookedBy: bookerOf,
  needsInterpretation: yesOrNo,
  needsVisa: yesOrNo,
  personalCapacity: (word) => {
    const said = yesOrNo(word);
    return said === null ? null : said === "yes" ? "on" : "";
  },
};

/** Answers of which several may be given. */
export const LIST_FIELDS: ReadonlySet<string> = new Set(Object.keys(LISTS));

/** An answer to a standard question. */
export function standardAnswer(field: AnswerField, text: string): Answered {
  const ofList = LISTS[field];
  if (ofList !== undefined) return several(text, ofList);
  const ofChoice = CHOICES[field];
  if (ofChoice === undefined) return { ok: true, value: text };
  const value = ofChoice(text);
  return value === null ? unknown(text) : { ok: true, value };
}

/** An answer as the text of a cell: a list as one. */
export function textOfValue(value: OwnValue): string {
  return typeof value === "string" ? value : value.length === 0 ? "" : JSON.stringify(value);
}

/** The answer that a cell's text stands for. */
export function valueOfText(name: string, text: string): OwnValue {
  if (!text.startsWith('["')) return LIST_FIELDS.has(name) && text === "" ? [] : text;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : text;
  } catch {
    return text;
  }
}

function several(text: string, find: (word: string) => string | null): Answered {
  const found = new Set<string>();
  const entries = entriesOf(text);
  for (let at = 0; at < entries.length; ) {
    // "No, thanks" is one entry as well as "halal, no alcohol" are two: the longest that means something.
    const ends = Array.from({ length: entries.length - at }, (_, n) => entries.length - n);
    const end = ends.find((each) => find(entries.slice(at, each).join(" ")) !== null);
    const words = end === undefined ? joinedBy(entries[at] ?? "") : [entries.slice(at, end).join(" ")];
    for (const word of words) {
      const code = find(word);
      if (code === null) return unknown(entries[at] ?? "");
      found.add(code);
    }
    at = end ?? at + 1;
  }
  return found.size === 0 ? unknown(text) : { ok: true, value: [...found].sort() };
}

/** "halal and no alcohol", "清真和不饮酒". */
function joinedBy(entry: string): Array<string> {
  return entry.split(/\s(?:and|&)\s|[和与及]/iu).filter((word) => word.trim() !== "");
}

function unknown(word: string): Answered {
  return { ok: false, key: "import.problem.word", word };
}

/** An answer to one of the edition's own questions. */
export function ownAnswer(question: RowQuestion, text: string, around: Around): Answered {
  switch (question.type) {
    case "yes_no": {
      const value = yesOrNo(text);
      return value === null ? unknown(text) : { ok: true, value };
    }
    case "choice": {
      const value = optionOf(question, text);
      return value === null ? unknown(text) : { ok: true, value };
    }
    case "choices":
      return several(text, (word) => optionOf(question, word));
    case "date": {
      const read = momentOf(text, around);
      return read.ok && read.on !== ""
        ? { ok: true, value: read.on }
        : { ok: false, key: "error.date", word: text };
    }
    case "country": {
      const value = countryOf(text);
      return value === null ? unknown(text) : { ok: true, value };
    }
    case "number":
      return { ok: true, value: text.normalize("NFKC").replaceAll(/[\s,](?=\d{3})/g, "") };
    default:
      return { ok: true, value: text };
  }
}

/** An answer to one part of such a question. */
export function partAnswer(part: Part, text: string, around: Around): Answered {
  switch (part.kind) {
    case "day":
    case "time": {
      const read = momentOf(text, around);
      const value = !read.ok ? "" : part.kind === "day" ? read.on : read.time;
      return value === "" ? { ok: false, key: "error.date", word: text } : { ok: true, value };
    }
    case "zone": {
      const value = zoneOf(text);
      return value === null ? unknown(text) : { ok: true, value };
    }
    case "country": {
      const value = countryOf(text);
      return value === null ? unknown(text) : { ok: true, value };
    }
    case "choice": {
      const value = (part.values ?? []).find((each) => partValueOf(text) === each || each === text.trim());
      return value === undefined ? unknown(text) : { ok: true, value };
    }
    default:
      return { ok: true, value: text };
  }
}

const partValueOf = finderOf<(typeof LEG_MEANS)[number] | (typeof ROOMS)[number] | (typeof PAYERS)[number]>({
  flight: "plane|air|by air|飞机|航班",
  train: "rail|railway|high speed rail|火车|高铁|动车",
  other: "another way|car|其他|其它|汽车",
  single: "king|queen|单人|单人间|单间",
  double: "double bed|大床房|double room|双人大床",
  twin: "two beds|twin room|twin beds|双床|双床房|双人间|标间|标准间",
  host: "the host|host side|organizer|东道方|主办方|会务组",
  institution: "my institution|employer|本单位|university|company|所在单位|单位",
  self: "myself|own|own expense|本人|自理|自费",
});

function optionOf({ options }: Pick<RowQuestion, "options">, word: string): string | null {
  const wanted = simplified(word);
  const found = options.find(
    ({ key, label }) =>
      key === word.trim() || [label.en, label.zh].some((name) => name !== "" && simplified(name) === wanted),
  );
  return found?.key ?? null;
}

let countries: ReadonlyMap<string, string> | null = null;

function countryOf(word: string): string | null {
  countries ??= new Map(
    COUNTRIES.flatMap((code) =>
      [code, countryName(code, "en"), countryName(code, "zh-CN")].map((name): [string, string] => [
        simplified(name),
        code,
      ]),
    ).concat(
      Object.entries({ usa: "US", america: "US", prc: "CN", uk: "GB", 美: "US", 中: "CN" }).map(
        ([name, code]): [string, string] => [name, code],
      ),
    ),
  );
  return countries.get(simplified(word)) ?? null;
}
