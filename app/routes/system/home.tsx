import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Sheet } from "../../components/page.tsx";
import { currentStaff, requestLocale } from "../../context.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const handle = { scripts: false };

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "common.product") },
];

/** Names no meeting and nobody: whoever finds this address learns nothing. Staff go to their work. */
export async function loader(args: LoaderFunctionArgs) {
  if ((await currentStaff(args)) !== null) throw redirect(paths.editions(), 303);
  return { locale: requestLocale(args.request) };
}

export default function Home() {
  const t = useT();
  return (
    <Sheet hosts={[]}>
      <h1>{t("system.home.title")}</h1>
      <p>{t("system.home.text")}</p>
      <p>
        <a href={paths.signIn()}>{t("system.home.staff")}</a>
      </p>
    </Sheet>
  );
}
