CREATE TABLE `roster_cell` (
	`change_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`column` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL,
	PRIMARY KEY(`change_id`, `invitation_id`, `column`),
	FOREIGN KEY (`change_id`) REFERENCES `roster_change`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `roster_cell_of_person` ON `roster_cell` (`invitation_id`,`column`);--> statement-breakpoint
CREATE TABLE `roster_change` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`undoes` text,
	`undone_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `roster_change_in_order` ON `roster_change` (`edition_id`,`co_host_id`,`at`);--> statement-breakpoint
CREATE TABLE `roster_view` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`shared` integer DEFAULT false NOT NULL,
	`definition` text NOT NULL,
	`used_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `roster_view_by_side` ON `roster_view` (`edition_id`,`co_host_id`,`owner_id`,`used_at`);--> statement-breakpoint
ALTER TABLE `person` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `person_in_order` ON `person` (`sort_key`,`id`);--> statement-breakpoint
CREATE INDEX `person_by_search` ON `person` (`co_host_id`,`search_text`,`id`);--> statement-breakpoint
CREATE TRIGGER `person_search_new` AFTER INSERT ON `person` BEGIN
	UPDATE `person` SET `search_text` = plain(new.`name_latin` || '|' || new.`family_latin` || new.`given_latin` || new.`family_latin` || '|' || new.`name_native` || '|' || new.`institution_en` || '|' || new.`institution_zh`) WHERE `id` = new.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `person_search_changed` AFTER UPDATE OF `name_latin`, `family_latin`, `given_latin`, `name_native`, `institution_en`, `institution_zh`, `search_text` ON `person`
WHEN new.`search_text` IS NOT plain(new.`name_latin` || '|' || new.`family_latin` || new.`given_latin` || new.`family_latin` || '|' || new.`name_native` || '|' || new.`institution_en` || '|' || new.`institution_zh`) BEGIN
	UPDATE `person` SET `search_text` = plain(new.`name_latin` || '|' || new.`family_latin` || new.`given_latin` || new.`family_latin` || '|' || new.`name_native` || '|' || new.`institution_en` || '|' || new.`institution_zh`) WHERE `id` = new.`id`;
END;
--> statement-breakpoint
UPDATE `person` SET `search_text` = plain(`name_latin` || '|' || `family_latin` || `given_latin` || `family_latin` || '|' || `name_native` || '|' || `institution_en` || '|' || `institution_zh`);
