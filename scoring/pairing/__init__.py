"""Who meets whom: round robin, knock-out, groups and then knock-out, Swiss; and the tables that come of it."""
