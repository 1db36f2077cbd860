def pytest_addoption(parser):
    parser.addoption(
        "--claims", type=int, default=2000, help="how many random claims check_derivative judges"
    )
