import { z } from "zod";
import {
  AGENDA_KINDS,
  ATTRIBUTIONS,
  DATA_REQUEST_KINDS,
  INTERPRETATIONS,
  MESSAGE_BLOCKS,
  PERMISSIONS,
  PLACE_CAUSES,
  PLACE_STATES,
  REGISTRATION_SECTIONS,
  SESSION_FUNCTIONS,
  TASK_KINDS,
  TEMPLATE_KINDS,
} from "../db/vocabulary.ts";

/*
 * What each kind of mail is made of. A payload is frozen when its delivery is queued and holds everything that the
 * mail says except the link, whose token is never stored. Instants are epoch milliseconds, days `YYYY-MM-DD`;
 * texts that staff typed come with their placeholders already filled in.
 */

const bilingualName = z.object({ nameEn: z.string(), nameZh: z.string() });

export const mailEdition = z.object({
  titleEn: z.string(),
  titleZh: z.string(),
  cityEn: z.string(),
  cityZh: z.string(),
  /** IANA zone of the meeting. */
  timeZone: z.string(),
  /** IANA zone in which the recipient lives. */
  homeTimeZone: z.string(),
  startsOn: z.string(),
  endsOn: z.string(),
  replyBy: z.number().nullable(),
  /** Duty phones as they are to be printed; may be empty. */
  phones: z.string(),
  /** The side that writes. */
  sender: bilingualName,
  /** All co-hosts in their order. */
  senders: z.array(bilingualName).readonly(),
});
export type MailEdition = z.infer<typeof mailEdition>;

const programmeVisit = z.object({
  id: z.string(),
  hostEn: z.string(),
  hostZh: z.string(),
  meetAt: z.number().nullable(),
  meetingPointEn: z.string(),
  meetingPointZh: z.string(),
  dressEn: z.string(),
  dressZh: z.string(),
  bringEn: z.string(),
  bringZh: z.string(),
});

/** One item of a person's own programme: what domain/agenda gives them, and nothing of anybody else. */
export const mailProgrammeItem = z.object({
  id: z.string(),
  kind: z.enum(AGENDA_KINDS),
  startsAt: z.number(),
  endsAt: z.number(),
  titleEn: z.string(),
  titleZh: z.string(),
  placeEn: z.string(),
  placeZh: z.string(),
  attribution: z.enum(ATTRIBUTIONS).nullable(),
  interpretation: z.enum(INTERPRETATIONS).nullable(),
  mine: z.boolean(),
  functions: z.array(z.enum(SESSION_FUNCTIONS)).readonly(),
  visit: programmeVisit.nullable(),
  place: z.enum(PLACE_STATES).nullable(),
  clashesWith: z.array(z.string()).readonly(),
  /** What else there is to say of it; not there in mails from before it was kept. */
  details: z
    .object({
      addressEn: z.string(),
      addressZh: z.string(),
      dressEn: z.string(),
      dressZh: z.string(),
      bringEn: z.string(),
      bringZh: z.string(),
    })
    .nullish(),
  changedIn: z.number(),
  /** When it last became something else for its reader; 0 in mails from before this was kept. */
  revisedAt: z.number().default(0),
});
export type MailProgrammeItem = z.infer<typeof mailProgrammeItem>;

/** A visit that somebody asked for, and what became of the wish. `position` counts from 1 and is for those who wait. */
export const mailVisit = z.object({
  titleEn: z.string(),
  titleZh: z.string(),
  state: z.enum(PLACE_STATES),
  startsAt: z.number(),
  endsAt: z.number(),
  position: z.number().nullable(),
});
export type MailVisit = z.infer<typeof mailVisit>;

const addressed = { edition: mailEdition, salutationEn: z.string(), salutationZh: z.string() };
const typed = {
  subjectEn: z.string(),
  subjectZh: z.string(),
  bodyEn: z.string(),
  bodyZh: z.string(),
};

/**
 * What staff write to many. The marks in their texts were read before any value was put in, so no value can make one:
 * a run is text, whatever it looks like. `block`: what the mail writes itself in this place.
 */
const proseRun = z.object({
  text: z.string(),
  strong: z.literal(true).optional(),
  em: z.literal(true).optional(),
  /** Only ever an address that staff typed. */
  href: z.string().optional(),
});
export type ProseRun = z.infer<typeof proseRun>;

const proseRuns = z.array(proseRun).readonly();
export const prose = z
  .array(
    z.discriminatedUnion("type", [
      z.object({ type: z.enum(["paragraph", "heading"]), runs: proseRuns }),
      z.object({ type: z.literal("list"), ordered: z.boolean(), items: z.array(proseRuns).readonly() }),
      z.object({ type: z.literal("rule") }),
      z.object({ type: z.literal("block"), name: z.enum(MESSAGE_BLOCKS) }),
    ]),
  )
  .readonly();
export type Prose = z.infer<typeof prose>;

