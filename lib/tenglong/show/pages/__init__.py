"""What the pages show: one module a page, or a section that several pages share."""
