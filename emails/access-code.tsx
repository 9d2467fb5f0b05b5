import { Paragraph } from "./layout.tsx";
import type { AccessCodeMail } from "./payload.ts";
import { inBothZones, pick, type Writing } from "./words.ts";

/** The code that somebody waits for at a page. Typed there, never clicked: this mail has no link. */
export const accessCode = {
  subject({ locale, t }: Writing, { edition }: AccessCodeMail): string {
    return t("mail.accessCode.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: AccessCodeMail): Array<string> {
    const { t } = writing;
    return [
      t("mail.accessCode.is"),
      "",
      codeOf(writing),
      "",
      until(writing, mail),
      t("mail.accessCode.notYou"),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: AccessCodeMail }) {
    const { t } = writing;
    return (
      <>
        <Paragraph>{t("mail.accessCode.is")}</Paragraph>
        <Paragraph>
          <strong style={{ fontSize: "28px", letterSpacing: "4px" }}>{codeOf(writing)}</strong>
        </Paragraph>
        <Paragraph>{until(writing, mail)}</Paragraph>
        <Paragraph>{t("mail.accessCode.notYou")}</Paragraph>
      </>
    );
  },
};

function codeOf({ code }: Writing): string {
  if (code === null) throw new Error("The mail of a code is written with the code");
  return code;
}

function until(writing: Writing, mail: AccessCodeMail): string {
  return writing.t("mail.accessCode.until", { when: inBothZones(writing, mail.expiresAt, mail.edition) });
}
