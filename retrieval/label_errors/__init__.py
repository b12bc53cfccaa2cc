"""Labels that are likely wrong: of crops, and of queries that people matched with items."""
