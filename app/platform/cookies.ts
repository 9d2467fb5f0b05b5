/** One cookie's Set-Cookie value: unreadable for scripts, not sent with what other sites have the browser post. */
export function cookie(
  name: string,
  value: string,
  {
    path,
    maxAge,
    secure,
  }: { path: string /** In seconds; 0 removes it. */; maxAge: number; secure: boolean },
): string {
  return `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** Headers of an answer that sets these cookies, each a whole Set-Cookie value. */
export function withCookies(cookies: ReadonlyArray<string>): Headers {
  const headers = new Headers();
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return headers;
}
