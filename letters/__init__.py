"""Every letter the programme writes: one folder a kind, one text a language, and the frame around them all."""
