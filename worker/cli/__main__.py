"""`python -m worker.cli`: the `dibao` command where no script was installed."""

from worker.cli import main

main()
