# shellcheck shell=bash
# The Python environment: LibTorch and the tests' Python. It lives in the cache folder under a name made from the Python
# and the pinned versions; .venv is a link to it. Needs common.sh.

native_requirements=$repo_root/native_train/requirements.txt
test_requirements=$repo_root/tests/requirements.txt

venv_dir() {
  local key
  key=$({
    python3 -c 'import sys; print(sys.version, sys.base_prefix)'
    cat "$native_requirements" "$test_requirements"
  } | short_hash)
  echo "$cache_dir/venv/$key"
}

# Installs one requirements file into the environment, once. A stamp tells that it went through.
install_requirements() { # NAME FILE
  local venv stamp
  venv=$(venv_dir)
  stamp=$venv/lobule-$1
  if [ -e "$repo_root/.venv" ] && [ ! -L "$repo_root/.venv" ]; then
    say ".venv is a folder, not a link to the cache: left as it is (remove it to have it set up)"
    return
  fi
  if [ ! -f "$stamp" ]; then
    say "installing $(grep -v '^#' "$2" | paste -sd' ') into $venv"
    if [ ! -x "$venv/bin/python" ]; then
      python3 -m venv --clear "$venv"
    fi
    # No pip cache: the environment is the cache.
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-cache-dir --requirement "$2" >&2
    touch "$stamp"
  fi
  ln -sfn "$venv" "$repo_root/.venv"
}
