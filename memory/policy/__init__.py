"""Small pure programs that say which extents to fetch and to drop."""
