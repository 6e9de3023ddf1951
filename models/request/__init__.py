"""Requests: what a requester writes, and what the door says of it. Imports the policy and the words."""
