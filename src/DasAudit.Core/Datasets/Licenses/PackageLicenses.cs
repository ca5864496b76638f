namespace DasAudit.Core.Datasets.Licenses;

/// <summary>Finds what files at the root of a dataset folder say of its licence.</summary>
/// <param name="All">By name of file.</param>
/// <param name="Problems">Files that could not be read: name and reason.</param>
internal sealed record PackageLicenses(IReadOnlyList<PackageLicense> All, IReadOnlyList<SkippedPicture> Problems)
{
    private static readonly string[] Texts = ["LICENSE", "LICENCE", "COPYING"];
    private static readonly string[] Cards = ["README.md", "DATASET_CARD.md", "datacard.md"];
    private static readonly string[] Documents = ["croissant.json", "datapackage.json", "package.json"];

    /// <summary>Reads them; nothing for a dataset that is no folder.</summary>
    /// <param name="path">The dataset.</param>
    public static PackageLicenses Of(string path)
    {
        var found = new List<PackageLicense>();
        var problems = new List<SkippedPicture>();
        if (!Directory.Exists(path))
            return new(found, problems);
        var files = new FolderFiles(path);
        foreach (
            var name in Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
        )
        {
            try
            {
                if (ReaderOf(name) is { } read && files.ReadText(name) is { } text)
                    found.AddRange(read(name, text));
            }
            catch (AuditException e)
            {
                problems.Add(new(name, e.Message));
            }
        }

        return new(found, problems);
    }

    private static Func<string, string, IEnumerable<PackageLicense>>? ReaderOf(string name)
    {
        if (Texts.Contains(Path.GetFileNameWithoutExtension(name), StringComparer.OrdinalIgnoreCase))
            return LicenseTexts.Read;
        if (Cards.Contains(name, StringComparer.OrdinalIgnoreCase))
            return DatasetCard.Read;
        return Documents.Contains(name) ? PackageDocument.Read : null;
    }
}
