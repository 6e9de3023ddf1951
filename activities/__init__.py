"""Activities: the work a workflow has done for it."""
