"""Files for the bank: direct debits as ISO 20022 pain.008.001.08, checked against its schema before they leave.

The file is made by the library sepaxml, and checked against the schema that comes with it. It holds no addresses. What
a bank asks for beyond the schema differs from bank to bank and was not verified. Nothing is sent anywhere.
"""

import unicodedata
import warnings
from xml.etree import ElementTree as ET

from ecoop import clock
from ecoop.errors import EcoopError
from ecoop.governance.direct_debits import DebitFile, DebitLine, batches_in_order

SCHEMA = "pain.008.001.08"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ")
"""What every bank must be able to read (EPC217-08, SEPA character set) [not verified]."""


class FileUnusable(EcoopError):
    """The file would not pass its schema; the message says where. A fault of ours."""


def plain_text(text: str, longest: int) -> str:
    """The text in the character set of SEPA: letters without their accents, a dot for what has no such letter."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"))
    letters = (one for one in apart if not unicodedata.combining(one))
    plain = "".join(one if one in _ALPHABET else "." for one in letters)
    return " ".join(plain.split())[:longest] or "."


def write_direct_debits(told: DebitFile) -> bytes:
    """The file of a batch. The same batch gives the same bytes. Raises FileUnusable where the schema refuses it."""
    from sepaxml import SepaDD

    config = {
        "name": plain_text(told.creditor, 70), "IBAN": told.creditor_iban, "batch": True,
        "creditor_id": told.creditor_identifier, "currency": "EUR", "instrument": told.scheme,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks elements of a tree whether they are true
        made = SepaDD(config, schema=SCHEMA, clean=True)
        for sequence in batches_in_order(line.sequence for line in told.lines):
            for line in told.lines:
                if line.sequence is sequence:
                    made.add_payment(_payment(line, told))
        content = made.export(validate=False)
    content = _named(content, told)
    check_schema(content)
    return content


def _payment(line: DebitLine, told: DebitFile) -> dict[str, object]:
    return {
        "name": plain_text(line.debtor, 70), "IBAN": line.iban, "amount": line.cents, "type": line.sequence.value,
        "collection_date": told.collection_on, "mandate_id": line.mandate_reference,
        "mandate_date": line.mandate_signed_on, "description": plain_text(line.description, 140),
        "endtoend_id": line.end_to_end_id,
    }  # fmt: skip


def _named(content: bytes, told: DebitFile) -> bytes:
    """The file with the names and the instant that we keep, where the library takes chance ones."""
    root = ET.fromstring(content)  # noqa: S314  made a moment ago, here
    prefix = f"{{{NAMESPACE}}}"
    for name, text in (("MsgId", told.message_id), ("CreDtTm", f"{clock.as_local(told.made_at):%Y-%m-%dT%H:%M:%S}")):
        for element in root.iter(prefix + name):
            element.text = text
    for place, element in enumerate(root.iter(prefix + "PmtInfId"), start=1):
        element.text = f"{told.message_id}-{place}"
    ET.register_namespace("", NAMESPACE)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def check_schema(content: bytes) -> None:
    """Look at a file with the schema that comes with sepaxml. Raises FileUnusable."""
    from sepaxml.validation import ValidationError, try_valid_xml

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try_valid_xml(content, SCHEMA)
    except ValidationError as error:
        raise FileUnusable(str(error.__cause__)[:500]) from error
