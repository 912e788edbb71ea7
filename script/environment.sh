# Sourced by the other scripts: makes .venv and installs what a lock file pins.
# Needs only a Python of 3.11 or newer; nothing but packages is downloaded.

cd "$(dirname "$0")/.."

# Where a certificate authority of one's own is configured, uv must use it too.
if [ -n "${SSL_CERT_FILE:-}" ]; then
    export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1
fi
export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE="${UV_LINK_MODE:-copy}" VIRTUAL_ENV="$PWD/.venv"

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Rugui needs Python 3.11 or newer. Install it (Debian, Ubuntu: apt-get install python3 python3-venv), then try again."
    return 1
}

# prepare run|dev: the environment for running, or for working on it as well.
# Does nothing when it is as the lock files say: .venv/prepared remembers which they were.
prepare() {
    wanted=$(cat requirements.lock requirements-dev.lock requirements-uv.lock pyproject.toml | sha256sum | cut -c1-64)
    case "$(cat .venv/prepared 2>/dev/null)" in
        "dev $wanted" | "$1 $wanted") return 0 ;;
    esac
    say "Installing packages into .venv."
    python=$(find_python) || return 1
    if ! .venv/bin/python -c '' 2>/dev/null; then
        rm -rf .venv
        "$python" -m venv .venv || {
            say "A virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"
            return 1
        }
    fi
    rm -f .venv/prepared
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock || return 1
    case "$1" in
        run) lock=requirements.lock ;;
        dev) lock=requirements-dev.lock ;;
    esac
    .venv/bin/uv pip install --quiet --require-hashes -r "$lock" || return 1
    .venv/bin/uv pip install --quiet --no-deps --no-build-isolation -e . || return 1
    echo "$1 $wanted" >.venv/prepared
}
