using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Testing;

/// <summary>Training sets that lie in memory.</summary>
internal static class Sets
{
    public static Picture Dot(int r, int g, int b) => new(1, 1, [(byte)r, (byte)g, (byte)b]);

    public static HashedPicture Hashed(Picture picture) =>
        new(picture, new string('f', 64), PixelHash.Compute(picture));

    public static TrainingSet Of(params Picture[] pictures) => Of(pictures, _ => null);

    public static TrainingSet Of(IReadOnlyList<Picture> pictures, Func<int, string?> owner) =>
        new(
            "/data",
            [
                .. pictures.Select(
                    (p, i) =>
                        new TrainingItem
                        {
                            Index = i,
                            Path = $"{i:d5}.png",
                            Sha256 = $"{i:x64}",
                            PixelSha256 = PixelHash.Compute(p),
                            PerceptualHash = PerceptualHash.Compute(p),
                            Width = p.Width,
                            Height = p.Height,
                            Metadata = new() { Rights = new() { RightsHolder = owner(i) } },
                        }
                ),
            ],
            [],
            item => pictures[item.Index]
        );
}
