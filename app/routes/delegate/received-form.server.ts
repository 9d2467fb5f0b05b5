import { type ActionFunctionArgs, data } from "@remix-run/node";
import { servicesOf, verifiedHolder, verifiedSender } from "../../context.server.ts";
import { keysIn, type RowQuestion } from "../../domain/registration/definition.ts";
import type { FieldErrors } from "../../domain/registration/form.ts";
import { type Arrived, takeUpload } from "../../domain/upload/commands.server.ts";
import { uploadQuestions } from "../../domain/upload/queries.server.ts";
import { vaultOf } from "../../domain/upload/record.server.ts";
import { LARGEST_FILE, readCrop, titleOf } from "../../domain/upload/rules.ts";
import { isMultipart, MultipartError, readMultipart } from "../../platform/multipart.server.ts";
import { newVaultFile, removeVaultFile, writeVaultFile } from "../../platform/vault.server.ts";
import { CROP, FILE } from "./own-files.tsx";
import { clearedIn } from "./own-questions.tsx";

type Received = Awaited<ReturnType<typeof verifiedSender>> & {
  /** What is wrong with files that came along, by the answer's name. */
  fileErrors: FieldErrors;
};

/**
 * The form that a page sent, with an answer in the place of each file that it brought. Files go into the vault as they
 * come in, from those who may send some when they begin to; whoever may no longer when all is here is turned away then.
 */
export async function receivedForm(args: ActionFunctionArgs): Promise<Received> {
  const folder = vaultOf(args.context.services.db);
  const arrived = new Map<string, Arrived>();
  const brings = isMultipart(args.request) && folder !== null;
  try {
    const sender = await verifiedSender(args, {
      assistants: true,
      read: brings ? () => readInto(args, { folder, arrived }) : undefined,
    });
    const { ctx, formData } = sender;
    const questions = uploadQuestions(ctx);
    // A file that was there and is to go is no answer any more.
    for (const name of clearedIn(formData))
      if (questionOf(questions, name) !== undefined) formData.delete(name);
    const fileErrors: FieldErrors = {};
    const { scanner } = servicesOf(args).environment;
    for (const [name, each] of arrived) {
      const question = questionOf(questions, name);
      if (question === undefined || folder === null) continue;
      // From here on it is looked after.
      arrived.delete(name);
      const crop = formData.get(CROP + name);
      const taken = await takeUpload(
        ctx,
        { folder, scanner },
        { arrived: each, question, crop: typeof crop === "string" ? readCrop(crop) : null },
      );
      if (taken.ok) formData.set(name, taken.value);
      else fileErrors[name] = [taken.refusal];
    }
    return { ...sender, fileErrors };
  } finally {
    if (folder !== null) for (const { file } of arrived.values()) await removeVaultFile(folder, file.name);
  }
}

function questionOf(questions: ReadonlyMap<string, RowQuestion>, name: string): RowQuestion | undefined {
  return questions.get(keysIn(name).at(-1) ?? "");
}

async function readInto(
  args: ActionFunctionArgs,
  { folder, arrived }: { folder: string; arrived: Map<string, Arrived> },
): Promise<FormData> {
  const holding = await verifiedHolder(args, { assistants: true }).catch(() => null);
  const questions = holding === null ? new Map<string, RowQuestion>() : uploadQuestions(holding.ctx);
  try {
    return await readMultipart(args.request, {
      largest: LARGEST_FILE,
      take: async ({ field, title, source }) => {
        const name = field.startsWith(FILE) ? field.slice(FILE.length) : "";
        if (questionOf(questions, name) === undefined || arrived.has(name)) return;
        const file = newVaultFile();
        // Put down before it is written, so that whatever happens it is cleared away.
        arrived.set(name, { file, bytes: Number.POSITIVE_INFINITY, title: titleOf(title) });
        const bytes = await writeVaultFile(folder, file, source, { most: LARGEST_FILE });
        if (bytes !== null) arrived.set(name, { file, bytes, title: titleOf(title) });
      },
    });
  } catch (error) {
    if (error instanceof MultipartError) throw data(null, { status: 400 });
    throw error;
  }
}
