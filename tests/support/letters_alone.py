"""Letters about their reader alone, which are of no introduction: a test that goes through all letters adds them."""

OF_NO_INTRODUCTION = ("sign_in", "asks_paused", "desk", "welcome")
