import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Sheet } from "../../components/page.tsx";
import { visitor } from "../../context.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "notMe.thanksTitle") },
];

/** The same for everybody: it says nothing of any invitation. */
export function loader(args: LoaderFunctionArgs) {
  return { locale: visitor(args).locale };
}

export default function NotMeThanksPage() {
  const t = useT();
  return (
    <Sheet hosts={[]}>
      <h1>{t("notMe.thanksTitle")}</h1>
      <p>{t("notMe.thanks")}</p>
    </Sheet>
  );
}
