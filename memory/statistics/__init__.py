"""Who used which weights when: records, the sources that they come from, and the map from addresses to extents."""
