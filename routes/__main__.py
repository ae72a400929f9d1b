"""``python -m routes``: the same as the command ``routes``."""

from routes.cli.main import main

if __name__ == "__main__":
    main()
