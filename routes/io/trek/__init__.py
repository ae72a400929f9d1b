"""Trek files: read them, and start one."""
