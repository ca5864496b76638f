using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>Whether pictures are under the licence that files state for the whole dataset.</summary>
internal static class PackageChecks
{
    public static IEnumerable<Finding> Run(IReadOnlyList<TrainingItem> items, IReadOnlyList<PackageLicense> package)
    {
        if (package.Count == 0)
            yield break;
        var byLicense = items
            .Where(item => item.Rights.License is not null)
            .GroupBy(item => item.Rights.License!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        var files = package
            .GroupBy(license => license.File, StringComparer.Ordinal)
            .Select(file => file.ToList())
            .ToList();
        yield return new(
            "contradictory-dataset-license",
            Severity.Warning,
            "pictures under another licence than a file states for the dataset",
            [.. files.Where(file => !IsOfCode(file)).SelectMany(file => Contradictions(file, byLicense))]
        );
        yield return new(
            "contradictory-package-license",
            Severity.Information,
            "pictures under another licence than a package, which may be about its code alone",
            [.. files.Where(IsOfCode).SelectMany(file => Contradictions(file, byLicense))]
        );
    }

    private static bool IsOfCode(List<PackageLicense> file) =>
        file.TrueForAll(license =>
            license.IsOfPackage
            && license.Text is { } text
            && LicenseReading.Of(text).Canonical is { } known
            && LicenseTable.IsSoftware(LicenseParser.Parse(known))
        );

    // A file that states several licences allows each of them.
    private static IEnumerable<FindingGroup> Contradictions(
        List<PackageLicense> file,
        List<IGrouping<string, TrainingItem>> byLicense
    )
    {
        if (file.Exists(license => license.Licenses.Count == 0))
            yield break;
        var allowed = file.SelectMany(license => license.Licenses).ToHashSet(StringComparer.Ordinal);
        foreach (var group in byLicense)
        {
            var stated = LicenseReading.Of(group.Key).Licenses;
            if (stated.Count == 0 || stated.Any(allowed.Contains))
                continue;
            var text = string.Join(", ", file.Select(license => license.Text));
            var place = group.First().Statement("license");
            yield return new([.. group.Select(item => item.Path)], $"{file[0].Place}: '{text}'; {place}: '{group.Key}'")
            {
                Places = [file[0].Place, place],
            };
        }
    }
}
