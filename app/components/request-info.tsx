import { createContext, useContext } from "react";
import type { Locale } from "#db/vocabulary.ts";

/** What a page knows of its request even where no loader ran: for inline scripts and for error pages. */
export type RequestInfo = { nonce: string | undefined; locale: Locale };

const RequestInfoContext = createContext<RequestInfo>({ nonce: undefined, locale: "en" });

export const RequestInfoProvider = RequestInfoContext.Provider;

export function useRequestInfo(): RequestInfo {
  return useContext(RequestInfoContext);
}
