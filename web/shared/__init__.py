"""What the rooms of the web share: house, sessions, rendering, forms, and how news is submitted."""
