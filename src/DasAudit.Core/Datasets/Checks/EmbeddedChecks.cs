using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Datasets.Signals;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>Whether what pictures' files say of their rights agrees with the metadata.</summary>
internal static class EmbeddedChecks
{
    private const string Holder = "rights_holder";
    private const string License = "license";

    public static IEnumerable<Finding> Run(IReadOnlyList<(TrainingItem Item, ItemStatements Statements)> said)
    {
        List<(TrainingItem Item, RightsText Text)> texts =
        [
            .. said.SelectMany(pair => pair.Statements.Texts.Select(text => (pair.Item, text))),
        ];
        yield return new(
            "contradictory-file-license",
            Severity.Warning,
            "pictures whose files state another licence than the metadata",
            [
                .. texts
                    .Where(IsAnotherLicense)
                    .Select(found => Contradiction(found, License, found.Item.Rights.License!)),
            ]
        );
        yield return new(
            "contradictory-file-holder",
            Severity.Warning,
            "pictures whose files name another rights holder than the metadata",
            [
                .. texts
                    .Where(IsAnotherHolder)
                    .Select(found => Contradiction(found, Holder, found.Item.Rights.RightsHolder!)),
            ]
        );
        yield return new(
            "unstated-license",
            Severity.Warning,
            "pictures whose files state a licence and whose metadata do not",
            [
                .. texts
                    .Where(found =>
                        found.Item.Rights.License is null && EmbeddedRights.LicenseOf(found.Text) is not null
                    )
                    .Select(found => Omission(found, License)),
            ]
        );
        yield return new(
            "unstated-holder",
            Severity.Warning,
            "pictures whose files name a rights holder and whose metadata do not",
            [
                .. texts
                    .Where(found => found.Item.Rights.RightsHolder is null && EmbeddedRights.NamesHolder(found.Text))
                    .Select(found => Omission(found, Holder)),
            ]
        );
    }

    private static bool IsAnotherLicense((TrainingItem Item, RightsText Text) found)
    {
        if (
            found.Item.Rights.License is not { } license
            || LicenseReading.Of(license).Licenses is not { Count: > 0 } stated
        )
            return false;
        return EmbeddedRights.LicenseOf(found.Text) is { } embedded
            && !stated.Contains(embedded, StringComparer.Ordinal);
    }

    private static bool IsAnotherHolder((TrainingItem Item, RightsText Text) found) =>
        found.Item.Rights.RightsHolder is { } holder
        && EmbeddedRights.NamesHolder(found.Text)
        && !EmbeddedRights.IsHolder(found.Text.Text, holder);

    private static FindingGroup Contradiction((TrainingItem Item, RightsText Text) found, string column, string stated)
    {
        var (place, embedded) = (found.Item.Statement(column), PlaceOf(found));
        return new([found.Item.Path], $"{place}: '{stated}'; {embedded}: '{found.Text.Text}'")
        {
            Places = [place, embedded],
        };
    }

    private static FindingGroup Omission((TrainingItem Item, RightsText Text) found, string column)
    {
        var (silence, embedded) = (found.Item.Silence(column), PlaceOf(found));
        return new([found.Item.Path], $"{silence}; {embedded}: '{found.Text.Text}'")
        {
            Places = [found.Item.Statement(column), embedded],
        };
    }

    private static string PlaceOf((TrainingItem Item, RightsText Text) found) =>
        $"{found.Item.Path}, {found.Text.Place}";
}
