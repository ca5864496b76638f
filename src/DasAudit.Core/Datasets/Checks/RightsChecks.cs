namespace DasAudit.Core.Datasets.Checks;

/// <summary>What the metadata leave out or say in words that others do not know.</summary>
internal static class RightsChecks
{
    private static readonly string[] LicenseFiles = ["LICENSE", "LICENCE", "COPYING"];

    public static IEnumerable<Finding> Run(TrainingSet set)
    {
        var unlisted = Unlisted(set.Items);
        var listed = set.Items.Except(unlisted, ReferenceEqualityComparer.Instance).Cast<TrainingItem>().ToList();
        yield return Missing(
            "no-rights-holder",
            "pictures without a rights holder",
            listed.Where(item => item.Rights.RightsHolder is null)
        );
        yield return Missing(
            "no-license",
            "pictures without a licence",
            listed.Where(item => item.Rights.License is null)
        );
        yield return UnknownLicenses(set.Items);
        yield return Missing("unlisted", "pictures that the metadata do not list", unlisted);
        yield return LicenseFile(set);
    }

    // Where nothing has metadata, none are missing.
    private static List<TrainingItem> Unlisted(IReadOnlyList<TrainingItem> items)
    {
        List<TrainingItem> unlisted = [.. items.Where(item => IsUnlisted(item.Metadata))];
        return unlisted.Count == items.Count ? [] : unlisted;
    }

    private static bool IsUnlisted(PictureMetadata metadata)
    {
        var withoutCaption = metadata with { Caption = null, CaptionSource = null };
        return !metadata.IsListed && withoutCaption == PictureMetadata.None;
    }

    private static Finding Missing(string kind, string meaning, IEnumerable<TrainingItem> items)
    {
        List<string> paths = [.. items.Select(item => item.Path)];
        return new(kind, Severity.Warning, meaning, paths.Count == 0 ? [] : [new(paths, null)]);
    }

    private static Finding UnknownLicenses(IEnumerable<TrainingItem> items)
    {
        var groups = items
            .Where(item => item.Rights.License is { } license && !SpdxLicenses.Knows(license))
            .GroupBy(item => item.Rights.License!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new FindingGroup([.. group.Select(item => item.Path)], Advice(group.Key)));
        return new("unknown-license", Severity.Warning, "licences that are no known SPDX identifier", [.. groups]);
    }

    private static string Advice(string license) =>
        SpdxLicenses.Suggest(license) is { } suggestion ? $"'{license}': write {suggestion}" : $"'{license}'";

    // A licence of the package, such as of its code, is not the pictures'.
    private static Finding LicenseFile(TrainingSet set)
    {
        var states = set.Items.Any(item => item.Rights.License is not null);
        var files = states && Directory.Exists(set.Path) ? Directory.GetFiles(set.Path) : [];
        var names = files
            .Select(file => Path.GetFileName(file))
            .Where(name =>
                LicenseFiles.Contains(Path.GetFileNameWithoutExtension(name), StringComparer.OrdinalIgnoreCase)
            )
            .Order(StringComparer.Ordinal)
            .Select(name => new FindingGroup([name], "the licences that the metadata state count, not this file"));
        return new("license-file", Severity.Information, "files with a licence of the whole folder", [.. names]);
    }
}
