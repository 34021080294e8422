"""Reads safetensors files by the format's description, so that what lobule writes and reads has a second reader."""

import json
import struct

import numpy as np

TYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I64": np.dtype("<i8")}


def read_header(data):
    """The header's entries, and where the values begin."""
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), 8 + length


def read_metadata(file):
    """Name -> text."""
    return read_header(file.read_bytes())[0].get("__metadata__", {})


def read_safetensors(file):
    """Name -> array."""
    data = file.read_bytes()
    header, start = read_header(data)
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        begin, end = (start + offset for offset in entry["data_offsets"])
        arrays[name] = np.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return arrays
