"""The chapters of the story: what follows from each kind of news. Only the story and the timetable import them."""
