"""Speed, measured beside a plain program in the same run, so that a slow machine slows both."""
