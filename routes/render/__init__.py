"""Draw and write what people read: map pages, pictures, reports."""
