using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;

namespace DasAudit.Evidence.Policies;

/// <summary>A dataset that a policy is asked about.</summary>
/// <param name="Path">As given.</param>
/// <param name="Findings">What a check of it found.</param>
internal sealed record CheckedDataset(string Path, TrainingSet Set, IReadOnlyList<Finding> Findings)
{
    private readonly Lazy<Dictionary<string, TrainingItem>> _items = new(() =>
        Set.Items.ToDictionary(item => item.Path, StringComparer.Ordinal)
    );

    /// <summary>What a finding on one of its files is about.</summary>
    internal FindingSubject SubjectOf(string item)
    {
        var subject = new FindingSubject { File = Place(item), Item = item };
        return _items.Value.TryGetValue(item, out var training)
            ? subject with
            {
                ItemSha256 = training.Sha256,
                ItemPixelSha256 = training.PixelSha256,
                Holder = training.Rights.RightsHolder,
            }
            : subject;
    }

    // Pictures within one file stand where that file is.
    private string Place(string item) =>
        File.Exists(Set.Path) ? Path : $"{Path.TrimEnd('/', System.IO.Path.DirectorySeparatorChar)}/{item}";
}
