"""The map widget: layers of polygons, lines and points over an optional base map, for every page."""
