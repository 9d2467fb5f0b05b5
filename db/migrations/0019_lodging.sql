CREATE TABLE `guest_night` (
	`invitation_id` text NOT NULL,
	`night` text NOT NULL,
	`room_id` text NOT NULL,
	PRIMARY KEY(`invitation_id`, `night`),
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`room_id`) REFERENCES `room`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `guest_night_by_room` ON `guest_night` (`room_id`);--> statement-breakpoint
CREATE TABLE `hotel` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`name_en` text NOT NULL,
	`name_zh` text NOT NULL,
	`address_en` text DEFAULT '' NOT NULL,
	`address_zh` text DEFAULT '' NOT NULL,
	`phone` text DEFAULT '' NOT NULL,
	`list_deadline` integer,
	`list_columns` text NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `hotel_by_side` ON `hotel` (`edition_id`,`co_host_id`);--> statement-breakpoint
CREATE TABLE `lodging_wish` (
	`invitation_id` text PRIMARY KEY NOT NULL,
	`lodging` text NOT NULL,
	`address` text DEFAULT '' NOT NULL,
	`may_share` integer DEFAULT false NOT NULL,
	`share_with_id` text,
	`note` text DEFAULT '' NOT NULL,
	`reported_on` text,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`share_with_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `room` (
	`id` text PRIMARY KEY NOT NULL,
	`type_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`number` text DEFAULT '' NOT NULL,
	`smoking` integer DEFAULT false NOT NULL,
	`early_check_in` integer DEFAULT false NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`type_id`) REFERENCES `room_type`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `room_by_type` ON `room` (`type_id`);--> statement-breakpoint
CREATE TABLE `room_guest` (
	`room_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`sharing` text NOT NULL,
	`sharing_at` integer,
	`sharing_by` text,
	PRIMARY KEY(`room_id`, `invitation_id`),
	FOREIGN KEY (`room_id`) REFERENCES `room`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `room_guest_by_person` ON `room_guest` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `room_night` (
	`room_id` text NOT NULL,
	`night` text NOT NULL,
	`type_id` text NOT NULL,
	`payer` text NOT NULL,
	PRIMARY KEY(`room_id`, `night`),
	FOREIGN KEY (`room_id`) REFERENCES `room`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`type_id`,`night`) REFERENCES `room_stock`(`type_id`,`night`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `room_night_by_stock` ON `room_night` (`type_id`,`night`);--> statement-breakpoint
CREATE TABLE `room_stock` (
	`type_id` text NOT NULL,
	`night` text NOT NULL,
	`rooms` integer NOT NULL,
	`taken` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`type_id`, `night`),
	FOREIGN KEY (`type_id`) REFERENCES `room_type`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "room_stock_never_below_zero" CHECK("room_stock"."taken" >= 0 and "room_stock"."taken" <= "room_stock"."rooms")
);
--> statement-breakpoint
CREATE TABLE `room_type` (
	`id` text PRIMARY KEY NOT NULL,
	`hotel_id` text NOT NULL,
	`name_en` text NOT NULL,
	`name_zh` text NOT NULL,
	`sleeps` integer NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`hotel_id`) REFERENCES `hotel`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "room_type_sleeps_somebody" CHECK("room_type"."sleeps" between 1 and 4)
);
--> statement-breakpoint
CREATE INDEX `room_type_by_hotel` ON `room_type` (`hotel_id`,`position`);--> statement-breakpoint
CREATE TABLE `rooming_list` (
	`id` text PRIMARY KEY NOT NULL,
	`hotel_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`number` integer NOT NULL,
	`sealed` text NOT NULL,
	`sha256` text NOT NULL,
	`rows` integer NOT NULL,
	`frozen_at` integer NOT NULL,
	`frozen_by` text NOT NULL,
	`release_id` text NOT NULL,
	FOREIGN KEY (`hotel_id`) REFERENCES `hotel`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rooming_list_number` ON `rooming_list` (`hotel_id`,`co_host_id`,`number`);