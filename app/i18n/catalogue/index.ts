import { accessNeeds } from "./access-needs.ts";
import { agenda } from "./agenda.ts";
import { audit } from "./audit.ts";
import { board } from "./board.ts";
import { cards } from "./cards.ts";
import { cars } from "./cars.ts";
import { clashes } from "./clashes.ts";
import { clearance } from "./clearance.ts";
import { common } from "./common.ts";
import { completeness } from "./completeness.ts";
import { contacts } from "./contacts.ts";
import { cues } from "./cues.ts";
import { delegate } from "./delegate.ts";
import { delegations } from "./delegations.ts";
import { desk } from "./desk.ts";
import { edition } from "./edition.ts";
import { exports } from "./exports.ts";
import { filling } from "./filling.ts";
import { form } from "./form.ts";
import { imports } from "./import.ts";
import { interpretation } from "./interpretation.ts";
import { letters } from "./letters.ts";
import { life } from "./life.ts";
import { links } from "./links.ts";
import { mail } from "./mail.ts";
import { mailAudience } from "./mail-audience.ts";
import { mailCentre } from "./mail-centre.ts";
import { mailSubjects } from "./mail-subjects.ts";
import { meals } from "./meals.ts";
import { myStay } from "./my-stay.ts";
import { notices } from "./notices.ts";
import { overview } from "./overview.ts";
import { people } from "./people.ts";
import { questions } from "./questions.ts";
import { releases } from "./releases.ts";
import { reminders } from "./reminders.ts";
import { retention } from "./retention.ts";
import { rights } from "./rights.ts";
import { roomShare } from "./room-share.ts";
import { rooms } from "./rooms.ts";
import { roster } from "./roster.ts";
import { rosterColumnNames } from "./roster-columns.ts";
import { rosterGrid } from "./roster-grid.ts";
import { rosterPageWords } from "./roster-page.ts";
import { session } from "./session.ts";
import { spellings } from "./spellings.ts";
import { staff } from "./staff.ts";
import { system } from "./system.ts";
import { tasks } from "./tasks.ts";
import { terms } from "./terms.ts";
import { travel } from "./travel.ts";
import { uploads } from "./uploads.ts";
import { vehicles } from "./vehicles.ts";
import { venues } from "./venues.ts";
import { visits } from "./visits.ts";

/** Every text of the product: English, then Chinese, side by side so that neither is forgotten. */
const all = {
  ...common,
  ...cars,
  ...terms,
  ...system,
  ...session,
  ...delegate,
  ...desk,
  ...edition,
  ...overview,
  ...tasks,
  ...form,
  ...questions,
  ...filling,
  ...completeness,
  ...uploads,
  ...delegations,
  ...people,
  ...imports,
  ...roster,
  ...rosterColumnNames,
  ...exports,
  ...rosterPageWords,
  ...rosterGrid,
  ...spellings,
  ...contacts,
  ...life,
  ...reminders,
  ...letters,
  ...links,
  ...agenda,
  ...board,
  ...cards,
  ...clashes,
  ...cues,
  ...venues,
  ...mail,
  ...mailAudience,
  ...mailCentre,
  ...mailSubjects,
  ...notices,
  ...releases,
  ...retention,
  ...roomShare,
  ...rights,
  ...travel,
  ...vehicles,
  ...rooms,
  ...meals,
  ...myStay,
  ...accessNeeds,
  ...interpretation,
  ...staff,
  ...audit,
  ...visits,
  ...clearance,
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type MessageKey = keyof typeof all;

/** The words themselves are no types: thousands of them would be compared wherever one is looked up. */
export const catalogue: Readonly<Record<MessageKey, readonly [en: string, zh: string]>> = all;
