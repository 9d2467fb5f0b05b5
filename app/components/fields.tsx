import { createContext, type HTMLInputTypeAttribute, type ReactNode, useContext, useId } from "react";
import type { MessageKey } from "../i18n/catalogue/index.ts";
import { useT } from "../i18n/react.tsx";
import type { FormState } from "../platform/form-state.ts";

/*
 * The parts that forms are made of. Labels above, help beneath, errors beside what they are about; every one works
 * without JavaScript. They are given a FormState: what was typed (or stored) and what is wrong with it.
 */

type FieldProps = {
  form: FormState;
  name: string;
  label: ReactNode;
  help?: ReactNode;
  required?: boolean;
  /** The language of what goes in, when it is not the page's. */
  lang?: string;
};

function textOf(form: FormState, name: string): string {
  const value = form.values[name];
  return typeof value === "string" ? value : (value?.[0] ?? "");
}

function chosen(form: FormState, name: string): ReadonlyArray<string> {
  const value = form.values[name];
  return typeof value === "string" ? [value] : (value ?? []);
}

const FormOfPage = createContext("");

/**
 * Goes around one of several forms of a page whose fields have the same names, with its error summary: their ids stay
 * apart. `of` is said once on a page.
 */
export function FieldsOf({ of, children }: { of: string; children: ReactNode }) {
  return <FormOfPage.Provider value={of}>{children}</FormOfPage.Provider>;
}

/** Where the error summary's links lead. */
export function fieldId(name: string, of = ""): string {
  return ["f", of, name.replaceAll(/[^A-Za-z0-9]+/g, "-")].filter((part) => part !== "").join("-");
}

/** The same for a field of the form that this part of the page belongs to. */
export function useFieldId(name: string): string {
  return fieldId(name, useContext(FormOfPage));
}

function useDescription({ form, name, help }: Pick<FieldProps, "form" | "name" | "help">) {
  const base = useId();
  const errors = form.errors[name] ?? [];
  const ids = [errors.length > 0 ? `${base}e` : null, help === undefined ? null : `${base}h`].filter(
    (part) => part !== null,
  );
  return {
    errors,
    errorId: `${base}e`,
    helpId: `${base}h`,
    describedBy: ids.length > 0 ? ids.join(" ") : undefined,
  };
}

function Errors({ id, errors }: { id: string; errors: ReadonlyArray<MessageKey> }) {
  const t = useT();
  if (errors.length === 0) return null;
  return (
    <span className="error" id={id}>
      {errors.map((key) => t(key)).join(" ")}
    </span>
  );
}

function Label({ children, required }: { children: ReactNode; required: boolean | undefined }) {
  return (
    <span className="label">
      {children}
      {required === true ? null : <OptionalMark />}
    </span>
  );
}

/** One line of text. `defaultValue` from the form state; keyed by the caller when the record changes. */
export function TextField(
  props: FieldProps & {
    type?: HTMLInputTypeAttribute;
    autoComplete?: string;
    inputMode?: "text" | "numeric" | "tel" | "email";
    maxLength?: number;
    min?: string;
    max?: string;
    narrow?: boolean;
  },
) {
  const {
    form,
    name,
    label,
    help,
    required,
    lang,
    type = "text",
    autoComplete,
    inputMode,
    maxLength,
    min,
    max,
    narrow,
  } = props;
  const id = useFieldId(name);
  const { errors, errorId, helpId, describedBy } = useDescription(props);
  return (
    <label className={`field${errors.length > 0 ? " wrong" : ""}${narrow === true ? " narrow" : ""}`}>
      <Label required={required}>{label}</Label>
      <Errors id={errorId} errors={errors} />
      <input
        id={id}
        name={name}
        type={type}
        defaultValue={type === "password" ? undefined : textOf(form, name)}
        lang={lang}
        autoComplete={autoComplete ?? "off"}
        inputMode={inputMode}
        maxLength={maxLength}
        min={min}
        max={max}
        required={false}
        aria-required={required}
        aria-invalid={errors.length > 0 ? true : undefined}
        aria-describedby={describedBy}
      />
      {help === undefined ? null : (
        <span className="help" id={helpId}>
          {help}
        </span>
      )}
    </label>
  );
}

/** Several lines of text. */
export function LongTextField(props: FieldProps & { rows?: number; maxLength?: number }) {
  const { form, name, label, help, required, lang, rows = 4, maxLength } = props;
  const id = useFieldId(name);
  const { errors, errorId, helpId, describedBy } = useDescription(props);
  return (
    <label className={errors.length > 0 ? "field wrong" : "field"}>
      <Label required={required}>{label}</Label>
      <Errors id={errorId} errors={errors} />
      <textarea
        id={id}
        name={name}
        defaultValue={textOf(form, name)}
        lang={lang}
        rows={rows}
        maxLength={maxLength}
        aria-required={required}
        aria-invalid={errors.length > 0 ? true : undefined}
        aria-describedby={describedBy}
      />
      {help === undefined ? null : (
        <span className="help" id={helpId}>
          {help}
        </span>
      )}
    </label>
  );
}

