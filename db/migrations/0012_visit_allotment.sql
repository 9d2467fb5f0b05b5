CREATE TABLE `visit_draw` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`seed` text NOT NULL,
	`algorithm` integer NOT NULL,
	`record` text NOT NULL,
	`digest` text NOT NULL,
	`drawn_at` integer NOT NULL,
	`drawn_by` text NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `visit_draw_by_edition` ON `visit_draw` (`edition_id`);--> statement-breakpoint
CREATE TABLE `visit_draw_ticket` (
	`draw_id` text NOT NULL,
	`ticket` integer NOT NULL,
	`invitation_id` text NOT NULL,
	PRIMARY KEY(`draw_id`, `ticket`),
	FOREIGN KEY (`draw_id`) REFERENCES `visit_draw`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `visit_draw_ticket_once` ON `visit_draw_ticket` (`draw_id`,`invitation_id`);--> statement-breakpoint
ALTER TABLE `site_visit` ADD `allotment` text DEFAULT 'first_come' NOT NULL;--> statement-breakpoint
ALTER TABLE `site_visit` ADD `offer_hours` integer;--> statement-breakpoint
ALTER TABLE `site_visit` ADD `open_to` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `site_visit` ADD `draw_id` text REFERENCES visit_draw(id);--> statement-breakpoint
ALTER TABLE `visit_place` ADD `cause` text DEFAULT 'asked' NOT NULL;--> statement-breakpoint
ALTER TABLE `visit_place` ADD `preference` integer;--> statement-breakpoint
ALTER TABLE `visit_place` ADD `offer_ends_at` integer;--> statement-breakpoint
ALTER TABLE `visit_place` ADD `override_reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `visit_place` ADD `clash_reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `visit_place_offers` ON `visit_place` (`offer_ends_at`);