import { asc, eq } from "drizzle-orm";
import { agendaItem, siteVisit } from "#db/schema/index.ts";
import type { Category } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { type EditionFacts, editionFacts } from "../edition/queries.server.ts";
import { type Answers, standardValues } from "../registration/answers.ts";
import { askedForm } from "../registration/own-answers.ts";
import { askedSections, type RegistrationForm } from "../registration/queries.server.ts";
import { formInBuilder } from "./queries.server.ts";

/** The draft, or the form in force, as somebody of a delegation would see it with these answers. Stores nothing. */
export function formPreview(
  ctx: StaffContext,
  { delegationId, category, answers }: { delegationId: string; category: Category; answers: Answers },
): { view: RegistrationForm; facts: EditionFacts } {
  const facts = editionFacts(ctx, ctx.scope.editionId);
  const { definition } = formInBuilder(ctx);
  const asked = askedForm(
    definition,
    { delegationId, category },
    { standard: standardValues(answers), own: answers.own },
  );
  const visits = ctx.db.orm
    .select({
      visitId: siteVisit.id,
      itemId: agendaItem.id,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      hostEn: siteVisit.hostEn,
      hostZh: siteVisit.hostZh,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      capacity: siteVisit.capacity,
    })
    .from(siteVisit)
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .where(eq(agendaItem.editionId, ctx.scope.editionId))
    .orderBy(asc(agendaItem.startsAt), asc(siteVisit.id))
    .all()
    .map((visit) => ({
      ...visit,
      seatsLeft: visit.capacity,
      waiting: 0,
      allotment: "first_come" as const,
      automatic: true,
      mine: null,
      position: null,
    }));
  return {
    facts,
    view: {
      number: "",
      formVersion: null,
      closed: null,
      bound: {},
      past: {},
      reply: "accepted",
      state: null,
      updatedAt: null,
      submittedAt: null,
      registerBy: facts.registerBy,
      timeZone: facts.timeZone,
      homeTimeZone: facts.timeZone,
      travelFrom: facts.travelFrom,
      travelTo: facts.travelTo,
      phones: facts.phones,
      byAssistant: false,
      answers: { ...answers, own: asked.answers },
      errors: {},
      unfinished: {},
      othersUnfinished: false,
      sections: [],
      asked: askedSections(asked, answers),
      kept: {},
      files: {},
      revision: 0,
      marks: {},
      request: null,
      visits,
      clashes: [],
      remarks: [],
    },
  };
}
