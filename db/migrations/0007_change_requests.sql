CREATE TABLE `change_request` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`state` text NOT NULL,
	`fields` text NOT NULL,
	`sealed` text NOT NULL,
	`note` text NOT NULL,
	`channel` text NOT NULL,
	`asked_at` integer NOT NULL,
	`decided_at` integer,
	`decided_by` text,
	`word` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `change_request_of` ON `change_request` (`invitation_id`,`state`);