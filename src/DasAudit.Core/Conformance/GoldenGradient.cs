using System.Globalization;

namespace DasAudit.Core.Conformance;

/// <summary>A gradient in a golden file.</summary>
/// <param name="Kind"><c>grad_output_mean</c> or <c>grad_mse</c>.</param>
/// <param name="Stride">How many elements apart the stored ones are.</param>
internal sealed record GoldenGradient(string Kind, string Name, int Stride)
{
    /// <summary>Whether it is that of an error against the file's noise.</summary>
    public bool NeedsNoise => Kind == "grad_mse";

    public string CheckName => $"golden-{Kind.Replace('_', '-')}";

    /// <summary>Reads a tensor's name: the kind, or the kind and <c>_strideK</c>; null for any other.</summary>
    public static GoldenGradient? Of(string kind, string name)
    {
        if (name == kind)
            return new(kind, name, 1);
        var prefix = $"{kind}_stride";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var digits = name.AsSpan(prefix.Length);
        var isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var stride);
        return isNumber && stride > 0 ? new(kind, name, stride) : null;
    }
}
