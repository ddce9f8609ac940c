"""Makes the 示例 county: invented firms, parcels and projects on a county's real outline.

One module a noun; what is one county's own is its setting. The order in which they are made is
that of `county.make`: places and the clearance's fates first, then firms, the plots they sit on,
who uses which plot, and from these the figures of every year and month. What belongs together is
derived, never drawn twice.
"""
