# Sourced by the other scripts: finds Python, makes .venv, installs what changed. POSIX sh.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        [ -z "${PYTHON:-}" ] || name=$PYTHON
        if is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    say "需要 Python 3.11 或更新的版本。Debian 12 以上：apt install python3 python3-venv；macOS：brew install python@3.13"
    return 1
}

# setup FILE…: a venv holding the pinned packages of these files; nothing to do when they have not changed.
setup() {
    if [ ! -x .venv/bin/python ]; then
        python=$(find_python)
        if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
            say "这个 Python 缺少 venv 模块。Debian：apt install python3-venv，然后再运行一次。"
            exit 1
        fi
        say "第一次运行，正在建立 .venv ……"
        "$python" -m venv .venv
    fi
    wanted=$(cat "$@" | cksum)
    mark=.venv/installed-$(printf '%s' "$*" | tr ' /' '__')
    if [ "$(cat "$mark" 2>/dev/null || true)" != "$wanted" ]; then
        say "正在安装依赖 ……"
        files=""
        for file in "$@"; do files="$files -r $file"; done
        # shellcheck disable=SC2086  # one word a flag
        if ! .venv/bin/python -m pip install -qq --disable-pip-version-check $files; then
            say "依赖没有装上。请检查网络；国内可先设置镜像：export PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple"
            exit 1
        fi
        printf '%s' "$wanted" >"$mark"
    fi
    PYTHONPATH=$PWD
    export PYTHONPATH
}
