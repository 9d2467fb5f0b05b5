import type { Locale } from "#db/vocabulary.ts";
import { type NeedSheet, needWorkbook } from "../../documents/need-sheet.ts";
import { translator } from "../../i18n/translate.ts";
import type { StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { recordSheet } from "./commands.server.ts";
import { allergyCards, kitchenSheet } from "./kitchen-sheet.ts";
import { mealPage, namedLines, unnamed } from "./queries.server.ts";

export const MEAL_FILES = ["counts.pdf", "kitchen.pdf", "kitchen.xlsx", "cards.pdf"] as const;
export type MealFile = (typeof MEAL_FILES)[number];

/** A sheet of a meal as a file; that it was taken stands in the trail, and whom it names in a release. */
export async function takeKitchenSheet(
  ctx: StaffContext,
  { itemId, file, locale }: { itemId: string; file: MealFile; locale: Locale },
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer> }, "gone">> {
  const page = mealPage(ctx, itemId);
  if (page === null) return refused("gone");
  const now = ctx.clock.now();
  const lines = file === "counts.pdf" ? null : namedLines(ctx, itemId);
  const sheet =
    file === "cards.pdf"
      ? allergyCards(page, { lines: lines ?? [], now })
      : kitchenSheet(page, {
          lines,
          unnamed: unnamed(page.total, lines ?? []),
          now,
          reckoned: file.endsWith(".xlsx") ? "matrix" : "list",
        });
  const bytes = await sheetBytes(sheet, { file, locale, now });
  const names = (lines ?? []).flatMap(({ invitationId }) => (invitationId === null ? [] : [invitationId]));
  const recorded = await recordSheet(ctx, { itemId, file, bytes, names });
  return recorded.ok ? ok({ bytes }) : recorded;
}

export async function sheetBytes(
  sheet: NeedSheet,
  { file, locale, now }: { file: string; locale: Locale; now: number },
): Promise<Uint8Array<ArrayBuffer>> {
  if (file.endsWith(".xlsx")) {
    const { xlsxBytes } = await import("../../documents/xlsx.server.ts");
    return xlsxBytes(needWorkbook(sheet));
  }
  const t = translator(locale);
  const { needSheetPdf } = await import("../../documents/need-sheet-pdf.server.ts");
  return needSheetPdf(sheet, {
    locale,
    at: now,
    unprintable: (characters) => t("releases.unprintable", { characters }),
  });
}
