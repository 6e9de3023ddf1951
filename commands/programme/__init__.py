"""Commands about a programme: its policy, people, operators, keys, conflicts."""
