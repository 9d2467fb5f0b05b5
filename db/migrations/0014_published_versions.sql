CREATE TABLE `agenda_notice_side` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`mode` text DEFAULT 'wait' NOT NULL,
	`settled_number` integer,
	`settled_at` integer,
	PRIMARY KEY(`edition_id`, `co_host_id`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `agenda_seen` (
	`version_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`seen_at` integer NOT NULL,
	`channel` text NOT NULL,
	`actor_id` text,
	PRIMARY KEY(`version_id`, `invitation_id`),
	FOREIGN KEY (`version_id`) REFERENCES `agenda_version`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agenda_seen_by_person` ON `agenda_seen` (`invitation_id`);--> statement-breakpoint
ALTER TABLE `agenda_version` ADD `code` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `agenda_version_code` ON `agenda_version` (`code`) WHERE "agenda_version"."code" <> '';--> statement-breakpoint
ALTER TABLE `delivery` ADD `agenda_version` integer;--> statement-breakpoint
CREATE INDEX `delivery_programme` ON `delivery` (`edition_id`,`co_host_id`,`invitation_id`,`agenda_version`,`kind`,`state`) WHERE "delivery"."agenda_version" is not null;