CREATE TABLE `agenda_journal` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`number` integer NOT NULL,
	`at` integer NOT NULL,
	`item_id` text NOT NULL,
	`step` text NOT NULL,
	`undone_at` integer,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agenda_journal_number` ON `agenda_journal` (`edition_id`,`number`);--> statement-breakpoint
CREATE INDEX `agenda_journal_by_actor` ON `agenda_journal` (`edition_id`,`actor_id`,`number`);--> statement-breakpoint
CREATE INDEX `agenda_journal_by_item` ON `agenda_journal` (`item_id`,`number`);--> statement-breakpoint
CREATE TABLE `clash_acceptance` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`side_id` text DEFAULT '' NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`facts` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clash_acceptance_once` ON `clash_acceptance` (`edition_id`,`side_id`,`key`);--> statement-breakpoint
CREATE TABLE `cue` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`side_id` text,
	`anchor` text NOT NULL,
	`item_id` text,
	`offset` integer,
	`at` integer,
	`what` text NOT NULL,
	`who` text DEFAULT '' NOT NULL,
	`place` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`side_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `cue_by_edition` ON `cue` (`edition_id`);--> statement-breakpoint
CREATE INDEX `cue_by_item` ON `cue` (`item_id`);--> statement-breakpoint
CREATE TABLE `venue` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`name_en` text NOT NULL,
	`name_zh` text NOT NULL,
	`address_en` text DEFAULT '' NOT NULL,
	`address_zh` text DEFAULT '' NOT NULL,
	`within_id` text,
	`capacity` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`within_id`) REFERENCES `venue`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "venue_not_within_itself" CHECK("venue"."within_id" is null or "venue"."within_id" <> "venue"."id"),
	CONSTRAINT "venue_capacity_positive" CHECK("venue"."capacity" is null or "venue"."capacity" > 0)
);
--> statement-breakpoint
CREATE INDEX `venue_by_edition` ON `venue` (`edition_id`);--> statement-breakpoint
CREATE TABLE `venue_way` (
	`one_id` text NOT NULL,
	`other_id` text NOT NULL,
	`minutes` integer NOT NULL,
	PRIMARY KEY(`one_id`, `other_id`),
	FOREIGN KEY (`one_id`) REFERENCES `venue`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`other_id`) REFERENCES `venue`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "venue_way_in_order" CHECK("venue_way"."one_id" < "venue_way"."other_id"),
	CONSTRAINT "venue_way_takes_time" CHECK("venue_way"."minutes" between 1 and 1440)
);
--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `venue_id` text REFERENCES venue(id);--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `from_venue_id` text REFERENCES venue(id);--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `language_pair` text;--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `dress_en` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `dress_zh` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `bring_en` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `agenda_item` ADD `bring_zh` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `agenda_item_by_venue` ON `agenda_item` (`venue_id`);--> statement-breakpoint
-- What was typed as a place becomes one: the same words at the same edition are the same place.
INSERT INTO `venue` (`id`, `edition_id`, `name_en`, `name_zh`, `updated_at`)
SELECT lower(hex(randomblob(10))), `edition_id`, `place_en`, `place_zh`, max(`updated_at`)
FROM `agenda_item` WHERE `place_en` <> '' OR `place_zh` <> ''
GROUP BY `edition_id`, `place_en`, `place_zh`;
--> statement-breakpoint
UPDATE `agenda_item` SET `venue_id` = (
	SELECT `venue`.`id` FROM `venue`
	WHERE `venue`.`edition_id` = `agenda_item`.`edition_id`
	AND `venue`.`name_en` = `agenda_item`.`place_en` AND `venue`.`name_zh` = `agenda_item`.`place_zh`
);
--> statement-breakpoint
-- Until now there were two languages.
UPDATE `agenda_item` SET `language_pair` = 'en_zh' WHERE `interpretation` IN ('simultaneous', 'consecutive');
