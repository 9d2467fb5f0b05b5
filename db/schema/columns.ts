import { integer, text } from "drizzle-orm/sqlite-core";

/** A random public id (platform/crypto `newId`). */
export function id() {
  return text("id").primaryKey();
}

/** An instant: milliseconds since 1970 in UTC. The zone to show it in belongs to the edition. */
export function instant(name: string) {
  return integer(name);
}

/** A calendar day, `YYYY-MM-DD`, in the edition's zone. */
export function day(name: string) {
  return text(name);
}

/** Whether something is so. */
export function flag(name: string) {
  return integer(name, { mode: "boolean" });
}
