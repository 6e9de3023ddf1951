"""Programmes, their policies in force, kinds of people, headcounts."""
