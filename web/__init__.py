"""What people see: pages, forms and the JSON API."""
