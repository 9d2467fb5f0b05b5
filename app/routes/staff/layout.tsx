import type { LoaderFunctionArgs } from "@remix-run/node";
import { Outlet } from "@remix-run/react";
import { staffAccount } from "../../context.server.ts";

/** Everything below is for people who are signed in. Each page draws its own rail (components/desk.tsx). */
export async function loader(args: LoaderFunctionArgs) {
  const { locale } = await staffAccount(args);
  return { locale };
}

export default function StaffLayout() {
  return <Outlet />;
}
