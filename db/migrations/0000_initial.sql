CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_by_user` ON `account` (`user_id`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_by_user` ON `session` (`user_id`);--> statement-breakpoint
CREATE TABLE `set_up_link` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`grant` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `set_up_link_token` ON `set_up_link` (`token_hash`);--> statement-breakpoint
CREATE TABLE `staff_permission` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`edition_id` text,
	`permission` text NOT NULL,
	`granted_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `staff_permission_by_user` ON `staff_permission` (`user_id`);--> statement-breakpoint
CREATE TABLE `two_factor` (
	`id` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`backup_codes` text NOT NULL,
	`user_id` text NOT NULL,
	`verified` integer DEFAULT true NOT NULL,
	`failed_verification_count` integer DEFAULT 0 NOT NULL,
	`locked_until` integer,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `two_factor_by_user` ON `two_factor` (`user_id`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`two_factor_enabled` integer DEFAULT false,
	`locale` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email` ON `user` (`email`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verification_by_identifier` ON `verification` (`identifier`);--> statement-breakpoint
CREATE TABLE `agenda_function` (
	`item_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`function` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`item_id`, `invitation_id`, `function`),
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agenda_function_by_person` ON `agenda_function` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `agenda_item` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`kind` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`title_en` text NOT NULL,
	`title_zh` text NOT NULL,
	`place_en` text DEFAULT '' NOT NULL,
	`place_zh` text DEFAULT '' NOT NULL,
	`audience` text NOT NULL,
	`attribution` text,
	`interpretation` text,
	`internal_note` text DEFAULT '' NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "agenda_item_ends_after_it_starts" CHECK("agenda_item"."ends_at" > "agenda_item"."starts_at")
);
--> statement-breakpoint
CREATE INDEX `agenda_item_in_order` ON `agenda_item` (`edition_id`,`starts_at`);--> statement-breakpoint
CREATE TABLE `agenda_item_delegation` (
	`item_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	PRIMARY KEY(`item_id`, `delegation_id`),
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `agenda_version` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`number` integer NOT NULL,
	`published_at` integer NOT NULL,
	`published_by` text NOT NULL,
	`items` text NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agenda_version_number` ON `agenda_version` (`edition_id`,`number`);--> statement-breakpoint
CREATE TABLE `co_host` (
	`id` text PRIMARY KEY NOT NULL,
	`name_en` text NOT NULL,
	`name_zh` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `delegation` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`key` text NOT NULL,
	`name_en` text NOT NULL,
	`name_zh` text NOT NULL,
	`quota` integer,
	`home_time_zone` text NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "delegation_quota_not_negative" CHECK("delegation"."quota" is null or "delegation"."quota" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `delegation_key` ON `delegation` (`edition_id`,`key`);--> statement-breakpoint
CREATE INDEX `delegation_by_side` ON `delegation` (`edition_id`,`co_host_id`);--> statement-breakpoint
CREATE TABLE `edition` (
	`id` text PRIMARY KEY NOT NULL,
	`series_id` text NOT NULL,
	`slug` text NOT NULL,
	`ordinal` integer,
	`title_en` text NOT NULL,
	`title_zh` text NOT NULL,
	`city_en` text NOT NULL,
	`city_zh` text NOT NULL,
	`country` text NOT NULL,
	`time_zone` text NOT NULL,
	`starts_on` text NOT NULL,
	`ends_on` text NOT NULL,
	`travel_from` text NOT NULL,
	`travel_to` text NOT NULL,
	`mode` text NOT NULL,
	`host_side_id` text NOT NULL,
	`reply_by` integer,
	`register_by` integer,
	`costs_en` text DEFAULT '' NOT NULL,
	`costs_zh` text DEFAULT '' NOT NULL,
	`phones` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`series_id`) REFERENCES `series`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`host_side_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "edition_days_in_order" CHECK("edition"."starts_on" <= "edition"."ends_on"),
	CONSTRAINT "edition_travel_window_wide_enough" CHECK("edition"."travel_from" <= "edition"."starts_on" and "edition"."travel_to" >= "edition"."ends_on")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `edition_slug` ON `edition` (`slug`);--> statement-breakpoint
