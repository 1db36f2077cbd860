def pytest_addoption(parser):
    parser.addoption(
        "--browser",
        action="store_true",
        help="fail, rather than skip, where there is no browser",
    )
    parser.addoption(
        "--claims", type=int, default=2000, help="how many random claims check_derivative judges"
    )
