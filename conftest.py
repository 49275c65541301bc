pytest_plugins = [
    "tests.machine",
    "tests.cast",
    "tests.everybody",
    "tests.walk",
    "tests.volunteers.cast",
    "tests.photos.no_room",
]
