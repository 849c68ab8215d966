"""What somebody looked at, in words."""

from collections.abc import Mapping

from ecoop.language import mark

ACCESS_KINDS: Mapping[str, str] = {
    "support_visit": mark("a page, as administrator"),
    "trail": mark("the audit trail"),
    "letter": mark("a letter to one person"),
}
