import { Status } from "../../components/page.tsx";
import type { ExportState } from "../../domain/export/rules.ts";
import { useT } from "../../i18n/react.tsx";

const TONES = { open: "good", expired: undefined, ended: "stop" } as const satisfies Record<
  ExportState,
  unknown
>;

/** Whether a file's link still works. */
export function ExportStatus({ state }: { state: ExportState }) {
  const t = useT();
  return <Status tone={TONES[state]}>{t(`export.state.${state}`)}</Status>;
}
