import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import {
  BEHIND,
  DELIVERY_STATES,
  LOCALES,
  MAIL_KINDS,
  MAIL_REASONS,
  MESSAGE_STATES,
  RECIPIENT_KINDS,
  TEMPLATE_KINDS,
} from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** What staff compose for an audience. The audience is frozen when the message is released. */
export const message = sqliteTable(
  "message",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    kind: text("kind", { enum: TEMPLATE_KINDS }).notNull(),
    state: text("state", { enum: MESSAGE_STATES }).notNull(),
    subjectEn: text("subject_en").notNull(),
    subjectZh: text("subject_zh").notNull(),
    bodyEn: text("body_en").notNull(),
    bodyZh: text("body_zh").notNull(),
    /** The filter that chose the recipients, as JSON. */
    audience: text("audience").notNull(),
    behind: text("behind", { enum: BEHIND }).notNull().default("none"),
    /** The co-host that handed the text over, for this side to send it to its own people; null: this side wrote it. */
    handedById: text("handed_by_id").references(() => coHost.id),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    /** Who wants it to go, and how many people they typed; a second person answers. */
    askedBy: text("asked_by"),
    askedAt: instant("asked_at"),
    askedCount: integer("asked_count"),
    /** The time that was chosen for it to go, and the zone in which it was named; null: at once. */
    scheduledFor: instant("scheduled_for"),
    scheduleZone: text("schedule_zone"),
    releasedBy: text("released_by"),
    releasedAt: instant("released_at"),
    /** When its first mail may go: after the hold, or at the chosen time. Until then it can be stopped. */
    goesAt: instant("goes_at"),
  },
  (table) => [index("message_by_edition").on(table.editionId, table.createdAt)],
);

/** One recipient's own wording of a message, written by hand; placeholders are filled as in the others' copies. */
export const messageCopy = sqliteTable(
  "message_copy",
  {
    messageId: text("message_id")
      .notNull()
      .references(() => message.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    subjectEn: text("subject_en").notNull(),
    subjectZh: text("subject_zh").notNull(),
    bodyEn: text("body_en").notNull(),
    bodyZh: text("body_zh").notNull(),
    writtenBy: text("written_by").notNull(),
    writtenAt: instant("written_at").notNull(),
  },
  (table) => [primaryKey({ name: "message_copy_key", columns: [table.messageId, table.invitationId] })],
);

/** The wording of a kind of message, a row a version; the newest counts. Until there is one the product's own does. */
export const mailTemplate = sqliteTable(
  "mail_template",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    kind: text("kind", { enum: TEMPLATE_KINDS }).notNull(),
    number: integer("number").notNull(),
    subjectEn: text("subject_en").notNull(),
    subjectZh: text("subject_zh").notNull(),
    bodyEn: text("body_en").notNull(),
    bodyZh: text("body_zh").notNull(),
    behind: text("behind", { enum: BEHIND }).notNull(),
    savedBy: text("saved_by").notNull(),
    savedAt: instant("saved_at").notNull(),
  },
  (table) => [
    uniqueIndex("mail_template_version").on(table.editionId, table.coHostId, table.kind, table.number),
  ],
);

/** Addresses that nothing is sent to any more, because a mail came back for good, until staff lift it. */
export const mailSuppression = sqliteTable(
  "mail_suppression",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** In lower case. */
    address: text("address").notNull(),
    reason: text("reason", { enum: MAIL_REASONS }).notNull(),
    deliveryId: text("delivery_id")
      .notNull()
      .references(() => delivery.id),
    at: instant("at").notNull(),
    liftedAt: instant("lifted_at"),
    liftedBy: text("lifted_by"),
  },
  (table) => [index("mail_suppression_by_address").on(table.coHostId, table.address)],
);

/** When the next mail may go to a domain that takes only so many, and until when its places are given out. */
export const mailPace = sqliteTable("mail_pace", {
  domain: text("domain").primaryKey(),
  nextAt: instant("next_at").notNull(),
  tailAt: instant("tail_at").notNull(),
});

