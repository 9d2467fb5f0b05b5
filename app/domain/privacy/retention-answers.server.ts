/** What people answered or handed in themselves: each answer goes with the class that its question promised. */
import { and, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  changeRequest,
  delegation,
  invitation,
  registration,
  registrationForm,
  registrationSection,
  upload,
} from "#db/schema/index.ts";
import { DATA_CLASSES, type DataClass, type RetentionKind } from "#db/vocabulary.ts";
import { classOf } from "../person/classes.ts";
import {
  classOfOwn,
  type FormDefinition,
  isOwnName,
  readDefinition,
  topKey,
} from "../registration/definition.ts";
import { forgetUploads } from "../upload/record.server.ts";
import { among, type Place, people, place } from "./retention-rows.server.ts";

/** The strictest class that an answer has had in any published version: people answered under that promise. */
function classIn(definitions: ReadonlyArray<FormDefinition>, name: string): DataClass {
  if (!isOwnName(name)) return classOf(name);
  const classes = definitions.flatMap((form) =>
    [classOfOwn(form, name), name === topKey(name) ? null : classOfOwn(form, topKey(name))].filter(
      (each) => each !== null,
    ),
  );
  return classes.sort().at(-1) ?? "C5";
}

/** A section's answers of one class, by name. */
function answersOf(
  definitions: ReadonlyArray<FormDefinition>,
  kind: RetentionKind,
  stored: string,
): { named: Array<string>; rest: Record<string, unknown> } {
  const answers: Record<string, unknown> = JSON.parse(stored);
  const isTold = ([, value]: [string, unknown]) => (Array.isArray(value) ? value.length > 0 : value !== "");
  const named = Object.entries(answers)
    .filter(isTold)
    .map(([name]) => name)
    .filter((name) => classIn(definitions, name) === kind);
  const rest = Object.fromEntries(Object.entries(answers).filter(([name]) => !named.includes(name)));
  return { named, rest };
}

function definitionsOf(orm: Orm, editionId: string): Array<FormDefinition> {
  return orm
    .select({ definition: registrationForm.definition })
    .from(registrationForm)
    .where(and(eq(registrationForm.editionId, editionId), isNotNull(registrationForm.publishedAt)))
    .orderBy(desc(registrationForm.version))
    .all()
    .map(({ definition }) => readDefinition(definition));
}

/** Answers of a registration, drafts as well as what was sent. */
export function answers(kind: RetentionKind): Place {
  return place(kind, "answers", {
    find(orm, whose) {
      const definitions = definitionsOf(orm, whose.editionId);
      return orm
        .select({
          row: sql<string>`cast(${registrationSection}.rowid as text)`,
          invitationId: registration.invitationId,
          answers: registrationSection.answers,
        })
        .from(registrationSection)
        .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
        .innerJoin(invitation, eq(invitation.id, registration.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(and(eq(invitation.editionId, whose.editionId), eq(delegation.coHostId, whose.sideId)))
        .all()
        .map(({ answers: stored, ...row }) => ({
          ...row,
          items: answersOf(definitions, kind, stored).named.length,
        }))
        .filter(({ items }) => items > 0);
    },
    empty(tx, { editionId }, rows, now) {
      const definitions = definitionsOf(tx, editionId);
      for (const row of rows) {
        const here = sql`${registrationSection}.rowid = ${Number(row)}`;
        const found = tx.select().from(registrationSection).where(here).get();
        if (found === undefined) continue;
        const { rest } = answersOf(definitions, kind, found.answers);
        tx.update(registrationSection)
          .set({ answers: JSON.stringify(rest) })
          .where(here)
          .run();
        // A page that is still open somewhere must not bring the old answers back unnoticed.
        tx.update(registration)
          .set({ revision: sql`${registration.revision} + 1`, updatedAt: now })
          .where(eq(registration.id, found.registrationId))
          .run();
      }
    },
  });
}

/**
 * Files that were handed in, by the class that they were promised. A portrait (C1) goes with the contact data: nothing
 * else that is kept has a use for it.
 */
export function uploads(kind: RetentionKind): Place {
  const classes = DATA_CLASSES.filter((each) => each === kind || (kind === "C2" && each < "C2"));
  return place(kind, "uploads", {
    ...people(upload, { only: inArray(upload.dataClass, classes) }),
    empty(tx, _, rows) {
      forgetUploads(tx, among(upload.id, rows));
    },
  });
}

/** What somebody wanted changed after the deadline: gone with the first class that is among it. Its words may tell anything. */
export function changeRequests(kind: RetentionKind): Place {
  const requests = people(changeRequest);
  return place(kind, "changeRequests", {
    ...requests,
    find(orm, whose) {
      const definitions = definitionsOf(orm, whose.editionId);
      return requests.find(orm, whose).filter(({ row }) => {
        const request = orm.select().from(changeRequest).where(eq(changeRequest.id, row)).get();
        if (request === undefined) return false;
        const names: ReadonlyArray<string> = JSON.parse(request.fields);
        const isWordy = kind === "C4" && (request.note !== "" || request.word !== "");
        return isWordy || names.some((name) => classIn(definitions, name) === kind);
      });
    },
  });
}
