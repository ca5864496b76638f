using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Safetensors;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace DasAudit.Core.Features.Store;

/// <summary>A shard on disk. Opening reads header and keys; the checksum is verified when values are first read.</summary>
internal sealed class FeatureShard
{
    private readonly string _path;
    private readonly string _shown;
    private readonly FeatureSettings _settings;
    private readonly Dictionary<string, SafetensorsInfo> _tensors;
    private readonly int _headerLength;
    private readonly Lock _verifying = new();
    private bool _verified;

    private FeatureShard(string path, string shown, FeatureSettings settings, SafetensorsFile file)
    {
        (_path, _shown, _settings) = (path, shown, settings);
        _tensors = file.Names.ToDictionary(name => name, file.Get, StringComparer.Ordinal);
        _headerLength = (int)_tensors.Values.Min(tensor => tensor.Offset);
        Bytes = _tensors.Values.Max(tensor => tensor.Offset + tensor.Length);
    }

    /// <summary>The pictures, in order.</summary>
    public FeatureKey[] Keys { get; private set; } = [];

    /// <summary>k.</summary>
    public int Dimension { get; private set; }

    /// <summary>How values are kept.</summary>
    public FeatureFormat Format { get; private set; }

    /// <summary>Size of the file.</summary>
    public long Bytes { get; }

    /// <summary>Opens a shard.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="shown">The path for messages.</param>
    /// <param name="settings">Those of the store.</param>
    /// <exception cref="AuditException">It is damaged, cannot be read, or holds features made under other settings.</exception>
    public static FeatureShard Open(string path, string shown, FeatureSettings settings)
    {
        using var file = OpenFile(path, shown);
        if (file.Names.Count == 0)
            throw Damaged(shown);
        var shard = new FeatureShard(path, shown, settings, file);
        shard.CheckSettings(file.Metadata);
        shard.CheckLayout();
        shard.ReadKeys();
        return shard;
    }

    /// <summary>Verifies the checksum, once.</summary>
    /// <exception cref="AuditException">It does not hold.</exception>
    public void Verify()
    {
        lock (_verifying)
        {
            if (_verified)
                return;
            try
            {
                _verified = ShardChecksum.Holds(_path, _headerLength) ? true : throw Damaged(_shown);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(_shown, e);
            }
        }
    }

    /// <summary>Reads the features of some pictures.</summary>
    /// <param name="rows">Positions of the pictures.</param>
    public IEnumerable<PictureFeatures> Read(IReadOnlyList<int> rows)
    {
        Verify();
        using var handle = OpenHandle();
        var kinds = _settings
            .Kinds.Select(FeatureKind.Parse)
            .Select(kind => (Kind: kind, Values: new Values(this, handle, kind)))
            .ToList();
        foreach (var row in rows)
        {
            yield return new()
            {
                Rows = kinds.ToDictionary(
                    kind => kind.Kind,
                    kind =>
                        Enumerable
                            .Range(0, RowsOf(kind.Kind))
                            .Select(r =>
                            {
                                var feature = new float[Dimension];
                                kind.Values.Read(row, r, feature);
                                return feature;
                            })
                            .ToArray()
                ),
                SquaredErrors = Numbers(handle, "squared_errors", row),
                GradientNorms = kinds
                    .Select(kind => kind.Kind.Function)
                    .Distinct()
                    .ToDictionary(function => function, function => Numbers(handle, "norms." + function, row)),
                TangentTargets = kinds
                    .Select(kind => kind.Kind.Function)
                    .Distinct()
                    .Where(OutputFunctions.HaveTangentTarget)
                    .ToDictionary(function => function, function => Numbers(handle, "targets." + function, row)),
            };
        }
    }

    /// <summary>Reads one row of a kind of some pictures.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="feature">Which of its rows.</param>
    /// <param name="rows">Position of each picture here, and of its values, k each, in what is filled.</param>
    /// <param name="values">Filled.</param>
    public void Read(FeatureKind kind, int feature, IReadOnlyList<(int Row, int Target)> rows, Span<float> values)
    {
        Verify();
        using var handle = OpenHandle();
        var reader = new Values(this, handle, kind);
        foreach (var (row, target) in rows)
            reader.Read(row, feature, values.Slice(checked(target * Dimension), Dimension));
    }

