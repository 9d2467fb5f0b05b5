import { Form, NavLink, useLocation } from "@remix-run/react";
import { type ReactNode, useEffect, useRef } from "react";
import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";
import { LanguageSwitch, Mark, SkipLink } from "./page.tsx";

/*
 * The frame of every page of the secretariat: a rail with the ways to go, the work beside it. On a narrow screen
 * the ways are behind a button, which the browser itself opens; one that knows no popovers shows them above the work.
 */

/**
 * @param title where one is: the edition's short title, or nothing for the product's name
 * @param note one muted line beneath it, e.g. the side and the permission
 * @param rail `RailSection`s
 */
export function Desk({
  title,
  note,
  rail,
  children,
}: {
  title?: ReactNode;
  note?: ReactNode;
  rail?: ReactNode;
  children: ReactNode;
}) {
  const t = useT();
  useWaysClosed();
  return (
    <>
      <SkipLink />
      <div className="desk">
        <header className="rail">
          <a className="rail-brand" href={paths.editions()}>
            <Mark />
            <strong>{title ?? t("common.product")}</strong>
          </a>
          {note === undefined ? null : <p className="muted rail-note">{note}</p>}
          <button type="button" className="button quiet rail-menu" {...{ popovertarget: WAYS }}>
            {t("desk.menu")}
          </button>
          <div className="rail-ways" id={WAYS} {...{ popover: "auto" }}>
            <nav aria-label={t("desk.navigation")}>
              {rail}
              <RailSection heading={t("desk.secretariat")}>
                <RailLink to={paths.editions()} end>
                  {t("desk.editions")}
                </RailLink>
                <RailLink to={paths.account()}>{t("desk.account")}</RailLink>
              </RailSection>
            </nav>
            <div className="rail-foot">
              <LanguageSwitch />
              <Form method="post" action={paths.signOut()} reloadDocument>
                <button className="link" type="submit">
                  {t("desk.signOut")}
                </button>
              </Form>
            </div>
          </div>
        </header>
        <main className="work" id="content" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

const WAYS = "ways";

/** Whoever went somewhere sees where they are: a page that only changes its parts would leave the ways open. */
function useWaysClosed() {
  const { key } = useLocation();
  const at = useRef(key);
  useEffect(() => {
    // Whoever opened them before the script came has gone nowhere.
    if (at.current === key) return;
    at.current = key;
    const ways = document.getElementById(WAYS);
    if (ways?.matches(":popover-open")) ways.hidePopover();
  }, [key]);
}

/** A group of ways under a small heading. */
export function RailSection({ heading, children }: { heading: ReactNode; children: ReactNode }) {
  return (
    <section className="rail-section">
      <h2>{heading}</h2>
      <div>{children}</div>
    </section>
  );
}

/**
 * One way to go; marked when one is there, or (without `end`) below it.
 *
 * @param note a count or a state, muted, e.g. "46" or "draft of v3"
 */
export function RailLink({
  to,
  end = false,
  note,
  children,
}: {
  to: string;
  end?: boolean;
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <NavLink to={to} end={end}>
      {children}
      {note === undefined ? null : <span className="muted"> {note}</span>}
    </NavLink>
  );
}

/** The heading of a page of work, with what can be done there beside it. */
export function WorkHeading({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="work-heading">
      <h1>{children}</h1>
      {actions === undefined ? null : <div className="toolbar">{actions}</div>}
    </div>
  );
}

/** A table that may be wider than the screen: it scrolls by itself, by keyboard too. `label` names it. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group, not a landmark: the section around it often has the same name; a fieldset would be for a form.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <div className="table-frame" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

/** The heads of a table's columns; those over numbers stand to the right, as the numbers do. */
export function Heads({ columns }: { columns: ReadonlyArray<string | { num: string }> }) {
  return (
    <thead>
      <tr>
        {columns.map((column) =>
          typeof column === "string" ? (
            <th scope="col" key={column}>
              {column}
            </th>
          ) : (
            <th scope="col" className="num" key={column.num}>
              {column.num}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

/** Buttons and links in a row. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className="toolbar">{children}</div>;
}

/** Fields that narrow a list, in a row; a GET form around it keeps the choice in the address. */
export function Filters({ children }: { children: ReactNode }) {
  return <div className="filters">{children}</div>;
}
