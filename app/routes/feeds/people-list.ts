import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { requirePost, staffEdition } from "../../context.server.ts";
import { peopleTable } from "../../documents/people-list.ts";
import { peopleFilter } from "../../domain/person/form.ts";
import { exportPeople } from "../../domain/person/list.server.ts";
import { rosterIds } from "../../domain/roster/queries.server.ts";
import { findView } from "../../domain/roster/views.server.ts";

/** Taking a list away is recorded, so it is asked for with a POST: looking at an address writes nothing. */
export async function loader(args: LoaderFunctionArgs) {
  await staffEdition(args);
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** The list of this side's people as CSV: names, posts and states; nothing of class C2 and above. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, locale } = await staffEdition(args);
  const form = await args.request.formData();
  const view = form.get("view");
  const open = typeof view === "string" && view !== "" ? findView(ctx, view) : null;
  const people = await exportPeople(
    ctx,
    peopleFilter(form),
    open === null ? null : rosterIds(ctx, open.view),
  );
  return new Response(peopleTable(people, locale), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="people.csv"',
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
