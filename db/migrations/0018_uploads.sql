CREATE TABLE `upload` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`question` text NOT NULL,
	`state` text NOT NULL,
	`data_class` text NOT NULL,
	`media_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`width` integer,
	`height` integer,
	`stored` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `upload_of` ON `upload` (`invitation_id`,`state`);--> statement-breakpoint
CREATE TABLE `upload_removal` (
	`stored` text PRIMARY KEY NOT NULL
);
