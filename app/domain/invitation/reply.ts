/**
 * The reply to an invitation: accepted, declined, not yet certain (ask again on a day), or a colleague proposed instead.
 * It may be changed until the reply date, in any direction; each answer is an event of its own. After that date, and
 * once the invitation is withdrawn, it is changed by telling the secretariat.
 */
import { z } from "zod";
import type { Reply } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";

/** What an invitee can answer, in the order that the page offers it. */
export const ANSWERS = [
  "accepted",
  "declined",
  "tentative",
  "substitute_proposed",
] as const satisfies ReadonlyArray<Reply>;
export type Answer = (typeof ANSWERS)[number];

/** Why no reply is taken now; null: it is. */
export type RepliesClosed = "withdrawn" | "late";

/** Instants are epoch milliseconds; `replyBy` null: there is no such date. */
export function repliesClosed(
  invitation: { withdrawnAt: number | null; replyBy: number | null },
  now: number,
): RepliesClosed | null {
  if (invitation.withdrawnAt !== null) return "withdrawn";
  return invitation.replyBy !== null && now > invitation.replyBy ? "late" : null;
}

function key(message: MessageKey): MessageKey {
  return message;
}

function words(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => !/[\p{Cs}\p{Cc}]/u.test(text.replaceAll(/[\r\n\t]/g, "")), key("error.characters"))
    .optional();
}

/**
 * The reply form. Declining takes two steps: `sure` is what the second one adds.
 *
 * @param today the day that it is at the meeting, and `lastDay` the one on which the meeting opens, as `YYYY-MM-DD`.
 */
export function replyForm({ today, lastDay }: { today: string; lastDay: string }) {
  return z
    .object({
      reply: z.enum(ANSWERS, { error: key("error.choose") }),
      sure: z.literal("yes").optional(),
      declineNote: words(1000),
      askAgainOn: words(10),
      colleagueName: words(200),
      colleagueContact: words(300),
    })
    .superRefine((form, issues) => {
      if (form.reply === "tentative") {
        const day = form.askAgainOn ?? "";
        if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
          issues.addIssue({ code: "custom", path: ["askAgainOn"], message: key("error.date") });
        else if (day <= today || day > lastDay)
          issues.addIssue({ code: "custom", path: ["askAgainOn"], message: key("answer.error.day") });
      }
      if (form.reply === "substitute_proposed" && (form.colleagueName ?? "") === "")
        issues.addIssue({ code: "custom", path: ["colleagueName"], message: key("answer.error.colleague") });
    });
}

/** What of a checked form belongs to the chosen answer; what was typed under the others is left out. */
export function answerOf(form: z.output<ReturnType<typeof replyForm>>): {
  reply: Answer;
  note: string;
  askAgainOn: string | null;
} {
  const colleague = [form.colleagueName, form.colleagueContact].filter(
    (part) => part !== undefined && part !== "",
  );
  return {
    reply: form.reply,
    note:
      form.reply === "declined"
        ? (form.declineNote ?? "")
        : form.reply === "substitute_proposed"
          ? colleague.join("\n")
          : "",
    askAgainOn: form.reply === "tentative" ? (form.askAgainOn ?? null) : null,
  };
}
