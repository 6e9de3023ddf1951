"""The console's first page: introductions and letters that need an operator, by due time."""
