"""Names: what somebody is called by theirs, and how names are folded and sought."""
