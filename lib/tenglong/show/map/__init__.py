"""Maps: folium made safe and offline, the static picture of the same classes, their legend."""
