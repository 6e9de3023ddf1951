"""The sample world: fictional people and what is under way among them."""
