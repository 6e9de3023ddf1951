"""What does a programme promise everybody it writes to? One public page, made from its policy."""
