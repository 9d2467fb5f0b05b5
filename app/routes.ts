import { index, layout, type RouteConfig, route } from "@remix-run/route-config";

/** The sitemap: every URL and the file that answers it. `app/paths.ts` has the same list as functions. */
export default [
  index("routes/system/home.tsx"),
  // Whoever holds a letter in their hand asks here whether it is genuine.
  route("verify", "routes/system/verify.tsx"),

  // What an invitation's link opens. No JavaScript below this layout.
  layout("routes/delegate/layout.tsx", [
    route("i/:token", "routes/delegate/invitation.tsx"),
    route("i/:token/registration", "routes/delegate/registration.tsx"),
    route("i/:token/registration/review", "routes/delegate/registration-review.tsx"),
    route("i/:token/programme", "routes/delegate/programme.tsx"),
    route("i/:token/letters", "routes/delegate/letters.tsx"),
    route("i/:token/code", "routes/delegate/code.tsx"),
    route("i/:token/devices", "routes/delegate/devices.tsx"),
    route("n/:token", "routes/delegate/nomination.tsx"),
    route("i/:token/assistant", "routes/delegate/assistant.tsx"),
    route("i/:token/not-me", "routes/delegate/not-me.tsx"),
    route("not-me", "routes/delegate/not-me-thanks.tsx"),
  ]),
  route("i/:token/letters/:letter/file", "routes/feeds/own-letter.ts"),
  route("c/:calendar", "routes/feeds/programme-calendar.ts"),

  // Signing in and the account of a member of staff.
  layout("routes/session/layout.tsx", [
    route("staff/sign-in", "routes/session/sign-in.tsx"),
    route("staff/sign-in/second-step", "routes/session/second-step.tsx"),
    route("staff/set-up/:token", "routes/session/set-up.tsx"),
  ]),
  route("staff/sign-out", "routes/session/sign-out.ts"),

  // The secretariat, signed in.
  layout("routes/staff/layout.tsx", [
    route("staff", "routes/staff/editions.tsx"),
    route("staff/account", "routes/staff/account.tsx"),
    route("staff/account/second-step", "routes/staff/second-step-set-up.tsx"),
    route("staff/editions/new", "routes/staff/edition-new.tsx"),
    route("staff/e/:edition", "routes/staff/edition.tsx", [
      index("routes/staff/overview.tsx"),
      route("delegations", "routes/staff/delegations.tsx"),
      route("delegations/:delegation", "routes/staff/delegation.tsx"),
      route("nominations", "routes/staff/nominations.tsx"),
      route("nominations/:focalPoint", "routes/staff/focal-point.tsx"),
      route("approvals", "routes/staff/approvals.tsx"),
      route("people", "routes/staff/people.tsx"),
      route("people/new", "routes/staff/person-new.tsx"),
      route("people/:invitation", "routes/staff/person.tsx"),
      route("people/:invitation/access", "routes/staff/person-access.tsx"),
      route("people/:invitation/substitute", "routes/staff/substitute.tsx"),
      route("people/:invitation/letters", "routes/staff/person-letters.tsx"),
      route("letters", "routes/staff/letters.tsx"),
      route("letters/letterhead", "routes/staff/letterhead.tsx"),
      route("letters/templates", "routes/staff/letter-templates.tsx"),
      route("import", "routes/staff/import.tsx"),
      route("contacts", "routes/staff/contacts.tsx"),
      route("contacts/new", "routes/staff/contact-new.tsx"),
      route("contacts/doubles", "routes/staff/contact-doubles.tsx"),
      route("contacts/carry-over", "routes/staff/carry-over.tsx"),
      route("contacts/:person", "routes/staff/contact.tsx"),
      route("contacts/:person/merge/:other", "routes/staff/contact-merge.tsx"),
      route("invitation", "routes/staff/invitation-text.tsx"),
      route("invitation/send", "routes/staff/invitation-send.tsx"),
      route("invitation/reminders", "routes/staff/reminders.tsx"),
      route("attendance", "routes/staff/attendance.tsx"),
      route("agenda", "routes/staff/agenda.tsx"),
      route("agenda/new", "routes/staff/agenda-item-new.tsx"),
      route("agenda/publish", "routes/staff/agenda-publish.tsx"),
      route("agenda/:item", "routes/staff/agenda-item.tsx"),
      route("visits", "routes/staff/visits.tsx"),
      route("visits/:visit", "routes/staff/visit.tsx"),
      route("mail", "routes/staff/mail.tsx"),
      route("mail/new", "routes/staff/mail-new.tsx"),
      route("mail/:message", "routes/staff/message.tsx"),
      route("releases", "routes/staff/releases.tsx"),
      route("releases/new", "routes/staff/release-new.tsx"),
      route("releases/:release", "routes/staff/release.tsx"),
      route("audit", "routes/staff/audit.tsx"),
      route("staff", "routes/staff/colleagues.tsx"),
      route("staff/new", "routes/staff/colleague-new.tsx"),
      route("staff/:colleague", "routes/staff/colleague.tsx"),
    ]),
  ]),
  route("staff/e/:edition/letters/preview", "routes/feeds/letter-preview.ts"),
  route("staff/e/:edition/letters/:letter/file", "routes/feeds/letter.ts"),
  route("staff/e/:edition/people.csv", "routes/feeds/people-list.ts"),
  route("staff/e/:edition/releases/:release/list.csv", "routes/feeds/release-list.ts"),
  route("staff/e/:edition/releases/:release/list.pdf", "routes/feeds/release-pdf.ts"),
  route("staff/e/:edition/mail/:message/preview/:invitation/html", "routes/feeds/message-preview.ts"),

  // The built-in mailbox, there only while no SMTP_URL is set.
  layout("routes/system/mailbox-layout.tsx", [
    route("mailbox", "routes/system/mailbox.tsx"),
    route("mailbox/:mail", "routes/system/mailbox-mail.tsx"),
  ]),
  route("mailbox/:mail/html", "routes/feeds/mailbox-html.ts"),
  route("mailbox/:mail/attachments/:index", "routes/feeds/mailbox-attachment.ts"),

  route("*", "routes/system/not-found.tsx"),
] satisfies RouteConfig;
