"""The mail page of the embedded default: delivered letters and whose mailboxes hold them."""
