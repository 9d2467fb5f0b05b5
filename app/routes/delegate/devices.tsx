import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DeviceList } from "../../components/device-list.tsx";
import { Notice } from "../../components/page.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { ownDevices, removeDevice } from "../../domain/access/devices.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { DelegateSheet, letterhead, usePhones } from "./parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "devices.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale, device } = await verifiedHolder(args);
  return {
    locale,
    token,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    devices: ownDevices(ctx).map((each) => ({ ...each, here: each.id === device.id })),
    removed: new URL(args.request.url).searchParams.has("removed"),
  };
}

/** Removes a device; whoever removes the one at hand is back at the letter. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token, device } = await verifiedHolder(args);
  const deviceId = String((await args.request.formData()).get("device") ?? "");
  const removed = await removeDevice(ctx, deviceId);
  if (!removed.ok) throw notFound();
  return redirect(deviceId === device.id ? paths.invitation(token) : `${paths.devices(token)}?removed`, 303);
}

export default function DevicesPage() {
  const page = useLoaderData<typeof loader>();
  const t = useT();
  const phones = usePhones(page.letterhead);
  return (
    <DelegateSheet {...page} page="access">
      {page.removed ? (
        <Notice tone="good">
          <p>{t("devices.removed")}</p>
        </Notice>
      ) : null}
      <h1>{t("devices.title")}</h1>
      <p>{t("devices.lead", { phones })}</p>
      <DeviceList devices={page.devices} timeZone={page.letterhead.timeZone} />
      <p className="access-more">
        <a className="button quiet" href={paths.assistant(page.token)}>
          {t("assistant.title")}
        </a>
      </p>
    </DelegateSheet>
  );
}
