"""The process of one introduction: the story, its chapters, what time does, what may be done now. Imports the words."""
