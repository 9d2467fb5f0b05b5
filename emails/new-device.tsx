import { OwnLink, Paragraph } from "./layout.tsx";
import type { NewDeviceMail } from "./payload.ts";
import { dotted, inBothZones, linkText, pick, plain, type Writing } from "./words.ts";

/** A code was typed in a browser that was not known: said to the delegate, and to the side that answers for them. */
export const newDevice = {
  subject({ locale, t }: Writing, { edition }: NewDeviceMail): string {
    return t("mail.newDevice.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: NewDeviceMail): Array<string> {
    return [
      opening(writing, mail),
      "",
      deviceLine(writing, mail),
      "",
      advice(writing, mail),
      "",
      ...linkText(writing, label(writing, mail), href(writing, mail)),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: NewDeviceMail }) {
    return (
      <>
        <Paragraph>{opening(writing, mail)}</Paragraph>
        <Paragraph>
          <strong>{deviceLine(writing, mail)}</strong>
        </Paragraph>
        <Paragraph>{advice(writing, mail)}</Paragraph>
        <OwnLink href={href(writing, mail)}>{label(writing, mail)}</OwnLink>
      </>
    );
  },
};

function opening({ locale, t }: Writing, { about, assistant }: NewDeviceMail): string {
  if (about !== null)
    return t("mail.newDevice.side", {
      name: plain(pick(locale, about.nameLatin, about.nameNative).text),
      number: about.number,
    });
  return assistant === null
    ? t("mail.newDevice.own")
    : t("mail.newDevice.assistant", { name: plain(assistant) });
}

function deviceLine(writing: Writing, { browser, system, at, edition }: NewDeviceMail): string {
  const { t } = writing;
  const name =
    browser !== "" && system !== ""
      ? t("account.deviceOn", { browser, system })
      : browser || system || t("account.deviceUnknown");
  return dotted(writing, [name, inBothZones(writing, at, edition)]);
}

function advice({ t }: Writing, { about }: NewDeviceMail): string {
  return about === null ? t("mail.newDevice.advice") : t("mail.newDevice.sideAdvice");
}

function label({ t }: Writing, { about }: NewDeviceMail): string {
  return about === null ? t("mail.newDevice.open") : t("mail.desk.open");
}

function href({ links }: Writing, { about }: NewDeviceMail): string {
  return about === null ? links.devices : links.desk;
}
