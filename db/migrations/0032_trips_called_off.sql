ALTER TABLE `trip` ADD `called_off_at` integer;--> statement-breakpoint
ALTER TABLE `trip` ADD `called_off_by` text;--> statement-breakpoint
ALTER TABLE `trip` ADD `told_off` integer DEFAULT false NOT NULL;