/** Text as it is, blanks and line breaks included. It scrolls by itself, by keyboard too; `label` names it. */
export function Verbatim({ label, lang, text }: { label: string; lang?: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section aria-label={label} className="verbatim" tabIndex={0} lang={lang}>
      <pre>{text}</pre>
    </section>
  );
}
