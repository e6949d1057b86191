# The tests of the pytest plugin: Docs/PytestPlugin.md.
# needs: opensc gcc libpcsclite-dev python3-dev swig
# pip: pytest pytest-xdist pyscard REPOSITORY/Clients/python
root=$(cd "$CLIENTS/../.." && pwd)
vmyna=$(command -v vmyna)
# Outside of this run's world; then inside of it.
outside() { env -u VMYNA_SOCKET -u VMYNA_READER -u PCSCLITE_CSOCK_NAME "$@"; }
pytest() { "$VENV/bin/python" -B -m pytest -p no:cacheprovider -q "--vmyna=$vmyna" "--rootdir=$root/Clients/python" "$root/Clients/python/tests" "$@"; }
pytest -k 'fresh_card or hands or exchanges'
outside "$VENV/bin/python" -B -m pytest -p no:cacheprovider -q "--vmyna=$vmyna" "--rootdir=$root/Clients/python" "$root/Clients/python/tests" -n 2
