import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { ErrorPage, errorTitle } from "../../components/error-page.tsx";
import { requestLocale } from "../../context.server.ts";

export const handle = { scripts: false };

export const meta: MetaFunction<typeof loader> = ({ data: found }) => [
  { title: errorTitle(found?.locale ?? "en", 404) },
];

export function loader({ request }: LoaderFunctionArgs) {
  return data({ locale: requestLocale(request) }, { status: 404 });
}

/** Whatever is sent to a page that is not there finds nothing either. */
export function action() {
  return data(null, { status: 404 });
}

export default function NotFound() {
  return <ErrorPage status={404} />;
}
