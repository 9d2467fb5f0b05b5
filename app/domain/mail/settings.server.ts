/** How a side's mails leave: under which name, where answers go, and whether a second person has a say. */
import { and, eq, inArray } from "drizzle-orm";
import { coHost, editionCoHost } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { MailSettingsInput } from "./form.ts";
import { domainOf } from "./pace.ts";

export type SideSettings = {
  sideId: string;
  nameEn: string;
  nameZh: string;
  fromName: string;
  fromAddress: string;
  replyTo: string;
  secondPerson: boolean;
};

type Reader = Pick<StaffContext, "db" | "scope">;

/** The settings of each of one's own sides. */
export function mailSettings({ db, scope }: Reader): Array<SideSettings> {
  return db.orm
    .select({
      sideId: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      fromName: editionCoHost.fromName,
      fromAddress: editionCoHost.fromAddress,
      replyTo: editionCoHost.replyTo,
      secondPerson: editionCoHost.secondPerson,
    })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(
      and(eq(editionCoHost.editionId, scope.editionId), inArray(editionCoHost.coHostId, [...scope.sideIds])),
    )
    .orderBy(editionCoHost.position)
    .all()
    .map((row) => ({ ...row, replyTo: row.replyTo ?? "" }));
}

export function sideSettings(ctx: Reader, sideId: string): SideSettings | null {
  return mailSettings(ctx).find((side) => side.sideId === sideId) ?? null;
}

/**
 * Changes how a side's mails leave. Refused for a side that is not one's own, and for a sender of a domain for which this
 * server does not sign: such mails are refused by others, or look like a forger's.
 */
export function changeMailSettings(
  ctx: StaffContext,
  { input, domain }: { input: MailSettingsInput; domain: string },
): Promise<Result<null, "not_own_side" | "domain">> {
  return ctx.db.write((tx) => {
    const { sideId, fromName, fromAddress, replyTo } = input;
    const { editionId, sideIds } = ctx.scope;
    if (!sideIds.includes(sideId)) return refused("not_own_side");
    if (fromAddress !== "" && domainOf(fromAddress) !== domain) return refused("domain");
    const changed = tx
      .update(editionCoHost)
      .set({
        fromName,
        fromAddress,
        replyTo: replyTo === "" ? null : replyTo,
        secondPerson: input.secondPerson === "on",
      })
      .where(and(eq(editionCoHost.editionId, editionId), eq(editionCoHost.coHostId, sideId)))
      .run();
    if (changed.changes === 0) return refused("not_own_side");
    recordAudit(tx, ctx, {
      action: "mail_settings.change",
      subjectKind: "co_host",
      subjectId: sideId,
      editionId,
      sideId,
      details: { secondPerson: input.secondPerson === "on" },
    });
    return ok(null);
  });
}
