"""Transport: the relay by SMTP, the mail page, signed return addresses."""
