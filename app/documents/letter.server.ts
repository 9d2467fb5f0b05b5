import type { LetterContents } from "../domain/letter/contents.ts";
import { writtenDay } from "../i18n/dates.ts";
import { translator } from "../i18n/translate.ts";
import { mm, paperOf, type Sheet, writePdf } from "./pdf.server.ts";

const BODY = 11;
const SMALL = 9;
/** A round seal is 42 mm wide (China), and is set over the name and the date. */
const SEAL = mm(42);
/** What the end of a letter takes: the closing, the seal or the signature, and what stands beneath. */
const FOOT = SEAL + mm(14);

/**
 * A letter on its side's letterhead, with room for a signature and a round seal at the foot.
 *
 * @param code as it is printed, in groups; empty in a preview, which is marked as one
 * @param verifyUrl where a reader has it confirmed
 */
export function letterPdf(
  letter: LetterContents,
  { code, verifyUrl }: { code: string; verifyUrl: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const { locale } = letter;
  const t = translator(locale);
  const isPreview = code === "";
  return writePdf({
    title: t("letterPdf.title"),
    locale,
    paper: paperOf(locale),
    at: letter.issuedAt,
    draw(sheet) {
      head(sheet, letter);
      if (isPreview) sheet.write(t("letterPdf.preview"), { size: SMALL, align: "center" });
      const right = locale === "en" ? writtenDay(letter.day, locale) : "";
      const line = { x: sheet.left, y: sheet.y, width: sheet.width };
      sheet.put(t("letterPdf.number", { number: letter.number }), line, { size: 10 });
      sheet.put(right, line, { size: 10, align: "right" });
      sheet.space(mm(12));
      sheet.write(letter.title, { size: locale === "en" ? 14 : 18, align: "center" });
      sheet.space(mm(5));
      body(sheet, letter);
      sheet.space(mm(4));
      foot(sheet, letter, t("letterPdf.closing"), t("letterPdf.seal"));
    },
    footer(sheet, { number, of }) {
      const y = sheet.bottom + mm(4);
      const line = t("letterPdf.footer", {
        number: letter.number,
        version: letter.version,
        page: number,
        pages: of,
      });
      sheet.put(line, { x: sheet.left, y, width: sheet.width }, { size: 8, align: "center" });
      if (isPreview) return;
      const where = { x: sheet.left, y: y + mm(4.5), width: sheet.width };
      const confirm = t("letterPdf.confirm", { code, url: verifyUrl });
      // A long address gets smaller, and never runs off the paper.
      const size = Math.min(8, (8 * sheet.width) / sheet.measure(confirm, 8));
      sheet.put(confirm, where, { size, align: "center" });
    },
  });
}

function head(sheet: Sheet, letter: LetterContents): void {
  sheet.write(letter.inviter, { size: 17, align: "center", leading: 1.35 });
  if (letter.inviterOther !== "" && letter.inviterOther !== letter.inviter)
    sheet.write(letter.inviterOther, { size: 10, align: "center" });
  const reach = [letter.phone, letter.email].filter((part) => part !== "");
  const oneLine = reach.join("  ·  ");
  const lines = sheet.measure(oneLine, SMALL) <= sheet.width ? [oneLine] : reach;
  for (const line of [letter.address, ...lines].filter((part) => part !== ""))
    sheet.write(line, { size: SMALL, align: "center" });
  sheet.space(mm(1.5));
  sheet.rule();
  sheet.space(mm(5));
}

/** Paragraphs stand apart in English and begin two characters in, in Chinese; what comes up to the salutation does not. */
function body(sheet: Sheet, { body: text, locale }: LetterContents): void {
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== "");
  const salutation = paragraphs.slice(0, 2).findIndex((paragraph) => /[:：,，]$/.test(paragraph.trim()));
  const size = locale === "en" ? BODY : 12;
  const leading = locale === "en" ? 1.4 : 1.7;
  for (const [n, paragraph] of paragraphs.entries()) {
    const greets = n <= salutation;
    const lines = sheet.lineCount(paragraph, size);
    // Nobody signs a page on which nothing else stands.
    if (n === paragraphs.length - 1 && lines < 16) sheet.keep(lines * size * leading + mm(8) + FOOT);
    if (locale === "en") {
      sheet.write(paragraph, { size, leading });
      sheet.space(size * 0.7);
    } else {
      for (const line of paragraph.split("\n"))
        sheet.write(line, { size, indent: greets ? 0 : 2, align: "justify", leading });
      if (n < salutation) sheet.space(6);
    }
  }
}

/** Name and date with room for the seal over them; the block is not torn apart. */
function foot(sheet: Sheet, letter: LetterContents, closing: string, seal: string): void {
  const { locale, inviter, signatory, signatoryPost, day } = letter;
  sheet.keep(FOOT);
  if (locale === "en") {
    sheet.write(closing, { size: BODY });
    const top = sheet.y;
    sheet.put(
      seal,
      { x: sheet.left + sheet.width - SEAL, y: top + SEAL / 2, width: SEAL },
      { size: SMALL, align: "center", colour: "#777777" },
    );
    sheet.space(mm(18));
    const { width } = sheet;
    sheet.width = width - SEAL - mm(4);
    for (const line of [signatory, signatoryPost, inviter].filter((text) => text !== ""))
      sheet.write(line, { size: BODY, leading: 1.35 });
    sheet.width = width;
    return;
  }
  const size = 12;
  const top = sheet.y;
  sheet.space(mm(12));
  const signed = [signatoryPost, signatory].filter((text) => text !== "").join(" ");
  for (const line of [inviter, signed, writtenDay(day, locale)].filter((text) => text !== ""))
    sheet.write(line, { size, align: "right", leading: 1.8 });
  sheet.put(
    seal,
    { x: sheet.left + sheet.width - SEAL, y: top + mm(2), width: SEAL },
    { size: SMALL, align: "center", colour: "#777777" },
  );
  sheet.y = Math.max(sheet.y, top + SEAL);
}
