import type { StaffContext } from "#app/domain/context.ts";
import { issueLetter, issueLetters, saveLetterhead } from "#app/domain/letter/commands.server.ts";
import type { LetterheadFacts } from "#app/domain/letter/form.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import type { KnownDocument } from "#app/domain/travel-document/rules.ts";
import { instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

const US_HEAD: LetterheadFacts = {
  nameEn: "Riverbend Committee on Bilateral Exchange",
  nameZh: "河湾双边交流委员会",
  addressEn: "100 Example Avenue, Suite 800, New York, NY 10000, USA",
  addressZh: "美国纽约州纽约市示例大道100号800室，邮编10000",
  phone: "+1 212 555 0100",
  email: "letters@us-delegation.example",
  signatoryEn: "Helena Placeholder-Ames",
  signatoryZh: "海伦娜·普雷斯霍尔德-埃姆斯",
  signatoryPostEn: "President",
  signatoryPostZh: "主席",
};

const CN_HEAD: LetterheadFacts = {
  nameEn: "Example Foundation for Legal Exchange",
  nameZh: "示例法律交流基金会",
  addressEn: "1 Sample Road, Example District, Beijing 100000, China",
  addressZh: "北京市示例区样本路1号，邮编100000",
  phone: "+86 10 0000 0001",
  email: "letters@cn-delegation.example",
  signatoryEn: "HE Shifan",
  signatoryZh: "何示范",
  signatoryPostEn: "Vice President and Secretary-General",
  signatoryPostZh: "副理事长兼秘书长",
};

/** Specimens: numbers that no state issues, and the nationality of a state that does not exist. */
const SPECIMEN = {
  state: "known",
  nationalityEn: "Utopian",
  nationalityZh: "乌托邦",
  nationality: "",
  issuedOn: "",
  issuedAt: "",
  mrz: "",
  type: "ordinary",
  applyAtEn: "New York",
  applyAtZh: "纽约",
  companions: "",
} as const satisfies Partial<KnownDocument>;

const MARGARET: KnownDocument = {
  ...SPECIMEN,
  familyName: "PLACEHOLDER",
  givenNames: "MARGARET ANN",
  gender: "F",
  birthDate: "1956-03-14",
  birthPlace: "UTOPIA CITY",
  number: "X00000001",
  expiresOn: "2026-06-30",
};

/** A passport has no room for an apostrophe. */
const PATRICK: KnownDocument = {
  ...SPECIMEN,
  familyName: "OEXAMPLE",
  givenNames: "PATRICK JOSEPH",
  gender: "M",
  birthDate: "1961-11-02",
  birthPlace: "UTOPIA CITY",
  number: "X00000002",
  expiresOn: "2019-02-28",
};

const MARIA_JOSE: KnownDocument = {
  ...SPECIMEN,
  familyName: "EJEMPLO MUNOZ",
  givenNames: "MARIA JOSE",
  gender: "M",
  birthDate: "1970-07-21",
  birthPlace: "PORT UTOPIA",
  number: "001234567",
  expiresOn: "2024-01-15",
  applyAtEn: "Houston",
  applyAtZh: "休斯敦",
  companions: "EJEMPLO FICCION, ANA (wife)",
};

/**
 * Letters of the demonstration: both sides' letterheads, three passports and one that is not issued yet, invitation
 * and visa letters, one of them in its second version because its holder has a new passport, one that is to be issued
 * again. Files are drawn when somebody asks for them: nothing here waits for that.
 */
export async function seedLetters({
  clock,
  us,
  cn,
}: {
  clock: { set(instant: number): void };
  us: {
    lead: StaffContext;
    sideId: string;
    margaret: string;
    patrick: string;
    mariaJose: string;
    kwame: string;
  };
  cn: { lead: StaffContext; sideId: string };
}): Promise<void> {
  // The face prints every character of these letters; to be told so it would have to be unpacked at each start.
  const unprintable = () => [];
  const visa = (invitationId: string, after = 0) =>
    issueLetter(us.lead, { invitationId, kind: "visa_letter", locale: "en", after, unprintable });

  clock.set(instantOf("2018-10-22", "21:15", ZONE));
  done(await saveLetterhead(us.lead, { sideId: us.sideId, head: US_HEAD }));
  done(await saveTravelDocument(us.lead, { invitationId: us.margaret, document: MARGARET }));
  done(await saveTravelDocument(us.lead, { invitationId: us.patrick, document: PATRICK }));
  done(await saveTravelDocument(us.lead, { invitationId: us.mariaJose, document: MARIA_JOSE }));
  const pending = { state: "pending", expectedOn: "2018-11-12" } as const;
  done(await saveTravelDocument(us.lead, { invitationId: us.kwame, document: pending }));

  clock.set(instantOf("2018-10-23", "10:30", ZONE));
  done(await saveLetterhead(cn.lead, { sideId: cn.sideId, head: CN_HEAD }));
  done(await issueLetters(cn.lead, { kind: "invitation_letter", locales: ["zh-CN"], unprintable }));

  clock.set(instantOf("2018-10-23", "21:40", ZONE));
  const letter = { invitationId: us.margaret, after: 0, unprintable };
  done(await issueLetter(us.lead, { ...letter, kind: "invitation_letter", locale: "en" }));
  done(await issueLetter(us.lead, { ...letter, kind: "visa_letter", locale: "zh-CN" }));
  for (const invitationId of [us.margaret, us.patrick, us.mariaJose]) done(await visa(invitationId));

  // His passport would have ended too soon; he has a new one.
  clock.set(instantOf("2018-10-26", "20:50", ZONE));
  const renewed = { ...PATRICK, number: "X00000012", expiresOn: "2028-10-18" };
  done(await saveTravelDocument(us.lead, { invitationId: us.patrick, document: renewed }));
  done(await visa(us.patrick, 1));

  // His wife stays at home: his letter still names her.
  clock.set(instantOf("2018-10-28", "22:05", ZONE));
  const alone = { ...MARIA_JOSE, companions: "" };
  done(await saveTravelDocument(us.lead, { invitationId: us.mariaJose, document: alone }));
}

/** What a command gave; a refusal would be a fault of this file. */
function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration was refused: ${result.refusal}`);
  return result.value;
}
