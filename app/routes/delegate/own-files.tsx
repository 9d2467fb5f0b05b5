import { type ReactNode, useId } from "react";
import { useFieldId } from "../../components/fields.tsx";
import { useRequestInfo } from "../../components/request-info.tsx";
import type { RowQuestion } from "../../domain/registration/definition.ts";
import {
  acceptOf,
  extensionOf,
  LARGEST_MB,
  SMALLEST_PORTRAIT,
  type UploadFacts,
} from "../../domain/upload/rules.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import type { Translate } from "../../i18n/translate.ts";
import type { FormState } from "../../platform/form-state.ts";
import portraitCrop from "./portrait-crop.js?url";

/** Names of the parts of a form that have to do with a file: the file itself, and the square of it that is wanted. */
export const FILE = "file:";
export const CROP = "crop:";

/** A file as its owner knows it, and what it is. */
export function fileInWords(t: Translate, { title, mediaType, bytes }: UploadFacts): string {
  const size =
    bytes >= 1024 * 1024
      ? t("upload.megabytes", { size: Math.round((bytes / 1024 / 1024) * 10) / 10 })
      : t("upload.kilobytes", { size: Math.max(1, Math.round(bytes / 1024)) });
  const kind = extensionOf(mediaType).toUpperCase();
  return title === "" ? t("upload.nameless", { kind, size }) : t("upload.named", { title, kind, size });
}

/** A question that is answered with a file: what is there, and a place to choose another. Works without JavaScript. */
export function FileField({
  question,
  form,
  name,
  label,
  help,
  required,
  isKept,
  stored,
  href,
}: {
  question: RowQuestion;
  form: FormState;
  name: string;
  label: ReactNode;
  help: ReactNode;
  required: boolean;
  /** One is under the seal. */
  isKept: boolean;
  /** The file that is there, where it may be shown. */
  stored: UploadFacts | null;
  /** Where it can be had; null: nowhere from here. */
  href: string | null;
}) {
  const t = useT();
  const locale = useLocale();
  const base = useId();
  const id = useFieldId(name);
  const errors = form.errors[name] ?? [];
  const value = form.values[name];
  const isPortrait = question.type === "portrait";
  const kinds = question.accepts.map((kind) => t(`fileKind.${kind}`)).join(locale === "en" ? ", " : "、");
  const limit = isPortrait
    ? t("upload.portraitHelp", { pixels: SMALLEST_PORTRAIT, most: question.most ?? LARGEST_MB })
    : t("upload.help", { kinds, most: question.most ?? LARGEST_MB });
  const hasOne = stored !== null || isKept;
  return (
    <div className={errors.length > 0 ? "field upload wrong" : "field upload"}>
      <label className="label" htmlFor={id}>
        {label}
        {required ? null : <span className="muted optional">{t("common.optional")}</span>}
      </label>
      {errors.length === 0 ? null : (
        <span className="error" id={`${base}e`}>
          {errors.map((key) => t(key)).join(" ")}
        </span>
      )}
      {stored === null ? null : (
        <p className="stored-file">
          {href === null ? fileInWords(t, stored) : <a href={href}>{fileInWords(t, stored)}</a>}
        </p>
      )}
      {typeof value === "string" && value !== "" ? <input type="hidden" name={name} value={value} /> : null}
      <input
        id={id}
        name={FILE + name}
        type="file"
        accept={acceptOf(isPortrait ? ["image"] : question.accepts)}
        aria-invalid={errors.length > 0 ? true : undefined}
        aria-describedby={errors.length > 0 ? `${base}e ${base}h` : `${base}h`}
      />
      <span className="help" id={`${base}h`}>
        {help} {hasOne ? t("upload.replaces") : null} {limit}
      </span>
      {isPortrait ? <PortraitCrop name={name} /> : null}
    </div>
  );
}

/** Which square of the picture it is to be; hidden from everybody whose browser runs no script. */
function PortraitCrop({ name }: { name: string }) {
  const t = useT();
  const { nonce } = useRequestInfo();
  const id = useFieldId(name);
  const slider = (label: string, from: string) => (
    <label className="field">
      <span className="label">{label}</span>
      <input type="range" min={from} max="1" step="0.01" defaultValue="1" />
    </label>
  );
  return (
    <div className="crop" data-crop={id} hidden>
      <p className="help">{t("upload.crop")}</p>
      <canvas />
      <div className="pair">
        {slider(t("upload.cropAcross"), "0")}
        {slider(t("upload.cropDown"), "0")}
        {slider(t("upload.cropSize"), "0.3")}
      </div>
      <input type="hidden" name={CROP + name} disabled />
      <script type="module" src={portraitCrop} nonce={nonce} suppressHydrationWarning />
    </div>
  );
}
