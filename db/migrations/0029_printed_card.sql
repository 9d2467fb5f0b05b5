CREATE TABLE `printed_card` (
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`digests` text NOT NULL,
	`printing` integer NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`invitation_id`, `kind`),
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `printed_card_by_kind` ON `printed_card` (`kind`,`invitation_id`);