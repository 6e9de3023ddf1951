"""Composing letters: views filled from facts, rendered as text and HTML, made into messages."""
