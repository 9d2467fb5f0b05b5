import type { Locale } from "#db/vocabulary.ts";

/** A signed-in member of staff, as the session cookie names them. */
export type StaffAccount = {
  id: string;
  name: string;
  email: string;
  /** The language that they asked for; null: as the browser asks. */
  locale: Locale | null;
  twoFactorEnabled: boolean;
  sessionId: string;
};
