import { Outlet } from "@remix-run/react";

/** Nothing that a delegate opens needs JavaScript, so nothing sends any: root leaves the scripts out below this. */
export const handle = { scripts: false };

/** Each page brings its own sheet: whose letterhead it is, only the page's loader knows. */
export default function DelegateLayout() {
  return <Outlet />;
}
