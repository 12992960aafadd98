"""Long runs that do harm: `make soak`; the test suite runs a short one."""
