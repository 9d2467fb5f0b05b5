/** The wording of each kind of message, for one edition and side: versions that stay, the newest counts. */
import { and, desc, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { coHost, mailTemplate, user } from "#db/schema/index.ts";
import { type Behind, TEMPLATE_KINDS, type TemplateKind } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { TemplateInput } from "./form.ts";
import { behindAfter } from "./parity.ts";
import { subjectFiller } from "./subject.server.ts";
import { WORDINGS, type Wording } from "./wording.ts";

/** `number` 0: the product's own wording. */
export type Template = Wording & { number: number; behind: Behind };

/** The wording that counts now. */
export function templateOf(
  orm: Orm,
  { editionId, sideId, kind }: { editionId: string; sideId: string; kind: TemplateKind },
): Template {
  const newest = orm
    .select({
      number: mailTemplate.number,
      behind: mailTemplate.behind,
      subjectEn: mailTemplate.subjectEn,
      subjectZh: mailTemplate.subjectZh,
      bodyEn: mailTemplate.bodyEn,
      bodyZh: mailTemplate.bodyZh,
    })
    .from(mailTemplate)
    .where(
      and(
        eq(mailTemplate.editionId, editionId),
        eq(mailTemplate.coHostId, sideId),
        eq(mailTemplate.kind, kind),
      ),
    )
    .orderBy(desc(mailTemplate.number))
    .limit(1)
    .get();
  return newest ?? { ...WORDINGS[kind], number: 0, behind: "none" };
}

export type TemplateVersion = Template & { savedAt: number; savedBy: string };

type Reader = Pick<StaffContext, "db" | "scope">;

/** The templates of each of one's own sides. */
export function templateList(ctx: Reader) {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const sides = orm
    .select({ sideId: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(inArray(coHost.id, [...sideIds]))
    .orderBy(coHost.nameEn)
    .all();
  return sides.map((side) => {
    const fill = subjectFiller(orm, { editionId, ...side });
    return {
      ...side,
      templates: TEMPLATE_KINDS.map((kind) => {
        const { number, behind, ...wording } = templateOf(orm, { editionId, ...side, kind });
        return { kind, number, behind, ...fill(wording, null) };
      }),
    };
  });
}

/** One template of one's own side with its earlier versions, the newest first; null when it is not there. */
export function templatePage(ctx: Reader, { sideId, kind }: { sideId: string; kind: TemplateKind }) {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  if (!sideIds.includes(sideId)) return null;
  const versions: Array<TemplateVersion> = orm
    .select({
      number: mailTemplate.number,
      behind: mailTemplate.behind,
      subjectEn: mailTemplate.subjectEn,
      subjectZh: mailTemplate.subjectZh,
      bodyEn: mailTemplate.bodyEn,
      bodyZh: mailTemplate.bodyZh,
      savedAt: mailTemplate.savedAt,
      savedBy: user.name,
    })
    .from(mailTemplate)
    .leftJoin(user, eq(user.id, mailTemplate.savedBy))
    .where(
      and(
        eq(mailTemplate.editionId, editionId),
        eq(mailTemplate.coHostId, sideId),
        eq(mailTemplate.kind, kind),
      ),
    )
    .orderBy(desc(mailTemplate.number))
    .all()
    .map((row) => ({ ...row, savedBy: row.savedBy ?? "" }));
  return { current: templateOf(orm, { editionId, sideId, kind }), versions };
}

/**
 * Saves a new version of a template. The same words again write nothing, unless somebody now says that the other
 * language still holds. Refused for a side that is not one's own, and when a colleague has saved a version since `seen`.
 */
export function saveTemplate(
  ctx: StaffContext,
  { kind, input, seen }: { kind: TemplateKind; input: TemplateInput; seen?: number },
): Promise<Result<{ number: number }, "not_own_side" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { sideId, subjectEn, subjectZh, bodyEn, bodyZh } = input;
    if (!ctx.scope.sideIds.includes(sideId)) return refused("not_own_side");
    const { editionId } = ctx.scope;
    const before = templateOf(tx, { editionId, sideId, kind });
    const after: Wording = { subjectEn, subjectZh, bodyEn, bodyZh };
    const behind = behindAfter(before, after, { stillHolds: input.stillHolds === "on" });
    const same =
      before.subjectEn === subjectEn &&
      before.subjectZh === subjectZh &&
      before.bodyEn === bodyEn &&
      before.bodyZh === bodyZh &&
      before.behind === behind;
    if (same) return ok({ number: before.number });
    if (seen !== undefined && seen !== before.number) return refused("changed_meanwhile");
    const number = before.number + 1;
    const id = newId();
    tx.insert(mailTemplate)
      .values({
        id,
        editionId,
        coHostId: sideId,
        kind,
        number,
        ...after,
        behind,
        savedBy: ctx.actor.id,
        savedAt: ctx.clock.now(),
      })
      .run();
    recordAudit(tx, ctx, {
      action: "mail_template.save",
      subjectKind: "mail_template",
      subjectId: id,
      editionId,
      sideId,
      details: { kind, number },
    });
    return ok({ number });
  });
}
