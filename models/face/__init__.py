"""The face of a programme: its colour in every shade pages and letters need, its sender, signature and opening."""
