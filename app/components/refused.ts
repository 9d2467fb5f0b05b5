import type { ShouldRevalidateFunction } from "@remix-run/react";

/**
 * A page that was refused because of what a colleague wrote meanwhile is drawn with what stands there now, as it is without
 * JavaScript. By itself the framework would keep what the page was opened with, also the number of the change that it shows,
 * and refuse the same again for ever.
 */
export const shouldRevalidate: ShouldRevalidateFunction = ({ actionStatus, defaultShouldRevalidate }) =>
  actionStatus === 409 || defaultShouldRevalidate;
