"""The boxes of a page: what is done to them by people, and what becomes of them."""
