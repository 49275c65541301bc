pytest_plugins = [
    "tests.support.machine",
    "tests.support.cast",
    "tests.support.everybody",
    "tests.support.standins.fixtures",
    "tests.support.walk",
    "tests.volunteers.cast",
    "tests.photos.no_room",
]
