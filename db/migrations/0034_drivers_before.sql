ALTER TABLE `trip` ADD `driver_new` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `trip` ADD `drivers_before` text DEFAULT '[]' NOT NULL;