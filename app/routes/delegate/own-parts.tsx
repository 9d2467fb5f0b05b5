import type { ComponentProps } from "react";
import { ChoiceField, SelectField, TextField, TickField } from "../../components/fields.tsx";
import type { RowQuestion } from "../../domain/registration/definition.ts";
import { partName } from "../../domain/registration/own-answers.ts";
import { type Part, partsOf } from "../../domain/registration/parts.ts";
import { ZONES } from "../../domain/registration/zones.ts";
import { countryOptions } from "../../i18n/countries.ts";
import { zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { isMessageKey } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";
import { partLabel } from "./registration-fields.ts";

/* Questions that are answered in several parts, each a field of its own under one legend. */

/** A country by its name in the reader's language. */
export function CountryField(props: Omit<ComponentProps<typeof SelectField>, "options" | "blank">) {
  const t = useT();
  const locale = useLocale();
  return <SelectField {...props} blank={t("own.blank")} options={countryOptions(locale)} />;
}

/** The zones that people name, the meeting's own among them, by their names. */
function ZoneField(props: Omit<ComponentProps<typeof SelectField>, "options" | "blank">) {
  const t = useT();
  const locale = useLocale();
  const chosen = props.form.values[props.name];
  const zones =
    typeof chosen === "string" && chosen !== "" && !ZONES.includes(chosen) ? [chosen, ...ZONES] : ZONES;
  return (
    <SelectField
      {...props}
      blank={t("own.blank")}
      options={zones.map((value) => ({ value, label: zoneName(value, locale) }))}
    />
  );
}

/** Parts that stand beside one another where there is room: a day, its time and the zone of both. */
function rowsOfParts(parts: ReadonlyArray<Part>): Array<Array<Part>> {
  const rows: Array<Array<Part>> = [];
  for (const part of parts) {
    const row = rows.at(-1);
    const joins = part.kind === "time" || part.kind === "zone" || part.key === "checkOut";
    if (joins && row !== undefined) row.push(part);
    else rows.push([part]);
  }
  return rows;
}

export function Parts({
  question,
  name,
  form,
  required,
}: {
  question: RowQuestion;
  name: string;
  form: FormState;
  required: boolean;
}) {
  return rowsOfParts(partsOf(question)).map((row) => {
    const fields = row.map((part) => (
      <PartField
        key={part.key}
        part={part}
        question={question}
        name={partName(name, part.key)}
        form={form}
        required={required}
      />
    ));
    const [first] = row;
    return row.length === 1 ? (
      fields
    ) : (
      <div className="pair" key={first?.key}>
        {fields}
      </div>
    );
  });
}

function PartField({
  part,
  question,
  name,
  form,
  required,
}: {
  part: Part;
  question: RowQuestion;
  name: string;
  form: FormState;
  required: boolean;
}) {
  const t = useT();
  const helpKey = `part.${question.type}.${part.key}.help`;
  const field = {
    form,
    name,
    label: partLabel(t, question, part.key),
    help: isMessageKey(helpKey) ? t(helpKey) : undefined,
    required: required && part.needed === true,
    ...(part.lang === undefined ? {} : { lang: part.lang === "zh" ? "zh-Hans" : "en" }),
  };
  const valueName = (value: string) => {
    const key = `part.value.${value}`;
    return isMessageKey(key) ? t(key) : value;
  };
  switch (part.kind) {
    case "day":
      return <TextField {...field} type="date" narrow />;
    case "time":
      return <TextField {...field} type="time" narrow />;
    case "zone":
      return <ZoneField {...field} />;
    case "country":
      return <CountryField {...field} />;
    case "choice":
      return (
        <ChoiceField
          {...field}
          type="radio"
          options={(part.values ?? []).map((value) => ({ value, label: valueName(value) }))}
        />
      );
    case "tick":
      return <TickField form={form} name={name} label={field.label} />;
    case "number":
      return <TextField {...field} narrow maxLength={part.longest} />;
    default:
      return <TextField {...field} maxLength={part.longest} />;
  }
}
