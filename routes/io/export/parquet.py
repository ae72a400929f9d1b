"""Write the layers of a study as GeoParquet, one file per layer."""

import io
from collections.abc import Mapping

from routes.errors import OutputError
from routes.io.export.layers import Layers


def layers_parquet(layers: Layers) -> Mapping[str, bytes]:
    """Each layer as GeoParquet 1.0, by name; the same input and pyarrow version give the same bytes.

    `layers.about` becomes metadata of the schema, its keys prefixed with ``routes:``. Raises OutputError if
    pyarrow is not installed.
    """
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "GeoParquet needs pyarrow: pip install 'trek-routes[parquet]'."
        raise OutputError(msg) from error
    about = {f"routes:{key}".encode(): value.encode() for key, value in layers.about.items()}
    files = {}
    for name, frame in layers.named():
        plain = io.BytesIO()
        frame.to_parquet(plain, index=False, schema_version="1.0.0")
        table = pq.read_table(plain)
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **about})
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        files[name] = buffer.getvalue()
    return files
