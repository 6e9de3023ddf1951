"""The HTTP side: pages, forms and the JSON API."""
