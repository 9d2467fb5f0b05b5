/** Which class an answer of a registration has (DOMAIN §1.5), and who on the person's own side may read it (§4.3). */
import type { DataClass } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import { allows } from "../access/rules.ts";
import { SECTION_OF } from "../registration/answers.ts";
import { classOfOwn, type FormDefinition, isOwnName } from "../registration/definition.ts";

/**
 * The class of a field, by its name. What is not known is kept as closely as health.
 *
 * @param form where the edition's own questions have theirs.
 */
export function classOf(field: string, form?: FormDefinition): DataClass {
  if (isOwnName(field)) return (form === undefined ? null : classOfOwn(form, field)) ?? "C5";
  if (field.startsWith("emergency")) return "C4";
  switch (SECTION_OF.get(field)) {
    case "name":
    case "post":
    case "languages":
    case "visits":
    case "consents":
      return "C1";
    case "contact":
      return "C2";
    case "travel":
      return "C3";
    default:
      return "C4";
  }
}

/** Own side only: the scope of the query has seen to that. */
export function mayRead(dataClass: DataClass, scope: StaffScope): boolean {
  switch (dataClass) {
    case "C0":
    case "C1":
    case "C2":
      return true;
    case "C3":
      return allows(scope, "logistics") || allows(scope, "duty_desk");
    case "C4":
      return allows(scope, "logistics");
    case "C5":
    case "C6":
      return allows(scope, "lead");
  }
}
