-- The standard form asks whether somebody needs a visa. Journeys that were stored before have it blank, in the place that
-- it has in what is stored from now on, so that the same answers sent again are still no change.
UPDATE `registration_section` SET `answers` = json_insert(`answers`, '$.needsVisa', '') WHERE `section` = 'travel' AND json_valid(`answers`);
