using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>What the metadata leave out or say in words that others do not know.</summary>
internal static class RightsChecks
{
    public static IEnumerable<Finding> Run(TrainingSet set, PackageLicenses package)
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
            listed.Where(item => item.Rights.License is null),
            ForAll(package)
        );
        yield return UnknownLicenses(set.Items);
        yield return Missing("unlisted", "pictures that the metadata do not list", unlisted);
        yield return LicenseFile(set, package);
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

    private static Finding Missing(string kind, string meaning, IEnumerable<TrainingItem> items, string? detail = null)
    {
        List<string> paths = [.. items.Select(item => item.Path)];
        return new(kind, Severity.Warning, meaning, paths.Count == 0 ? [] : [new(paths, detail)]);
    }

    private static string? ForAll(PackageLicenses package) =>
        package.All.FirstOrDefault(license => !license.IsOfPackage) is { } license
            ? $"{license.Place}, states {license.Text} for the whole dataset"
            : null;

    private static Finding UnknownLicenses(IEnumerable<TrainingItem> items)
    {
        var groups = items
            .Where(item => item.Rights.License is not null)
            .GroupBy(item => item.Rights.License!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Reading: LicenseReading.Of(group.Key), Items: group))
            .Where(group => group.Reading.Problem is not null)
            .Select(group => new FindingGroup([.. group.Items.Select(item => item.Path)], Advice(group.Reading)));
        return new(
            "unknown-license",
            Severity.Warning,
            "licences that are no SPDX expression of known identifiers",
            [.. groups]
        );
    }

    private static string Advice(LicenseReading license) =>
        LicenseSpelling.Suggest(license.Text) is { } suggestion
            ? $"'{license.Text}': write {suggestion}"
            : $"'{license.Text}': {license.Problem}";

    // A licence of the package, such as of its code, is not the pictures'.
    private static Finding LicenseFile(TrainingSet set, PackageLicenses package)
    {
        var states = set.Items.Any(item => item.Rights.License is not null);
        var texts = states ? package.All.Where(license => license.IsText) : [];
        var groups = texts.Select(license => new FindingGroup(
            [license.File],
            "the licences that the metadata state count, not this file"
        ));
        return new("license-file", Severity.Information, "files with a licence of the whole folder", [.. groups]);
    }
}
