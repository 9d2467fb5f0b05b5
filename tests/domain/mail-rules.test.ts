import { describe, expect, test } from "vitest";
import { afterRefusal, columns, isTemporary, salutations, shownName } from "#app/domain/mail/rules.ts";

describe("a refusal", () => {
  test.each([
    [null, "", true],
    [421, "HL:ICC too many connections", true],
    [450, "MI:", true],
    [451, "DT:SPM please try again", true],
    [550, "Domain frequency limited", true],
    [550, "Sender frequency limited", true],
    [550, "Mail content denied", false],
    [550, "User not found", false],
    [552, "mailbox full", false],
    [554, "DT:SPM", false],
  ])("%s %s is temporary: %s", (code, response, temporary) => {
    expect(isTemporary({ code, response })).toBe(temporary);
  });

  test("waits longer after each try and is final within two days", () => {
    const waits: Array<number> = [];
    for (let tries = 1; ; tries++) {
      const next = afterRefusal({ code: 451, response: "" }, { tries, now: 0 });
      if (next.state === "failed") break;
      waits.push(next.dueAt);
    }
    expect(waits.every((wait, index) => index === 0 || wait >= (waits[index - 1] ?? 0))).toBe(true);
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(48);
  });
});

describe("a salutation", () => {
  const nobody = {
    familyLatin: "",
    nameLatin: "",
    familyNative: "",
    nameNative: "",
    honorificEn: "",
    honorificZh: "",
    salutationEn: "",
    salutationZh: "",
  };

  test("stands as it was typed", () => {
    const typed = {
      ...nobody,
      salutationEn: "Dear Judge P.,",
      salutationZh: "尊敬的P法官：",
      familyLatin: "P",
    };
    expect(salutations(typed)).toEqual({ salutationEn: "Dear Judge P.,", salutationZh: "尊敬的P法官：" });
  });

  test("is put together from what was typed, and changes no letter of it", () => {
    expect(
      salutations({ ...nobody, honorificEn: "Judge", familyLatin: "McDonald", nameLatin: "Ann McDonald" }),
    ).toEqual({ salutationEn: "Dear Judge McDonald:", salutationZh: "尊敬的 Ann McDonald：" });
    expect(
      salutations({
        ...nobody,
        honorificEn: "Ms.",
        honorificZh: "女士",
        familyLatin: "Ouyang",
        nameLatin: "OUYANG Yanshi",
        familyNative: "欧阳",
        nameNative: "欧阳演示",
      }),
    ).toEqual({ salutationEn: "Dear Ms. Ouyang:", salutationZh: "尊敬的欧阳女士：" });
  });

  test("without an honorific has the whole name", () => {
    expect(salutations({ ...nobody, familyLatin: "Utopia", nameLatin: "UTOPIA" }).salutationEn).toBe(
      "Dear UTOPIA:",
    );
  });
});

test("the envelope has the name in the script of the person's language, if there is one", () => {
  const both = { nameLatin: "CHEN Shili", nameNative: "陈示例" };
  expect(shownName({ ...both, locale: "zh-CN" })).toBe("陈示例");
  expect(shownName({ ...both, locale: "en" })).toBe("CHEN Shili");
  expect(shownName({ nameLatin: "", nameNative: "陈示例", locale: "en" })).toBe("陈示例");
});

test("a Chinese character takes two columns", () => {
  expect(columns("Update 3")).toBe(8);
  expect(columns("更新3：")).toBe(7);
});
