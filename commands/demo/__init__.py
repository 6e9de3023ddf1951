"""One introduction that plays itself: real letters, real pages, every part in turn, and the proof at the end."""
