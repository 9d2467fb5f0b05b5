import { parseArgs } from "node:util";
import { eq, or } from "drizzle-orm";
import { createSetUpLink } from "../../app/domain/access/commands.server.ts";
import { hasStaff } from "../../app/domain/access/queries.server.ts";
import type { Orm } from "../../db/client.server.ts";
import { coHost, edition } from "../../db/schema/index.ts";
import { PERMISSIONS, type Permission } from "../../db/vocabulary.ts";
import { asOperator, OperatorError } from "./installation.ts";

export const help = `secretariat staff add [--name NAME] [--email ADDRESS] --side SIDE --permission PERMISSION [--edition EDITION]

Prints a link, good once and for a week, by which a new member of staff chooses a password.
SIDE is a co-host's name or id, EDITION the short name in its addresses (all editions unless given).
--permission may be given more than once: ${PERMISSIONS.join(", ")}.
While there is no staff at all, \`secretariat staff add\` alone makes the link for the first one.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: "string" },
      email: { type: "string" },
      side: { type: "string" },
      permission: { type: "string", multiple: true, default: [] },
      edition: { type: "string" },
    },
  });
  if (positionals.join(" ") !== "add") throw new OperatorError(help);
  const permissions = values.permission.map(permissionNamed);
  const link = await asOperator((ctx) => {
    const first = !hasStaff(ctx) && values.side === undefined;
    if (!first && (values.side === undefined || permissions.length === 0))
      throw new OperatorError("Say for which --side and with which --permission.");
    return createSetUpLink(ctx, {
      ...(values.name === undefined ? {} : { name: values.name }),
      ...(values.email === undefined ? {} : { email: values.email }),
      ...(values.side === undefined
        ? {}
        : {
            access: {
              coHostId: sideNamed(ctx.db.orm, values.side),
              editionId: values.edition === undefined ? null : editionNamed(ctx.db.orm, values.edition),
              permissions,
            },
          }),
    });
  });
  console.log(`Give this link to them alone. It works once:\n${link}`);
  return true;
}

function permissionNamed(text: string): Permission {
  const permission = PERMISSIONS.find((known) => known === text);
  if (permission === undefined)
    throw new OperatorError(`"${text}" is no permission. There are ${PERMISSIONS.join(", ")}.`);
  return permission;
}

function sideNamed(orm: Orm, text: string): string {
  const [found, ...more] = orm
    .select({ id: coHost.id })
    .from(coHost)
    .where(or(eq(coHost.id, text), eq(coHost.nameEn, text), eq(coHost.nameZh, text)))
    .all();
  if (found !== undefined && more.length === 0) return found.id;
  const all = orm.select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh }).from(coHost).all();
  const list = all.map(({ id, nameEn, nameZh }) => `  ${id}  ${nameEn} ${nameZh}`).join("\n");
  throw new OperatorError(`"${text}" is not the name or id of one side. There are:\n${list}`);
}

function editionNamed(orm: Orm, slug: string): string {
  const found = orm.select({ id: edition.id }).from(edition).where(eq(edition.slug, slug)).get();
  if (found === undefined) throw new OperatorError(`There is no edition "${slug}".`);
  return found.id;
}
