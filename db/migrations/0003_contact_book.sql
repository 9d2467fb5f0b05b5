CREATE TABLE `person_not_double` (
	`first_id` text NOT NULL,
	`second_id` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`first_id`, `second_id`),
	FOREIGN KEY (`first_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`second_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
