"""Trek files: read one, or start a new one."""
