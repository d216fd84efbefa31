# Read by bin/start and bin/test: goes on as $command in the first Python that is new enough.
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        # -P: modules of the folder we stand in are not ours
        PYTHONPATH=$root exec "$python" -P -m core.embedded.bootstrap "$command" "$@"
    fi
done
echo "bin/$command needs Python 3.11 or newer; none was found" >&2
exit 1
