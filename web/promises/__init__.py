"""The promises of a programme. One public page, made from its policy."""
