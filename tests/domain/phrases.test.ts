import { expect, it } from "vitest";
import { phrasesOf } from "#app/components/phrases.tsx";

it("a Chinese title breaks between its words and loses nothing", () => {
  const title = "2018年中美法治与人权二轨对话（北京）";
  const phrases = phrasesOf(title);
  expect(phrases.join("")).toBe(title);
  expect(phrases).toEqual(["2018年", "中美", "法治与", "人权二轨", "对话", "（北京）"]);
  expect(phrasesOf("")).toEqual([]);
});
