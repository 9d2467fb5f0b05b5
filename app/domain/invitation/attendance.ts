/**
 * The tick list of who came. Several colleagues tick at once, at the door and on the phone: the form says for each
 * person what it showed and what is chosen now, and only the difference is written.
 */
import { ATTENDANCES, type Attendance } from "#db/vocabulary.ts";

/** The field with what is chosen for a person, and the one with what was shown. */
export function attendanceField(invitationId: string): string {
  return `now-${invitationId}`;
}
export function shownField(invitationId: string): string {
  return `shown-${invitationId}`;
}

/** What a submitted list changes. Values that are none of ours mean "not known". */
export function attendanceChanges(
  form: FormData,
): Array<{ invitationId: string; attendance: Attendance | null }> {
  const known = (value: FormDataEntryValue | null) => ATTENDANCES.find((each) => each === value) ?? null;
  return [...new Set(form.keys())]
    .filter((name) => name.startsWith("now-"))
    .map((name) => name.slice("now-".length))
    .map((invitationId) => ({ invitationId, attendance: known(form.get(attendanceField(invitationId))) }))
    .filter(({ invitationId, attendance }) => attendance !== known(form.get(shownField(invitationId))));
}
