"""Commands about data: imports, exports, erasure, retention."""
