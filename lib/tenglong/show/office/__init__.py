"""A page for the office: as a Word document in the official layout, and as an Excel annex."""
