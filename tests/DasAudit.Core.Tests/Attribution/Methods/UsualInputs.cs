using DasAudit.Core.Attribution;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Inputs for every method of gradient features, and what changes them.</summary>
internal static class UsualInputs
{
    private static readonly Case Usual = new()
    {
        Members = 7,
        Dimension = 10,
        Decoys = 3,
        Replicates = 2,
    };

    internal static MethodInputs For(IAttributionMethod method) => Usual.For(method);

    internal static MethodInputs Changed(IAttributionMethod method, Func<FeatureTable, FeatureTable> change)
    {
        var inputs = For(method);
        return inputs with
        {
            Features = inputs.Features.ToDictionary(
                pair => pair.Key,
                pair => (IReadOnlyList<FeatureTable>)[.. pair.Value.Select(change)]
            ),
        };
    }

    internal static PictureFeatures WithRows(
        PictureFeatures picture,
        Func<IReadOnlyDictionary<FeatureKind, float[][]>, Dictionary<FeatureKind, float[][]>> change
    ) => picture with { Rows = change(picture.Rows) };
}
