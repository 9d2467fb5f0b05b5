import { expect, it } from "vitest";
import { invitationTextForm } from "#app/domain/invitation/form.ts";
import { writeLetter } from "#app/domain/invitation/letter.ts";
import {
  defaultWording,
  fillPlaceholders,
  PLACEHOLDERS,
  unknownPlaceholders,
  usedPlaceholders,
} from "#app/domain/invitation/text.ts";

const edition = {
  titleEn: "U.S.-China Dialogue",
  titleZh: "中美对话",
  cityEn: "Beijing",
  cityZh: "北京",
  timeZone: "Asia/Shanghai",
  homeTimeZone: "America/New_York",
  startsOn: "2018-12-03",
  endsOn: "2018-12-05",
  replyBy: Date.UTC(2018, 10, 9, 10, 0),
  phones: "+86 10 0000 0001",
  sender: { nameEn: "Riverbend Committee", nameZh: "河湾委员会" },
  senders: [
    { nameEn: "Example Foundation", nameZh: "示例基金会" },
    { nameEn: "Riverbend Committee", nameZh: "河湾委员会" },
  ],
  costsEn: "",
  costsZh: "",
};

const judge = {
  nameLatin: "Margaret Placeholder",
  nameNative: "",
  institutionEn: "U.S. Court of Appeals",
  institutionZh: "",
  positionEn: "Circuit Judge",
  positionZh: "",
  category: "delegate" as const,
  invitedAs: "discussant" as const,
  number: "08-001",
};

function proposed() {
  const en = defaultWording("en", { hasCosts: false });
  const zh = defaultWording("zh-CN", { hasCosts: false });
  return { subjectEn: en.subject, bodyEn: en.body, subjectZh: zh.subject, bodyZh: zh.body };
}

it("the proposed wording is a complete letter in both languages", () => {
  const letter = writeLetter(proposed(), judge, edition);
  expect(letter.empty).toEqual([]);
  expect(letter.unknown).toEqual([]);
  expect(letter.bodyEn).toContain(
    "On behalf of Riverbend Committee and Example Foundation, it is my honor to invite you to take part in the U.S.-China Dialogue as a discussant.",
  );
  expect(letter.bodyEn).toContain("Kindly reply by Friday, November 9, 2018, 6:00 PM, Beijing time,");
  expect(letter.bodyZh).toContain("谨代表河湾委员会与示例基金会，诚邀阁下以评议人身份出席中美对话。");
  expect(letter.bodyZh).toContain("敬请于2018年11月9日（星期五）18:00（北京时间）前");
  expect(letter.bodyEn + letter.bodyZh).not.toMatch(/[{}]/);
});

it("what a value contains is text, never a placeholder", () => {
  const attacker = { ...judge, nameLatin: "{{invitation.link}}", institutionEn: "{number} {name} {event}" };
  const texts = { ...proposed(), bodyEn: "{name} of {institution}, {number}" };
  expect(writeLetter(texts, attacker, edition).bodyEn).toBe(
    "{{invitation.link}} of {number} {name} {event}, 08-001",
  );
});

it("a name with a line break in it cannot become a second line of the subject", () => {
  const texts = { ...proposed(), subjectEn: "For {name}" };
  const letter = writeLetter(texts, { ...judge, nameLatin: "A\r\nBcc: b@c.example" }, edition);
  expect(letter.subjectEn).toBe("For A Bcc: b@c.example");
});

it("only placeholders of the list are known, whatever they look like", () => {
  for (const text of [
    "{event.__init__}",
    "{{link}}",
    "{Name}",
    "{constructor}",
    "{__proto__}",
    "{}",
    "a { b",
    "}",
  ])
    expect(unknownPlaceholders(text), text).not.toEqual([]);
  expect(unknownPlaceholders(PLACEHOLDERS.map((name) => `{${name}}`).join(""))).toEqual([]);
  expect(usedPlaceholders("{city} {name} {name}")).toEqual(["name", "city"]);
});

it("a text with an unknown placeholder is not saved", () => {
  const good = invitationTextForm.safeParse(proposed());
  const bad = invitationTextForm.safeParse({ ...proposed(), bodyZh: "尊敬的{salutation}" });
  expect(good.success).toBe(true);
  expect(bad.error?.issues).toMatchObject([{ path: ["bodyZh"], message: "wording.error.placeholder" }]);
});

it("tells which placeholders are empty for a person", () => {
  const texts = { ...proposed(), bodyEn: "{institution} {costs}", bodyZh: "{position}" };
  const letter = writeLetter(texts, { ...judge, institutionEn: "", positionEn: "" }, edition);
  expect(letter.empty).toEqual(["institution", "costs", "position"]);
});

it("filling is one pass over the text", () => {
  const values = {
    name: "{city}",
    city: "$&",
    institution: "",
    position: "",
    function: "",
    event: "",
    dates: "",
    replyBy: "",
    number: "",
    senders: "",
    costs: "",
    phones: "",
  };
  expect(fillPlaceholders("{name}{city}", values)).toBe("{city}$&");
});
