"""`python -m testamur.cli` is the `testamur` command."""

from testamur.cli import main

if __name__ == "__main__":
    main()
