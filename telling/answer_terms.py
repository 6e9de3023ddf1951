"""Terms a target can tick; each is passed on exactly as it reads on the page, and a letter knows it again."""

from telling.languages import phrase

TERM_MINUTES = phrase("Twenty minutes are enough.")
TERM_MAIL = phrase("By mail only, please.")
TERM_AFTER = phrase("Not before %(day)s.")
TERM_BOOKING = phrase("Please book a time here: %(link)s")
