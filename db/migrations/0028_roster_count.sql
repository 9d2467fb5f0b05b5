CREATE TABLE `roster_count` (
	`edition_id` text NOT NULL,
	`delegation_id` text NOT NULL,
	`category` text NOT NULL,
	`reply` text NOT NULL,
	`registration` text NOT NULL,
	`people` integer NOT NULL,
	PRIMARY KEY(`edition_id`, `delegation_id`, `category`, `reply`, `registration`),
	FOREIGN KEY (`edition_id`) REFERENCES `edition`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegation_id`) REFERENCES `delegation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TRIGGER `roster_count_invited` AFTER INSERT ON `invitation` BEGIN
	INSERT INTO `roster_count` (`edition_id`, `delegation_id`, `category`, `reply`, `registration`, `people`) VALUES (new.`edition_id`, new.`delegation_id`, new.`category`, new.`reply`, coalesce((SELECT `state` FROM `registration` WHERE `invitation_id` = new.`id`), ''), 1)
		ON CONFLICT DO UPDATE SET `people` = `people` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `roster_count_moved` AFTER UPDATE OF `edition_id`, `delegation_id`, `category`, `reply` ON `invitation`
WHEN (old.`edition_id`, old.`delegation_id`, old.`category`, old.`reply`) IS NOT (new.`edition_id`, new.`delegation_id`, new.`category`, new.`reply`) BEGIN
	UPDATE `roster_count` SET `people` = `people` - 1
		WHERE (`edition_id`, `delegation_id`, `category`, `reply`, `registration`) = (old.`edition_id`, old.`delegation_id`, old.`category`, old.`reply`, coalesce((SELECT `state` FROM `registration` WHERE `invitation_id` = old.`id`), ''));
	DELETE FROM `roster_count` WHERE `edition_id` = old.`edition_id` AND `delegation_id` = old.`delegation_id` AND `people` = 0;
	INSERT INTO `roster_count` (`edition_id`, `delegation_id`, `category`, `reply`, `registration`, `people`) VALUES (new.`edition_id`, new.`delegation_id`, new.`category`, new.`reply`, coalesce((SELECT `state` FROM `registration` WHERE `invitation_id` = new.`id`), ''), 1)
		ON CONFLICT DO UPDATE SET `people` = `people` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `roster_count_gone` AFTER DELETE ON `invitation` BEGIN
	UPDATE `roster_count` SET `people` = `people` - 1
		WHERE (`edition_id`, `delegation_id`, `category`, `reply`, `registration`) = (old.`edition_id`, old.`delegation_id`, old.`category`, old.`reply`, coalesce((SELECT `state` FROM `registration` WHERE `invitation_id` = old.`id`), ''));
	DELETE FROM `roster_count` WHERE `edition_id` = old.`edition_id` AND `delegation_id` = old.`delegation_id` AND `people` = 0;
END;
--> statement-breakpoint
CREATE TRIGGER `roster_count_begun` AFTER INSERT ON `registration` BEGIN
	UPDATE `roster_count` SET `people` = `people` - 1
		WHERE (`edition_id`, `delegation_id`, `category`, `reply`, `registration`) = (SELECT `edition_id`, `delegation_id`, `category`, `reply`, '' FROM `invitation` WHERE `id` = new.`invitation_id`);
	DELETE FROM `roster_count` WHERE (`edition_id`, `delegation_id`) = (SELECT `edition_id`, `delegation_id` FROM `invitation` WHERE `id` = new.`invitation_id`) AND `people` = 0;
	INSERT INTO `roster_count` (`edition_id`, `delegation_id`, `category`, `reply`, `registration`, `people`)
		SELECT `edition_id`, `delegation_id`, `category`, `reply`, new.`state`, 1 FROM `invitation` WHERE `id` = new.`invitation_id`
		ON CONFLICT DO UPDATE SET `people` = `people` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `roster_count_went_on` AFTER UPDATE OF `state` ON `registration` WHEN old.`state` IS NOT new.`state` BEGIN
	UPDATE `roster_count` SET `people` = `people` - 1
		WHERE (`edition_id`, `delegation_id`, `category`, `reply`, `registration`) = (SELECT `edition_id`, `delegation_id`, `category`, `reply`, old.`state` FROM `invitation` WHERE `id` = old.`invitation_id`);
	DELETE FROM `roster_count` WHERE (`edition_id`, `delegation_id`) = (SELECT `edition_id`, `delegation_id` FROM `invitation` WHERE `id` = old.`invitation_id`) AND `people` = 0;
	INSERT INTO `roster_count` (`edition_id`, `delegation_id`, `category`, `reply`, `registration`, `people`)
		SELECT `edition_id`, `delegation_id`, `category`, `reply`, new.`state`, 1 FROM `invitation` WHERE `id` = new.`invitation_id`
		ON CONFLICT DO UPDATE SET `people` = `people` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `roster_count_dropped` AFTER DELETE ON `registration` BEGIN
	UPDATE `roster_count` SET `people` = `people` - 1
		WHERE (`edition_id`, `delegation_id`, `category`, `reply`, `registration`) = (SELECT `edition_id`, `delegation_id`, `category`, `reply`, old.`state` FROM `invitation` WHERE `id` = old.`invitation_id`);
	DELETE FROM `roster_count` WHERE (`edition_id`, `delegation_id`) = (SELECT `edition_id`, `delegation_id` FROM `invitation` WHERE `id` = old.`invitation_id`) AND `people` = 0;
	INSERT INTO `roster_count` (`edition_id`, `delegation_id`, `category`, `reply`, `registration`, `people`)
		SELECT `edition_id`, `delegation_id`, `category`, `reply`, '', 1 FROM `invitation` WHERE `id` = old.`invitation_id`
		ON CONFLICT DO UPDATE SET `people` = `people` + 1;
END;
--> statement-breakpoint
INSERT INTO `roster_count` (`edition_id`, `delegation_id`, `category`, `reply`, `registration`, `people`)
	SELECT i.`edition_id`, i.`delegation_id`, i.`category`, i.`reply`, coalesce(r.`state`, ''), count(*)
	FROM `invitation` i LEFT JOIN `registration` r ON r.`invitation_id` = i.`id` GROUP BY 1, 2, 3, 4, 5;
