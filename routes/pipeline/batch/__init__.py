"""Statistics of archives of tracks: many files in, one GeoParquet out."""

from routes.pipeline.batch.running import BatchOptions, BatchResult, run_batch
from routes.pipeline.batch.stages import BatchProgress

__all__ = ["BatchOptions", "BatchProgress", "BatchResult", "run_batch"]
