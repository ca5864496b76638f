using System.Globalization;
using System.Text.RegularExpressions;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>A tensor of a golden file.</summary>
/// <param name="Name">
/// What it is, in the names of all golden files: those of the network start with <c>unet/</c>, and none ends in a
/// stride.
/// </param>
/// <param name="StoredName">Its name in the file.</param>
/// <param name="Stride">How many elements of each row apart the stored ones are.</param>
/// <param name="File">The file that holds it.</param>
internal sealed partial record GoldenTensor(string Name, string StoredName, int Stride, SafetensorsFile File)
{
    private const string Network = "unet/";
    private const string OtherNetwork = "transformer/";

    /// <summary>What a check of it is called.</summary>
    public string CheckName => $"golden-{WithoutStride(StoredName).Replace('/', '-').Replace('_', '-')}";

    /// <summary>The shape as stored.</summary>
    public IReadOnlyList<long> Shape => File.Get(StoredName).Shape;

    public ScalarType Type => File.Get(StoredName).Type;

    /// <summary>A tensor by its name in a file.</summary>
    public static GoldenTensor Of(string storedName, SafetensorsFile file)
    {
        var match = StridePattern().Match(storedName);
        var stride = match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 1;
        return new(OfNetwork(WithoutStride(storedName)), storedName, stride, file);
    }

    /// <summary>Reads it as numbers of a type, in the caller's dispose scope.</summary>
    public Tensor Read(ScalarType type) => File.Read(StoredName, type);

    /// <summary>That the file does not fit, with the remedy.</summary>
    public AuditException Wrong(string what) =>
        new($"The golden file '{File.Path}' {what}; give one that was made from this checkpoint.");

    /// <summary>Refuses another shape.</summary>
    public void Expect(params long[] shape)
    {
        if (!Shape.SequenceEqual(shape))
            throw Wrong(
                $"holds '{StoredName}' with shape [{string.Join(", ", Shape)}] "
                    + $"where the model asks for [{string.Join(", ", shape)}]"
            );
    }

    // Files of networks that stand alone name no part.
    private static string OfNetwork(string name)
    {
        if (name.StartsWith(OtherNetwork, StringComparison.Ordinal))
            return Network + name[OtherNetwork.Length..];
        return name.Contains('/', StringComparison.Ordinal) ? name : Network + name;
    }

    private static string WithoutStride(string name) => StridePattern().Replace(name, "");

    [GeneratedRegex(@"_stride([1-9][0-9]{0,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex StridePattern();
}
