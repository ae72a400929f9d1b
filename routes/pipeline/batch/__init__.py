"""Statistics of archives of tracks: many files in, one GeoParquet out."""

from routes.pipeline.batch.passes import BatchProgress
from routes.pipeline.batch.running import BatchOptions, BatchResult, run_batch

__all__ = ["BatchOptions", "BatchProgress", "BatchResult", "run_batch"]
