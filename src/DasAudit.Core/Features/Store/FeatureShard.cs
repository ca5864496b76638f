using DasAudit.Core.Gradients.Outputs;
using Microsoft.Win32.SafeHandles;

namespace DasAudit.Core.Features.Store;

/// <summary>A shard on disk. The checksum is verified when values are first read.</summary>
internal sealed class FeatureShard
{
    private readonly ShardFile _file;
    private readonly ShardLayout _layout;
    private readonly FeatureSettings _settings;

    private FeatureShard(ShardFile file, FeatureSettings settings)
    {
        (_file, _settings) = (file, settings);
        _layout = ShardLayout.Of(file, settings);
        Keys = ReadKeys();
    }

    public FeatureKey[] Keys { get; }

    /// <summary>k.</summary>
    public int Dimension => _layout.Dimension;

    public FeatureFormat Format => _layout.Format;

    public long Bytes => _file.Bytes;

    /// <summary>Opens a shard; <paramref name="shown"/> is its path for messages.</summary>
    public static FeatureShard Open(string path, string shown, FeatureSettings settings) =>
        new(ShardFile.Open(path, shown), settings);

    /// <summary>Verifies the checksum, once.</summary>
    public void Verify() => _file.Verify();

    /// <summary>Reads the features of the pictures at some positions in the shard.</summary>
    public IEnumerable<PictureFeatures> Read(IEnumerable<int> pictures)
    {
        Verify();
        using var handle = _file.OpenHandle();
        var kinds = _settings.Kinds.Select(FeatureKind.Parse).ToList();
        var functions = kinds.Select(kind => kind.Function).Distinct().ToList();
        var rows = kinds.ToDictionary(kind => kind, kind => new ShardRows(_file, handle, _layout, kind));
        foreach (var picture in pictures)
        {
            yield return new()
            {
                Rows = kinds.ToDictionary(kind => kind, kind => rows[kind].Read(picture)),
                SquaredErrors = Numbers(handle, ShardTensors.SquaredErrors, picture),
                GradientNorms = functions.ToDictionary(
                    function => function,
                    function => Numbers(handle, ShardTensors.Norms(function), picture)
                ),
                TangentTargets = functions
                    .Where(OutputFunctions.HaveTangentTarget)
                    .ToDictionary(
                        function => function,
                        function => Numbers(handle, ShardTensors.Targets(function), picture)
                    ),
            };
        }
    }

    /// <summary>Reads one row of a kind of some pictures as it is kept: k values and a factor each.</summary>
    /// <param name="pictures">Position of each picture in the shard, and of its values in what is filled.</param>
    public void ReadStored(
        FeatureKind kind,
        int row,
        IEnumerable<(int Picture, int Target)> pictures,
        Span<byte> values,
        Span<float> scales
    )
    {
        Verify();
        using var handle = _file.OpenHandle();
        var rows = new ShardRows(_file, handle, _layout, kind);
        var length = Dimension * _layout.ValueSize;
        foreach (var (picture, target) in pictures)
            scales[target] = rows.ReadStored(picture, row, values.Slice(checked(target * length), length));
    }

    /// <summary>Reads a float64 tensor (<see cref="ShardTensors"/>) at positions in the shard, [R][K] each.</summary>
    public IEnumerable<double[][]> ReadNumbers(string tensor, IEnumerable<int> pictures)
    {
        Verify();
        using var handle = _file.OpenHandle();
        foreach (var picture in pictures)
            yield return Numbers(handle, tensor, picture);
    }

    private FeatureKey[] ReadKeys()
    {
        var keys = _file.Info(ShardTensors.Keys);
        var bytes = new byte[keys.Length];
        using (var handle = _file.OpenHandle())
            _file.Read(handle, bytes.AsSpan(), keys.Offset);
        if (_file.Name != ShardWriter.NameOf(_settings.Digest, bytes))
            throw _file.Damaged();
        return [.. bytes.Chunk(FeatureKey.Length).Select(key => FeatureKey.Read(key))];
    }

    private double[][] Numbers(SafeFileHandle handle, string tensor, int picture)
    {
        var timesteps = _settings.Timesteps.Count;
        var numbers = new double[_settings.Replicates * timesteps];
        var offset = _file.Info(tensor).Offset + (long)picture * numbers.Length * sizeof(double);
        _file.Read(handle, numbers.AsSpan(), offset);
        return [.. numbers.Chunk(timesteps)];
    }
}
