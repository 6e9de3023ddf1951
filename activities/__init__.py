"""What a workflow has done for it."""
