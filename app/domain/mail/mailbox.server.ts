/** The built-in mailbox: where mail goes while no SMTP_URL is set. It keeps each message as its recipient would get it. */
import { and, desc, eq, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "#db/client.server.ts";
import { delivery, edition, invitation, mailboxMail, staffPermission } from "#db/schema/index.ts";
import { KEPT_HERE } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { composeSource, type Transport } from "../../platform/mailer.server.ts";
import { isLive } from "../access/rules.ts";
import type { DomainContext } from "../context.ts";

const storedAttachments = z.array(
  z.object({ filename: z.string(), contentType: z.string(), content: z.string() }),
);

/** Delivers into the built-in mailbox; a delivery that is there already is not put there twice. */
export function mailboxTransport(db: Db): Transport {
  return {
    async send(mail, last) {
      const source = await composeSource(mail);
      await last();
      await db.write((tx) => {
        tx.insert(mailboxMail)
          .values({
            id: newId(),
            deliveryId: mail.deliveryId,
            at: mail.date,
            toAddress: mail.to.address,
            toName: mail.to.name,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            source,
            attachments: JSON.stringify(mail.attachments),
          })
          .onConflictDoNothing({ target: mailboxMail.deliveryId })
          .run();
      });
      return { accepted: true, code: 250, response: KEPT_HERE };
    },
    async close() {},
  };
}

/**
 * Whose mails a reader may see: everybody's at the machine itself, and for staff those of the sides that they lead,
 * but for links that make a login: those belong to who is to sign in with it.
 */
export type MailboxReader = "all" | ReadonlyArray<{ coHostId: string; editionId: string | null }>;

/** The sides and editions that a login leads: a kept mail holds its recipient's link, with which one acts as them. */
export function staffMailboxReader(
  { db, clock }: Pick<DomainContext, "db" | "clock">,
  userId: string,
): MailboxReader {
  const now = clock.now();
  return db.orm
    .select({
      coHostId: staffPermission.coHostId,
      editionId: staffPermission.editionId,
      endsAt: staffPermission.endsAt,
    })
    .from(staffPermission)
    .where(and(eq(staffPermission.userId, userId), eq(staffPermission.permission, "lead")))
    .all()
    .filter((grant) => isLive(grant, now));
}

function readable(reader: MailboxReader): SQL | undefined {
  if (reader === "all") return undefined;
  const led =
    or(
      ...reader.map(({ coHostId, editionId }) =>
        and(
          eq(delivery.coHostId, coHostId),
          editionId === null ? undefined : eq(delivery.editionId, editionId),
        ),
      ),
    ) ?? sql`false`;
  return and(led, ne(delivery.recipientKind, "staff"));
}

/** A line of the mailbox's list. */
export type MailboxLine = {
  id: string;
  at: number;
  toName: string;
  toAddress: string;
  subject: string;
  /** The edition's: a mail is told of in the time of its meeting. */
  timeZone: string;
};

/** How many mails a page of the list shows. */
const MAILBOX_PAGE = 50;

/**
 * The newest mails, or those older than one of them.
 *
 * @param after id of the last mail of the page before, or null for the first page.
 * @returns a page, and the id to go on from or null at the end.
 */
export function mailboxPage(
  { db }: { db: Db },
  reader: MailboxReader,
  after: string | null,
): { mails: ReadonlyArray<MailboxLine>; next: string | null } {
  const start =
    after === null
      ? undefined
      : db.orm
          .select({ at: mailboxMail.at, id: mailboxMail.id })
          .from(mailboxMail)
          .innerJoin(delivery, eq(delivery.id, mailboxMail.deliveryId))
          .where(and(eq(mailboxMail.id, after), readable(reader)))
          .get();
  const rows = db.orm
    .select({
      id: mailboxMail.id,
      at: mailboxMail.at,
      toName: mailboxMail.toName,
      toAddress: mailboxMail.toAddress,
      subject: mailboxMail.subject,
      timeZone: edition.timeZone,
    })
    .from(mailboxMail)
    .innerJoin(delivery, eq(delivery.id, mailboxMail.deliveryId))
    .innerJoin(edition, eq(edition.id, delivery.editionId))
    .where(
      and(
        readable(reader),
        start === undefined
          ? undefined
          : or(lt(mailboxMail.at, start.at), and(eq(mailboxMail.at, start.at), lt(mailboxMail.id, start.id))),
      ),
    )
    .orderBy(desc(mailboxMail.at), desc(mailboxMail.id))
    .limit(MAILBOX_PAGE + 1)
    .all();
  const mails = rows.slice(0, MAILBOX_PAGE);
  return { mails, next: rows.length > MAILBOX_PAGE ? (mails.at(-1)?.id ?? null) : null };
}

/** A kept mail with its attachments, or null. */
export function findMailboxMail({ db }: { db: Db }, reader: MailboxReader, id: string) {
  const row = db.orm
    .select({
      id: mailboxMail.id,
      at: mailboxMail.at,
      toName: mailboxMail.toName,
      toAddress: mailboxMail.toAddress,
      subject: mailboxMail.subject,
      text: mailboxMail.text,
      html: mailboxMail.html,
      source: mailboxMail.source,
      attachments: mailboxMail.attachments,
      locale: delivery.locale,
      timeZone: edition.timeZone,
      recipientKind: delivery.recipientKind,
      invitationId: delivery.invitationId,
      tokenGeneration: invitation.tokenGeneration,
    })
    .from(mailboxMail)
    .innerJoin(delivery, eq(delivery.id, mailboxMail.deliveryId))
    .innerJoin(edition, eq(edition.id, delivery.editionId))
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .where(and(eq(mailboxMail.id, id), readable(reader)))
    .get();
  return row === undefined
    ? null
    : { ...row, attachments: storedAttachments.parse(JSON.parse(row.attachments)) };
}

/** The header lines of a message as they cross the wire. */
export function headersOf(source: string): string {
  return source.split(/\r?\n\r?\n/, 1)[0] ?? "";
}
