"""Steps: recorded in one transaction with their effects, and what no workflow has taken up."""
