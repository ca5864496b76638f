using System.Numerics.Tensors;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Candidates;

/// <summary>The embeddings of a set of pictures, ready to be compared with a query's.</summary>
internal sealed class EmbeddingIndex
{
    private const int BatchSize = 32;
    private const string Stage = "embedding pictures";
    private readonly IImageEncoder _encoder;
    private readonly float[] _unit;

    private EmbeddingIndex(IImageEncoder encoder, float[] unit)
    {
        _encoder = encoder;
        _unit = unit;
    }

    public int Count => _unit.Length / _encoder.Dimension;

    /// <summary>Embeds pictures; those of equal pixels once.</summary>
    /// <param name="encoder">The encoder; stays the caller's, and must live as long as the index.</param>
    /// <param name="cache">Where embeddings outlive the process, those of a stopped run too; null for nowhere.</param>
    public static EmbeddingIndex Build(
        IPictureSet pictures,
        IImageEncoder encoder,
        EmbeddingCache? cache,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var rows = cache?.Load(encoder) ?? [];
        EmbedMissing(rows, pictures, encoder, cache, progress, cancellation);
        var unit = new float[checked(pictures.Items.Count * encoder.Dimension)];
        foreach (var item in pictures.Items)
            Normalise(rows[item.PixelSha256], unit.AsSpan(item.Index * encoder.Dimension, encoder.Dimension));
        return new EmbeddingIndex(encoder, unit);
    }

    private static void EmbedMissing(
        Dictionary<string, float[]> rows,
        IPictureSet pictures,
        IImageEncoder encoder,
        EmbeddingCache? cache,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var missing = pictures
            .Items.DistinctBy(item => item.PixelSha256)
            .Where(item => !rows.ContainsKey(item.PixelSha256))
            .ToList();
        var done = 0;
        var saved = rows.Count;
        progress?.Report(new StageProgress(Stage, done, missing.Count));
        try
        {
            foreach (var batch in missing.Chunk(BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                var embeddings = Encode(encoder, [.. batch.Select(pictures.Read)], cancellation);
                for (var i = 0; i < batch.Length; i++)
                    rows[batch[i].PixelSha256] = embeddings[i];
                done += batch.Length;
                progress?.Report(new StageProgress(Stage, done, missing.Count));

                // Saved whenever the cache would double: a kill loses at most half, and the writing stays linear.
                if (cache is null || rows.Count < 2 * saved || rows.Count - saved < 1024)
                    continue;
                cache.Save(encoder, rows);
                saved = rows.Count;
            }
        }
        finally
        {
            if (rows.Count > saved)
                cache?.Save(encoder, rows);
        }
    }

    /// <summary>Cosine of the query and each picture, −1 … 1, by index; 0 where an embedding is 0.</summary>
    public float[] Similarities(Picture query, CancellationToken cancellation)
    {
        var unit = new float[_encoder.Dimension];
        Normalise(Encode(_encoder, [query], cancellation)[0], unit);
        var similarities = new float[Count];
        for (var i = 0; i < similarities.Length; i++)
            similarities[i] = Math.Clamp(TensorPrimitives.Dot(unit, _unit.AsSpan(i * unit.Length, unit.Length)), -1, 1);
        return similarities;
    }

    private static IReadOnlyList<float[]> Encode(
        IImageEncoder encoder,
        Picture[] pictures,
        CancellationToken cancellation
    )
    {
        var rows = encoder.Encode(pictures, cancellation);
        return rows.Count == pictures.Length && rows.All(row => row.Length == encoder.Dimension)
            ? rows
            : throw new InvalidOperationException(
                $"The encoder '{encoder.Name}' does not return one row of {encoder.Dimension} values a picture."
            );
    }

    private static void Normalise(ReadOnlySpan<float> row, Span<float> unit)
    {
        var norm = TensorPrimitives.Norm(row);
        if (norm > 0)
            TensorPrimitives.Divide(row, norm, unit);
        else
            unit.Clear();
    }
}