/**
 * A side's own words for a mail that goes by itself, with their subject: what they stand above is added by the mail. Not
 * there: the side has not worded its template, or this person lacks what it names.
 */
const opening = z.object({ subjectEn: z.string(), subjectZh: z.string(), proseEn: prose, proseZh: prose });
export type Opening = z.infer<typeof opening>;
const opened = { opening: opening.nullish() };

export const invitationMail = z.object({
  kind: z.literal("invitation"),
  ...addressed,
  ...typed,
  /** The invitation's number, e.g. `08-017`. */
  number: z.string(),
});
export type InvitationMail = z.infer<typeof invitationMail>;

export const confirmationMail = z.object({
  kind: z.literal("confirmation"),
  ...addressed,
  ...opened,
  visits: z.array(mailVisit).readonly(),
  programme: z.array(mailProgrammeItem).readonly(),
  /** The published version that the programme is from; null while none is published. */
  version: z.number().nullable(),
  /** What was received, and when; mails that were queued before receipts had numbers have none. */
  receipt: z.object({ number: z.string(), at: z.number() }).optional(),
});
export type ConfirmationMail = z.infer<typeof confirmationMail>;

export const visitPlaceMail = z.object({
  kind: z.literal("visit_place"),
  ...addressed,
  ...opened,
  visit: mailVisit,
  /** How the place came to be what it is. */
  cause: z.enum(PLACE_CAUSES).default("asked"),
  /** Until when an offered seat is held; null: none is offered. */
  offerEndsAt: z.number().nullable().default(null),
  /** Other items of the person's programme at the same time. */
  clashes: z.array(z.object({ titleEn: z.string(), titleZh: z.string() })).readonly(),
});
export type VisitPlaceMail = z.infer<typeof visitPlaceMail>;

/** What of an item is another; `before` holds how it was. */
const mailChange = z.object({
  change: z.enum(["new", "cancelled", "moved", "text"]),
  parts: z.array(z.string()).readonly(),
  /** As it is now; cancelled: as it was. */
  item: mailProgrammeItem,
  before: mailProgrammeItem.nullable(),
});
export type MailChange = z.infer<typeof mailChange>;

export const messageMail = z.object({
  kind: z.literal("message"),
  template: z.enum(TEMPLATE_KINDS),
  ...addressed,
  subjectEn: z.string(),
  subjectZh: z.string(),
  proseEn: prose,
  proseZh: prose,
  /** The recipient's own programme, where the text has a place for it; the published version and when it was. */
  programme: z.array(mailProgrammeItem).readonly(),
  version: z.number().nullable(),
  publishedAt: z.number().nullable(),
  /** What is another than in the version before, for this person alone. */
  changes: z.array(mailChange).readonly(),
  /** Sections of their registration that are not there yet, and until when they are asked for. */
  missing: z.array(z.enum(REGISTRATION_SECTIONS)).readonly(),
  registerBy: z.number().nullable(),
  /** Sent to its writer, to look at. */
  isTest: z.boolean(),
});
export type MessageMail = z.infer<typeof messageMail>;

/** What changed in the recipient's own programme since the version that they last had, and nothing else. */
export const agendaChangeMail = z.object({
  kind: z.literal("agenda_change"),
  ...addressed,
  ...opened,
  version: z.number(),
  publishedAt: z.number(),
  /** The version that the recipient had before. */
  from: z.number(),
  changes: z.array(mailChange).readonly(),
  /** Titles of what the changed items collide with, by the items' ids. */
  clashes: z.record(z.string(), z.array(z.object({ titleEn: z.string(), titleZh: z.string() })).readonly()),
});
export type AgendaChangeMail = z.infer<typeof agendaChangeMail>;

/** The code itself is not in it: it is made of the id when the mail is written. */
export const accessCodeMail = z.object({
  kind: z.literal("access_code"),
  ...addressed,
  codeId: z.string(),
  expiresAt: z.number(),
});
export type AccessCodeMail = z.infer<typeof accessCodeMail>;

/** `assistant`: the name of the assistant whose device it is; `about`: of whom a mail to the side speaks. */
export const newDeviceMail = z.object({
  kind: z.literal("new_device"),
  ...addressed,
  browser: z.string(),
  system: z.string(),
  at: z.number(),
  assistant: z.string().nullable(),
  about: z.object({ number: z.string(), nameLatin: z.string(), nameNative: z.string() }).nullable(),
});
export type NewDeviceMail = z.infer<typeof newDeviceMail>;

export const staffSetUpMail = z.object({
  kind: z.literal("staff_set_up"),
  ...addressed,
  /** The login that invites, by name; empty when it has none any more. */
  inviter: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)).readonly(),
  /** In all editions of the side that writes, or in this one alone. */
  everywhere: z.boolean(),
  /** From when on the permissions are worth nothing; null: until they are taken away. */
  endsAt: z.number().nullable(),
  /** Until when the link opens. */
  expiresAt: z.number(),
});
export type StaffSetUpMail = z.infer<typeof staffSetUpMail>;

