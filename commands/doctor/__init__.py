"""`introbroker doctor`: everything an installation rests on, looked at."""
