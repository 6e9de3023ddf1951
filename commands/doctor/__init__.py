"""`introbroker doctor`: is everything this installation rests on as it should be?"""
