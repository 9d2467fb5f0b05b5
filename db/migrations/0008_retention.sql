CREATE TABLE `purge_report` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`at` integer NOT NULL,
	`report` text NOT NULL,
	`sha256` text NOT NULL,
	`signature` text NOT NULL,
	`cleaned_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `purge_report_by_side` ON `purge_report` (`edition_id`,`co_host_id`,`at`);--> statement-breakpoint
CREATE TABLE `retention_date` (
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`kind` text NOT NULL,
	`due_on` text NOT NULL,
	`changed_at` integer NOT NULL,
	`changed_by` text NOT NULL,
	PRIMARY KEY(`edition_id`, `co_host_id`, `kind`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
