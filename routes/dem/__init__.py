"""Digital elevation models on disk: products, rasters, folders of them."""
