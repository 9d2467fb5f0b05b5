CREATE TABLE `clearance_answer` (
	`visit_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`answer` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`visit_id`, `invitation_id`),
	FOREIGN KEY (`visit_id`) REFERENCES `site_visit`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `clearance_entry` (
	`version_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`row` integer NOT NULL,
	PRIMARY KEY(`version_id`, `invitation_id`),
	FOREIGN KEY (`version_id`) REFERENCES `clearance_version`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `clearance_part` (
	`id` text PRIMARY KEY NOT NULL,
	`visit_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`number` integer NOT NULL,
	`release_id` text,
	`facts` text NOT NULL,
	`sealed` text NOT NULL,
	`released_at` integer NOT NULL,
	`released_by` text NOT NULL,
	FOREIGN KEY (`visit_id`) REFERENCES `site_visit`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`release_id`) REFERENCES `release`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clearance_part_number` ON `clearance_part` (`visit_id`,`co_host_id`,`number`);--> statement-breakpoint
CREATE TABLE `clearance_row` (
	`part_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`part_id`, `invitation_id`),
	FOREIGN KEY (`part_id`) REFERENCES `clearance_part`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `clearance_version` (
	`id` text PRIMARY KEY NOT NULL,
	`visit_id` text NOT NULL,
	`number` integer NOT NULL,
	`locale` text NOT NULL,
	`sealed` text NOT NULL,
	`people` integer NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`changed` integer NOT NULL,
	`sha256` text NOT NULL,
	`amendment_sha256` text,
	`frozen_at` integer NOT NULL,
	`frozen_by` text NOT NULL,
	FOREIGN KEY (`visit_id`) REFERENCES `site_visit`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clearance_version_number` ON `clearance_version` (`visit_id`,`number`);--> statement-breakpoint
CREATE TABLE `clearance_version_part` (
	`version_id` text NOT NULL,
	`part_id` text NOT NULL,
	PRIMARY KEY(`version_id`, `part_id`),
	FOREIGN KEY (`version_id`) REFERENCES `clearance_version`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`part_id`) REFERENCES `clearance_part`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `site_visit` ADD `clearance_locale` text;