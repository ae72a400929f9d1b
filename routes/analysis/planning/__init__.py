"""Planning days within limits, and comparing treks."""
