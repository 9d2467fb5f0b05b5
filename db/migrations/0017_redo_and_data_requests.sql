CREATE TABLE `data_request` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`words` text NOT NULL,
	`asked_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`decided_at` integer,
	`decided_by` text,
	`word` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `data_request_of` ON `data_request` (`invitation_id`,`state`);--> statement-breakpoint
CREATE UNIQUE INDEX `data_request_once` ON `data_request` (`invitation_id`,`kind`) WHERE "data_request"."state" = 'open';--> statement-breakpoint
CREATE TABLE `redo` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`fields` text NOT NULL,
	`since` integer NOT NULL,
	`done_at` integer,
	`done_by` text,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `redo_by_invitation` ON `redo` (`invitation_id`,`done_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `redo_once` ON `redo` (`invitation_id`,`kind`,`subject_id`) WHERE "redo"."done_at" is null;