"""Images that somebody hands in: looked at, drawn anew as PNG, or refused by name.

What comes out has nothing of the file that came in but its colours: no metadata, no script, no second picture. It is
done in a process of its own (`images.cleaning_process`), which has little memory and little time.
"""