/**
 * The outbox: one mail to one recipient, written in the transaction of the fact that causes it
 * (docs/decisions/outbox.md). `payload` is frozen then; the worker renders and sends it.
 */
export const delivery = sqliteTable(
  "delivery",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** The invitation that it is about; null for a mail about none (a focal point, a new member of staff). */
    invitationId: text("invitation_id").references(() => invitation.id),
    messageId: text("message_id").references(() => message.id),
    recipientKind: text("recipient_kind", { enum: RECIPIENT_KINDS }).notNull().default("invitee"),
    /** Whose link it brings when that is not the invitation's: of `assistant_link`, `focal_point` or `set_up_link`. */
    linkId: text("link_id"),
    /** 0 goes before everything else that is due: somebody is waiting at the screen. */
    lane: integer("lane").notNull().default(1),
    kind: text("kind", { enum: MAIL_KINDS }).notNull(),
    locale: text("locale", { enum: LOCALES }).notNull(),
    toAddress: text("to_address").notNull(),
    toName: text("to_name").notNull(),
    payload: text("payload").notNull(),
    /** The published version of the programme that it brings; null: it brings none. */
    agendaVersion: integer("agenda_version"),
    state: text("state", { enum: DELIVERY_STATES }).notNull(),
    tries: integer("tries").notNull(),
    /** Not before this instant. */
    dueAt: instant("due_at").notNull(),
    /** A worker holds it until this instant; after that it counts as dropped. */
    leasedUntil: instant("leased_until"),
    /** RFC 5322 Message-ID, the same at every try. */
    messageIdHeader: text("message_id_header").notNull(),
    /** RFC 5322 References: the mails about the programme that this recipient had before; empty for other mails. */
    references: text("references_header").notNull().default(""),
    createdAt: instant("created_at").notNull(),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    index("delivery_due").on(table.lane, table.state, table.dueAt),
    index("delivery_by_message").on(table.messageId),
    index("delivery_by_invitation").on(table.invitationId, table.createdAt),
    index("delivery_by_edition").on(
      table.editionId,
      table.coHostId,
      table.state,
      table.kind,
      table.messageId,
    ),
    // All that is asked of it stands in it: whoever asks would else read every mail's contents.
    index("delivery_programme")
      .on(table.editionId, table.coHostId, table.invitationId, table.agendaVersion, table.kind, table.state)
      .where(sql`${table.agendaVersion} is not null`),
    uniqueIndex("delivery_message_id").on(table.messageIdHeader),
  ],
);

/** One try at one delivery, and what the other server said. */
export const deliveryTry = sqliteTable(
  "delivery_try",
  {
    id: id(),
    deliveryId: text("delivery_id")
      .notNull()
      .references(() => delivery.id),
    at: instant("at").notNull(),
    outcome: text("outcome", { enum: DELIVERY_STATES }).notNull(),
    /** SMTP reply code, when there was one. */
    code: integer("code"),
    response: text("response").notNull().default(""),
  },
  (table) => [index("delivery_try_in_order").on(table.deliveryId, table.at)],
);

/** The built-in mailbox: mails as their recipients would get them, kept only while no SMTP_URL is set. */
export const mailboxMail = sqliteTable(
  "mailbox_mail",
  {
    id: id(),
    deliveryId: text("delivery_id")
      .notNull()
      .references(() => delivery.id),
    at: instant("at").notNull(),
    toAddress: text("to_address").notNull(),
    toName: text("to_name").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
    html: text("html").notNull(),
    /** The whole message as it would cross the wire. */
    source: text("source").notNull(),
    /** Names, types and contents of attachments, as JSON. */
    attachments: text("attachments").notNull(),
  },
  (table) => [
    uniqueIndex("mailbox_mail_delivery").on(table.deliveryId),
    index("mailbox_mail_newest").on(table.at),
  ],
);
