import type { SectionState } from "#db/vocabulary.ts";
import { Status } from "../../components/page.tsx";
import type { RegistrationForm } from "../../domain/registration/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { paths } from "../../paths.ts";
import { SectionTitle } from "./own-questions.tsx";

/* The sections of the form as steps: where one is, what is done, what is left. */

const TONES: Readonly<Record<SectionState, "good" | "wait" | undefined>> = {
  empty: undefined,
  draft: "wait",
  submitted: "good",
  verified: "good",
};

type Step = RegistrationForm["sections"][number];

/** The first section in which something is left to do; null: there is none. */
export function nextToDo(sections: ReadonlyArray<Step>): string | null {
  return sections.find(({ missing, toCheck }) => missing.length > 0 || toCheck)?.section ?? null;
}

/** How far a section is, in a word and a shape. */
function StepState({ step: { state, missing, toCheck } }: { step: Step }) {
  const t = useT();
  const isComplete = state === "draft" && missing.length === 0;
  return (
    <>
      {toCheck ? (
        <Status tone="wait">{t("step.toCheck")}</Status>
      ) : (
        <Status tone={isComplete ? "good" : TONES[state]}>
          {isComplete ? t("step.complete") : t(`sectionState.${state}`)}
        </Status>
      )}
      {missing.length === 0 || state === "empty" ? null : (
        <span className="small muted"> {t("register.left", { count: missing.length })}</span>
      )}
    </>
  );
}

/**
 * All steps with the way to each.
 *
 * @param here the section that the page shows, if it shows one.
 */
export function Progress({
  view,
  token,
  here,
}: {
  view: Pick<RegistrationForm, "sections" | "asked" | "bound">;
  token: string;
  here?: string;
}) {
  const t = useT();
  return (
    <nav aria-label={t("register.progress")}>
      <ol className="progress">
        {view.sections.map((step) => (
          <li key={step.section}>
            <a
              href={paths.registrationSection(token, step.section)}
              aria-current={step.section === here ? "step" : undefined}
            >
              <SectionTitle sections={view.asked} section={step.section} />
            </a>
            <span>
              <StepState step={step} />
              {view.bound[step.section] === undefined ? null : (
                <span className="small muted"> {t("late.step")}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
