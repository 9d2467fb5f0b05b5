import { eq, sum } from "drizzle-orm";
import { upload } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import { scan } from "../../platform/scan.server.ts";
import {
  newVaultFile,
  removeVaultFile,
  type VaultFile,
  wholeVaultFile,
  writeVaultFile,
} from "../../platform/vault.server.ts";
import type { InvitationContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import type { RowQuestion } from "../registration/definition.ts";
import { findRegistrant } from "../registration/record.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type Examined, examine } from "./examine.server.ts";
import { sealSecret } from "./record.server.ts";
import { type Crop, LARGEST_FILE, LARGEST_MB, MOST_BYTES, type UploadProblem } from "./rules.ts";

/** How large a file may be that answers this question, in bytes. */
export function largestFor({ most }: Pick<RowQuestion, "most">): number {
  return Math.min(most ?? LARGEST_MB, LARGEST_MB) * 1024 * 1024;
}

/** A file as it came in, in the vault already and looked at by nobody. */
export type Arrived = { file: VaultFile; bytes: number; title: string };

/** Where files go, and what looks at them before anybody can have them; null: no such program is set up. */
export type UploadSettings = { folder: string; scanner: ReadonlyArray<string> | null };

// One file is examined at a time: a picture that is drawn anew takes more memory than all that comes in meanwhile.
let before: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = before.then(work, work);
  before = turn.catch(() => null);
  return turn;
}

/**
 * Examines a file that came in and keeps it for the answer that will name it, or says what is wrong with it. Whatever
 * comes of it, nothing else of it stays in the vault.
 *
 * @returns the id that the answer is to hold.
 */
export function takeUpload(
  ctx: InvitationContext,
  settings: UploadSettings,
  { arrived, question, crop }: { arrived: Arrived; question: RowQuestion; crop: Crop | null },
): Promise<Result<string, UploadProblem>> {
  return inTurn(async () => {
    const { folder, scanner } = settings;
    let unused: VaultFile | null = arrived.file;
    try {
      if (arrived.bytes === 0) return refused("upload.error.empty");
      if (arrived.bytes > largestFor(question)) return refused("upload.error.large");
      const original = await wholeVaultFile(folder, arrived.file);
      // What is harmful is found in what came, not in what we made of it.
      const answer = scanner === null ? "clean" : await scan(scanner, original);
      if (answer !== "clean")
        return refused(answer === "infected" ? "upload.error.harmful" : "upload.error.notScanned");
      const examined = await examine(original, {
        portrait: question.type === "portrait",
        accepts: question.accepts,
        crop,
      });
      if (!examined.ok) return examined;
      const file = examined.value.bytes === original ? arrived.file : newVaultFile();
      if (file !== arrived.file)
        await writeVaultFile(folder, file, one(examined.value.bytes), { most: 4 * LARGEST_FILE });
      const stored = await storeUpload(ctx, {
        file,
        examined: examined.value,
        question,
        title: arrived.title,
      });
      if (stored.ok) unused = file === arrived.file ? null : arrived.file;
      else if (file !== arrived.file) await removeVaultFile(folder, file.name);
      return stored;
    } finally {
      if (unused !== null) await removeVaultFile(folder, unused.name);
    }
  });
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function storeUpload(
  ctx: InvitationContext,
  {
    file,
    examined,
    question,
    title,
  }: { file: VaultFile; examined: Examined; question: RowQuestion; title: string },
): Promise<Result<string, UploadProblem>> {
  return ctx.db.write((tx) => {
    const registrant = findRegistrant(tx, ctx.scope);
    if (registrant === null) return refused("upload.error.closed");
    const { invitationId } = registrant;
    const there = tx
      .select({ bytes: sum(upload.bytes).mapWith(Number) })
      .from(upload)
      .where(eq(upload.invitationId, invitationId))
      .get();
    const { mediaType, width, height } = examined;
    const bytes = examined.bytes.length;
    if ((there?.bytes ?? 0) + bytes > MOST_BYTES) return refused("upload.error.tooMuch");
    const id = newId();
    tx.insert(upload)
      .values({
        id,
        invitationId,
        question: question.key,
        state: "staged",
        dataClass: question.dataClass,
        mediaType,
        bytes,
        width,
        height,
        stored: file.name,
        sealed: sealSecret(ctx.keys, id, { key: file.key, title }),
        createdAt: ctx.clock.now(),
      })
      .run();
    recordAudit(tx, ctx, {
      action: "upload.add",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId: registrant.editionId,
      sideId: registrant.sideId,
      details: { bytes },
    });
    return ok(id);
  });
}
