"""Durable shells: what keeps an introduction alive through days and weeks of waiting for people."""
