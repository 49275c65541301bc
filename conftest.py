pytest_plugins = ["tests.machine", "tests.cast", "tests.volunteers.cast"]
