CREATE TABLE `access_arrangement` (
	`item_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`need` text NOT NULL,
	`note` text NOT NULL,
	`arranged_at` integer NOT NULL,
	`arranged_by` text NOT NULL,
	PRIMARY KEY(`item_id`, `co_host_id`, `need`),
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `venue_access` (
	`venue_id` text NOT NULL,
	`need` text NOT NULL,
	`there` integer NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`venue_id`, `need`),
	FOREIGN KEY (`venue_id`) REFERENCES `venue`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `headset` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`day` text NOT NULL,
	`number` text DEFAULT '' NOT NULL,
	`handed_at` integer NOT NULL,
	`handed_by` text NOT NULL,
	`returned_at` integer,
	`returned_by` text,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `headset_once_a_day` ON `headset` (`invitation_id`,`day`);--> statement-breakpoint
CREATE TABLE `interpreter_post` (
	`id` text PRIMARY KEY NOT NULL,
	`item_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`invitation_id` text,
	`outsider_id` text,
	`pair` text NOT NULL,
	`booth` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`outsider_id`) REFERENCES `outside_interpreter`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "interpreter_post_is_one_of_two" CHECK(("interpreter_post"."invitation_id" is null) <> ("interpreter_post"."outsider_id" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `interpreter_post_invited` ON `interpreter_post` (`item_id`,`invitation_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `interpreter_post_outsider` ON `interpreter_post` (`item_id`,`outsider_id`);--> statement-breakpoint
CREATE TABLE `outside_interpreter` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`name` text NOT NULL,
	`phone` text DEFAULT '' NOT NULL,
	`pairs` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `outside_interpreter_by_edition` ON `outside_interpreter` (`edition_id`);--> statement-breakpoint
CREATE TABLE `kitchen_word` (
	`invitation_id` text PRIMARY KEY NOT NULL,
	`en` text NOT NULL,
	`zh` text NOT NULL,
	`told` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `meal_absence` (
	`item_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`noted_at` integer NOT NULL,
	`noted_by` text NOT NULL,
	PRIMARY KEY(`item_id`, `invitation_id`),
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `meal_absence_by_person` ON `meal_absence` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `meal_seat` (
	`item_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`table_id` text NOT NULL,
	`place` integer,
	PRIMARY KEY(`item_id`, `invitation_id`),
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`table_id`) REFERENCES `meal_table`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "meal_seat_place_from_one" CHECK("meal_seat"."place" is null or "meal_seat"."place" between 1 and 40)
);
--> statement-breakpoint
CREATE INDEX `meal_seat_by_table` ON `meal_seat` (`table_id`);--> statement-breakpoint
CREATE INDEX `meal_seat_by_person` ON `meal_seat` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `meal_table` (
	`id` text PRIMARY KEY NOT NULL,
	`item_id` text NOT NULL,
	`name` text NOT NULL,
	`seats` integer NOT NULL,
	`head` integer DEFAULT false NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `agenda_item`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "meal_table_seats_somebody" CHECK("meal_table"."seats" between 1 and 40)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `meal_table_name` ON `meal_table` (`item_id`,`name`);