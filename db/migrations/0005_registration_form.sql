CREATE TABLE `registration_form` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`revision` integer NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`changed_by` text NOT NULL,
	`published_at` integer,
	`published_by` text,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registration_form_version` ON `registration_form` (`edition_id`,`version`);--> statement-breakpoint
CREATE TABLE `registration_sealed` (
	`registration_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`names` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`registration_id`) REFERENCES `registration`(`id`) ON UPDATE no action ON DELETE no action
);
