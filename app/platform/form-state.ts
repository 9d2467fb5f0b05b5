import type { MessageKey } from "../i18n/catalogue/index.ts";

/** A form as it goes back to the person who sent it: all that they typed, and what is wrong with it. */
export type FormState = {
  values: Readonly<Record<string, string | ReadonlyArray<string>>>;
  /** By field name; the empty name holds what concerns the form as a whole. */
  errors: Readonly<Record<string, ReadonlyArray<MessageKey>>>;
};

export const emptyForm: FormState = { values: {}, errors: {} };
