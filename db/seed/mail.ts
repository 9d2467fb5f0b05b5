import type { StaffContext } from "#app/domain/context.ts";
import { draftMessage } from "#app/domain/mail/commands.server.ts";
import { messageForm } from "#app/domain/mail/form.ts";
import { handMessageOver } from "#app/domain/mail/hand-over.server.ts";
import { messagePage } from "#app/domain/mail/queries.server.ts";
import { letGo, releaseMessage } from "#app/domain/mail/release.server.ts";
import { saveTemplate } from "#app/domain/mail/templates.server.ts";
import { WORDINGS } from "#app/domain/mail/wording.ts";
import type { Result } from "#app/domain/result.ts";

/**
 * What a week of mail leaves behind: a template whose Chinese has not followed yet, a practical note that went out, and
 * a draft about what is still missing.
 */
export async function seedMail({ us, cn }: { us: StaffContext; cn: StaffContext }): Promise<void> {
  const sideOf = (lead: StaffContext) => lead.scope.sideIds[0] ?? "";
  const { thank_you: thanks, logistics, missing_items: missing } = WORDINGS;
  done(
    await saveTemplate(us, {
      kind: "thank_you",
      input: {
        ...thanks,
        sideId: sideOf(us),
        bodyEn: `${thanks.bodyEn}\n\nThe report will reach you before the end of the year.`,
      },
    }),
  );
  for (const lead of [us, cn]) {
    const given = { sideId: sideOf(lead), kind: "logistics", replies: ["accepted"], ...logistics };
    const { messageId } = done(await draftMessage(lead, messageForm.parse(given)));
    const page = messagePage(lead, messageId);
    if (page?.state !== "draft") throw new Error("The note is no draft");
    done(await releaseMessage(lead, { messageId, count: page.reachable }));
    done(await letGo(lead, messageId));
  }
  const evening = {
    sideId: sideOf(cn),
    kind: "tonight",
    replies: ["accepted"],
    subjectEn: "Tonight: dinner at 18:30 in the Garden Hall",
    subjectZh: "今晚18:30花园厅晚宴",
    bodyEn:
      "Dinner tonight is at **18:30** (Beijing time) in the Garden Hall of the hotel. Business dress; interpretation at every table.\n\n{link}",
    bodyZh: "今晚**18:30**（北京时间）在酒店花园厅举行晚宴，着正装，每桌配有口译。\n\n{link}",
  };
  const { messageId } = done(await draftMessage(cn, messageForm.parse(evening)));
  done(await handMessageOver(cn, { messageId, toSideId: sideOf(us) }));
  done(
    await draftMessage(
      us,
      messageForm.parse({
        sideId: sideOf(us),
        kind: "missing_items",
        replies: ["accepted"],
        registration: "not_submitted",
        ...missing,
      }),
    ),
  );
}

function done<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(`The demonstration's mail was refused: ${result.refusal}`);
  return result.value;
}
