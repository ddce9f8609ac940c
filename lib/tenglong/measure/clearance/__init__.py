"""高耗低效整治: the list, the closed loop, what was freed; two-high projects."""
