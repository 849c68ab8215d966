"""Files out (and later in): tables as CSV and XLSX that open well in a Dutch spreadsheet."""