    /// <summary>Reads one row of a kind of some pictures as it is kept.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="feature">Which of its rows.</param>
    /// <param name="rows">Position of each picture here, and of its values in what is filled.</param>
    /// <param name="values">Filled with k values a picture.</param>
    /// <param name="scales">Filled with the factor of each picture.</param>
    public void ReadStored(
        FeatureKind kind,
        int feature,
        IReadOnlyList<(int Row, int Target)> rows,
        Span<byte> values,
        Span<float> scales
    )
    {
        Verify();
        using var handle = OpenHandle();
        var reader = new Values(this, handle, kind);
        foreach (var (row, target) in rows)
            reader.ReadStored(
                row,
                feature,
                values.Slice(checked(target * Dimension * ValueSize), Dimension * ValueSize),
                ref scales[target]
            );
    }

    /// <summary>Reads (1/d)·‖ε̂ − y‖² of some pictures, [R][K] each.</summary>
    public IEnumerable<double[][]> ReadSquaredErrors(IReadOnlyList<int> rows) => ReadNumbers("squared_errors", rows);

    /// <summary>Reads ‖g_t‖ of an output function of some pictures, [R][K] each.</summary>
    public IEnumerable<double[][]> ReadGradientNorms(string function, IReadOnlyList<int> rows) =>
        ReadNumbers("norms." + function, rows);

    /// <summary>Reads vᵀỹ_t of some pictures.</summary>
    public IEnumerable<double[][]> ReadTangentTargets(string function, IReadOnlyList<int> rows) =>
        ReadNumbers("targets." + function, rows);

    private int ValueSize => Format == FeatureFormat.F32 ? sizeof(float) : sizeof(short);

    private static SafetensorsFile OpenFile(string path, string shown)
    {
        try
        {
            return SafetensorsFile.Open(path);
        }
        catch (AuditException e)
        {
            throw e.InnerException is IOException or UnauthorizedAccessException
                ? Unreadable(shown, e.InnerException)
                : Damaged(shown);
        }
    }

    private int RowsOf(FeatureKind kind) => kind.Rows(_settings.Replicates, _settings.Timesteps.Count);

