"""The parts of bench/faults.py: the portal under load (portal, browser, people, load), what goes wrong (scene, faults,
disks, broker), what is seen of it (watch, measure, recovery), and the count at the end (book, count, table)."""
