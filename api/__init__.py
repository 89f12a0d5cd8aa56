"""Every way in: pages, JSON, feeds, the command line. It translates and decides nothing."""
