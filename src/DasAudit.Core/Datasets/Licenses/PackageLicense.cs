namespace DasAudit.Core.Datasets.Licenses;

/// <summary>A licence that a file of a dataset states for all of it.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Place">Where in it: <c>README.md, line 3</c>.</param>
/// <param name="Text">As stated; null for a text of a licence that was not recognised.</param>
internal sealed record PackageLicense(string File, string Place, string? Text)
{
    /// <summary>Whether it is about a package, perhaps of code alone, rather than about the data.</summary>
    public bool IsOfPackage { get; init; }

    /// <summary>Whether the file is the text of a licence.</summary>
    public bool IsText { get; init; }

    /// <summary>The licences that it names, in one spelling; none where they are not known.</summary>
    public IReadOnlyList<string> Licenses { get; } = Text is null ? [] : LicenseReading.Of(Text).Licenses;
}
