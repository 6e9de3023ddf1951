"""Reports of how it went: undone, late, and of somebody who was forgotten."""
