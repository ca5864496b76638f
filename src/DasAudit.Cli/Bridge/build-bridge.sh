#!/usr/bin/env bash
# Compiles LibTorchSharp for the PyTorch of this machine, and records what it was compiled for.
#   build-bridge.sh OUTPUT TORCHSHARP_VERSION [SOURCE]
# SOURCE is a folder of TorchSharp's source of that version; without it, the source is fetched from GitHub.
# PYTHON names the Python that has the PyTorch (default python3), CXX the compiler (default g++).
set -euo pipefail

output=${1:?a folder for the library is needed}
version=${2:?the version of TorchSharp is needed}
source=${3:-}
python=${PYTHON:-python3}
compiler=${CXX:-g++}

command -v "$python" > /dev/null || { echo "there is no $python; install Python with PyTorch, or name it with PYTHON" >&2; exit 1; }
command -v "$compiler" > /dev/null || { echo "there is no $compiler; install a C++ compiler, or name it with CXX" >&2; exit 1; }
"$python" -c 'import torch' 2> /dev/null || { echo "$python has no PyTorch; install it, or name another Python with PYTHON" >&2; exit 1; }
torch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))')
libtorch=$("$python" -c 'import torch; print(torch.__version__.split("+")[0])')
abi=$("$python" -c 'import torch; print(int(torch.compiled_with_cxx11_abi()))')
[ -d "$torch/include" ] || { echo "the PyTorch in '$torch' has no C++ headers" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$source" ]; then
    curl -fsSL "https://github.com/dotnet/TorchSharp/archive/refs/tags/v$version.tar.gz" | tar -xz -C "$work" \
        || { echo "TorchSharp's source cannot be fetched; give its folder" >&2; exit 1; }
    source=$(echo "$work"/TorchSharp-*)
fi
native=$source/src/Native/LibTorchSharp
[ -f "$native/THSTensor.cpp" ] || { echo "'$source' holds no src/Native/LibTorchSharp of TorchSharp" >&2; exit 1; }

flags=(-O1 -fPIC -fvisibility=hidden -D__LINUX__ -DNDEBUG "-D_GLIBCXX_USE_CXX11_ABI=$abi"
    "-I$torch/include" "-I$torch/include/torch/csrc/api/include")
[ -d /usr/local/cuda/include ] && flags+=(-I/usr/local/cuda/include)
compile() {
    local standard=-std=c++17
    [[ $1 == *.c ]] && standard="-x c"
    # shellcheck disable=SC2086
    "$compiler" $standard "${flags[@]}" -c "$1" -o "$work/$(basename "$1").o"
}
export -f compile 2> /dev/null || true
for file in "$native"/*.cpp "$native"/crc32c.c; do
    # Included by another file.
    [ "$(basename "$file")" = THSConvolution.cpp ] && continue
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    echo "compiling $(basename "$file")" >&2
    compile "$file" &
done
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do wait -n; done

libraries=(-ltorch -ltorch_cpu -lc10)
[ -f "$torch/lib/libtorch_cuda.so" ] && libraries+=(-ltorch_cuda -lc10_cuda)
"$compiler" -shared -Wl,-soname,libLibTorchSharp.so -o "$work/libLibTorchSharp.so" "$work"/*.o \
    "-L$torch/lib" "-Wl,-rpath,$torch/lib" -Wl,--no-as-needed "${libraries[@]}"
mkdir -p "$output"
mv "$work/libLibTorchSharp.so" "$output/libLibTorchSharp.so"
printf '{"libTorch": "%s", "torchSharp": "%s"}\n' "$libtorch" "$version" > "$output/libLibTorchSharp.json"
echo "$torch"
