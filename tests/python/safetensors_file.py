"""Reads safetensors files by the format's description, so that what lobule writes and reads has a second reader."""

import json
import struct

import numpy as np

TYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I64": np.dtype("<i8")}


def read_safetensors(file):
    """Name -> array."""
    data = file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[8 + length + begin : 8 + length + end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return arrays
