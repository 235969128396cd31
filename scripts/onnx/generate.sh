#!/bin/sh
# Regenerates core/onnx/onnx.generated.ts from onnx.proto (ONNX 1.12.0, IR version 8, Apache-2.0; the file that Debian 12's libonnx-dev
# installs). Newer fields of newer files are unknown to it and survive as unknown fields. Needs protoc (Debian: protobuf-compiler).
set -eu
cd "$(dirname "$0")/../.."
plugin=$(mktemp -d)
trap 'rm -rf "$plugin"' EXIT
npm install --silent --no-save --prefix "$plugin" @bufbuild/protoc-gen-es@2.17.0
protoc --plugin="$plugin/node_modules/.bin/protoc-gen-es" -I scripts/onnx \
  --es_out="$plugin" --es_opt=target=ts,erasable_syntax=true,import_extension=ts onnx.proto
mv "$plugin/onnx_pb.ts" core/onnx/onnx.generated.ts
