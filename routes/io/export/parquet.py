"""Write the layers of a study as GeoParquet, a file a layer."""

import io
from collections.abc import Mapping

from routes.errors import OutputError
from routes.io.export.layers import Layers


def layers_parquet(layers: Layers) -> Mapping[str, bytes]:
    """Each layer as GeoParquet 1.0, the same bytes for the same input and version of pyarrow.

    Parameters
    ----------
    layers : Layers
        Tracks, places, days and verdicts.

    Returns
    -------
    mapping of str to bytes
        Files by name of layer. What `layers.about` says is metadata of the schema, with keys that begin with
        ``routes:``.

    Raises
    ------
    OutputError
        If pyarrow is not installed.
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
