/**
 * Every URL of the product as a function. Links, redirects and mails use only this; `app/routes.ts` has the
 * same list as patterns, and a test holds the two together.
 */

const part = encodeURIComponent;

export const paths = {
  home: () => "/",
  health: () => "/healthz",
  verify: () => "/verify",

  invitation: (token: string) => `/i/${part(token)}`,
  registration: (token: string) => `/i/${part(token)}/registration`,
  registrationSection: (token: string, section: string) => `/i/${part(token)}/registration/${part(section)}`,
  keepSection: (token: string, section: string) => `/i/${part(token)}/registration/${part(section)}/keep`,
  receipt: (token: string) => `/i/${part(token)}/registration/receipt`,
  myConsents: (token: string) => `/i/${part(token)}/consents`,
  myData: (token: string) => `/i/${part(token)}/data`,
  myDataFile: (token: string) => `/i/${part(token)}/data/file`,
  registrationReview: (token: string) => `/i/${part(token)}/registration/review`,
  programme: (token: string) => `/i/${part(token)}/programme`,
  myVisits: (token: string) => `/i/${part(token)}/visits`,
  myStay: (token: string) => `/i/${part(token)}/stay`,
  programmeSeen: (token: string) => `/i/${part(token)}/seen`,
  programmeSheet: (token: string) => `/i/${part(token)}/programme/sheet`,
  /** What stands on print-outs: tells whether they are still current. */
  version: (code: string) => `/v/${part(code)}`,
  code: (token: string) => `/i/${part(token)}/code`,
  notMe: (token: string) => `/i/${part(token)}/not-me`,
  notMeThanks: () => "/not-me",
  assistant: (token: string) => `/i/${part(token)}/assistant`,
  devices: (token: string) => `/i/${part(token)}/devices`,
  calendar: (address: string) => `/c/${part(address)}`,

  nomination: (token: string) => `/n/${part(token)}`,
  myLetters: (token: string) => `/i/${part(token)}/letters`,
  myLetterFile: (token: string, letterId: string) => `/i/${part(token)}/letters/${part(letterId)}/file`,

  signIn: () => "/staff/sign-in",
  secondStep: () => "/staff/sign-in/second-step",
  signOut: () => "/staff/sign-out",
  setUp: (token: string) => `/staff/set-up/${part(token)}`,
  account: () => "/staff/account",
  secondStepSetUp: () => "/staff/account/second-step",

  editions: () => "/staff",
  newEdition: () => "/staff/editions/new",
  edition: (slug: string) => `/staff/e/${part(slug)}`,
  delegations: (slug: string) => `/staff/e/${part(slug)}/delegations`,
  delegation: (slug: string, delegationId: string) =>
    `/staff/e/${part(slug)}/delegations/${part(delegationId)}`,
  nominations: (slug: string) => `/staff/e/${part(slug)}/nominations`,
  focalPoint: (slug: string, focalPointId: string) =>
    `/staff/e/${part(slug)}/nominations/${part(focalPointId)}`,
  approvals: (slug: string) => `/staff/e/${part(slug)}/approvals`,
  people: (slug: string) => `/staff/e/${part(slug)}/people`,
  peopleCells: (slug: string) => `/staff/e/${part(slug)}/people/cells`,
  spellings: (slug: string) => `/staff/e/${part(slug)}/people/spellings`,
  newPerson: (slug: string) => `/staff/e/${part(slug)}/people/new`,
  person: (slug: string, invitationId: string) => `/staff/e/${part(slug)}/people/${part(invitationId)}`,
  personAccess: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/people/${part(invitationId)}/access`,
  substitute: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/people/${part(invitationId)}/substitute`,
  personLetters: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/people/${part(invitationId)}/letters`,
  letters: (slug: string) => `/staff/e/${part(slug)}/letters`,
  letterhead: (slug: string) => `/staff/e/${part(slug)}/letters/letterhead`,
  letterTemplates: (slug: string) => `/staff/e/${part(slug)}/letters/templates`,
  badges: (slug: string, kind: "badge" | "place_card" = "badge") =>
    `/staff/e/${part(slug)}/badges${kind === "badge" ? "" : `?kind=${kind}`}`,
  badgesFile: (slug: string) => `/staff/e/${part(slug)}/badges/file`,
  letterPreview: (slug: string) => `/staff/e/${part(slug)}/letters/preview`,
  ownUpload: (token: string, uploadId: string) => `/i/${part(token)}/files/${part(uploadId)}`,
  upload: (slug: string, invitationId: string, uploadId: string) =>
    `/staff/e/${part(slug)}/people/${part(invitationId)}/files/${part(uploadId)}`,
  letterFile: (slug: string, letterId: string) => `/staff/e/${part(slug)}/letters/${part(letterId)}/file`,
  importPeople: (slug: string) => `/staff/e/${part(slug)}/import`,
  importColumns: (slug: string, fileId: string) => `/staff/e/${part(slug)}/import/${part(fileId)}`,
  importRows: (slug: string, fileId: string) => `/staff/e/${part(slug)}/import/${part(fileId)}/rows`,
  importDone: (slug: string, importId: string) => `/staff/e/${part(slug)}/imports/${part(importId)}`,
  /** Files of people; `viewId`: of a view of the roster. */
  exportPeople: (slug: string, viewId?: string) =>
    `/staff/e/${part(slug)}/exports${viewId === undefined ? "" : `?view=${part(viewId)}`}`,
  newExport: (slug: string, purpose: string, viewId?: string) =>
    `/staff/e/${part(slug)}/exports/new?purpose=${part(purpose)}${viewId === undefined ? "" : `&view=${part(viewId)}`}`,
  exportFile: (slug: string, exportId: string) => `/staff/e/${part(slug)}/exports/${part(exportId)}`,
  takeExport: (slug: string, exportId: string) => `/staff/e/${part(slug)}/exports/${part(exportId)}/file`,
  contacts: (slug: string) => `/staff/e/${part(slug)}/contacts`,
  newContact: (slug: string) => `/staff/e/${part(slug)}/contacts/new`,
  contactDoubles: (slug: string) => `/staff/e/${part(slug)}/contacts/doubles`,
  carryOver: (slug: string) => `/staff/e/${part(slug)}/contacts/carry-over`,
  contact: (slug: string, personId: string) => `/staff/e/${part(slug)}/contacts/${part(personId)}`,
  mergeContacts: (slug: string, personId: string, otherId: string) =>
    `/staff/e/${part(slug)}/contacts/${part(personId)}/merge/${part(otherId)}`,
  changes: (slug: string) => `/staff/e/${part(slug)}/changes`,
  completeness: (slug: string) => `/staff/e/${part(slug)}/completeness`,
  chase: (slug: string) => `/staff/e/${part(slug)}/completeness/chase`,
  personRegistration: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/people/${part(invitationId)}/registration`,
  redo: (slug: string) => `/staff/e/${part(slug)}/to-be-redone`,
  dataRequests: (slug: string) => `/staff/e/${part(slug)}/data-requests`,
  form: (slug: string) => `/staff/e/${part(slug)}/form`,
  formPreview: (slug: string) => `/staff/e/${part(slug)}/form/preview`,
  /** `new` for one that is yet to be. */
  formSection: (slug: string, section: string) => `/staff/e/${part(slug)}/form/sections/${part(section)}`,
  formQuestion: (slug: string, question: string) => `/staff/e/${part(slug)}/form/questions/${part(question)}`,
  invitationText: (slug: string) => `/staff/e/${part(slug)}/invitation`,
  sendInvitations: (slug: string) => `/staff/e/${part(slug)}/invitation/send`,
  attendance: (slug: string) => `/staff/e/${part(slug)}/attendance`,
  tasks: (slug: string) => `/staff/e/${part(slug)}/tasks`,
  reminders: (slug: string) => `/staff/e/${part(slug)}/invitation/reminders`,
  agenda: (slug: string) => `/staff/e/${part(slug)}/agenda`,
  newAgendaItem: (slug: string) => `/staff/e/${part(slug)}/agenda/new`,
  agendaItem: (slug: string, itemId: string) => `/staff/e/${part(slug)}/agenda/${part(itemId)}`,
  agendaBoard: (slug: string) => `/staff/e/${part(slug)}/agenda/board`,
  agendaMoves: (slug: string) => `/staff/e/${part(slug)}/agenda/board/moves`,
  clashes: (slug: string) => `/staff/e/${part(slug)}/agenda/clashes`,
  venues: (slug: string) => `/staff/e/${part(slug)}/agenda/places`,
  venue: (slug: string, venueId: string) => `/staff/e/${part(slug)}/agenda/places/${part(venueId)}`,
  agendaVersions: (slug: string) => `/staff/e/${part(slug)}/agenda/versions`,
  agendaSeen: (slug: string) => `/staff/e/${part(slug)}/agenda/seen`,
  changeNotices: (slug: string) => `/staff/e/${part(slug)}/agenda/notices`,
  changeNotice: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/agenda/notices/${part(invitationId)}`,
  changeNoticeHtml: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/agenda/notices/${part(invitationId)}/html`,
  runOfShow: (slug: string) => `/staff/e/${part(slug)}/run-of-show`,
  nowAndNext: (slug: string) => `/staff/e/${part(slug)}/run-of-show/now`,
  cue: (slug: string, cueId: string) => `/staff/e/${part(slug)}/run-of-show/${part(cueId)}`,
  publishAgenda: (slug: string) => `/staff/e/${part(slug)}/agenda/publish`,
  visits: (slug: string) => `/staff/e/${part(slug)}/visits`,
  visit: (slug: string, visitId: string) => `/staff/e/${part(slug)}/visits/${part(visitId)}`,
  travel: (slug: string, direction: "arrival" | "departure" = "arrival") =>
    `/staff/e/${part(slug)}/travel${direction === "arrival" ? "" : "?direction=departure"}`,
  travelChecks: (slug: string) => `/staff/e/${part(slug)}/travel/checks`,
  journey: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/travel/people/${part(invitationId)}`,
  clearance: (slug: string, visitId: string) => `/staff/e/${part(slug)}/visits/${part(visitId)}/clearance`,
  clearanceColumns: (slug: string, visitId: string) =>
    `/staff/e/${part(slug)}/visits/${part(visitId)}/clearance/columns`,
  clearanceFile: (slug: string, visitId: string, number: number) =>
    `/staff/e/${part(slug)}/visits/${part(visitId)}/clearance/${number}/file`,
  visitDraw: (slug: string, visitId: string) => `/staff/e/${part(slug)}/visits/${part(visitId)}/draw`,
  vehicles: (slug: string) => `/staff/e/${part(slug)}/vehicles`,
  pickUps: (slug: string, direction: "arrival" | "departure" = "arrival") =>
    `/staff/e/${part(slug)}/vehicles/pickups${direction === "arrival" ? "" : "?direction=departure"}`,
  tripSheets: (slug: string) => `/staff/e/${part(slug)}/vehicles/sheets`,
  vehicle: (slug: string, vehicleId: string) => `/staff/e/${part(slug)}/vehicles/${part(vehicleId)}`,
  manifest: (slug: string, tripId: string) => `/staff/e/${part(slug)}/trips/${part(tripId)}`,
  rooms: (slug: string) => `/staff/e/${part(slug)}/rooms`,
  hotel: (slug: string, hotelId: string) => `/staff/e/${part(slug)}/rooms/hotels/${part(hotelId)}`,
  lodging: (slug: string, invitationId: string) =>
    `/staff/e/${part(slug)}/rooms/people/${part(invitationId)}`,
  room: (slug: string, roomId: string) => `/staff/e/${part(slug)}/rooms/${part(roomId)}`,
  roomingFile: (slug: string, listId: string, file: string) =>
    `/staff/e/${part(slug)}/rooms/lists/${part(listId)}/${part(file)}`,
  meals: (slug: string) => `/staff/e/${part(slug)}/meals`,
  meal: (slug: string, itemId: string) => `/staff/e/${part(slug)}/meals/${part(itemId)}`,
  kitchenSheet: (slug: string, itemId: string, file: string) =>
    `/staff/e/${part(slug)}/meals/${part(itemId)}/${part(file)}`,
  accessNeeds: (slug: string) => `/staff/e/${part(slug)}/access-needs`,
  interpretation: (slug: string) => `/staff/e/${part(slug)}/interpretation`,
  interpretedItem: (slug: string, itemId: string) => `/staff/e/${part(slug)}/interpretation/${part(itemId)}`,
  headsets: (slug: string) => `/staff/e/${part(slug)}/headsets`,
  needSheet: (slug: string, file: string) => `/staff/e/${part(slug)}/sheets/${part(file)}`,
  mail: (slug: string) => `/staff/e/${part(slug)}/mail`,
  newMail: (slug: string) => `/staff/e/${part(slug)}/mail/new`,
  mailTemplates: (slug: string) => `/staff/e/${part(slug)}/mail/templates`,
  mailTemplate: (slug: string, kind: string) => `/staff/e/${part(slug)}/mail/templates/${part(kind)}`,
  mailSettings: (slug: string) => `/staff/e/${part(slug)}/mail/settings`,
  notReached: (slug: string) => `/staff/e/${part(slug)}/mail/not-reached`,
  delivery: (slug: string, deliveryId: string) =>
    `/staff/e/${part(slug)}/mail/deliveries/${part(deliveryId)}`,
  messageCopy: (slug: string, messageId: string, invitationId: string) =>
    `/staff/e/${part(slug)}/mail/${part(messageId)}/copies/${part(invitationId)}`,
  message: (slug: string, messageId: string) => `/staff/e/${part(slug)}/mail/${part(messageId)}`,
  messagePreview: (slug: string, messageId: string, invitationId: string) =>
    `/staff/e/${part(slug)}/mail/${part(messageId)}/preview/${part(invitationId)}/html`,
  staff: (slug: string) => `/staff/e/${part(slug)}/staff`,
  newColleague: (slug: string) => `/staff/e/${part(slug)}/staff/new`,
  auditTrail: (slug: string) => `/staff/e/${part(slug)}/audit`,
  colleague: (slug: string, userId: string) => `/staff/e/${part(slug)}/staff/${part(userId)}`,

  retention: (slug: string) => `/staff/e/${part(slug)}/retention`,
  purgeReport: (slug: string, reportId: string) =>
    `/staff/e/${part(slug)}/retention/${part(reportId)}/report.json`,
  releases: (slug: string) => `/staff/e/${part(slug)}/releases`,
  newRelease: (slug: string) => `/staff/e/${part(slug)}/releases/new`,
  release: (slug: string, releaseId: string) => `/staff/e/${part(slug)}/releases/${part(releaseId)}`,
  releaseList: (slug: string, releaseId: string) =>
    `/staff/e/${part(slug)}/releases/${part(releaseId)}/list.csv`,
  releasePdf: (slug: string, releaseId: string) =>
    `/staff/e/${part(slug)}/releases/${part(releaseId)}/list.pdf`,

  mailbox: () => "/mailbox",
  mailboxMail: (mailId: string) => `/mailbox/${part(mailId)}`,
  mailboxHtml: (mailId: string) => `/mailbox/${part(mailId)}/html`,
  mailboxAttachment: (mailId: string, index: number) => `/mailbox/${part(mailId)}/attachments/${index}`,
};

/**
 * A path on this site that a request named, or `fallback`. Only what a browser resolves to this very site passes:
 * `//host`, `/\host`, schemes and control characters do not.
 */
export function ownPath(candidate: unknown, fallback: string): string {
  if (typeof candidate !== "string" || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(candidate)) return fallback;
  const here = "http://own.invalid";
  return URL.canParse(candidate, here) && new URL(candidate, here).origin === here ? candidate : fallback;
}
