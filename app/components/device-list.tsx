import { moment } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { Status } from "./page.tsx";

type ShownDevice = {
  id: string;
  browser: string;
  system: string;
  createdAt: number;
  expiresAt: number;
  assistant: string | null;
  here?: boolean;
};

/** Browsers in which a code was typed, each with a button that removes it (`intent=removeDevice`). */
export function DeviceList({
  devices,
  timeZone,
  inWords = moment,
}: {
  devices: ReadonlyArray<ShownDevice>;
  timeZone: string;
  /** How the one who reads it is told a time: staff otherwise than the invited. */
  inWords?: typeof moment;
}) {
  const t = useT();
  const locale = useLocale();
  if (devices.length === 0) return <p className="muted">{t("devices.none")}</p>;
  return (
    <ul className="plain access-list">
      {devices.map((device) => {
        const name = deviceName(t, device);
        const since = inWords(device.createdAt, timeZone, locale);
        return (
          <li key={device.id}>
            <div>
              <strong>{name}</strong>{" "}
              {device.here === true ? <Status tone="good">{t("account.here")}</Status> : null}
              <span className="second-line small muted">
                {device.assistant === null ? null : (
                  <>
                    <bdi>{t("devices.assistants", { name: device.assistant })}</bdi> ·{" "}
                  </>
                )}
                {t("devices.since", { when: since })}
              </span>
            </div>
            <form method="post">
              <input type="hidden" name="intent" value="removeDevice" />
              <input type="hidden" name="device" value={device.id} />
              <button
                className="button quiet small"
                type="submit"
                aria-label={t("devices.removeThis", { device: name, when: since })}
              >
                {t("devices.remove")}
              </button>
            </form>
          </li>
        );
      })}
    </ul>
  );
}

function deviceName(t: ReturnType<typeof useT>, { browser, system }: ShownDevice): string {
  return browser !== "" && system !== ""
    ? t("account.deviceOn", { browser, system })
    : browser || system || t("account.deviceUnknown");
}
