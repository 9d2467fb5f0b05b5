/** Forms about tasks. Days are typed as the edition's, times are the end of a working day there. */
import { z } from "zod";
import { day } from "../edition/form.ts";
import { DIGEST_HOURS } from "./rules.ts";

const noControls = (text: string) => !/[\p{Cc}\u2028\u2029]/u.test(text);

const note = z
  .string()
  .trim()
  .max(500, { error: "error.tooLong" })
  .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), { error: "error.characters" })
  .optional();
const owner = z.string().max(64).optional();
const side = z.string().max(40);

/** Who looks after a task, a note, the day that was agreed. An empty day: the usual one. */
export const taskForm = z.object({
  sideId: side,
  task: z.string().max(80),
  revision: z.coerce.number().int(),
  ownerId: owner,
  dueOn: day.optional(),
  note,
});
export type TaskNote = z.output<typeof taskForm>;

/** That a task is done, or open again. */
export const taskDoneForm = z.object({
  sideId: side,
  task: z.string().max(80),
  done: z.enum(["yes", "no"], { error: "error.choose" }),
});

export const newTaskForm = z.object({
  sideId: side,
  title: z
    .string({ error: "error.required" })
    .trim()
    .min(1, { error: "error.required" })
    .max(160, { error: "error.tooLong" })
    .refine(noControls, { error: "error.characters" }),
  dueOn: day,
  ownerId: owner,
  note,
});
export type NewTask = z.output<typeof newTaskForm>;

/** The mail of the morning: its hour, or none. */
export const digestForm = z.object({
  sideId: side,
  hour: z.coerce
    .number()
    .refine((hour) => DIGEST_HOURS.includes(hour), { error: "error.choose" })
    .optional(),
});
