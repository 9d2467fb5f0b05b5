import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";

/** Buttons that take sheets away: each taking is recorded, so each is a form. */
export function SheetForms({
  slug,
  files,
  note,
  fields = {},
}: {
  slug: string;
  files: ReadonlyArray<readonly [file: string, label: string]>;
  note: string | null;
  /** What goes along. */
  fields?: Readonly<Record<string, string>>;
}) {
  const t = useT();
  return (
    <section className="panel no-print">
      <h2>{t("needs.sheets")}</h2>
      {note === null ? null : <p className="readable small">{note}</p>}
      <div className="buttons">
        {files.map(([file, label]) => (
          <form key={file} method="post" action={paths.needSheet(slug, file)}>
            {Object.entries(fields).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            <button className="button quiet" type="submit">
              {label}
            </button>
          </form>
        ))}
      </div>
    </section>
  );
}
