CREATE TABLE `lapsed_ride` (
	`trip_id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`times` integer NOT NULL,
	`kind` text NOT NULL,
	`departs_at` integer NOT NULL,
	`from_place` text NOT NULL,
	`to_place` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`invitation_id`, `trip_id`),
	FOREIGN KEY (`invitation_id`) REFERENCES `invitation`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "lapsed_ride_was_lost" CHECK("lapsed_ride"."times" > 0)
);