CREATE TABLE `edition_co_host` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`position` integer NOT NULL,
	`title_en` text NOT NULL,
	`title_zh` text NOT NULL,
	`reply_to` text,
	PRIMARY KEY(`edition_id`, `co_host_id`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `series` (
	`id` text PRIMARY KEY NOT NULL,
	`title_en` text NOT NULL,
	`title_zh` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `invitation` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`person_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	`category` text NOT NULL,
	`invited_as` text,
	`number` text NOT NULL,
	`token_hash` text NOT NULL,
	`token_generation` integer NOT NULL,
	`token_expires_at` integer NOT NULL,
	`token_revoked_at` integer,
	`reply` text NOT NULL,
	`replied_at` integer,
	`sent_at` integer,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitation_once` ON `invitation` (`edition_id`,`person_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitation_token` ON `invitation` (`token_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitation_number` ON `invitation` (`edition_id`,`number`);--> statement-breakpoint
CREATE INDEX `invitation_by_delegation` ON `invitation` (`delegation_id`);--> statement-breakpoint
CREATE INDEX `invitation_by_person` ON `invitation` (`person_id`);--> statement-breakpoint
CREATE TABLE `invitation_event` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`channel` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`ask_again_on` text,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `invitation_event_in_order` ON `invitation_event` (`invitation_id`,`at`);--> statement-breakpoint
CREATE TABLE `invitation_text` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`locale` text NOT NULL,
	`subject` text NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`edition_id`, `co_host_id`, `locale`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `delivery` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`message_id` text,
	`kind` text NOT NULL,
	`locale` text NOT NULL,
	`to_address` text NOT NULL,
	`to_name` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`tries` integer NOT NULL,
	`due_at` integer NOT NULL,
	`leased_until` integer,
	`message_id_header` text NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `delivery_due` ON `delivery` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `delivery_by_message` ON `delivery` (`message_id`);--> statement-breakpoint
CREATE INDEX `delivery_by_invitation` ON `delivery` (`invitation_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_message_id` ON `delivery` (`message_id_header`);--> statement-breakpoint
CREATE TABLE `delivery_try` (
	`id` text PRIMARY KEY NOT NULL,
	`delivery_id` text NOT NULL,
	`at` integer NOT NULL,
	`outcome` text NOT NULL,
	`code` integer,
	`response` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`delivery_id`) REFERENCES `delivery`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `delivery_try_in_order` ON `delivery_try` (`delivery_id`,`at`);--> statement-breakpoint
CREATE TABLE `mailbox_mail` (
	`id` text PRIMARY KEY NOT NULL,
	`delivery_id` text NOT NULL,
	`at` integer NOT NULL,
	`to_address` text NOT NULL,
	`to_name` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`html` text NOT NULL,
	`source` text NOT NULL,
	`attachments` text NOT NULL,
	FOREIGN KEY (`delivery_id`) REFERENCES `delivery`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailbox_mail_delivery` ON `mailbox_mail` (`delivery_id`);--> statement-breakpoint
CREATE INDEX `mailbox_mail_newest` ON `mailbox_mail` (`at`);--> statement-breakpoint
CREATE TABLE `message` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`subject_en` text NOT NULL,
	`subject_zh` text NOT NULL,
	`body_en` text NOT NULL,
	`body_zh` text NOT NULL,
	`audience` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`released_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `message_by_edition` ON `message` (`edition_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `person` (
	`id` text PRIMARY KEY NOT NULL,
	`co_host_id` text NOT NULL,
	`family_latin` text DEFAULT '' NOT NULL,
	`given_latin` text DEFAULT '' NOT NULL,
	`name_latin` text DEFAULT '' NOT NULL,
	`family_native` text DEFAULT '' NOT NULL,
	`given_native` text DEFAULT '' NOT NULL,
	`name_native` text DEFAULT '' NOT NULL,
	`sort_key` text NOT NULL,
	`honorific_en` text DEFAULT '' NOT NULL,
	`honorific_zh` text DEFAULT '' NOT NULL,
	`salutation_en` text DEFAULT '' NOT NULL,
	`salutation_zh` text DEFAULT '' NOT NULL,
	`institution_en` text DEFAULT '' NOT NULL,
	`institution_zh` text DEFAULT '' NOT NULL,
	`position_en` text DEFAULT '' NOT NULL,
	`position_zh` text DEFAULT '' NOT NULL,
	`email` text,
	`email_key` text,
	`phone` text,
	`locale` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `person_by_side` ON `person` (`co_host_id`,`sort_key`,`id`);--> statement-breakpoint
CREATE INDEX `person_by_mailbox` ON `person` (`co_host_id`,`email_key`);--> statement-breakpoint
CREATE TABLE `audit_event` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`edition_id` text,
	`co_host_id` text,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`action` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`details` text DEFAULT '{}' NOT NULL,
	`request_id` text,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `audit_event_in_order` ON `audit_event` (`edition_id`,`at`);--> statement-breakpoint
CREATE TABLE `consent` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`given` integer NOT NULL,
	`text_version` integer NOT NULL,
	`locale` text NOT NULL,
	`channel` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consent_newest` ON `consent` (`invitation_id`,`kind`,`at`);--> statement-breakpoint
CREATE TABLE `release` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`from_co_host_id` text NOT NULL,
	`to_co_host_id` text,
	`recipient` text NOT NULL,
	`purpose` text NOT NULL,
	`people` text NOT NULL,
	`columns` text NOT NULL,
	`released_by` text NOT NULL,
	`released_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`from_co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`to_co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `registration` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`state` text NOT NULL,
	`form_version` integer NOT NULL,
	`locale` text NOT NULL,
	`revision` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`submitted_at` integer,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registration_once` ON `registration` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `registration_section` (
	`registration_id` text NOT NULL,
	`section` text NOT NULL,
	`state` text NOT NULL,
	`answers` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`registration_id`, `section`),
	FOREIGN KEY (`registration_id`) REFERENCES `registration`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `site_visit` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`item_id` text NOT NULL,
	`host_en` text NOT NULL,
	`host_zh` text NOT NULL,
	`capacity` integer NOT NULL,
	`clearance_deadline` integer,
	`clearance_columns` text DEFAULT '[]' NOT NULL,
	`meet_at` integer,
	`meeting_point_en` text DEFAULT '' NOT NULL,
	`meeting_point_zh` text DEFAULT '' NOT NULL,
	`dress_en` text DEFAULT '' NOT NULL,
	`dress_zh` text DEFAULT '' NOT NULL,
	`bring_en` text DEFAULT '' NOT NULL,
	`bring_zh` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "site_visit_capacity_not_negative" CHECK("site_visit"."capacity" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `site_visit_item` ON `site_visit` (`item_id`);--> statement-breakpoint
CREATE INDEX `site_visit_by_edition` ON `site_visit` (`edition_id`);--> statement-breakpoint
CREATE TABLE `visit_place` (
	`id` text PRIMARY KEY NOT NULL,
	`visit_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	`state` text NOT NULL,
	`queue_number` integer NOT NULL,
	`asked_at` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`visit_id`) REFERENCES `site_visit`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `visit_place_once` ON `visit_place` (`visit_id`,`invitation_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `visit_place_queue` ON `visit_place` (`visit_id`,`queue_number`);--> statement-breakpoint
CREATE INDEX `visit_place_seats` ON `visit_place` (`visit_id`,`state`,`delegation_id`);--> statement-breakpoint
CREATE INDEX `visit_place_by_person` ON `visit_place` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `visit_quota` (
	`visit_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	`seats` integer NOT NULL,
	PRIMARY KEY(`visit_id`, `delegation_id`),
	FOREIGN KEY (`visit_id`) REFERENCES `site_visit`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "visit_quota_not_negative" CHECK("visit_quota"."seats" >= 0)
);
