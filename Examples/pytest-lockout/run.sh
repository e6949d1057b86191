# The lockout test in pytest.
# needs: gcc libpcsclite-dev python3-dev swig
# pip: pytest pyscard REPOSITORY/Clients/python
here=$(cd "$(dirname "$0")" && pwd)
# `vmyna run` is not needed around it: the plugin makes its own.
"$VENV/bin/python" -B -m pytest -p no:cacheprovider -q "--vmyna=$(command -v vmyna)" "--rootdir=$here" "$here"
