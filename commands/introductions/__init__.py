"""Commands about introductions: requests, lists, proof."""
