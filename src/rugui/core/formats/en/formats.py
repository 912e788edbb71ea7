"""3 Sep 2026, as `web.moments` has it; Django's own English is American: Sept. 3, 2026."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j F"
