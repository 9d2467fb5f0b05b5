import type { Locale } from "#db/vocabulary.ts";
import { type RenderedMail, renderMail } from "#emails/index.tsx";
import type { StaffContext } from "../context.ts";
import { mailLinks, PREVIEW_TOKEN } from "../mail/links.ts";
import { noticeFor } from "./notices.server.ts";

/**
 * A notice as one of one's own people would get it, both languages, with a link that opens nothing; null when there is
 * none for them.
 *
 * @param asked `ofDraft`: whether it is about what is not published yet.
 */
export function previewNotice(
  ctx: StaffContext,
  asked: { invitationId: string; ofDraft: boolean },
): (RenderedMail & { locale: Locale; nameLatin: string; nameNative: string }) | null {
  const found = noticeFor(ctx, asked);
  if (found === null) return null;
  const { mail, ...recipient } = found;
  const links = mailLinks(ctx.baseUrl, PREVIEW_TOKEN, recipient.locale);
  return { ...renderMail(mail, { locale: recipient.locale, links }), ...recipient };
}
