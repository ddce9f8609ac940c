"""Makes 示例 counties: invented firms, parcels and projects on a county's real outline.

One module a noun; what is one county's own is its setting: read from a `county.yml`, or `invented`
for the counties of a `province`; `copies` makes all that is in a county many times over. The
order in which they are made is that of `county.make`: places and the clearance's fates first, then
firms, the plots they sit on, who uses which plot, and from these the figures of every year and
month. What belongs together is derived, never drawn twice.
"""
