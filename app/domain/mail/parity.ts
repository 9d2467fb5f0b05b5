/** Whether the two languages of a text still say the same, as far as can be known: nothing here is translated. */
import type { Behind } from "#db/vocabulary.ts";
import type { Wording } from "./wording.ts";

/**
 * Which language is behind after a change: one that is missing, or one that was left alone when the other changed and
 * of which nobody said that it still holds.
 *
 * @param before null for a text that is new.
 * @param stillHolds whether its writer said that the language that they left alone needs no change.
 */
export function behindAfter(
  before: (Wording & { behind: Behind }) | null,
  after: Wording,
  { stillHolds }: { stillHolds: boolean },
): Behind {
  if (isMissing(after, "en")) return "en";
  if (isMissing(after, "zh")) return "zh";
  if (before === null || stillHolds) return "none";
  const en = before.subjectEn !== after.subjectEn || before.bodyEn !== after.bodyEn;
  const zh = before.subjectZh !== after.subjectZh || before.bodyZh !== after.bodyZh;
  if (en && zh) return "none";
  // The one that was behind and is now changed has caught up.
  if (en) return before.behind === "en" ? "none" : "zh";
  if (zh) return before.behind === "zh" ? "none" : "en";
  return before.behind;
}

export function isMissing(text: Wording, language: "en" | "zh"): boolean {
  return language === "en"
    ? text.subjectEn === "" || text.bodyEn === ""
    : text.subjectZh === "" || text.bodyZh === "";
}
