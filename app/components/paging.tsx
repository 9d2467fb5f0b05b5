import { useT } from "../i18n/react.tsx";

/** Which part of a long list stands above, and the way to the others; nothing where one page holds all. */
export function Paging({
  page: { shown, total, first, next },
  address,
}: {
  page: { shown: ReadonlyArray<unknown>; total: number; first: number; next: string | null };
  /** Where the page after that entry is; null: where the first one is. */
  address: (after: string | null) => string;
}) {
  const t = useT();
  if (shown.length === total) return null;
  return (
    <p className="paging">
      <span className="muted">
        {t("paging.range", { total, first: first + 1, last: first + shown.length })}
      </span>{" "}
      {first === 0 ? null : <a href={address(null)}>{t("paging.first")}</a>}{" "}
      {next === null ? null : (
        <a className="button quiet" href={address(next)} rel="next">
          {t("paging.next")}
        </a>
      )}
    </p>
  );
}
