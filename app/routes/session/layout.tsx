import type { LoaderFunctionArgs } from "@remix-run/node";
import { Outlet } from "@remix-run/react";
import { Sheet } from "../../components/page.tsx";
import { visitor } from "../../context.server.ts";

/** Nothing here needs JavaScript, and a page that takes passwords is better off without. */
export const handle = { scripts: false };

export function loader(args: LoaderFunctionArgs) {
  return { locale: visitor(args).locale };
}

export default function SessionLayout() {
  return (
    <Sheet hosts={[]}>
      <Outlet />
    </Sheet>
  );
}
