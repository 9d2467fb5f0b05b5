CREATE TABLE `import_file` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`by` text NOT NULL,
	`delegation_id` text NOT NULL,
	`interpreter_delegation_id` text,
	`sealed` text NOT NULL,
	`rows` integer NOT NULL,
	`mapping` text NOT NULL,
	`who` text DEFAULT '{}' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`interpreter_delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `import_file_by_side` ON `import_file` (`edition_id`,`co_host_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `import_mapping` (
	`co_host_id` text NOT NULL,
	`headings` text NOT NULL,
	`mapping` text NOT NULL,
	`used_at` integer NOT NULL,
	PRIMARY KEY(`co_host_id`, `headings`),
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `roster_import` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`change_id` text,
	`rows` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`change_id`) REFERENCES `roster_change`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `roster_import_in_order` ON `roster_import` (`edition_id`,`co_host_id`,`at`);--> statement-breakpoint
CREATE TABLE `roster_import_row` (
	`import_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`made` text,
	`digest` text DEFAULT '' NOT NULL,
	`before` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`import_id`, `invitation_id`),
	FOREIGN KEY (`import_id`) REFERENCES `roster_import`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `roster_import_row_of_person` ON `roster_import_row` (`invitation_id`);