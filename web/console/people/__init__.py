"""People in the console: members, conflicts, resting asks."""