/** An institution is asked for names. */
export const nominationRequestMail = z.object({
  kind: z.literal("nomination_request"),
  ...addressed,
  institutionEn: z.string(),
  institutionZh: z.string(),
  places: z.number(),
  closesAt: z.number().nullable(),
});
export type NominationRequestMail = z.infer<typeof nominationRequestMail>;

/** To an assistant, with a link of their own. The names are those of the person for whom they act. */
export const assistantLinkMail = z.object({
  kind: z.literal("assistant_link"),
  ...addressed,
  nameLatin: z.string(),
  nameNative: z.string(),
  sections: z.array(z.enum(REGISTRATION_SECTIONS)).readonly(),
  mayReply: z.boolean(),
});
export type AssistantLinkMail = z.infer<typeof assistantLinkMail>;

/** To a side: somebody who got the link of one of its people, or of an assistant of theirs, is somebody else. */
export const notMeMail = z.object({
  kind: z.literal("not_me"),
  ...addressed,
  at: z.number(),
  isAssistant: z.boolean(),
  number: z.string(),
  nameLatin: z.string(),
  nameNative: z.string(),
});
export type NotMeMail = z.infer<typeof notMeMail>;

/** What staff said to a wish to change answers after the deadline; `word` may be empty. No answer stands in it. */
export const changeAnswerMail = z.object({
  kind: z.literal("change_answer"),
  ...addressed,
  accepted: z.boolean(),
  word: z.string(),
});
export type ChangeAnswerMail = z.infer<typeof changeAnswerMail>;

/** A morning's tasks of a side, to one of its staff. Nobody is named in it but those who look after a task. */
export const taskDigestMail = z.object({
  kind: z.literal("task_digest"),
  ...addressed,
  tasks: z
    .array(
      z.object({
        kind: z.enum(TASK_KINDS),
        /** As staff typed it; empty where the kind says what it is. */
        title: z.string(),
        /** Whose list it is, for lists of visitors; empty otherwise. */
        hostEn: z.string(),
        hostZh: z.string(),
        at: z.number(),
        overdue: z.boolean(),
        /** Who looks after it; empty: nobody yet. */
        owner: z.string(),
      }),
    )
    .readonly(),
});
export type TaskDigestMail = z.infer<typeof taskDigestMail>;

/** What a side answers to somebody who asked about their own data. */
export const dataAnswerMail = z.object({
  kind: z.literal("data_answer"),
  ...addressed,
  request: z.enum(DATA_REQUEST_KINDS),
  outcome: z.enum(["done", "refused", "delete"]),
  word: z.string(),
});
export type DataAnswerMail = z.infer<typeof dataAnswerMail>;

/** What is still missing of somebody's registration. Of health and passports only the section is named. */
export const missingMail = z.object({
  kind: z.literal("missing"),
  ...addressed,
  ...opened,
  /** Whether they have begun to fill it in. */
  begun: z.boolean(),
  registerBy: z.number().nullable(),
  sections: z
    .array(
      z.object({
        key: z.string(),
        titleEn: z.string(),
        titleZh: z.string(),
        things: z.array(z.object({ en: z.string(), zh: z.string() })).readonly(),
      }),
    )
    .readonly(),
});
export type MissingMail = z.infer<typeof missingMail>;

/** Where and when somebody's car leaves, and the flight or train that it goes by, as it is known. */
export const carMail = z.object({
  kind: z.literal("car"),
  ...addressed,
  way: z.enum(["arrival", "departure", "other"]),
  /** It does not go. */
  calledOff: z.boolean().default(false),
  departsAt: z.number(),
  fromPlace: z.string(),
  toPlace: z.string(),
  /** Empty, where none has been found yet. */
  vehicle: z.string(),
  plate: z.string(),
  sign: z.string(),
  number: z.string(),
  flightAt: z.number().nullable(),
});
export type CarMail = z.infer<typeof carMail>;

/** Whether somebody would share a room: where and when, and nothing of with whom. Days are `YYYY-MM-DD`. */
export const roomShareMail = z.object({
  kind: z.literal("room_share"),
  ...addressed,
  roomId: z.string(),
  hotelEn: z.string(),
  hotelZh: z.string(),
  checkIn: z.string(),
  checkOut: z.string(),
});
export type RoomShareMail = z.infer<typeof roomShareMail>;

export const mailPayload = z.discriminatedUnion("kind", [
  invitationMail,
  confirmationMail,
  visitPlaceMail,
  messageMail,
  agendaChangeMail,
  accessCodeMail,
  newDeviceMail,
  staffSetUpMail,
  nominationRequestMail,
  assistantLinkMail,
  notMeMail,
  changeAnswerMail,
  taskDigestMail,
  dataAnswerMail,
  missingMail,
  carMail,
  roomShareMail,
]);
export type MailPayload = z.infer<typeof mailPayload>;
