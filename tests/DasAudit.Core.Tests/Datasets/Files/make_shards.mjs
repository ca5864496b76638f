// Makes the Parquet files of this folder with DuckDB, from p0.png to p4.png of a folder: node make_shards.mjs FOLDER
// Needs the npm package @duckdb/node-api (1.5.6-r.1). The pictures come from make_tars.py.
import { DuckDBInstance } from '@duckdb/node-api';
const db = await DuckDBInstance.create(':memory:'); const c = await db.connect();
const dir = process.argv[2];
const rows = [0,1,2,3,4].map(i => `SELECT ${i} AS i, (SELECT content FROM read_blob('${dir}/p${i}.png')) AS b`).join(' UNION ALL ');
await c.run(`CREATE TABLE t AS ${rows}`);
const hf = JSON.stringify({info:{features:{image:{_type:'Image'},label:{names:['cat','dog'],_type:'ClassLabel'}}}});
const cols = `CASE WHEN i = 3 THEN NULL ELSE {'bytes': b, 'path': 'p' || i || '.png'} END AS image, (i % 2)::BIGINT AS label, CASE WHEN i = 1 THEN NULL ELSE 'picture ' || i END AS caption, 'CC0-1.0' AS license, 'Holder ' || i AS rights_holder, [1.5, 2.5] AS embedding, b AS thumbnail_of_nothing, DATE '2024-01-01' AS day`;
await c.run(`COPY (SELECT ${cols.replace('b AS thumbnail_of_nothing,', '')} FROM t ORDER BY i) TO '${dir}/duckdb-snappy.parquet' (FORMAT parquet, COMPRESSION snappy, KV_METADATA {huggingface: '${hf}'})`);
await c.run(`COPY (SELECT {'bytes': b, 'path': NULL::VARCHAR} AS image, i::INTEGER AS label FROM t ORDER BY i) TO '${dir}/duckdb-zstd.parquet' (FORMAT parquet, COMPRESSION zstd)`);
await c.run(`COPY (SELECT b AS img, 'row ' || i AS title FROM t ORDER BY i) TO '${dir}/duckdb-plain.parquet' (FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION v2)`);
await c.run(`COPY (SELECT b AS left_eye, b AS right_eye FROM t ORDER BY i) TO '${dir}/duckdb-two.parquet' (FORMAT parquet, COMPRESSION gzip)`);
await c.run(`COPY (SELECT 'RIFFxxxxWAVE'::BLOB AS audio, i FROM t) TO '${dir}/duckdb-sound.parquet' (FORMAT parquet)`);
