import type { StaffContext } from "#app/domain/context.ts";
import { newId } from "#app/platform/crypto.server.ts";
import type { Orm } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { testContext, testKeys } from "./context.ts";
import { type Invitee, writeMeeting } from "./meeting.ts";

/** A meeting of two sides, the second of them the host, whose people answer as a test wants. People of both in turn. */
export function needsWorld({ people = 8, seats = [] as Array<{ capacity: number; quota: null }> } = {}) {
  const ctx = testContext();
  const meeting = writeMeeting(ctx.db.orm, testKeys, { slug: "test", people, seats, now: ctx.clock.now() });
  const staff = (side: 0 | 1, permissions: ReadonlyArray<Permission> = ["logistics"]): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: "somebody" },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions,
      bookSideIds: [],
    },
  });
  const person = (n: number): Invitee => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  const items = ctx.db.orm.select().from(schema.agendaItem).all();
  const item = (title: string) => {
    const found = items.find(({ titleEn }) => titleEn.startsWith(title));
    if (found === undefined) throw new Error(`there is no ${title}`);
    return found.id;
  };
  return { ctx, meeting, staff, person, item, orm: ctx.db.orm };
}

/** What somebody sent, as the form stores it; null takes it back to nothing. */
export function tells(
  orm: Orm,
  { invitationId }: { invitationId: string },
  sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  state: "submitted" | "draft" = "submitted",
): void {
  const id = newId();
  orm
    .insert(schema.registration)
    .values({
      id,
      invitationId,
      state,
      formVersion: 1,
      locale: "en",
      revision: 1,
      createdAt: 0,
      updatedAt: 0,
      submittedAt: 0,
    })
    .run();
  for (const [section, answers] of Object.entries(sections))
    orm
      .insert(schema.registrationSection)
      .values({
        registrationId: id,
        section,
        state: "submitted",
        answers: JSON.stringify(answers),
        updatedAt: 0,
      })
      .run();
  orm
    .insert(schema.consent)
    .values({
      id: newId(),
      invitationId,
      kind: "sensitive_data",
      given: true,
      textVersion: 1,
      locale: "en",
      channel: "self",
      at: 0,
    })
    .run();
}
