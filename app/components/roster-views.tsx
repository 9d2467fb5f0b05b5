import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { useT } from "../i18n/react.tsx";
import { Toolbar } from "./desk.tsx";

export type RosterViewName = { id: string; name: string; shared: boolean; own: boolean };

/** The views that have a name, as ways to go; the usual one first. */
export function RosterViews({
  views,
  here,
  address,
}: {
  views: ReadonlyArray<RosterViewName>;
  /** The view that is open; null: the usual one, undefined: one without a name. */
  here: string | null | undefined;
  address: (id: string | null) => string;
}) {
  const t = useT();
  return (
    <nav className="pages roster-views" aria-label={t("roster.views")}>
      <a href={address(null)} aria-current={here === null ? "page" : undefined}>
        {t("roster.view.usual")}
      </a>
      {views.map(({ id, name, shared, own }) => (
        <a key={id} href={address(id)} aria-current={here === id ? "page" : undefined}>
          <bdi>{name}</bdi>
          {shared ? (
            <span className="muted small"> {t(own ? "roster.view.sharedByMe" : "roster.view.shared")}</span>
          ) : null}
        </a>
      ))}
    </nav>
  );
}

/** Gives what is shown a name, or changes a view of one's own. */
export function RosterKeep({
  of,
  refused,
  children,
}: {
  /** The view with a name that this one came from, if it is the reader's own. */
  of: RosterViewName | null;
  /** What could not be kept, as it was typed, and why. */
  refused: { problem: string; name: string; shared: boolean } | undefined;
  children: ReactNode;
}) {
  const t = useT();
  return (
    <Form method="post" className="roster-keep" preventScrollReset>
      {children}
      {refused === undefined ? null : (
        <p className="error-line" role="alert">
          {refused.problem}
        </p>
      )}
      <label className="field narrow">
        <span className="label">{t("roster.view.name")}</span>
        <input
          name="name"
          defaultValue={refused?.name ?? of?.name ?? ""}
          maxLength={80}
          autoComplete="off"
          key={of?.id ?? ""}
        />
      </label>
      <label className="tick-inline">
        <input
          type="checkbox"
          name="shared"
          defaultChecked={refused?.shared ?? of?.shared === true}
          key={of?.id ?? ""}
        />{" "}
        {t("roster.view.share")}
      </label>
      <Toolbar>
        {of === null ? null : (
          <button className="button quiet small" type="submit" name="intent" value="keep">
            {t("roster.view.saveTo", { name: of.name })}
          </button>
        )}
        <button className="button quiet small" type="submit" name="intent" value="keepNew">
          {t("roster.view.saveNew")}
        </button>
        {of === null ? null : (
          <button className="button danger small" type="submit" name="intent" value="forget">
            {t("roster.view.delete", { name: of.name })}
          </button>
        )}
      </Toolbar>
    </Form>
  );
}
