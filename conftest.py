pytest_plugins = ["tests.machine", "tests.cast", "tests.everybody", "tests.volunteers.cast"]
