using System.Globalization;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>A picture to audit.</summary>
/// <param name="Index">Its place among the audited pictures.</param>
/// <param name="Path">Its file, as given.</param>
/// <param name="Seed">The seed it is said to have been generated from; null if none is known.</param>
internal sealed record QueryPicture(int Index, string Path, HashedPicture Picture, long? Seed)
{
    private const string GeneratedPrefix = "seed-";

    public static QueryPicture Read(AuditRequest request, string path, int index)
    {
        var background = request.Inputs.DatasetOptions.Background;
        var picture = PictureReader.Read(request.Resolve(path), path, background: background);
        return new(index, path, picture, SeedOf(request.Inputs, index));
    }

    public static long? SeedOf(AuditInputs inputs, int index) =>
        inputs.QuerySeeds?[index] ?? SeedInName(inputs.Images[index]);

    /// <summary>The seed in a name that <c>generate</c> gave, <c>seed-N.png</c>; null for another name.</summary>
    public static long? SeedInName(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        if (!name.StartsWith(GeneratedPrefix, StringComparison.Ordinal))
            return null;
        var digits = name.AsSpan(GeneratedPrefix.Length);
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : null;
    }

    /// <summary>The picture as a model takes it; the label is the class it was generated with, if any.</summary>
    public KeyedPicture For(IDiffusionModel model, int? label) => KeyedPicture.Of(model, Path, Picture, label);
}
