"""The request pages. A page to write on, one to check, one that says what comes next."""
