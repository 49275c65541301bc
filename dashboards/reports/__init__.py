"""Reports: of a node and a period, as page, PDF and workbook, and by mail."""
