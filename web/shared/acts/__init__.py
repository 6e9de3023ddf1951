"""Acts of people and staff on their way in: a press, what it says, and what comes back when it was refused."""
