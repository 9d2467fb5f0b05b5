import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { takeOwnData } from "../../domain/data-request/queries.server.ts";

/** It holds everything, passports too. Taking it away is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs): Promise<never> {
  await verifiedHolder(args);
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** All that is held of a person, as a file that other programs read. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await verifiedHolder(args);
  const file = await takeOwnData(ctx);
  if (file === null) throw notFound();
  return new Response(file, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": 'attachment; filename="my-data.json"',
    },
  });
}
