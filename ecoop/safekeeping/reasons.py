"""Why a backup cannot be made or put back."""

from enum import StrEnum


class SafekeepingReason(StrEnum):
    """Each has its sentence in `language/reasons.py`."""

    BACKUP_DAMAGED = "backup_damaged"
    BACKUP_FORMAT_NEWER = "backup_format_newer"
    BACKUP_SCHEMA_NEWER = "backup_schema_newer"
    BACKUP_DIFFERS = "backup_differs"
    COLUMN_UNKNOWN = "column_unknown"
    DATABASE_NOT_EMPTY = "database_not_empty"
    DATABASE_NOT_OURS = "database_not_ours"
    DATABASE_IN_USE = "database_in_use"
    KEYS_DAMAGED = "keys_damaged"
    FOLDER_NOT_EMPTY = "folder_not_empty"
    COOPERATIVE_UNKNOWN = "export_cooperative_unknown"
    EXPORT_DAMAGED = "export_damaged"
    EXPORT_OPENED = "export_opened"
    EXPORT_OTHER_RELEASE = "export_other_release"
    INSTALLATION_NOT_EMPTY = "installation_not_empty"
