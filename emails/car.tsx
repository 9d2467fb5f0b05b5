import { moment, shortMoment, zoneName } from "../app/i18n/dates.ts";
import { Facts, factsText, OwnLink, Paragraph } from "./layout.tsx";
import type { CarMail } from "./payload.ts";
import { dotted, inBothZones, linkText, pick, plain, type Writing } from "./words.ts";

/** Somebody's car: when and where it leaves, how to know it, and the flight that it goes by. */
export const car = {
  subject({ locale, t }: Writing, { way, calledOff, departsAt, edition }: CarMail): string {
    return t(calledOff ? "mail.car.subject.calledOff" : `mail.car.subject.${way}`, {
      when: shortMoment(departsAt, edition.timeZone, locale),
      zone: zoneName(edition.timeZone, locale),
    });
  },

  text(writing: Writing, mail: CarMail): Array<string> {
    const { t, links } = writing;
    return [
      t(openingOf(mail)),
      "",
      ...factsText(t, rowsOf(writing, mail)),
      "",
      t(closingOf(mail)),
      "",
      ...linkText(writing, t("mail.car.open"), links.programme),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: CarMail }) {
    const { t, links } = writing;
    return (
      <>
        <Paragraph>{t(openingOf(mail))}</Paragraph>
        <Facts rows={rowsOf(writing, mail)} />
        <Paragraph>{t(closingOf(mail))}</Paragraph>
        <OwnLink href={links.programme}>{t("mail.car.open")}</OwnLink>
      </>
    );
  },
};

function openingOf({ calledOff, way }: CarMail) {
  return calledOff ? "mail.car.opening.calledOff" : (`mail.car.opening.${way}` as const);
}

function closingOf({ calledOff }: CarMail) {
  return calledOff ? "mail.car.calledOff" : "mail.car.wrong";
}

function rowsOf(writing: Writing, mail: CarMail): Array<{ label: string; value: string }> {
  const { locale, t } = writing;
  const { edition, calledOff, departsAt, fromPlace, toPlace, way, number, flightAt } = mail;
  // By what to know a car that does not come is of no use.
  const { vehicle, plate, sign } = calledOff ? { vehicle: "", plate: "", sign: "" } : mail;
  const place = (text: string) => plain(pick(locale, text, text).text);
  const flight = [plain(number), flightAt === null ? "" : moment(flightAt, edition.timeZone, locale)];
  const rows = [
    {
      label: t(calledOff ? "mail.car.wasToLeave" : "mail.car.leaves"),
      value: inBothZones(writing, departsAt, edition),
    },
    { label: t("mail.car.from"), value: place(fromPlace) },
    { label: t("mail.car.to"), value: place(toPlace) },
    { label: t("mail.car.vehicle"), value: dotted(writing, [plain(vehicle), plain(plate)]) },
    {
      label: t("mail.car.sign"),
      value: sign
        .split("\n")
        .map(plain)
        .filter((line) => line !== "")
        .join(" / "),
    },
    ...(way === "other"
      ? []
      : [{ label: t(`mail.car.flight.${way}`), value: flightAt === null ? "" : dotted(writing, flight) }]),
  ];
  return rows.filter(({ value }) => value !== "");
}
