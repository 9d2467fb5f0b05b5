/** A header of what a page asks by itself, again and again, while perhaps nobody sits there: it keeps nobody signed in. */
export const UNATTENDED = "X-Unattended";
