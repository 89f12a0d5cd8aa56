"""What a benchmark runs with: servers in processes of their own, load from wrk, CPU time from /proc."""
