"""9月3日, as `web.moments` has it; Django would fill the month up to 09."""

MONTH_DAY_FORMAT = "n月j日"
