CREATE TABLE `export_file` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`purpose` text NOT NULL,
	`format` text NOT NULL,
	`language` text NOT NULL,
	`columns` text NOT NULL,
	`classes` text NOT NULL,
	`view` text NOT NULL,
	`people` integer NOT NULL,
	`made_at` integer NOT NULL,
	`made_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	`ended_by` text,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `export_file_in_order` ON `export_file` (`edition_id`,`made_at`);--> statement-breakpoint
CREATE TABLE `export_side` (
	`export_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	PRIMARY KEY(`export_id`, `co_host_id`),
	FOREIGN KEY (`export_id`) REFERENCES `export_file`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `export_side_by_side` ON `export_side` (`co_host_id`);--> statement-breakpoint
CREATE TABLE `export_taking` (
	`id` text PRIMARY KEY NOT NULL,
	`export_id` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`people` integer NOT NULL,
	`finished_at` integer,
	`sha256` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`export_id`) REFERENCES `export_file`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `export_taking_by_file` ON `export_taking` (`export_id`,`at`);