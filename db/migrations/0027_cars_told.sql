ALTER TABLE `trip` ADD `told_departs_at` integer;--> statement-breakpoint
ALTER TABLE `trip_passenger` ADD `told_departs_at` integer;