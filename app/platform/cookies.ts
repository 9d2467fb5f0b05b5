/** Headers of an answer that sets these cookies, each a whole Set-Cookie value. */
export function withCookies(cookies: ReadonlyArray<string>): Headers {
  const headers = new Headers();
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return headers;
}
