import { inviteColleague } from "#app/domain/access/colleagues.server.ts";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { endOfDay } from "#app/domain/privacy/release.ts";
import { instantOf } from "#app/i18n/dates.ts";
import type { Locale, Permission } from "../vocabulary.ts";

const ZONE = "Asia/Shanghai";
/** Thirty days after the last departure. */
const LAST_DAY = "2019-01-05";

type Colleague = { name: string; email: string; locale: Locale; permissions: ReadonlyArray<Permission> };

/** Of each side: one who works for this edition alone, and one who has been asked to and has not come yet. */
const COLLEAGUES: Readonly<Record<"us" | "cn", { here: Colleague; asked: Colleague }>> = {
  us: {
    here: {
      name: "Dana Example",
      email: "dana.example@us-delegation.example",
      locale: "en",
      permissions: ["logistics", "duty_desk"],
    },
    asked: {
      name: "Walter Filler",
      email: "walter.filler@us-delegation.example",
      locale: "en",
      permissions: ["invitations"],
    },
  },
  cn: {
    here: {
      name: "周示例",
      email: "shili.zhou@cn-delegation.example",
      locale: "zh-CN",
      permissions: ["agenda", "documents"],
    },
    asked: {
      name: "吴样本",
      email: "yangben.wu@cn-delegation.example",
      locale: "zh-CN",
      permissions: ["logistics"],
    },
  },
};

/** Colleagues of the demonstration besides the four logins that everybody may use. */
export async function seedStaff({
  clock,
  system,
  password,
  us,
  cn,
}: {
  clock: { set(instant: number): void };
  system: DomainContext;
  password: string;
  /** The leads of the two sides. */
  us: StaffContext;
  cn: StaffContext;
}): Promise<void> {
  clock.set(instantOf("2018-10-27", "10:30", ZONE));
  const endsAt = endOfDay(LAST_DAY, ZONE);
  for (const [lead, { here, asked }] of [
    [us, COLLEAGUES.us],
    [cn, COLLEAGUES.cn],
  ] as const) {
    const { editionId, sideIds } = lead.scope;
    const [sideId] = sideIds;
    if (sideId === undefined) throw new Error("A lead of the demonstration leads no side");
    const { permissions, ...login } = here;
    const access = permissions.map((permission) => ({
      coHostId: sideId,
      editionId,
      permission,
      endsAt,
      grantedBy: lead.actor.id,
    }));
    const added = await addStaff(system, { ...login, password, access });
    const invited = await inviteColleague(lead, { ...asked, sideId, editionId, endsAt });
    if (!added.ok || !invited.ok) throw new Error("A command refused the demonstration's staff");
  }
}
