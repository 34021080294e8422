# shellcheck shell=bash
# Third-party sources that no binary package carries: fetched once, checked against cmake/sources.sha256,
# unpacked into the cache. Needs common.sh.

imgui_bundle_version=1.93.0
sdl_version=2.26.5
imgui_bundle_archive=imgui_bundle-$imgui_bundle_version.tar.gz
sdl_archive=libsdl2_$sdl_version+dfsg.orig.tar.gz

check_archive() { # FOLDER NAME
  local expected
  expected=$(awk -v name="$2" '$2 == name { print $1 }' "$repo_root/cmake/sources.sha256")
  [ -n "$expected" ] || die "$2 has no checksum in cmake/sources.sha256"
  (cd "$1" && printf '%s  %s\n' "$expected" "$2" | sha256sum --check --status)
}

# pip is the ordinary client for a source archive; it runs the archive's build system to read its name, nothing more.
download_imgui_bundle() { # FOLDER
  local python=python3
  if ! "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv "$1/venv"
    python=$1/venv/bin/python
  fi
  "$python" -m pip download -qq --disable-pip-version-check --no-deps --no-binary imgui-bundle \
    --dest "$1" "imgui-bundle==$imgui_bundle_version"
}

# The machine's own apt sources with deb made into deb-src, in a private folder: apt's configuration stays as it is.
download_sdl() { # FOLDER
  local state=$1/apt options
  mkdir -p "$state/parts" "$state/lists/partial"
  chmod -R a+rX "$1"
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -f "$file" ]; then
      sed -n 's/^deb\( .*debian.* main\)/deb-src\1/p' "$file" >>"$state/parts/debian.list"
    fi
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    if [ -f "$file" ] && grep -q debian "$file"; then
      sed 's/^Types:.*/Types: deb-src/' "$file" >"$state/parts/$(basename "$file")"
    fi
  done
  options=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$state/parts"
    -o "Dir::State::lists=$state/lists" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
    -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$1" && apt-get "${options[@]}" source --download-only libsdl2)
}

fetch_archive() { # NAME DOWNLOAD_FUNCTION
  local downloads=$cache_dir/downloads work
  if [ -f "$downloads/$1" ] && check_archive "$downloads" "$1"; then
    return
  fi
  mkdir -p "$downloads"
  work=$(mktemp -d "$downloads/tmp.XXXXXX")
  say "fetching $1"
  "$2" "$work"
  [ -f "$work/$1" ] || die "$1: its source no longer offers this version"
  check_archive "$work" "$1" || die "$1: not the file that cmake/sources.sha256 names"
  mv "$work/$1" "$downloads/$1"
  rm -rf "$work"
}

# The archives hold far more than is used; only these folders are unpacked.
unpack_imgui_bundle() { # FOLDER
  local top=imgui_bundle-$imgui_bundle_version/external
  tar -xzf "$cache_dir/downloads/$imgui_bundle_archive" -C "$1" --strip-components=2 \
    "$top/imgui/imgui" "$top/implot/implot" "$top/hello_imgui/hello_imgui/external/stb_hello_imgui"
  mv "$1/imgui" "$1/imgui.tmp" && mv "$1/imgui.tmp/imgui" "$1/imgui" && rmdir "$1/imgui.tmp"
  mv "$1/implot" "$1/implot.tmp" && mv "$1/implot.tmp/implot" "$1/implot" && rmdir "$1/implot.tmp"
  mv "$1/hello_imgui/hello_imgui/external/stb_hello_imgui" "$1/stb" && rm -rf "$1/hello_imgui"
}

unpack_sdl() { # FOLDER
  tar -xzf "$cache_dir/downloads/$sdl_archive" -C "$1" --strip-components=1 \
    "SDL2-$sdl_version/src" "SDL2-$sdl_version/include" "SDL2-$sdl_version/LICENSE.txt"
}

unpack_source() { # NAME UNPACK_FUNCTION
  local target=$cache_dir/src/$1 work
  if [ -d "$target" ]; then
    return
  fi
  mkdir -p "$cache_dir/src"
  work=$(mktemp -d "$cache_dir/src/tmp.XXXXXX")
  "$2" "$work"
  chmod 755 "$work"
  mv "$work" "$target"
}

fetch_imgui_bundle() {
  if [ ! -d "$cache_dir/src/imgui-bundle-$imgui_bundle_version" ]; then
    fetch_archive "$imgui_bundle_archive" download_imgui_bundle
    unpack_source "imgui-bundle-$imgui_bundle_version" unpack_imgui_bundle
  fi
}

# Without apt, CMake fetches SDL itself (cmake/third_party_wasm.cmake).
fetch_sdl() {
  if [ ! -d "$cache_dir/src/SDL2-$sdl_version" ] && have apt-get; then
    fetch_archive "$sdl_archive" download_sdl
    unpack_source "SDL2-$sdl_version" unpack_sdl
  fi
}
