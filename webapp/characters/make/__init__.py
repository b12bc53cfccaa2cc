"""Makes the data files of this room from public sources: ``make characters``. Nothing else imports this."""
