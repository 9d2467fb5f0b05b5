import type { ReactNode } from "react";
import { otherLocale, translate } from "../app/i18n/translate.ts";
import type { Locale } from "../db/vocabulary.ts";
import { accessCode } from "./access-code.tsx";
import { agendaChange } from "./agenda-change.tsx";
import { assistantLink } from "./assistant-link.tsx";
import { car } from "./car.tsx";
import { changeAnswer } from "./change-answer.tsx";
import { confirmation } from "./confirmation.tsx";
import { dataAnswer } from "./data-answer.tsx";
import { mailHtml } from "./document.ts";
import { invitation } from "./invitation.tsx";
import { Letter, letterText, MailDocument } from "./layout.tsx";
import { message } from "./message.tsx";
import { missing } from "./missing.tsx";
import { newDevice } from "./new-device.tsx";
import { nominationRequest } from "./nomination-request.tsx";
import { notMe } from "./not-me.tsx";
import type { MailPayload } from "./payload.ts";
import { roomShare } from "./room-share.tsx";
import { staffSetUp } from "./staff-set-up.tsx";
import { taskDigest } from "./task-digest.tsx";
import { visitPlace } from "./visit-place.tsx";
import { type Links, plain, type Run, type Writing, writing } from "./words.ts";

export type { Links } from "./words.ts";

export type RenderedMail = { subject: string; text: string; html: string };

/** Subject, lines of text and HTML of one language's part, without what every mail has around it. */
type Matter = { subject: string; text: ReadonlyArray<string>; part: ReactNode };

function matterOf(writing: Writing, mail: MailPayload): Matter {
  switch (mail.kind) {
    case "invitation":
      return {
        subject: invitation.subject(writing, mail),
        text: invitation.text(writing, mail),
        part: <invitation.Part writing={writing} mail={mail} />,
      };
    case "confirmation":
      return {
        subject: confirmation.subject(writing, mail),
        text: confirmation.text(writing, mail),
        part: <confirmation.Part writing={writing} mail={mail} />,
      };
    case "visit_place":
      return {
        subject: visitPlace.subject(writing, mail),
        text: visitPlace.text(writing, mail),
        part: <visitPlace.Part writing={writing} mail={mail} />,
      };
    case "change_answer":
      return {
        subject: changeAnswer.subject(writing, mail),
        text: changeAnswer.text(writing, mail),
        part: <changeAnswer.Part writing={writing} mail={mail} />,
      };
    case "data_answer":
      return {
        subject: dataAnswer.subject(writing, mail),
        text: dataAnswer.text(writing, mail),
        part: <dataAnswer.Part writing={writing} mail={mail} />,
      };
    case "missing":
      return {
        subject: missing.subject(writing, mail),
        text: missing.text(writing, mail),
        part: <missing.Part writing={writing} mail={mail} />,
      };
    case "car":
      return {
        subject: car.subject(writing, mail),
        text: car.text(writing, mail),
        part: <car.Part writing={writing} mail={mail} />,
      };
    case "room_share":
      return {
        subject: roomShare.subject(writing, mail),
        text: roomShare.text(writing, mail),
        part: <roomShare.Part writing={writing} mail={mail} />,
      };
    case "message":
      return {
        subject: message.subject(writing, mail),
        text: message.text(writing, mail),
        part: <message.Part writing={writing} mail={mail} />,
      };
    case "agenda_change":
      return {
        subject: agendaChange.subject(writing, mail),
        text: agendaChange.text(writing, mail),
        part: <agendaChange.Part writing={writing} mail={mail} />,
      };
    case "access_code":
      return {
        subject: accessCode.subject(writing, mail),
        text: accessCode.text(writing, mail),
        part: <accessCode.Part writing={writing} mail={mail} />,
      };
    case "new_device":
      return {
        subject: newDevice.subject(writing, mail),
        text: newDevice.text(writing, mail),
        part: <newDevice.Part writing={writing} mail={mail} />,
      };
    case "staff_set_up":
      return {
        subject: staffSetUp.subject(writing, mail),
        text: staffSetUp.text(writing, mail),
        part: <staffSetUp.Part writing={writing} mail={mail} />,
      };
    case "nomination_request":
      return {
        subject: nominationRequest.subject(writing, mail),
        text: nominationRequest.text(writing, mail),
        part: <nominationRequest.Part writing={writing} mail={mail} />,
      };
    case "assistant_link":
      return {
        subject: assistantLink.subject(writing, mail),
        text: assistantLink.text(writing, mail),
        part: <assistantLink.Part writing={writing} mail={mail} />,
      };
    case "task_digest":
      return {
        subject: taskDigest.subject(writing, mail),
        text: taskDigest.text(writing, mail),
        part: <taskDigest.Part writing={writing} mail={mail} />,
      };
    case "not_me":
      return {
        subject: notMe.subject(writing, mail),
        text: notMe.text(writing, mail),
        part: <notMe.Part writing={writing} mail={mail} />,
      };
    default:
      return mail satisfies never;
  }
}

/**
 * A mail as its recipient gets it: both languages, theirs first, the same in plain text and in HTML.
 *
 * @param links the recipient's own links for each language's part; absolute.
 * @param code the digits, for a mail that brings a code.
 * @param isCopy whether it goes to somebody who reads along. Their own links, if they have any.
 */
export function renderMail(
  mail: MailPayload,
  {
    locale,
    links,
    code = null,
    isCopy = false,
  }: {
    locale: Locale;
    links: Readonly<Record<Locale, Links>>;
    code?: string | null;
    isCopy?: boolean;
  },
): RenderedMail {
  const other = otherLocale(locale);
  const first = partOf(
    mail,
    writing(locale, links[locale], { code, isCopy }),
    translate(other, "mail.below"),
  );
  const second = partOf(mail, writing(other, links[other], { code, isCopy }), null);
  const html = mailHtml(
    <MailDocument
      subject={first.subject}
      parts={[
        { locale, part: first.part },
        { locale: other, part: second.part },
      ]}
    />,
  );
  return {
    subject: first.subject,
    text: `${first.text}\n\n${"-".repeat(64)}\n\n${second.text}\n`,
    html,
  };
}

/** One language's part alone, for looking at the two side by side. */
export function renderPart(
  mail: MailPayload,
  { locale, links, code = null }: { locale: Locale; links: Links; code?: string | null },
): RenderedMail {
  const part = partOf(mail, writing(locale, links, { code, isCopy: false }), null);
  const html = mailHtml(<MailDocument subject={part.subject} parts={[{ locale, part: part.part }]} />);
  return { subject: part.subject, text: part.text, html };
}

function partOf(mail: MailPayload, writing: Writing, hint: string | null) {
  const { edition } = mail;
  const matter = matterOf(writing, mail);
  const isPersonal = bringsOwnLink(mail);
  const salutation: Run = {
    text: plain(writing.locale === "en" ? mail.salutationEn : mail.salutationZh),
    locale: writing.locale,
  };
  return {
    subject: matter.subject,
    text: letterText(writing, edition, { salutation: salutation.text, hint, isPersonal }, matter.text),
    part: (
      <Letter writing={writing} edition={edition} salutation={salutation} hint={hint} isPersonal={isPersonal}>
        {matter.part}
      </Letter>
    ),
  };
}

/** Codes are typed, and what goes to the mailbox of a side is for whoever works there. */
function bringsOwnLink(mail: MailPayload): boolean {
  switch (mail.kind) {
    case "access_code":
    case "not_me":
    case "task_digest":
      return false;
    case "new_device":
      return mail.about === null;
    default:
      return true;
  }
}
