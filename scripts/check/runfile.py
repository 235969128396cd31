"""Reading a .hiso file: its files, the frames of its log, and its config (docs/wire-format.md, docs/run-format.md)."""

import struct
import zlib


def varint(content, at):
    value = shift = 0
    while True:
        value |= (content[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if content[at - 1] < 128:
            return value, at


def frames(log):
    """(type, payload) of each frame of scalars.log."""
    assert log[:8] == b"HISOLOG\x02", "not a log of this version"
    at = 8
    while at < len(log):
        length, start = varint(log, at + 1)
        end = start + length
        assert zlib.crc32(log[at:end]) == struct.unpack_from("<I", log, end)[0], f"damaged at byte {at}"
        yield log[at], log[start:end]
        at = end + 4


def entries(content):
    """The files of a .hiso file by name."""
    assert content[:8] == b"HISORUN\x01", "not a run file of this version"
    assert zlib.crc32(content[:-4]) == struct.unpack("<I", content[-4:])[0], "the file is damaged"
    count, at = varint(content, 8)
    files = {}
    for _ in range(count):
        length, at = varint(content, at)
        name, at = content[at : at + length].decode(), at + length
        length, at = varint(content, at)
        files[name], at = content[at : at + length], at + length
    return files


def scalars(content, at, count, precision):
    """`count` scalars in one of the precisions of the wire format."""
    if precision == 0:
        return list(struct.unpack_from(f"<{count}f", content, at))
    if precision == 1:
        return list(struct.unpack_from(f"<{count}e", content, at))
    if precision == 2:
        words = struct.unpack_from(f"<{count}H", content, at)
        return [struct.unpack("<f", struct.pack("<I", word << 16))[0] for word in words]
    if precision == 5:
        return [-1.0 if (content[at + n // 8] >> (n % 8)) & 1 else 1.0 for n in range(count)]
    (exponent,) = struct.unpack_from("<b", content, at)
    if precision == 3:
        steps = struct.unpack_from(f"<{count}b", content, at + 1)
    else:
        nibbles = [(content[at + 1 + n // 2] >> (4 * (n % 2))) & 15 for n in range(count)]
        steps = [value if value < 8 else value - 16 for value in nibbles]
    return [step * 2.0**exponent for step in steps]


def settings(text):
    """The nested mappings of config.yaml, values as text; lists are left out."""
    top = {}
    open_mappings = [(-1, top)]
    for line in text.splitlines():
        key, _, value = line.strip().partition(": ") if ": " in line else (line.strip().rstrip(":"), "", "")
        depth = len(line) - len(line.lstrip())
        if key == "" or key.startswith(("-", "#")):
            continue
        while open_mappings[-1][0] >= depth:
            open_mappings.pop()
        mapping = open_mappings[-1][1]
        if value:
            mapping[key] = value
        else:
            mapping[key] = {}
            open_mappings.append((depth, mapping[key]))
    return top
