/**
 * Every closed list of the product, in the field's own terms (DOMAIN §10). Safe for the browser:
 * it imports nothing. Screens find the words for a member under `<list>.<member>` in the catalogue.
 */

export const LOCALES = ["en", "zh-CN"] as const;
export type Locale = (typeof LOCALES)[number];

export const MODES = ["in_person", "virtual", "hybrid"] as const;
export type Mode = (typeof MODES)[number];

/** Participant category: what a person is at the edition. Not a function in a session, not a permission (DOMAIN §1.2). */
export const CATEGORIES = [
  "head",
  "deputy_head",
  "delegate",
  "observer",
  "guest",
  "companion",
  "interpreter",
  "note_taker",
  "staff",
  "liaison",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** What a person does in one agenda item. */
export const SESSION_FUNCTIONS = [
  "chair",
  "co_chair",
  "opening_speaker",
  "presenter",
  "discussant",
  "rapporteur",
  "moderator",
  "interpreter",
] as const;
export type SessionFunction = (typeof SESSION_FUNCTIONS)[number];

/** What a login may do, per edition and side. */
export const PERMISSIONS = [
  "lead",
  "invitations",
  "logistics",
  "mail",
  "agenda",
  "documents",
  "duty_desk",
  "read_only",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The invitee's answer as it stands. `none`: not answered. */
export const REPLIES = ["none", "accepted", "declined", "tentative", "substitute_proposed"] as const;
export type Reply = (typeof REPLIES)[number];

/** What happened to an invitation, each as a dated event (DOMAIN §1.3). */
export const INVITATION_EVENTS = [
  "drafted",
  "approved",
  "approval_withdrawn",
  "host_asked",
  "host_approved",
  "host_refused",
  "over_quota",
  "sent",
  "bounced",
  "reminded",
  "reminders_stopped",
  "reminders_resumed",
  "first_seen",
  "accepted",
  "declined",
  "tentative",
  "substitute_proposed",
  "registering",
  "registered",
  "changed",
  "confirmed",
  "confirmation_withdrawn",
  "withdrawn",
  "replaced",
  "reinvited",
  "attended",
  "no_show",
  "attendance_unknown",
  "link_revoked",
  "link_issued",
  "not_me",
  "consent_withdrawn",
  "data_asked",
  "data_answered",
  "chased",
  "change_asked",
  "change_accepted",
  "change_refused",
  "code_given",
  "device_added",
  "device_removed",
  "assistant_added",
  "assistant_removed",
] as const;
export type InvitationEventKind = (typeof INVITATION_EVENTS)[number];

/** Who gave an answer, and by what way. */
export const CHANNELS = ["self", "assistant", "staff", "system"] as const;
export type Channel = (typeof CHANNELS)[number];

/** The way by which staff got to know an answer that they record. */
export const MEANS = ["phone", "letter", "mail", "in_person", "list"] as const;
export type Means = (typeof MEANS)[number];

/** Who has to say yes before an invitation goes out: nobody, the side's lead, or after them the host side's. */
export const APPROVALS = ["none", "side", "side_then_host"] as const;
export type Approval = (typeof APPROVALS)[number];

/** What the host side said to somebody whom the other side wants to invite. */
export const HOST_ANSWERS = ["asked", "approved", "refused"] as const;
export type HostAnswer = (typeof HOST_ANSWERS)[number];

export const ATTENDANCES = ["attended", "no_show"] as const;
export type Attendance = (typeof ATTENDANCES)[number];

/** A name that an institution put forward. */
export const NOMINATION_STATES = ["proposed", "taken", "declined"] as const;
export type NominationState = (typeof NOMINATION_STATES)[number];

/** Further forms of a name, by which its owner is known or found. */
export const NAME_FORMS = ["latin_variant", "native_variant", "former", "phonetic"] as const;
export type NameForm = (typeof NAME_FORMS)[number];

export const LETTER_KINDS = ["invitation_letter", "visa_letter"] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

/** What is printed for a person to wear, and to put before their seat. */
export const CARD_KINDS = ["badge", "place_card"] as const;
export type CardKind = (typeof CARD_KINDS)[number];

export const REGISTRATION_SECTIONS = [
  "name",
  "post",
  "contact",
  "needs",
  "languages",
  "travel",
  "visits",
  "consents",
] as const;
export type RegistrationSection = (typeof REGISTRATION_SECTIONS)[number];

/** What became of a wish to change answers after the deadline. A newer wish replaces an open one. */
export const CHANGE_STATES = ["open", "accepted", "refused", "replaced"] as const;

/** What a question of an edition's own form may be. `heading` and `note` ask nothing. */
export const FIELD_TYPES = [
  "text",
  "long_text",
  "number",
  "yes_no",
  "choice",
  "choices",
  "date",
  "date_time",
  "country",
  "phone",
  "email",
  "person_name",
  "institution",
  "passport",
  "leg",
  "hotel_nights",
  "file",
  "portrait",
  "consent",
  "signature",
  "group",
  "heading",
  "note",
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** Of a file: it waits for an answer to name it; an answer names it; a wish after the deadline does. */
export const UPLOAD_STATES = ["staged", "kept", "wished"] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

export const SECTION_STATES = ["empty", "draft", "submitted", "verified"] as const;
export type SectionState = (typeof SECTION_STATES)[number];

export const REGISTRATION_STATES = ["draft", "submitted"] as const;
export type RegistrationState = (typeof REGISTRATION_STATES)[number];

export const DIETS = [
  "none",
  "vegetarian",
  "vegan",
  "halal",
  "kosher",
  "no_pork",
  "no_beef",
  "no_seafood",
  "no_alcohol",
  "gluten_free",
  "lactose_free",
  "no_nuts",
  "other",
] as const;
export type Diet = (typeof DIETS)[number];

export const ACCESS_NEEDS = [
  "step_free",
  "hearing",
  "sight",
  "sign_language",
  "quiet_room",
  "visit_mobility",
  "fridge",
  "other",
] as const;
export type AccessNeed = (typeof ACCESS_NEEDS)[number];

/** Separate consents, each its own unticked box with its own text version (DOMAIN §4.2). */
export const CONSENTS = [
  "notice",
  "sensitive_data",
  "identity_documents",
  "transfer_abroad",
  "delegate_book",
  "photo_press",
  "next_edition",
] as const;
export type ConsentKind = (typeof CONSENTS)[number];

export const AGENDA_KINDS = [
  "ceremony",
  "session",
  "break",
  "meal",
  "site_visit",
  "transfer",
  "bilateral",
  "free",
  "logistics",
] as const;
export type AgendaKind = (typeof AGENDA_KINDS)[number];

/** Who may be quoted: on record, under the Chatham House Rule, or closed (DOMAIN §1.4). */
export const ATTRIBUTIONS = ["on_record", "chatham_house", "closed"] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];

export const INTERPRETATIONS = ["simultaneous", "consecutive", "none"] as const;
export type Interpretation = (typeof INTERPRETATIONS)[number];

/** Between which two languages an item is interpreted, in both directions. */
export const LANGUAGE_PAIRS = ["en_zh", "en_fr", "en_ru", "zh_fr", "zh_ru", "fr_ru"] as const;
export type LanguagePair = (typeof LANGUAGE_PAIRS)[number];

/** What does not fit in a draft of the agenda (domain/agenda/clashes.ts). */
export const CLASH_KINDS = [
  "people_twice",
  "person_twice",
  "interpreter_twice",
  "room_twice",
  "no_way",
  "person_no_way",
  "late_arrival",
  "early_departure",
  "no_interpreter",
  "no_meal",
] as const;
export type ClashKind = (typeof CLASH_KINDS)[number];

/** From what a cue of the run of show counts its time: the clock, or the start or end of an agenda item. */
export const CUE_ANCHORS = ["clock", "start", "end"] as const;
export type CueAnchor = (typeof CUE_ANCHORS)[number];

/** Who an agenda item is for: everybody, some delegations, those with a place on its visit, or those named in it. */
export const AUDIENCES = ["all", "delegations", "visit", "listed"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What of an agenda item can be another than it was. */
export const AGENDA_PARTS = [
  "time",
  "place",
  "title",
  "kind",
  "audience",
  "attribution",
  "interpretation",
  "functions",
  "visit",
  "details",
] as const;
export type AgendaPart = (typeof AGENDA_PARTS)[number];

/** A person's place on a site visit. `offered`: a seat is held for them until they answer or the offer ends. */
export const PLACE_STATES = ["granted", "offered", "waiting", "withdrawn"] as const;
export type PlaceState = (typeof PLACE_STATES)[number];

/** To the meeting, and home from it. */
export const DIRECTIONS = ["arrival", "departure"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** By what somebody travels a leg. */
export const LEG_MEANS = ["flight", "train", "car", "other", "not_booked"] as const;
export type LegMeans = (typeof LEG_MEANS)[number];

/** What does not fit about a journey. */
export const TRAVEL_CHECKS = [
  "arrival_missing",
  "arrival_not_booked",
  "arrival_after_opening",
  "arrival_connection",
  "arrival_answer_changed",
  "arrival_told_differently",
  "departure_missing",
  "departure_not_booked",
  "departure_before_closing",
  "departure_connection",
  "departure_answer_changed",
  "departure_told_differently",
] as const;
export type TravelCheck = (typeof TRAVEL_CHECKS)[number];

/** What a vehicle's trip is for. */
export const TRIP_KINDS = ["pickup", "dropoff", "visit", "dinner", "transfer"] as const;
export type TripKind = (typeof TRIP_KINDS)[number];

/** Which way heads are counted in a vehicle. */
export const COUNTS = ["out", "back"] as const;
export type Count = (typeof COUNTS)[number];

/** What somebody does on a trip besides sitting in it. */
export const TRIP_ROLES = ["captain", "interpreter"] as const;
export type TripRole = (typeof TRIP_ROLES)[number];
/** How a place came to be what it is. */
export const PLACE_CAUSES = [
  "asked",
  "staff",
  "override",
  "promoted",
  "draw",
  "offer",
  "given_up",
  "taken_back",
  "offer_declined",
  "offer_expired",
  "host_refused",
] as const;
export type PlaceCause = (typeof PLACE_CAUSES)[number];

/** What a host says about somebody on its list. */
export const CLEARANCE_ANSWERS = ["cleared", "refused"] as const;
export type ClearanceAnswer = (typeof CLEARANCE_ANSWERS)[number];

/** How the seats of a visit are given: to who asks first, by staff, or by a draw among those who asked. */
export const ALLOTMENTS = ["first_come", "staff", "draw"] as const;
export type Allotment = (typeof ALLOTMENTS)[number];

/** Whether a side's change notices go out with a publication, or wait for its own staff. */
export const NOTICE_MODES = ["wait", "at_once"] as const;
export type NoticeMode = (typeof NOTICE_MODES)[number];
/** Where somebody stays: in a hotel of the meeting, in one of their own, or with somebody. */
export const LODGINGS = ["hotel", "own_hotel", "private"] as const;
export type Lodging = (typeof LODGINGS)[number];

/** Who pays for a night. */
export const PAYERS = ["host_side", "own_side", "institution", "self"] as const;
export type Payer = (typeof PAYERS)[number];

/** What somebody said to sharing a room. */
export const SHARING_ANSWERS = ["alone", "asked", "agreed", "refused"] as const;
export type SharingAnswer = (typeof SHARING_ANSWERS)[number];

/** What a hotel may ask for in its rooming list, in the order in which it is offered. */
export const ROOMING_COLUMNS = [
  "nameLatin",
  "nameNative",
  "passportName",
  "roomType",
  "roomNumber",
  "checkIn",
  "checkOut",
  "nights",
  "sharingWith",
  "payer",
  "earlyCheckIn",
  "smoking",
  "arrival",
  "note",
] as const;
export type RoomingColumn = (typeof ROOMING_COLUMNS)[number];

/** The kinds of mail that Secretariat writes. */
export const MAIL_KINDS = [
  "invitation",
  "confirmation",
  "visit_place",
  "message",
  "agenda_change",
  "access_code",
  "new_device",
  "assistant_link",
  "not_me",
  "nomination_request",
  "staff_set_up",
  "change_answer",
  "task_digest",
  "data_answer",
  "missing",
  "car",
  "room_share",
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/**
 * To whom a mail goes: the invited person, an assistant of theirs, an institution's focal point, somebody who is to
 * become staff, or the mailbox of a side.
 */
export const RECIPIENT_KINDS = ["invitee", "assistant", "focal_point", "staff", "side"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/**
 * Something that somebody else must have by a day (DOMAIN §0.9): reckoned from the edition's facts, or (`own`) typed by
 * staff.
 */
export const TASK_KINDS = [
  "reply",
  "register",
  "clearance",
  "letters",
  "hotel",
  "rooming",
  "visas",
  "translations",
  "interpreters",
  "filing",
  "own",
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** What staff write to many: each has a template of its own per edition and side. */
export const TEMPLATE_KINDS = [
  "save_the_date",
  "invitation",
  "reminder",
  "missing_items",
  "confirmation",
  "waiting_list",
  "logistics",
  "agenda",
  "change_notice",
  "tonight",
  "thank_you",
] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** What may stand in braces in a message, as a word in a sentence. */
export const MESSAGE_WORDS = [
  "name",
  "institution",
  "position",
  "function",
  "event",
  "dates",
  "city",
  "replyBy",
  "number",
  "senders",
  "costs",
  "phones",
  "salutation",
  "registerBy",
  "version",
] as const;
export type MessageWord = (typeof MESSAGE_WORDS)[number];

/** What may stand in braces in a message, in a paragraph of its own. */
export const MESSAGE_BLOCKS = ["programme", "changes", "missing", "link"] as const;
export type MessageBlock = (typeof MESSAGE_BLOCKS)[number];

/** Which language's text has not followed the other's: it is older, or missing. */
export const BEHIND = ["none", "en", "zh"] as const;
export type Behind = (typeof BEHIND)[number];

/** `asked`: its writer wants it to go, and a second person has to say yes. Released, it is held for a while first. */
export const MESSAGE_STATES = ["draft", "asked", "released"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Why a mail did not arrive, as far as the other server's words tell. */
export const MAIL_REASONS = [
  "mailbox_unknown",
  "mailbox_full",
  "domain_unknown",
  "too_often",
  "later",
  "content",
  "sender",
  "blocked",
  "too_big",
  "tls",
  "no_answer",
  "stopped",
  "unwritten",
  "other",
] as const;
export type MailReason = (typeof MAIL_REASONS)[number];

/** What the built-in mailbox answers. It is our own answer, so pages tell it in the reader's words. */
export const KEPT_HERE = "kept in the built-in mailbox";

/** One recipient's mail. `accepted` means that their server took it, never that it was read (DOMAIN §6.1). */
export const DELIVERY_STATES = ["queued", "sending", "accepted", "deferred", "failed", "cancelled"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const ACTOR_KINDS = ["staff", "invitee", "assistant", "focal_point", "system", "operator"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Classes of a person's data, C0 (public programme) to C6 (internal) (DOMAIN §4.3). */
export const DATA_CLASSES = ["C0", "C1", "C2", "C3", "C4", "C5", "C6"] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** What is kept for a time of its own after an edition (DOMAIN §4.4): classes, mails, and the records of what was done. */
export const RETENTION_KINDS = ["C2", "C3", "C4", "C5", "mail", "records"] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** What somebody may ask about their own data, beside having it as a file. */
export const DATA_REQUEST_KINDS = ["correction", "deletion"] as const;
export type DataRequestKind = (typeof DATA_REQUEST_KINDS)[number];
export const DATA_REQUEST_STATES = ["open", "done", "refused"] as const;

/** What is made of answers, and is to be made again when they change. */
export const REDO_KINDS = ["letter", "clearance_list", "release", "hotel_line", "ride", "consent"] as const;
export type RedoKind = (typeof REDO_KINDS)[number];

/** In which way the roster was changed in one go; `undo` takes one of the others back, and can be taken back itself. */
export const ROSTER_CHANGES = ["edit", "paste", "bulk", "import", "undo"] as const;
export type RosterChangeKind = (typeof ROSTER_CHANGES)[number];

/** What a file of people is for: it decides which columns it may have, and who has to have agreed. */
export const EXPORT_PURPOSES = [
  "participants",
  "book",
  "badges",
  "press",
  "contacts",
  "mailing",
  "travel",
  "hotel",
  "own",
] as const;
export type ExportPurpose = (typeof EXPORT_PURPOSES)[number];

export const EXPORT_FORMATS = ["xlsx", "csv", "pdf"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** In which language headings and words of a file are. */
export const EXPORT_LANGUAGES = ["en", "zh-CN", "both"] as const;
export type ExportLanguage = (typeof EXPORT_LANGUAGES)[number];

/** What an import made where there was nothing before. */
export const IMPORT_MADE = ["person", "invitation"] as const;