    private void CheckSettings(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault("schema") != SettingsFile.SchemaId)
            throw Damaged(_shown);
        if (metadata.GetValueOrDefault("settings") == _settings.Digest)
            return;
        Verify();
        throw new AuditException(
            $"'{_shown}' holds features made under other settings than the folder it lies in; move it to a folder of its own."
        );
    }

    private void CheckLayout()
    {
        var (pictures, replicates, timesteps) = (
            Info("keys").Shape[0],
            _settings.Replicates,
            _settings.Timesteps.Count
        );
        Expect("keys", ScalarType.Byte, pictures, FeatureKey.Length);
        Expect("squared_errors", ScalarType.Float64, pictures, replicates, timesteps);
        Format =
            Info($"features.{_settings.Kinds[0]}").Type == ScalarType.Float32 ? FeatureFormat.F32 : FeatureFormat.F16;
        Dimension = (int)Info($"features.{_settings.Kinds[0]}").Shape[^1];
        foreach (var kind in _settings.Kinds.Select(FeatureKind.Parse))
        {
            Expect(
                $"features.{kind}",
                Format == FeatureFormat.F32 ? ScalarType.Float32 : ScalarType.Float16,
                pictures,
                RowsOf(kind),
                Dimension
            );
            if (Format == FeatureFormat.F16)
                Expect($"scale.{kind}", ScalarType.Float32, pictures, RowsOf(kind));
            Expect($"norms.{kind.Function}", ScalarType.Float64, pictures, replicates, timesteps);
            if (!OutputFunctions.HaveTangentTarget(kind.Function))
                continue;
            if (!_tensors.ContainsKey($"targets.{kind.Function}"))
            {
                Verify();
                throw new AuditException(
                    $"'{_shown}' lacks the tangent targets of {kind.Function}, which earlier versions did not keep; delete that file, and the next run computes its pictures anew."
                );
            }

            Expect($"targets.{kind.Function}", ScalarType.Float64, pictures, replicates, timesteps);
        }

        void Expect(string name, ScalarType type, params long[] shape)
        {
            if (Info(name).Type != type || !Info(name).Shape.SequenceEqual(shape))
                throw Damaged(_shown);
        }
    }

    private void ReadKeys()
    {
        var info = Info("keys");
        var bytes = new byte[info.Length];
        using (var handle = OpenHandle())
            Fill(handle, bytes, info.Offset);
        if (Path.GetFileName(_path) != ShardWriter.NameOf(_settings.Digest, bytes))
            throw Damaged(_shown);
        Keys = [.. bytes.Chunk(FeatureKey.Length).Select(key => FeatureKey.Read(key))];
    }

    private IEnumerable<double[][]> ReadNumbers(string name, IReadOnlyList<int> rows)
    {
        Verify();
        using var handle = OpenHandle();
        foreach (var row in rows)
            yield return Numbers(handle, name, row);
    }

    private double[][] Numbers(SafeFileHandle handle, string name, int row)
    {
        var info = Info(name);
        var (replicates, timesteps) = (_settings.Replicates, _settings.Timesteps.Count);
        var numbers = new double[replicates * timesteps];
        Fill(
            handle,
            MemoryMarshal.AsBytes(numbers.AsSpan()),
            info.Offset + (long)row * numbers.Length * sizeof(double)
        );
        return [.. numbers.Chunk(timesteps)];
    }

    private SafetensorsInfo Info(string name) =>
        _tensors.TryGetValue(name, out var info) && info.Shape.Count > 0 ? info : throw Damaged(_shown);

    private SafeFileHandle OpenHandle()
    {
        try
        {
            return File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(_shown, e);
        }
    }

    private void Fill(SafeFileHandle handle, Span<byte> bytes, long offset)
    {
        try
        {
            for (int read; bytes.Length > 0; bytes = bytes[read..], offset += read)
                if ((read = RandomAccess.Read(handle, bytes, offset)) == 0)
                    throw Damaged(_shown);
        }
        catch (IOException e)
        {
            throw Unreadable(_shown, e);
        }
    }

    private static AuditException Damaged(string shown) =>
        new(
            $"'{shown}' is damaged or no shard of features; delete that file, and the next run computes its pictures anew."
        );

    private static AuditException Unreadable(string shown, Exception e) =>
        new($"'{shown}' cannot be read; check that it is a file you may read.", e);

    /// <summary>The values of a kind.</summary>
    private sealed class Values
    {
        private readonly FeatureShard _shard;
        private readonly SafeFileHandle _handle;
        private readonly long _start;
        private readonly int _rows;
        private readonly float[] _scales = [];
        private readonly Half[] _half = [];

        public Values(FeatureShard shard, SafeFileHandle handle, FeatureKind kind)
        {
            (_shard, _handle, _start, _rows) = (
                shard,
                handle,
                shard.Info($"features.{kind}").Offset,
                shard.RowsOf(kind)
            );
            if (shard.Format == FeatureFormat.F32)
                return;
            (_scales, _half) = (new float[shard.Keys.Length * _rows], new Half[shard.Dimension]);
            shard.Fill(handle, MemoryMarshal.AsBytes(_scales.AsSpan()), shard.Info($"scale.{kind}").Offset);
        }

        public void Read(int picture, int row, Span<float> values)
        {
            var at = picture * _rows + row;
            var first = (long)at * _shard.Dimension;
            if (_shard.Format == FeatureFormat.F32)
            {
                _shard.Fill(_handle, MemoryMarshal.AsBytes(values), _start + first * sizeof(float));
                return;
            }

            _shard.Fill(_handle, MemoryMarshal.AsBytes(_half.AsSpan()), _start + first * sizeof(short));
            HalfRow.Restore(_half, _scales[at], values);
        }

        public void ReadStored(int picture, int row, Span<byte> values, ref float scale)
        {
            var at = picture * _rows + row;
            _shard.Fill(_handle, values, _start + (long)at * values.Length);
            scale = _shard.Format == FeatureFormat.F16 ? _scales[at] : 1;
        }
    }
}
