"""Small files of every kind, real enough for the programs that made such files."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
LOCKED_PDF = PDF.replace(b"<< /Root", b"<< /Encrypt 5 0 R /Root")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
TEXT = b"Beste leden,\n\nde notulen volgen.\n"
CSV = b"post;bedrag\r\ncontributie;6200\r\n"
WORD_TYPES = b'<Types><Override ContentType="application/vnd...wordprocessingml.document.main+xml"/></Types>'
EXCEL_TYPES = b'<Types><Override ContentType="application/vnd...spreadsheetml.sheet.main+xml"/></Types>'
MACRO_TYPES = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


def packed(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts, the same each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, body in parts.items():
            part = zipfile.ZipInfo(name, date_time=(2026, 3, 2, 9, 30, 0))
            part.compress_type = method
            archive.writestr(part, body)
    return stream.getvalue()


def docx(**more: bytes) -> bytes:
    """A Word file, with further parts."""
    return packed({"[Content_Types].xml": WORD_TYPES, "word/document.xml": b"<w:document/>"} | more)


def xlsx(**more: bytes) -> bytes:
    """An Excel file, with further parts."""
    return packed({"[Content_Types].xml": EXCEL_TYPES, "xl/workbook.xml": b"<workbook/>"} | more)


def opendocument(kind: str, manifest: bytes = b"<manifest/>", **more: bytes) -> bytes:
    """A LibreOffice file: kind is text or spreadsheet."""
    told = f"application/vnd.oasis.opendocument.{kind}".encode()
    return packed({"mimetype": told, "content.xml": b"<c/>", "META-INF/manifest.xml": manifest} | more)


def png() -> bytes:
    """A picture of one point."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def declaring(content: bytes, size: int) -> bytes:
    """A zip that says of its last part that it unpacks to `size` bytes, as a bomb does."""
    place = content.rindex(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", size) + content[place + 4 :]
