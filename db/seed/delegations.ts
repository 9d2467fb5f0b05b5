import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { changeMember, orderDelegation } from "#app/domain/delegation/commands.server.ts";
import { delegationPage } from "#app/domain/delegation/queries.server.ts";
import { askInstitution } from "#app/domain/nomination/commands.server.ts";
import { proposeNames } from "#app/domain/nomination/holder.server.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { paths } from "#app/paths.ts";

const ZONE = "Asia/Shanghai";

/**
 * Delegations of the demonstration: each side's protocol order and deputy head, and a law school that was asked for
 * names, one of them known already. No approval is asked for: people were invited before anybody thought of it.
 *
 * @returns the link of the law school's contact.
 */
export async function seedDelegations({
  clock,
  system,
  sides,
  asks,
}: {
  clock: { set(instant: number): void };
  system: DomainContext;
  sides: ReadonlyArray<{
    lead: StaffContext;
    delegationId: string;
    /** Invitations of those who come first, in their order: the head, the deputy head, and so on. */
    first: ReadonlyArray<string>;
  }>;
  /** The side that asks for names, and somebody whom it knows already. */
  asks: {
    lead: StaffContext;
    delegationId: string;
    known: { familyLatin: string; givenLatin: string; email: string };
  };
}): Promise<string> {
  clock.set(instantOf("2018-10-15", "17:20", ZONE));
  for (const { lead, delegationId, first } of sides) {
    const [, deputy = ""] = first;
    done(await changeMember(lead, { invitationId: deputy, delegationId, category: "deputy_head" }));
    const from = delegationPage(lead, delegationId)?.members.map((one) => one.invitationId) ?? [];
    const order = [...first, ...from.filter((id) => !first.includes(id))];
    done(await orderDelegation(lead, { delegationId, from, wish: { kind: "whole", order } }));
  }

  clock.set(instantOf("2018-10-22", "09:40", ZONE));
  const { focalPointId } = done(
    await askInstitution(asks.lead, {
      delegationId: asks.delegationId,
      institutionEn: "Example Riverside Law School",
      institutionZh: "示例江畔法学院",
      name: "Iris Placeholder Song",
      email: "iris.song@law-school.example.org",
      locale: "en",
      places: 3,
      closesAt: instantOf("2018-11-06", "18:00", ZONE),
    }),
  );
  clock.set(instantOf("2018-10-25", "16:05", ZONE));
  const blank = { familyLatin: "", givenLatin: "", honorific: "", position: "", email: null, phone: null };
  done(
    await proposeNames(
      {
        ...system,
        actor: { kind: "focal_point", id: focalPointId },
        scope: { editionId: asks.lead.scope.editionId, focalPointId },
      },
      [
        {
          ...blank,
          familyLatin: "Specimen Gao",
          givenLatin: "Yolanda",
          nameNative: "高样例",
          honorific: "Professor",
          position: "Associate Professor of Comparative Law",
          email: "yolanda.gao@law-school.example.org",
          phone: "+1 212 555 0107",
        },
        // Stands in the side's contact book already.
        { ...blank, nameNative: "", ...asks.known, honorific: "Professor", position: "Vice Dean" },
      ],
    ),
  );
  return system.baseUrl + paths.nomination(system.keys.linkToken(focalPointId, 1));
}

/** What a command gave; a refusal would be a fault of this file. */
function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration was refused: ${result.refusal}`);
  return result.value;
}
