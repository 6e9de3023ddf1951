"""How does somebody ask to meet somebody? A page to write on, one to check, one that says what comes next."""
