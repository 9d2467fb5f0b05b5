/**
 * Telling people what each of them still lacks: one mail to each, in their language, with the way to each section. Who gets
 * which is shown before; if it is otherwise by the time of sending, nothing goes out.
 */
import { createHash } from "node:crypto";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  delegation,
  edition,
  invitation,
  invitationEvent,
  person,
  personAssistant,
} from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { renderMail } from "#emails/index.tsx";
import type { MissingMail } from "#emails/payload.ts";
import { translate } from "../../i18n/translate.ts";
import { isMessageKey } from "../../platform/form.ts";
import type { StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { mailLinks, PREVIEW_TOKEN } from "../mail/links.ts";
import { openingOf } from "../mail/opening.server.ts";
import { mailEdition, queueDelivery } from "../mail/outbox.server.ts";
import { salutations } from "../mail/rules.ts";
import { classOf } from "../person/classes.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import { isStandard, topKey } from "../registration/definition.ts";
import { publishedForm } from "../registration/own.server.ts";
import { namesOf } from "../registration/own-answers.ts";
import { type RegistrationProgress, registrationForStaff } from "../registration/queries.server.ts";
import { findRegistrant } from "../registration/record.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { isExpected, isLackingIn } from "./board.server.ts";
import { COUNT_ABOVE } from "./rules.ts";

export const CHASE_ACT = "invitations";

/** Somebody who would be told. `obstacle`: why they are not. */
export type Chased = {
  invitationId: string;
  sideId: string;
  nameLatin: string;
  nameNative: string;
  locale: Locale;
  /** Assistants who read along. */
  copies: number;
  obstacle: "noMailbox" | "nothingMissing" | null;
  mail: MissingMail;
};

export type ChasePlan = {
  people: ReadonlyArray<Chased>;
  /** How many mails go to invited people. */
  count: number;
  /** Stands for exactly this: who, and what each is told. */
  shown: string;
};

/** Whom of these the mail would go to, and what it would say to each. Others' people, and those not expected, are not there. */
export function chasePlan(ctx: StaffContext, invitationIds: ReadonlyArray<string>): ChasePlan {
  return planIn(ctx.db.orm, ctx, invitationIds);
}

function planIn(orm: Orm, ctx: StaffContext, invitationIds: ReadonlyArray<string>): ChasePlan {
  const { editionId, sideIds } = ctx.scope;
  const rows = orm
    .select({
      invitationId: invitation.id,
      delegationId: delegation.id,
      sideId: delegation.coHostId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      email: person.email,
      locale: person.locale,
      registerBy: edition.registerBy,
      copies: sql<number>`(
        select count(*) from ${personAssistant}
        where ${personAssistant.personId} = ${person.id} and ${personAssistant.getsCopies} = 1
          and ${personAssistant.endedAt} is null)`,
      chasedAt: sql<number | null>`(
        select max(${invitationEvent.at}) from ${invitationEvent}
        where ${invitationEvent.invitationId} = ${invitation.id} and ${invitationEvent.kind} = 'chased')`,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        inArray(invitation.id, [...invitationIds]),
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        isExpected(),
      ),
    )
    .orderBy(asc(delegation.position), asc(person.sortKey), asc(invitation.id))
    .all();
  const people = rows.flatMap(
    ({ email, registerBy, chasedAt: _chasedAt, delegationId, ...row }): Array<Chased> => {
      const registrant = findRegistrant(orm, { editionId, invitationId: row.invitationId });
      const progress = registrationForStaff(ctx, row.invitationId);
      if (registrant === null || progress === null) return [];
      const sections = lackingSections(orm, ctx, progress);
      const { sideId, invitationId } = row;
      const facts = mailEdition(orm, { editionId, sideId, delegationId });
      return [
        {
          ...row,
          obstacle: email === null ? "noMailbox" : sections.length === 0 ? "nothingMissing" : null,
          mail: {
            kind: "missing",
            edition: facts,
            opening: openingOf(orm, {
              editionId,
              sideId,
              invitationId,
              kind: "missing_items",
              facts,
              version: null,
            }),
            ...salutations(registrant),
            begun: progress.state !== null,
            registerBy,
            sections,
          },
        },
      ];
    },
  );
  const told = people.filter(({ obstacle }) => obstacle === null);
  const facts = told.map(({ invitationId, mail }) => [
    invitationId,
    mail.sections,
    rows.find((row) => row.invitationId === invitationId)?.chasedAt ?? null,
  ]);
  return {
    people,
    count: told.length,
    shown: createHash("sha256").update(JSON.stringify(facts)).digest("hex"),
  };
}

/** Classes whose questions a mail may name. That the severity of an allergy is missing says that there is one. */
const NAMED: ReadonlyArray<string> = ["C0", "C1", "C2", "C3"];

/** What a mail names: the sections that lack something, and in them what may be named. */
function lackingSections(
  orm: Orm,
  { scope }: Pick<StaffContext, "scope">,
  { state, sections, asked }: RegistrationProgress,
): MissingMail["sections"] {
  const { definition } = publishedForm(orm, scope.editionId);
  const own = new Map(
    asked.flatMap(({ questions }) =>
      questions.flatMap((question) =>
        [...namesOf(question)].map((each) => [each.name, question.label] as const),
      ),
    ),
  );
  return sections.filter(isLackingIn(state)).map(({ section, missing }) => {
    const title = asked.find(({ key }) => key === section)?.title ?? { en: "", zh: "" };
    return {
      key: section,
      titleEn: isStandard(section) ? translate("en", `section.${section}`) : title.en,
      titleZh: isStandard(section) ? translate("zh-CN", `section.${section}`) : title.zh,
      things: missing
        .filter((field) => NAMED.includes(classOf(field, definition)) && !field.startsWith("consent_"))
        .flatMap((field) => {
          const key = `register.${field}`;
          if (isMessageKey(key)) return [{ en: translate("en", key), zh: translate("zh-CN", key) }];
          const label = own.get(field) ?? own.get(topKey(field));
          return label === undefined ? [] : [label];
        }),
    };
  });
}

/** The mail to one of them as text, in their language first; with nobody's link. */
export function chaseText(ctx: Pick<StaffContext, "baseUrl">, { mail, locale }: Chased): string {
  return renderMail(mail, { locale, links: mailLinks(ctx.baseUrl, PREVIEW_TOKEN, locale) }).text;
}

/**
 * Sends each of them what they lack, all or none.
 *
 * @param shown what the preview said of itself; `changed` when it would be otherwise now, also because it was just sent.
 * @param count how many the sender thinks it goes to; asked for above ten (`count` when they mistook themselves).
 * @returns refusals also: `nobody`, when there is nobody to be told.
 */
export function chase(
  ctx: StaffContext,
  {
    invitationIds,
    shown,
    count,
  }: { invitationIds: ReadonlyArray<string>; shown: string; count: number | null },
): Promise<Result<{ queued: number }, "changed" | "count" | "nobody">> {
  return ctx.db.write((tx) => {
    const plan = planIn(tx, ctx, invitationIds);
    if (plan.shown !== shown) return refused("changed");
    if (plan.count === 0) return refused("nobody");
    if (plan.count > COUNT_ABOVE && plan.count !== count) return refused("count");
    const told = plan.people.filter(({ obstacle }) => obstacle === null);
    for (const { invitationId, mail } of told) {
      queueDelivery(tx, ctx, { invitationId, messageId: null, mail });
      noteEvent(tx, ctx, { invitationId, kind: "chased", channel: "staff" });
    }
    auditEachSide(tx, ctx, told, (own) => ({
      action: "registration.chase",
      details: { recipients: own.length },
    }));
    return ok({ queued: told.length });
  });
}
