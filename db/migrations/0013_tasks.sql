CREATE TABLE `task` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`source` text,
	`title` text DEFAULT '' NOT NULL,
	`due_at` integer,
	`owner_id` text,
	`note` text DEFAULT '' NOT NULL,
	`done_at` integer,
	`done_by` text,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`done_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "task_typed_has_title_and_day" CHECK("task"."source" is not null or ("task"."title" <> '' and "task"."due_at" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_source` ON `task` (`edition_id`,`co_host_id`,`source`);--> statement-breakpoint
CREATE INDEX `task_by_side` ON `task` (`edition_id`,`co_host_id`,`due_at`);--> statement-breakpoint
CREATE TABLE `task_digest` (
	`user_id` text NOT NULL,
	`edition_id` text NOT NULL,
	`co_host_id` text NOT NULL,
	`hour` integer NOT NULL,
	`last_day` text,
	PRIMARY KEY(`user_id`, `edition_id`, `co_host_id`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`co_host_id`) REFERENCES `co_host`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "task_digest_in_the_morning" CHECK("task_digest"."hour" between 5 and 11)
);
