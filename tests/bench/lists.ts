import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "#app/paths.ts";
import { compete, type Heat } from "./compete.ts";
import { LEAD, type Series, writeSeries } from "./lists-data.ts";
import { startPart, stop } from "./processes.ts";
import { type Product, type ProductOptions, startProduct } from "./product.ts";
import { type LoadRequest, loadResult } from "./protocol.ts";
import type { Row, Verdict } from "./report.ts";

/*
 * What a list costs when there is ten times as much of everything: 400 people of two delegations at each of eight
 * editions, against 40 at one. One lead, who keeps both sides' lists, asks both servers for the same page in turns. Of
 * a list that comes in pages the first page is compared, whole as it is: where the small one has fewer rows than a
 * page holds, the large one pays for the difference. Lists that must be whole are compared
 * by row.
 */

const SMALL = { name: "40 people, one edition", people: 40, editions: 1 };
const LARGE = { name: "400 people, eight editions", people: 400, editions: 8 };
/** A desk has a few colleagues, not a crowd: more at once would measure the queue. */
const CONNECTIONS = 4;

type Asked = {
  name: string;
  path: string;
  search?: string;
  /**
   * It is worked out of all and shows ten times as many: people who are put in order, ticked or told as a whole, and
   * the pairs that a book of ten times as many people has. Each may cost the same.
   */
  whole?: true;
};

function lists({ slug, messageId, delegationIds, firstName }: Series): ReadonlyArray<Asked> {
  return [
    { name: "overview", path: paths.edition(slug) },
    { name: "people", path: paths.people(slug) },
    { name: "people, search", path: paths.people(slug), search: firstName },
    { name: "delegations", path: paths.delegations(slug) },
    { name: "one delegation", path: paths.delegation(slug, delegationIds[0]), whole: true },
    { name: "what is missing", path: paths.completeness(slug) },
    { name: "to be done again", path: paths.redo(slug) },
    { name: "approvals", path: paths.approvals(slug) },
    { name: "reminders", path: paths.reminders(slug), whole: true },
    { name: "attendance", path: paths.attendance(slug), whole: true },
    { name: "letters", path: paths.letters(slug) },
    { name: "mail", path: paths.mail(slug) },
    { name: "one message's deliveries", path: paths.message(slug, messageId) },
    { name: "releases", path: paths.releases(slug) },
    { name: "audit trail", path: paths.auditTrail(slug) },
    { name: "colleagues", path: paths.staff(slug) },
    { name: "contact book", path: paths.contacts(slug) },
    { name: "contact book, search", path: paths.contacts(slug), search: firstName },
    { name: "contact book, doubles", path: paths.contactDoubles(slug), whole: true },
    { name: "editions", path: paths.editions() },
  ];
}

type World = { name: string; product: Product; cookie: string; asked: ReadonlyArray<Asked> };

export async function measureLists(
  folder: string,
  options: Omit<ProductOptions, "dataDir" | "first" | "secretKeyFile">,
  { rounds, milliseconds, say }: { rounds: number; milliseconds: number; say: (text: string) => void },
): Promise<{ rows: Array<Row>; verdicts: Array<Verdict> }> {
  say("Lists …");
  const small = await startWorld(folder, options, SMALL);
  const large = await startWorld(folder, options, LARGE);
  const load = startPart("load", "load.ts");
  const rows: Array<Row> = [];
  const verdicts: Array<Verdict> = [];
  for (const [n, { name, whole = false }] of large.asked.entries()) {
    const shown: Array<number> = [];
    const heats: Array<Heat> = [];
    for (const world of [small, large]) {
      const asked = world.asked[n];
      if (asked === undefined) throw new Error("The two are not asked for the same lists");
      const request = await requestFor(asked, world);
      shown.push(await rowsShown(world.product.port, request));
      heats.push({
        name: `list: ${name}, ${world.name}, rows ${shown.at(-1)}`,
        unit: "answers/s",
        async turn() {
          const { port } = world.product;
          const { answers, seconds, p50, p99 } = await load.ask(
            {
              port,
              host: `127.0.0.1:${port}`,
              connections: CONNECTIONS,
              status: 200,
              requests: [request],
              milliseconds,
            },
            loadResult,
          );
          return { value: answers / seconds, p50, p99 };
        },
      });
    }
    const [few, many] = [...(await compete(heats, rounds)).values()];
    if (few === undefined || many === undefined) throw new Error("Nothing was measured");
    rows.push(few, many);
    const [fewRows = 0, manyRows = 0] = shown;
    verdicts.push({
      name: `list: ${name}, ten times as much${whole ? ", by row" : ""} (rows ${shown.join(" → ")})`,
      value: (few.rounds.median / many.rounds.median) * (whole ? fewRows / manyRows : 1),
      must: 2,
      aim: 1.5,
      more: false,
      unit: "times",
    });
  }
  await Promise.all([small.product.stop(), large.product.stop(), stop(load.child)]);
  return { rows, verdicts };
}

async function startWorld(
  folder: string,
  options: Omit<ProductOptions, "dataDir" | "first" | "secretKeyFile">,
  { name, people, editions }: typeof SMALL,
): Promise<World> {
  const dataDir = join(folder, `lists-${people}`);
  mkdirSync(dataDir, { recursive: true });
  const secret = Buffer.alloc(32, 7);
  const secretKeyFile = join(dataDir, "secret.key");
  writeFileSync(secretKeyFile, `${secret.toString("base64")}\n`, { mode: 0o600 });
  const series = await writeSeries(join(dataDir, "secretariat.db"), secret, { people, editions });
  const product = await startProduct({
    ...options,
    dataDir,
    secretKeyFile,
    // What is measured is lists, not how somebody got in.
    env: { SECOND_STEP: "optional" },
    first: { path: paths.signIn(), mark: 'name="password"', cookie: "" },
  });
  return { name, product, cookie: await signIn(product.port), asked: lists(series) };
}

/** @returns what the browser of the lead sends from then on. */
export async function signIn(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const response = await fetch(url + paths.signIn(), {
    method: "POST",
    headers: { Origin: url },
    body: new URLSearchParams({ email: LEAD.email, password: LEAD.password }),
    redirect: "manual",
  });
  if (response.status !== 303) throw new Error(`Signing in was answered ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** A search that leads to a view with an address is measured by that; any other by what it answers. */
async function requestFor({ path, search }: Asked, { cookie, product }: World): Promise<LoadRequest> {
  const mark = "</main>";
  if (search === undefined) return { method: "GET", path, mark, cookie };
  const body = new URLSearchParams({ search }).toString();
  const url = `http://127.0.0.1:${product.port}`;
  const answer = await fetch(url + path, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: url, Cookie: cookie, "Content-Type": "application/x-www-form-urlencoded" },
    body,
  });
  await answer.text();
  const view = answer.headers.get("Location");
  if (view === null) return { method: "POST", path, mark, cookie, body };
  return { method: "GET", path: view, mark, cookie };
}

/** How many table rows and list entries the page has in its main part. */
async function rowsShown(port: number, { method, path, body, cookie }: LoadRequest): Promise<number> {
  const url = `http://127.0.0.1:${port}`;
  const response = await fetch(url + path, {
    method,
    redirect: "manual",
    headers: {
      Origin: url,
      Cookie: cookie ?? "",
      "Accept-Language": "en",
      "Content-Type": "application/x-www-form-urlencoded",
    },
    ...(body === undefined ? {} : { body }),
  });
  const html = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  return main.match(/<(?:tr|li)[ >]/g)?.length ?? 0;
}
