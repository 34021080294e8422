# shellcheck shell=bash
# Debian packages: installs what is missing, and only that. Needs common.sh.

# package, or package=command when any provider of the command will do (node from elsewhere brings its own npm).
# catch2 is small and every configuration of CMake asks for it, whether or not its tests are built then.
build_packages=(cmake=cmake ninja-build=ninja ccache=ccache patch=patch python3=python3 ca-certificates
  nlohmann-json3-dev libprotozero-dev catch2)
web_packages=("${build_packages[@]}" emscripten=emcc nodejs=node npm=npm fonts-inter)
native_packages=("${build_packages[@]}" "g++=g++" libcli11-dev libgloo-dev libjemalloc-dev)
# clang with its runtime: fuzzing, sanitizers, and a second compiler for the promise of equal bits. ip: processes across network namespaces. zsh, fish: what
# `lobule completion` prints for them.
test_packages=("${web_packages[@]}" "${native_packages[@]}" chromium=chromium clang-format=clang-format
  shellcheck=shellcheck clang=clang++ libclang-rt-14-dev iproute2=ip zsh=zsh fish=fish)

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A bare Debian's python3 has neither venv nor pip.
python_makes_venvs() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }

missing_packages() { # ENTRY...
  local entry
  for entry in "$@"; do
    case $entry in
      *=*) have "${entry#*=}" || echo "${entry%%=*}" ;;
      *) is_installed "$entry" || echo "$entry" ;;
    esac
  done
  python_makes_venvs || echo python3-venv
}

# Prints what makes the rest of a command line run as root, or nothing; fails when there is no way.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    return
  elif have sudo; then
    if [ -t 0 ]; then echo sudo; else echo "sudo -n"; fi
  else
    return 1
  fi
}

install_packages() { # ENTRY...
  local missing root
  if ! have apt-get; then
    say "This is not a Debian system: install cmake, ninja, Emscripten 3.1.6 or newer, node 18 or newer, and a C++20 compiler yourself."
    say "CMake fetches the libraries that it does not find."
    return
  fi
  mapfile -t missing < <(missing_packages "$@" | sort -u)
  if [ ${#missing[@]} = 0 ]; then
    return
  fi
  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  root=$(as_root) || die "these packages are missing; as root, run: apt-get update && $install"
  say "installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # words on purpose
  { $root apt-get -qq -o DPkg::Lock::Timeout=600 update &&
    $root apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 install -y --no-install-recommends "${missing[@]}" >&2; } ||
    die "could not install them; as root, run: apt-get update && $install"
}
