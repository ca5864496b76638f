// Makes arrow-zstd.parquet; npm install parquet-wasm@0.8.0 apache-arrow@21.2.0 (Rust's parquet, not the reader under test).
import * as arrow from "apache-arrow";
import { createRequire } from "module";
import fs from "fs";
const require = createRequire(import.meta.url);
const wasm = require("parquet-wasm/node");
const v = arrow.vectorFromArray, u = new arrow.Utf8();
const list = (type) => new arrow.List(new arrow.Field("item", type, true));
const struct = new arrow.Struct([new arrow.Field("x", new arrow.Int32(), true)]);
const table = new arrow.Table({
  file_name: v(["a.png", "sub/b.png", "c.png"], new arrow.Dictionary(u, new arrow.Int32())),
  license: v([4n, null, 7n], new arrow.Int64()),
  rights_holder: v([["Ann", "Bob"], [], null], list(u)),
  author: v(["André", "", null], u),
  source: v([true, null, false], new arrow.Bool()),
  caption: v([["one", "two"], [null, "three"], ["four"]], list(u)),
  label: v([2, NaN, 0], new arrow.Float64()),
  box: v([{ x: 1 }, { x: 2 }, { x: 3 }], struct),
  score: v([NaN, 1.5, null], new arrow.Float32()),
});
for (const [name, codec] of [["zstd", wasm.Compression.ZSTD]]) {
  const props = new wasm.WriterPropertiesBuilder().setCompression(codec).setMaxRowGroupSize(2).build();
  const bytes = wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, "stream")), props);
  fs.writeFileSync(`arrow-${name}.parquet`, bytes);
  console.log(name, bytes.length);
}
