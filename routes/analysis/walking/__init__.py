"""Walking time, timetable, daylight and nights."""
