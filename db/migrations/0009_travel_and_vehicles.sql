CREATE TABLE `journey` (
	`invitation_id` text NOT NULL,
	`direction` text NOT NULL,
	`means` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`answer_seen` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`invitation_id`, `direction`),
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `own_way` (
	`invitation_id` text NOT NULL,
	`direction` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`invitation_id`, `direction`),
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `travel_check` (
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`owner_id` text,
	`accepted_because` text DEFAULT '' NOT NULL,
	`accepted_for` text DEFAULT '' NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`invitation_id`, `kind`),
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `travel_leg` (
	`id` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	`direction` text NOT NULL,
	`position` integer NOT NULL,
	`means` text NOT NULL,
	`number` text DEFAULT '' NOT NULL,
	`from_place` text DEFAULT '' NOT NULL,
	`departs_on` text,
	`departs_time` text,
	`departs_zone` text NOT NULL,
	`departs_at` integer,
	`to_place` text DEFAULT '' NOT NULL,
	`arrives_on` text,
	`arrives_time` text,
	`arrives_zone` text NOT NULL,
	`arrives_at` integer,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "travel_leg_position_not_negative" CHECK("travel_leg"."position" >= 0)
);
--> statement-breakpoint
CREATE INDEX `travel_leg_of_journey` ON `travel_leg` (`invitation_id`,`direction`,`position`);--> statement-breakpoint
CREATE TABLE `trip` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`kind` text NOT NULL,
	`vehicle_id` text,
	`item_id` text,
	`minutes_before` integer DEFAULT 0 NOT NULL,
	`minutes_after` integer DEFAULT 0 NOT NULL,
	`departs_at` integer NOT NULL,
	`returns_at` integer,
	`from_place` text NOT NULL,
	`to_place` text NOT NULL,
	`sign` text DEFAULT '' NOT NULL,
	`captain` text DEFAULT '' NOT NULL,
	`captain_phone` text DEFAULT '' NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`vehicle_id`) REFERENCES `vehicle`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "trip_returns_after_it_leaves" CHECK("trip"."returns_at" is null or "trip"."returns_at" > "trip"."departs_at")
);
--> statement-breakpoint
CREATE INDEX `trip_in_order` ON `trip` (`edition_id`,`departs_at`);--> statement-breakpoint
CREATE INDEX `trip_of_vehicle` ON `trip` (`vehicle_id`);--> statement-breakpoint
CREATE TABLE `trip_passenger` (
	`id` text PRIMARY KEY NOT NULL,
	`trip_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	`role` text,
	`position` integer NOT NULL,
	`boarded_at` integer,
	`boarded_by` text,
	`returned_at` integer,
	`returned_by` text,
	FOREIGN KEY (`trip_id`) REFERENCES `trip`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `trip_passenger_once` ON `trip_passenger` (`trip_id`,`invitation_id`);--> statement-breakpoint
CREATE INDEX `trip_passenger_by_person` ON `trip_passenger` (`invitation_id`);--> statement-breakpoint
CREATE TABLE `vehicle` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`name` text NOT NULL,
	`plate` text DEFAULT '' NOT NULL,
	`seats` integer NOT NULL,
	`driver` text DEFAULT '' NOT NULL,
	`driver_phone` text DEFAULT '' NOT NULL,
	`position` integer NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "vehicle_has_seats" CHECK("vehicle"."seats" > 0)
);
--> statement-breakpoint
CREATE INDEX `vehicle_by_side` ON `vehicle` (`edition_id`,`co_host_id`,`position`);