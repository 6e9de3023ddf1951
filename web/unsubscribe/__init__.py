"""No more letters: what the unsubscribe button of a mail program reaches, and the page behind it."""
