import { calendarDay } from "../app/i18n/dates.ts";
import { Facts, factsText, OwnLink, Paragraph } from "./layout.tsx";
import type { RoomShareMail } from "./payload.ts";
import { linkText, pick, plain, type Writing } from "./words.ts";

/** Whether somebody would share a room. With whom is said on their page alone: a mail may be read by others. */
export const roomShare = {
  subject({ locale, t }: Writing, { edition }: RoomShareMail): string {
    return t("mail.roomShare.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: RoomShareMail): Array<string> {
    const { t, links } = writing;
    return [
      t("mail.roomShare.opening"),
      "",
      ...factsText(t, rowsOf(writing, mail)),
      "",
      t("mail.roomShare.how"),
      "",
      ...linkText(writing, t("mail.roomShare.open"), links.stay),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: RoomShareMail }) {
    const { t, links } = writing;
    return (
      <>
        <Paragraph>{t("mail.roomShare.opening")}</Paragraph>
        <Facts rows={rowsOf(writing, mail)} />
        <Paragraph>{t("mail.roomShare.how")}</Paragraph>
        <OwnLink href={links.stay}>{t("mail.roomShare.open")}</OwnLink>
      </>
    );
  },
};

function rowsOf({ locale, t }: Writing, { hotelEn, hotelZh, checkIn, checkOut }: RoomShareMail) {
  return [
    { label: t("mail.roomShare.hotel"), value: plain(pick(locale, hotelEn, hotelZh).text) },
    { label: t("mail.roomShare.from"), value: calendarDay(checkIn, locale) },
    { label: t("mail.roomShare.to"), value: calendarDay(checkOut, locale) },
  ];
}