export type Option = {
  value: string;
  label: string;
  help?: ReactNode;
  lang?: string;
  disabled?: boolean;
  /** The platform gives the label, and the browser's may say it otherwise than the server's (names of zones). The order must not hang on it. */
  ofPlatform?: boolean;
};

/** One of a list that is too long to lie open. `blank` is the text of "nothing chosen". */
export function SelectField(props: FieldProps & { options: ReadonlyArray<Option>; blank?: string }) {
  const { form, name, label, help, required, options, blank } = props;
  const id = useFieldId(name);
  const { errors, errorId, helpId, describedBy } = useDescription(props);
  return (
    <label className={errors.length > 0 ? "field wrong" : "field"}>
      <Label required={required}>{label}</Label>
      <Errors id={errorId} errors={errors} />
      <select
        id={id}
        name={name}
        defaultValue={textOf(form, name)}
        aria-required={required}
        aria-invalid={errors.length > 0 ? true : undefined}
        aria-describedby={describedBy}
      >
        {blank === undefined ? null : <option value="">{blank}</option>}
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            lang={option.lang}
            disabled={option.disabled}
            suppressHydrationWarning={option.ofPlatform}
          >
            {option.label}
          </option>
        ))}
      </select>
      {help === undefined ? null : (
        <span className="help" id={helpId}>
          {help}
        </span>
      )}
    </label>
  );
}

/** One (`radio`) or several (`checkbox`) of a few choices that lie open. Nothing is chosen unless it was stored or typed. */
export function ChoiceField(
  props: FieldProps & { type: "radio" | "checkbox"; options: ReadonlyArray<Option> },
) {
  const { form, name, label, help, required, type, options } = props;
  const id = useFieldId(name);
  const { errors, errorId, helpId, describedBy } = useDescription(props);
  const picked = chosen(form, name);
  return (
    <fieldset
      className={errors.length > 0 ? "choices wrong" : "choices"}
      id={id}
      aria-describedby={describedBy}
      tabIndex={-1}
    >
      <legend>
        {label}
        {required === true || type === "checkbox" ? null : <OptionalMark />}
      </legend>
      <Errors id={errorId} errors={errors} />
      {help === undefined ? null : (
        <span className="help" id={helpId}>
          {help}
        </span>
      )}
      {options.map((option) => (
        <label className="choice" key={option.value} lang={option.lang}>
          <input
            type={type}
            name={name}
            value={option.value}
            defaultChecked={picked.includes(option.value)}
            disabled={option.disabled}
          />
          <span>
            {option.label}
            {option.help === undefined ? null : <span className="help">{option.help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function OptionalMark() {
  const t = useT();
  return <span className="muted optional">{t("common.optional")}</span>;
}

/** A single box to tick, e.g. a consent. */
export function TickField(props: Omit<FieldProps, "required">) {
  const { form, name, label, help } = props;
  const id = useFieldId(name);
  const { errors, errorId, helpId, describedBy } = useDescription(props);
  return (
    <div className={errors.length > 0 ? "tick wrong" : "tick"}>
      <Errors id={errorId} errors={errors} />
      <label className="choice">
        <input
          type="checkbox"
          id={id}
          name={name}
          value="on"
          defaultChecked={textOf(form, name) === "on"}
          aria-invalid={errors.length > 0 ? true : undefined}
          aria-describedby={describedBy}
        />
        <span>
          {label}
          {help === undefined ? null : (
            <span className="help" id={helpId}>
              {help}
            </span>
          )}
        </span>
      </label>
    </div>
  );
}

/** All that is wrong, first thing on the page, each a link to its field. `labels` names the fields. */
export function ErrorSummary({
  form,
  labels,
}: {
  form: FormState;
  labels: Readonly<Record<string, string>>;
}) {
  const t = useT();
  const of = useContext(FormOfPage);
  const before = (label: string) =>
    /[?？]$/u.test(label) ? t("common.question", { label }) : t("common.label", { label });
  const entries = Object.entries(form.errors).filter(([, keys]) => keys.length > 0);
  if (entries.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noAutofocus: whoever sent something wrong is brought to what is wrong, not to the page's head
    <div className="notice stop" role="alert" tabIndex={-1} id="errors" autoFocus>
      <strong>{t("common.errorSummary", { count: entries.length })}</strong>
      <ul>
        {entries.map(([name, keys]) => (
          <li key={name}>
            {name === "" ? (
              keys.map((key) => t(key)).join(" ")
            ) : (
              <a href={`#${fieldId(name, of)}`}>
                {before(labels[name] ?? name)}
                {keys.map((key) => t(key)).join(" ")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
