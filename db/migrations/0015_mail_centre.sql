CREATE TABLE `mail_pace` (
	`domain` text PRIMARY KEY NOT NULL,
	`next_at` integer NOT NULL,
	`tail_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mail_suppression` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`address` text NOT NULL,
	`reason` text NOT NULL,
	`delivery_id` text NOT NULL,
	`at` integer NOT NULL,
	`lifted_at` integer,
	`lifted_by` text,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delivery_id`) REFERENCES `delivery`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `mail_suppression_by_address` ON `mail_suppression` (`co_host_id`,`address`);--> statement-breakpoint
CREATE TABLE `mail_template` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`kind` text NOT NULL,
	`number` integer NOT NULL,
	`subject_en` text NOT NULL,
	`subject_zh` text NOT NULL,
	`body_en` text NOT NULL,
	`body_zh` text NOT NULL,
	`behind` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_template_version` ON `mail_template` (`edition_id`,`co_host_id`,`kind`,`number`);--> statement-breakpoint
CREATE TABLE `message_copy` (
	`message_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`subject_en` text NOT NULL,
	`subject_zh` text NOT NULL,
	`body_en` text NOT NULL,
	`body_zh` text NOT NULL,
	`written_by` text NOT NULL,
	`written_at` integer NOT NULL,
	PRIMARY KEY(`message_id`, `invitation_id`),
	FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `edition_co_host` ADD `from_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `edition_co_host` ADD `from_address` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `edition_co_host` ADD `second_person` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `delivery` ADD `references_header` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `message` ADD `behind` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `message` ADD `asked_by` text;--> statement-breakpoint
ALTER TABLE `message` ADD `asked_at` integer;--> statement-breakpoint
ALTER TABLE `message` ADD `asked_count` integer;--> statement-breakpoint
ALTER TABLE `message` ADD `scheduled_for` integer;--> statement-breakpoint
ALTER TABLE `message` ADD `schedule_zone` text;--> statement-breakpoint
ALTER TABLE `message` ADD `released_by` text;--> statement-breakpoint
ALTER TABLE `message` ADD `goes_at` integer;
--> statement-breakpoint
-- Mails about the programme are messages like others now; those that are on record keep what they say.
UPDATE `delivery` SET `kind` = 'message', `payload` = CASE WHEN `payload` = '' THEN '' ELSE json_set(
	json_remove(`payload`, '$.bodyEn', '$.bodyZh'),
	'$.kind', 'message', '$.template', 'agenda',
	'$.proseEn', json_array(json_object('type', 'paragraph', 'runs', json_array(json_object('text', json_extract(`payload`, '$.bodyEn')))), json_object('type', 'block', 'name', 'programme')),
	'$.proseZh', json_array(json_object('type', 'paragraph', 'runs', json_array(json_object('text', json_extract(`payload`, '$.bodyZh')))), json_object('type', 'block', 'name', 'programme')),
	'$.changes', json_array(), '$.missing', json_array(), '$.registerBy', NULL, '$.isTest', json('false')) END
WHERE `kind` = 'agenda';
