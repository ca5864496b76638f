using DasAudit.Core.Candidates;
using DasAudit.Core.Pictures;

namespace DasAudit.Testing;

/// <summary>Embeds a picture as the colour in its middle, about the middle grey; counts what it is asked.</summary>
internal sealed class FakeEncoder(char hashDigit = 'a') : IImageEncoder
{
    public List<int> Batches { get; } = [];

    public Action? Before { get; init; }

    public string Name => "fake";

    public string Sha256 => new(hashDigit, 64);

    public string Preprocessing => "none";

    public string PreprocessingSource => "fake.json";

    public string? Device { get; init; }

    public int Dimension => 3;

    public IReadOnlyList<float[]> Encode(IReadOnlyList<Picture> pictures, CancellationToken cancellation)
    {
        Before?.Invoke();
        Batches.Add(pictures.Count);
        return [.. pictures.Select(Embedding)];
    }

    /// <summary>The cosine of two pictures' embeddings.</summary>
    public static double Cosine(Picture a, Picture b)
    {
        var (x, y) = (Embedding(a), Embedding(b));
        return Product(x, y) / Math.Sqrt(Product(x, x) * Product(y, y));
    }

    /// <summary>Where the three bytes of the middle stand.</summary>
    public static int Middle(Picture picture) => picture.Rgb.Length / 3 / 2 * 3;

    public void Dispose() { }

    private static float[] Embedding(Picture picture) =>
        [.. picture.Rgb.Skip(Middle(picture)).Take(3).Select(value => value - 128f)];

    private static double Product(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
