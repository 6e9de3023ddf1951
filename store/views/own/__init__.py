"""What somebody reads of their own: questions put to them, requests, what they agreed to, whom they met."""
