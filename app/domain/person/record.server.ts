import { and, eq, ne } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { person } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { mailboxKey, type PersonFacts } from "./rules.ts";

/* Rows of the contact book, for use inside commands that have checked side and facts. */

function columns(facts: PersonFacts) {
  return { ...facts, emailKey: facts.email === null ? null : mailboxKey(facts.email) };
}

/** Adds somebody to a side's contact book; gives their id. */
export function insertPerson(
  tx: Tx,
  ctx: DomainContext,
  { sideId, facts }: { sideId: string; facts: PersonFacts },
): string {
  const id = newId();
  const now = ctx.clock.now();
  tx.insert(person)
    .values({ id, coHostId: sideId, ...columns(facts), createdAt: now, updatedAt: now })
    .run();
  return id;
}

/** Writes all facts of somebody anew. */
export function updatePerson(
  tx: Tx,
  ctx: DomainContext,
  { personId, facts }: { personId: string; facts: PersonFacts },
): void {
  tx.update(person)
    .set({ ...columns(facts), updatedAt: ctx.clock.now() })
    .where(eq(person.id, personId))
    .run();
}

/** Who else on the side has this mailbox; null when nobody has, or there is none. */
export function mailboxHolder(
  orm: Orm,
  { sideId, email, except }: { sideId: string; email: string | null; except: string | null },
): string | null {
  if (email === null) return null;
  const found = orm
    .select({ id: person.id })
    .from(person)
    .where(
      and(
        eq(person.coHostId, sideId),
        eq(person.emailKey, mailboxKey(email)),
        except === null ? undefined : ne(person.id, except),
      ),
    )
    .get();
  return found?.id ?? null;
}
