CREATE TABLE `access_code` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`assistant_link_id` text,
	`channel` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`tries` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assistant_link_id`) REFERENCES `assistant_link`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `access_code_newest` ON `access_code` (`invitation_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `assistant_link` (
	`id` text PRIMARY KEY NOT NULL,
	`assistant_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`sections` text NOT NULL,
	`token_hash` text NOT NULL,
	`token_generation` integer NOT NULL,
	`token_expires_at` integer NOT NULL,
	`revoked_at` integer,
	`granted_by` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`assistant_id`) REFERENCES `person_assistant`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `assistant_link_token` ON `assistant_link` (`token_hash`);--> statement-breakpoint
CREATE INDEX `assistant_link_by_invitation` ON `assistant_link` (`invitation_id`);--> statement-breakpoint
CREATE INDEX `assistant_link_by_assistant` ON `assistant_link` (`assistant_id`);--> statement-breakpoint
CREATE TABLE `device` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`assistant_link_id` text,
	`token_hash` text NOT NULL,
	`browser` text DEFAULT '' NOT NULL,
	`system` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assistant_link_id`) REFERENCES `assistant_link`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `device_token` ON `device` (`token_hash`);--> statement-breakpoint
CREATE INDEX `device_by_invitation` ON `device` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `staff_look` (
	`user_id` text NOT NULL,
	`edition_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `edition_id`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `focal_point` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	`institution_en` text DEFAULT '' NOT NULL,
	`institution_zh` text DEFAULT '' NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`locale` text NOT NULL,
	`places` integer NOT NULL,
	`closes_at` integer,
	`token_hash` text NOT NULL,
	`token_generation` integer NOT NULL,
	`token_expires_at` integer NOT NULL,
	`revoked_at` integer,
	`sent_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `focal_point_token` ON `focal_point` (`token_hash`);--> statement-breakpoint
CREATE INDEX `focal_point_by_delegation` ON `focal_point` (`delegation_id`);--> statement-breakpoint
CREATE TABLE `nomination` (
	`id` text PRIMARY KEY NOT NULL,
	`focal_point_id` text NOT NULL,
	`family_latin` text DEFAULT '' NOT NULL,
	`given_latin` text DEFAULT '' NOT NULL,
	`name_native` text DEFAULT '' NOT NULL,
	`honorific` text DEFAULT '' NOT NULL,
	`position` text DEFAULT '' NOT NULL,
	`email` text,
	`phone` text,
	`note` text DEFAULT '' NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`decided_at` integer,
	`decided_by` text,
	`invitation_id` text,
	FOREIGN KEY (`focal_point_id`) REFERENCES `focal_point`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `nomination_by_focal_point` ON `nomination` (`focal_point_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `reminder_schedule` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`days_before` text NOT NULL,
	`hour` integer NOT NULL,
	`stopped_at` integer,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`edition_id`, `co_host_id`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `letter` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`locale` text NOT NULL,
	`number` text NOT NULL,
	`version` integer NOT NULL,
	`sealed` text NOT NULL,
	`facts_digest` text NOT NULL,
	`code_hash` text NOT NULL,
	`issued_at` integer NOT NULL,
	`issued_by` text NOT NULL,
	`voided_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `letter_version` ON `letter` (`invitation_id`,`kind`,`locale`,`version`);--> statement-breakpoint
CREATE UNIQUE INDEX `letter_code` ON `letter` (`code_hash`);--> statement-breakpoint
CREATE TABLE `letter_template` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`kind` text NOT NULL,
	`locale` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`edition_id`, `co_host_id`, `kind`, `locale`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `letterhead` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`name_en` text NOT NULL,
	`name_zh` text NOT NULL,
	`address_en` text DEFAULT '' NOT NULL,
	`address_zh` text DEFAULT '' NOT NULL,
	`phone` text DEFAULT '' NOT NULL,
	`email` text DEFAULT '' NOT NULL,
	`signatory_en` text DEFAULT '' NOT NULL,
	`signatory_zh` text DEFAULT '' NOT NULL,
	`signatory_post_en` text DEFAULT '' NOT NULL,
	`signatory_post_zh` text DEFAULT '' NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`edition_id`, `co_host_id`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `person_assistant` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`phone` text,
	`locale` text NOT NULL,
	`may_act` integer NOT NULL,
	`gets_copies` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `person_assistant_by_person` ON `person_assistant` (`person_id`);--> statement-breakpoint
CREATE TABLE `person_merge` (
	`id` text PRIMARY KEY NOT NULL,
	`kept_id` text NOT NULL,
	`merged_id` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`before` text NOT NULL,
	`undone_at` integer,
	FOREIGN KEY (`kept_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merged_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `person_merge_by_kept` ON `person_merge` (`kept_id`);--> statement-breakpoint
CREATE INDEX `person_merge_by_merged` ON `person_merge` (`merged_id`);--> statement-breakpoint
CREATE TABLE `person_name` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`form` text NOT NULL,
	`name` text NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `person_name_by_person` ON `person_name` (`person_id`);--> statement-breakpoint
CREATE TABLE `release_person` (
	`release_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	PRIMARY KEY(`release_id`, `invitation_id`),
	FOREIGN KEY (`release_id`) REFERENCES `release`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `release_person_by_invitation` ON `release_person` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `travel_document` (
	`invitation_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `__new_delivery` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`invitation_id` text,
	`message_id` text,
	`recipient_kind` text DEFAULT 'invitee' NOT NULL,
	`link_id` text,
	`lane` integer DEFAULT 1 NOT NULL,
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
INSERT INTO `__new_delivery`("id", "edition_id", "co_host_id", "invitation_id", "message_id", "kind", "locale", "to_address", "to_name", "payload", "state", "tries", "due_at", "leased_until", "message_id_header", "created_at", "finished_at") SELECT "id", "edition_id", "co_host_id", "invitation_id", "message_id", "kind", "locale", "to_address", "to_name", "payload", "state", "tries", "due_at", "leased_until", "message_id_header", "created_at", "finished_at" FROM `delivery`;--> statement-breakpoint
DROP TABLE `delivery`;--> statement-breakpoint
ALTER TABLE `__new_delivery` RENAME TO `delivery`;--> statement-breakpoint
CREATE INDEX `delivery_due` ON `delivery` (`lane`,`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `delivery_by_message` ON `delivery` (`message_id`);--> statement-breakpoint
CREATE INDEX `delivery_by_invitation` ON `delivery` (`invitation_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_message_id` ON `delivery` (`message_id_header`);--> statement-breakpoint
ALTER TABLE `set_up_link` ADD `revoked_at` integer;--> statement-breakpoint
ALTER TABLE `staff_permission` ADD `granted_by` text;--> statement-breakpoint
ALTER TABLE `staff_permission` ADD `ends_at` integer;--> statement-breakpoint
ALTER TABLE `edition` ADD `approval` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `invitation` ADD `approved_at` integer;--> statement-breakpoint
ALTER TABLE `invitation` ADD `host_answer` text;--> statement-breakpoint
ALTER TABLE `invitation` ADD `seen_at` integer;--> statement-breakpoint
ALTER TABLE `invitation` ADD `confirmed_at` integer;--> statement-breakpoint
ALTER TABLE `invitation` ADD `attendance` text;--> statement-breakpoint
ALTER TABLE `invitation` ADD `replaced_at` integer;--> statement-breakpoint
ALTER TABLE `invitation` ADD `replaces_id` text REFERENCES invitation(id);--> statement-breakpoint
ALTER TABLE `invitation` ADD `reminders_stopped_at` integer;--> statement-breakpoint
ALTER TABLE `invitation` ADD `not_me_at` integer;--> statement-breakpoint
ALTER TABLE `invitation` ADD `protocol_order` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `invitation_replaces` ON `invitation` (`replaces_id`);--> statement-breakpoint
ALTER TABLE `invitation_event` ADD `actor_id` text;--> statement-breakpoint
ALTER TABLE `invitation_event` ADD `means` text;--> statement-breakpoint
ALTER TABLE `person` ADD `do_not_invite_at` integer;--> statement-breakpoint
ALTER TABLE `person` ADD `do_not_invite_reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `person` ADD `note` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `person` ADD `post_checked_at` integer;--> statement-breakpoint
ALTER TABLE `person` ADD `merged_into_id` text REFERENCES person(id);--> statement-breakpoint
ALTER TABLE `release` ADD `preview_hash` text NOT NULL;--> statement-breakpoint
ALTER TABLE `release` ADD `revoked_by` text;--> statement-breakpoint
CREATE INDEX `release_given` ON `release` (`edition_id`,`from_co_host_id`);--> statement-breakpoint
CREATE INDEX `release_received` ON `release` (`edition_id`,`to_co_host_id`);--> statement-breakpoint
ALTER TABLE `release` DROP COLUMN `people`;--> statement-breakpoint
CREATE INDEX `audit_event_by_side` ON `audit_event` (`co_host_id`,`at`);--> statement-breakpoint
-- What was released to whom is never rewritten: a release is only revoked.
CREATE TRIGGER release_only_revoked BEFORE UPDATE ON `release` WHEN new.edition_id IS NOT old.edition_id OR new.from_co_host_id IS NOT old.from_co_host_id OR new.to_co_host_id IS NOT old.to_co_host_id OR new.recipient IS NOT old.recipient OR new.purpose IS NOT old.purpose OR new.columns IS NOT old.columns OR new.expires_at > old.expires_at OR (old.revoked_at IS NOT NULL AND new.revoked_at IS NOT old.revoked_at) BEGIN SELECT raise(abort, 'a release can only be revoked'); END;
--> statement-breakpoint
CREATE TRIGGER release_person_no_update BEFORE UPDATE ON `release_person` BEGIN SELECT raise(abort, 'a release can only be revoked'); END;
